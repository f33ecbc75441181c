/* The head of an HTTP/1 message: as much as tells where the message ends.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "http.h"

#include <stddef.h>
#include <string.h>

enum { HEAD_MAX = 16384 }; /* what servers take at most */

/* A stretch of bytes. */
struct stretch {
    const uint8_t *at;
    uint32_t count;
};

static const char *const methods[] = { "GET ",     "POST ",  "HEAD ",  "PUT ",    "DELETE ",
                                       "OPTIONS ", "PATCH ", "TRACE ", "CONNECT " };

static bool starts_with(struct stretch s, const char *text)
{
    size_t length = strlen(text);

    return s.count >= length && !memcmp(s.at, text, length);
}

static bool is_request(struct stretch s)
{
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (starts_with(s, methods[i]))
            return true;
    return false;
}

/* Whether the stretch starts with `text`, given in lower case, in letters of any case. */
static bool starts_like(struct stretch s, const char *text)
{
    size_t length = strlen(text);

    if (s.count < length)
        return false;
    for (size_t i = 0; i < length; i++) {
        uint8_t c = s.at[i];

        if (c >= 'A' && c <= 'Z')
            c = (uint8_t)(c - 'A' + 'a');
        if (c != (uint8_t)text[i])
            return false;
    }
    return true;
}

static struct stretch behind(struct stretch s, uint32_t count)
{
    return (struct stretch){ s.at + count, s.count - count };
}

/* What stands behind the name of a field and its spaces; nothing: there is no such field. */
static struct stretch field(struct stretch head, const char *name)
{
    const uint8_t *start = head.at, *end = head.at + head.count, *line;

    while ((line = memchr(head.at, '\n', head.count)) != NULL) {
        head = (struct stretch){ line + 1, (uint32_t)(end - line - 1) };
        if (line == start || line[-1] != '\r' || !starts_like(head, name))
            continue;
        head = behind(head, (uint32_t)strlen(name));
        while (head.count && *head.at == ' ')
            head = behind(head, 1);
        return head;
    }
    return behind(head, head.count);
}

/* Size of the head with its empty line; 0: it does not end within the stretch. */
static uint32_t head_size(struct stretch s)
{
    const uint8_t *at = s.at, *end = s.at + (s.count < HEAD_MAX + 3 ? s.count : HEAD_MAX + 3);

    while (end - at >= 4 && (at = memchr(at, '\r', (size_t)(end - at) - 3)) != NULL) {
        if (!memcmp(at, "\r\n\r\n", 4))
            return (uint32_t)(at - s.at) + 4;
        at++;
    }
    return 0;
}

static uint32_t decimal(struct stretch s)
{
    uint32_t value = 0;

    for (; s.count && *s.at >= '0' && *s.at <= '9' && value < UINT32_MAX / 10 - 1; s = behind(s, 1))
        value = value * 10 + (uint32_t)(*s.at - '0');
    return value;
}

/* "The message body length is determined by one of the following"  RFC 9112, 6.3 */
static void read_body(struct stretch all, struct http_head *head)
{
    struct stretch length = field(all, "content-length:");

    head->length = decimal(length);
    if (head->is_answer && (head->status < 200 || head->status == 204 || head->status == 304))
        head->body = BODY_NONE;
    else if (starts_like(field(all, "transfer-encoding:"), "chunked"))
        head->body = BODY_CHUNKED;
    else if (length.count)
        head->body = head->length ? BODY_LENGTH : BODY_NONE;
    else
        head->body = head->is_answer ? BODY_UNTIL_CLOSE : BODY_NONE;
}

bool http_head_read(const uint8_t *bytes, uint32_t count, struct http_head *head)
{
    struct stretch all = { bytes, count };

    *head = (struct http_head){
        .is_answer = starts_with(all, "HTTP/1."),
        .is_head = starts_with(all, "HEAD "),
        .is_connect = starts_with(all, "CONNECT "),
    };
    if (!head->is_answer && !is_request(all))
        return false;
    head->size = all.count = head_size(all);
    if (!head->size)
        return true;
    if (head->is_answer && all.count > 12)
        head->status = decimal((struct stretch){ bytes + 9, 3 });
    read_body(all, head);
    return true;
}
