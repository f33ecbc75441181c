/* The head of an HTTP/1 message: as much as tells where the message ends.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HTTP_H
#define HTTP_H

#include <stdbool.h>
#include <stdint.h>

/** How the end of a message shows (RFC 9112, 6.3). */
enum http_body { BODY_NONE, BODY_LENGTH, BODY_CHUNKED, BODY_UNTIL_CLOSE };

/** One head.  `size` 0: it goes on beyond what could be read. */
struct http_head {
    uint32_t size;       /* bytes, with the empty line */
    uint32_t length;     /* bytes of the body; with BODY_LENGTH */
    unsigned status;     /* of an answer */
    enum http_body body; /* as announced; what asked for the answer may overrule it */
    bool is_answer;
    bool is_head;    /* a HEAD request */
    bool is_connect; /* a CONNECT request */
};

/** Read a head from the bytes of a segment; false: no HTTP/1 message starts there. */
bool http_head_read(const uint8_t *bytes, uint32_t count, struct http_head *head);

#endif
