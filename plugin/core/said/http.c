/* HTTP/1 messages, read as they come: where the head ends, where the body does.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "http.h"

#include <stddef.h>
#include <string.h>

enum {
    STATUS_AT = 9, /* in "HTTP/1.1 200" */
    STATUS_END = 12,
    VERSION_BYTES = 10, /* "HTTP/1.1\r\n" */
};

/* The fields that tell where a message ends, by number; 0: another one. */
enum { FIELD_OTHER, FIELD_LENGTH, FIELD_CODING, FIELD_UPGRADE };

static const struct {
    const char *name;
    uint32_t bytes;   /* of it */
    const char *word; /* to be looked for in its value */
} fields[] = {
#define FIELD(name, word)                                                                          \
    {                                                                                              \
        name, sizeof(name) - 1, word                                                               \
    }
    [FIELD_OTHER] = FIELD("", ""),
    [FIELD_LENGTH] = FIELD("content-length:", ""),
    [FIELD_CODING] = FIELD("transfer-encoding:", "chunked"),
    [FIELD_UPGRADE] = FIELD("upgrade:", "websocket"),
#undef FIELD
};

static bool starts_with(const uint8_t *bytes, uint32_t count, const char *text)
{
    size_t length = strlen(text);

    return count >= length && !memcmp(bytes, text, length);
}

static void take(struct http_bytes *bytes, uint32_t count)
{
    bytes->at += count;
    bytes->count -= count;
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

/* "GET /" alone is a request of HTTP/0.9; of the other methods the version is asked for. */
bool http_starts(const uint8_t *bytes, uint32_t count)
{
    switch (count ? *bytes : 0) {
    case 'H':
        return starts_with(bytes, count, "HTTP/1.") || starts_with(bytes, count, "HEAD ");
    case 'G':
        return starts_with(bytes, count, "GET ");
    case 'P':
        return starts_with(bytes, count, "POST ") || starts_with(bytes, count, "PUT ") ||
               starts_with(bytes, count, "PATCH ");
    case 'D':
        return starts_with(bytes, count, "DELETE ");
    case 'O':
        return starts_with(bytes, count, "OPTIONS ");
    case 'T':
        return starts_with(bytes, count, "TRACE ");
    case 'C':
        return starts_with(bytes, count, "CONNECT ");
    default:
        return false;
    }
}

/* The first line ends behind `end`; what stands before it in this segment is `line`. */
static bool end_first_line(struct http *http, const uint8_t *line, const uint8_t *end)
{
    bool versioned = http->is_answer;

    for (const uint8_t *at = end - VERSION_BYTES; !versioned && at <= end - 8; at++)
        versioned = at >= line && !memcmp(at, "HTTP/1.", 7);
    /* fooled by: a request of HTTP/0.9 whose line is split over segments */
    versioned |= http->pos && end - line < VERSION_BYTES;
    http->phase = HTTP_FIELD_NAME;
    http->pos = 0;
    if (versioned)
        return true;
    http->is_simple = true;
    return starts_with(line, (uint32_t)(end - line), "GET /");
}

static void begin(struct http *http, const uint8_t *bytes, uint32_t count)
{
    *http = (struct http){
        .phase = HTTP_FIRST_LINE,
        .heads = http->heads,
        .is_answer = starts_with(bytes, count, "HTTP/1."),
        .is_head = starts_with(bytes, count, "HEAD "),
        .is_connect = starts_with(bytes, count, "CONNECT "),
    };
}

/* Reads on in a field's name, as long as it is one of those that tell. */
static void read_name(struct http *http, uint64_t *left, struct http_bytes *bytes)
{
    const char *name;
    uint32_t alike = 0, most;

    if (!http->pos) {
        uint8_t first = lower(*bytes->at);

        http->field = first == 'c'   ? FIELD_LENGTH
                      : first == 't' ? FIELD_CODING
                      : first == 'u' ? FIELD_UPGRADE
                                     : FIELD_OTHER;
    }
    name = fields[http->field].name + http->pos;
    most = fields[http->field].bytes - http->pos;
    if (most > bytes->count)
        most = bytes->count;
    while (alike < most && lower(bytes->at[alike]) == (uint8_t)name[alike])
        alike++;
    take(bytes, alike);
    http->pos = (uint8_t)(http->pos + alike);
    if (!name[alike] && http->pos) {
        http->phase = HTTP_FIELD_VALUE;
        http->pos = 0;
        if (http->field == FIELD_LENGTH)
            *left = 0;
    } else if (bytes->count) {
        http->phase = HTTP_FIELD_REST;
        http->pos = 1;
    }
}

/* Takes one digit more; what does not fit stays too large. */
static void add_digit(uint64_t *value, unsigned base, unsigned digit)
{
    if (*value > (UINT64_MAX - digit) / base)
        *value = UINT64_MAX;
    else
        *value = *value * base + digit;
}

/* One byte of the value of a field that tells. */
static void read_value(struct http *http, uint64_t *left, uint8_t c)
{
    const char *word = fields[http->field].word;

    if (http->field == FIELD_LENGTH) {
        if (c >= '0' && c <= '9') {
            http->has_length = true;
            add_digit(left, 10, (unsigned)(c - '0'));
        } else if (c != ' ' && c != '\t') {
            http->phase = HTTP_FIELD_REST;
        }
        return;
    }
    http->pos = c == (uint8_t)word[http->pos] ? (uint8_t)(http->pos + 1) : c == (uint8_t)word[0];
    if (word[http->pos])
        return;
    http->is_chunked |= http->field == FIELD_CODING;
    http->is_websocket |= http->field == FIELD_UPGRADE;
    http->phase = HTTP_FIELD_REST;
}

/* Reads on in the head behind its first line.  Returns whether it completes the head. */
static bool read_field(struct http *http, uint64_t *left, struct http_bytes *bytes)
{
    bool at_start = http->phase == HTTP_FIELD_NAME && !http->pos;

    if (*bytes->at == '\n') {
        /* "a recipient MAY recognize a single LF as a line terminator"     RFC 9112, 2.2 */
        http->phase = HTTP_FIELD_NAME;
        http->pos = 0;
        take(bytes, 1);
        return at_start;
    }
    if (http->phase == HTTP_FIELD_NAME && !(at_start && *bytes->at == '\r')) {
        read_name(http, left, bytes);
        return false;
    }
    if (http->phase == HTTP_FIELD_VALUE)
        read_value(http, left, lower(*bytes->at));
    take(bytes, 1);
    return false;
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One byte of a line between chunks (RFC 9112, 7.1). */
static enum http_event read_chunk_line(struct http *http, uint64_t *left, uint8_t c)
{
    int digit = hex_digit(c);

    if (http->phase == HTTP_CHUNK_SIZE && digit >= 0) {
        add_digit(left, 16, (unsigned)digit);
        http->pos = 1;
        return HTTP_MORE;
    }
    if (http->phase == HTTP_CHUNK_SIZE && !http->pos)
        return HTTP_BROKEN;
    http->phase = HTTP_CHUNK_EXTENSION;
    if (c != '\n')
        return HTTP_MORE;
    http->phase = *left ? HTTP_CHUNK_DATA : HTTP_TRAILER;
    http->pos = 0;
    return HTTP_MORE;
}

/* One byte at the end of a chunk, or of the trailers. */
static enum http_event read_chunk_end(struct http *http, uint64_t *left, uint8_t c)
{
    if (c == '\n' && http->phase == HTTP_TRAILER) {
        http->phase = HTTP_START;
        return HTTP_MESSAGE;
    }
    if (http->phase == HTTP_CHUNK_END) {
        if (c != '\n')
            return c == '\r' ? HTTP_MORE : HTTP_BROKEN;
        *left = http->pos = 0;
        http->phase = HTTP_CHUNK_SIZE;
        return HTTP_MORE;
    }
    if (c == '\n')
        http->phase = HTTP_TRAILER;
    else if (c != '\r')
        http->phase = HTTP_TRAILER_REST;
    http->pos = 1;
    return HTTP_MORE;
}

/* The rest of a line that tells nothing.  Returns the bytes up to its LF, without it. */
static uint32_t rest_of_line(const uint8_t *at, uint32_t count)
{
    const uint8_t *end = memchr(at, '\n', count);

    return end ? (uint32_t)(end - at) : count;
}

/* Reads on by a name, a byte, or the rest of a line that tells nothing. */
static enum http_event read_some(struct http *http, uint64_t *left, struct http_bytes *bytes)
{
    uint32_t rest;
    uint8_t c;

    if (http->phase == HTTP_FIELD_REST || http->phase == HTTP_CHUNK_EXTENSION ||
        http->phase == HTTP_TRAILER_REST) {
        rest = rest_of_line(bytes->at, bytes->count);
        take(bytes, rest);
        if (!bytes->count)
            return HTTP_MORE;
    }
    if (http->phase >= HTTP_FIELD_NAME && http->phase <= HTTP_FIELD_REST)
        return read_field(http, left, bytes) ? HTTP_HEAD : HTTP_MORE;
    c = *bytes->at;
    take(bytes, 1);
    switch ((enum http_phase)http->phase) {
    case HTTP_CHUNK_SIZE:
    case HTTP_CHUNK_EXTENSION:
        return read_chunk_line(http, left, c);
    case HTTP_CHUNK_END:
    case HTTP_TRAILER:
    case HTTP_TRAILER_REST:
    case HTTP_START: /* and those are not read byte by byte */
    case HTTP_FIRST_LINE:
    case HTTP_FIELD_NAME:
    case HTTP_FIELD_VALUE:
    case HTTP_FIELD_REST:
    case HTTP_BODY:
    case HTTP_UNTIL_CLOSE:
    case HTTP_CHUNK_DATA:
        break;
    }
    return read_chunk_end(http, left, c);
}

/* Reads on in the first line. */
static enum http_event read_first_line(struct http *http, struct http_bytes *bytes)
{
    const uint8_t *line = bytes->at;

    while (http->is_answer && http->pos < STATUS_END && bytes->count && *bytes->at != '\n') {
        if (http->pos++ >= STATUS_AT)
            http->status = (uint16_t)(http->status * 10U + (*bytes->at & 0xfU));
        take(bytes, 1);
    }
    take(bytes, rest_of_line(bytes->at, bytes->count));
    if (!bytes->count) {
        if (!http->is_answer)
            http->pos = 1; /* of a request: its line is split */
        return HTTP_MORE;
    }
    take(bytes, 1);
    if (!end_first_line(http, line, bytes->at))
        return HTTP_BROKEN;
    return http->is_simple ? HTTP_HEAD : HTTP_MORE;
}

enum http_event http_read(struct http *http, uint64_t *left, struct http_bytes *bytes)
{
    enum http_event event = HTTP_MORE;

    if (http->phase == HTTP_START) {
        if (!http_starts(bytes->at, bytes->count))
            return HTTP_BROKEN;
        begin(http, bytes->at, bytes->count);
        *left = 0;
    }
    if (http->phase == HTTP_FIRST_LINE)
        event = read_first_line(http, bytes);
    while (event == HTTP_MORE && bytes->count && http->phase != HTTP_CHUNK_DATA)
        event = read_some(http, left, bytes);
    return event;
}

/* "The message body length is determined by one of the following"  RFC 9112, 6.3 */
enum http_body http_body_of(const struct http *http, uint64_t length)
{
    if (http->is_answer && (http->status < 200 || http->status == 204 || http->status == 304))
        return BODY_NONE;
    if (http->is_chunked)
        return BODY_CHUNKED;
    if (http->has_length)
        return length ? BODY_LENGTH : BODY_NONE;
    return http->is_answer ? BODY_UNTIL_CLOSE : BODY_NONE;
}
