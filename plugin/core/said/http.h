/* HTTP/1 messages, read as they come: where the head ends, where the body does.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HTTP_H
#define HTTP_H

#include <stdbool.h>
#include <stdint.h>

/** How the end of a message shows (RFC 9112, 6.3). */
enum http_body { BODY_NONE, BODY_LENGTH, BODY_CHUNKED, BODY_UNTIL_CLOSE };

/** Where in a message the reader stands.  Between two messages: HTTP_START. */
enum http_phase {
    HTTP_START,
    HTTP_FIRST_LINE,
    HTTP_FIELD_NAME,
    HTTP_FIELD_VALUE,
    HTTP_FIELD_REST,
    HTTP_BODY,        /* what is to come of it stands in `left` */
    HTTP_UNTIL_CLOSE, /* a body that only the close ends */
    HTTP_CHUNK_SIZE,
    HTTP_CHUNK_EXTENSION,
    HTTP_CHUNK_DATA,
    HTTP_CHUNK_END,
    HTTP_TRAILER, /* at the start of a line; nothing of it read yet unless `pos` */
    HTTP_TRAILER_REST,
};

/** What is known of the message that is being read.  Zero-initialised: none. */
struct http {
    uint16_t status; /* of an answer */
    uint16_t heads;  /* of the side's open requests, the oldest lowest: is it a HEAD? */
    uint8_t phase;   /* enum http_phase */
    uint8_t pos;     /* within the line or the word that is being matched */
    uint8_t field : 2;
    bool is_answer : 1;
    bool is_head : 1;      /* a HEAD request */
    bool is_connect : 1;   /* a CONNECT request */
    bool is_simple : 1;    /* a request of HTTP/0.9: "GET /path" */
    bool has_length : 1;   /* Content-Length */
    bool is_chunked : 1;   /* Transfer-Encoding: chunked */
    bool is_websocket : 1; /* Upgrade: websocket */
    bool is_answered : 1;  /* a request whose answer came before its head was whole */
    bool crowded : 1;      /* too many requests at once to remember which were HEAD */
};

/** What the reader has met. */
enum http_event {
    HTTP_MORE,    /* nothing yet: every byte is read */
    HTTP_HEAD,    /* the head is complete */
    HTTP_MESSAGE, /* the last chunk and its trailers are complete */
    HTTP_BROKEN,  /* no HTTP */
};

/** Bytes that can be read. */
struct http_bytes {
    const uint8_t *at;
    uint32_t count;
};

/** Whether a request or an answer starts with these bytes. */
bool http_starts(const uint8_t *bytes, uint32_t count);

/**
 * Read on in a head, or in the frame around chunks, until something is met; what was read is
 * taken off `bytes`.  `left`: the length of the body, then what is to come of it or of the chunk;
 * what is too large to hold stays too large.  Not to be called in a body and in HTTP_CHUNK_DATA,
 * where the caller takes bytes off `left` (and behind a chunk goes on with HTTP_CHUNK_END).
 */
enum http_event http_read(struct http *http, uint64_t *left, struct http_bytes *bytes);

/** How the body of a message with this head ends, if nothing that asked for it overrules that. */
enum http_body http_body_of(const struct http *http, uint64_t length);

#endif
