/* What one side says: just enough of the application's framing to know whether it had finished.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "talk.h"

#include "goodbye.h"
#include "seq.h"

#include <stddef.h>
#include <string.h>

/* A stretch of payload not yet read. */
struct words {
    const uint8_t *at;
    uint32_t captured; /* bytes that can be read */
    uint32_t sent;     /* bytes that were sent; at least `captured` */
    uint32_t seq;      /* raw sequence number of `at` */
};

enum {
    TLS_HEAD = 5,
    TLS_ALERT = 21,
    TLS_HANDSHAKE = 22,
    TLS_DATA = 23,
    /* "one record of 19 to 26 bytes": an encrypted alert with its tag, and a little padding */
    TLS_ALERT_MIN = 18,
    TLS_ALERT_MAX = 26,

    HTTP2_HEAD = 9,
    HTTP2_DATA = 0,
    HTTP2_HEADERS = 1,
    HTTP2_RST_STREAM = 3,
    HTTP2_SETTINGS = 4,
    HTTP2_GOAWAY = 7,
    HTTP2_CONTINUATION = 9,
    HTTP2_END_STREAM = 0x1,
    HTTP2_ACK = 0x1,

    /* "undecoded, up to 64 contiguous bytes right before its FIN" */
    SHORT_GOODBYE = 64,

    TELLING = 24, /* bytes that tell a protocol, or its goodbye */
};

static bool starts_with(const struct words *w, const char *text)
{
    size_t length = strlen(text);

    return w->captured >= length && !memcmp(w->at, text, length);
}

static void skip(struct words *w, uint32_t bytes)
{
    uint32_t readable = bytes < w->captured ? bytes : w->captured;

    w->at += readable;
    w->captured -= readable;
    w->sent -= bytes;
    w->seq += bytes;
}

static void say_word(struct talk *talk)
{
    talk->farewell = FAREWELL_NO;
    talk->conversed = true;
}

/* A run of farewells starts with its first; a stronger kind replaces a weaker one. */
static void say_farewell(struct talk *talk, enum talk_farewell kind, uint32_t seq)
{
    if (talk->farewell == FAREWELL_NO)
        talk->farewell_seq = seq;
    talk->farewell = (uint8_t)kind;
}

/* TLS (RFC 8446, 5.1) ------------------------------------------------------------------------ */

static bool is_tls_head(const uint8_t *head, uint32_t bytes)
{
    return bytes >= 3 && head[0] >= 20 && head[0] <= 24 && head[1] == 3 && head[2] <= 4;
}

/*
 * TLS 1.3 seals the end of the handshake in data records: all of the server's until the
 * client's second one, and the client's first, its Finished.  That it is 1.3 shows in the
 * server's data coming first.  Fooled by: client certificates (more records of the client).
 */
static bool is_sealed_setup(struct talk *talk, const struct talk *other)
{
    if (talk->data_records < UINT8_MAX)
        talk->data_records++;
    if (talk->data_records == 1 && !other->data_records && other->spoken)
        talk->sealed_setup = !talk->opened;
    return (talk->sealed_setup && other->data_records < 2) ||
           (other->sealed_setup && talk->data_records == 1);
}

static enum speech begin_tls_record(struct talk *talk, const struct talk *other, uint32_t seq)
{
    uint32_t length = (uint32_t)talk->head[3] << 8 | talk->head[4];

    talk->left = length;
    talk->alerted = talk->head[0] == TLS_ALERT;
    switch (talk->head[0]) {
    case TLS_ALERT:
        say_farewell(talk, FAREWELL_YES, seq);
        return SPEECH_FAREWELL;
    case TLS_DATA:
        if (is_sealed_setup(talk, other)) {
            talk->farewell = FAREWELL_NO;
            return SPEECH_SETUP;
        }
        if (length >= TLS_ALERT_MIN && length <= TLS_ALERT_MAX) {
            say_farewell(talk, FAREWELL_AT_CLOSE, seq);
            talk->conversed = true;
            return SPEECH_WORD;
        }
        say_word(talk);
        return SPEECH_WORD;
    default:
        talk->farewell = FAREWELL_NO;
        return SPEECH_SETUP;
    }
}

/* HTTP/2 (RFC 9113, 4.1) --------------------------------------------------------------------- */

static enum speech begin_http2_frame(struct talk *talk, uint32_t seq)
{
    uint8_t type = talk->head[3], flags = talk->head[4];

    talk->left = (uint32_t)talk->head[0] << 16 | (uint32_t)talk->head[1] << 8 | talk->head[2];
    switch (type) {
    case HTTP2_GOAWAY:
        say_farewell(talk, FAREWELL_YES, seq);
        return SPEECH_FAREWELL;
    case HTTP2_SETTINGS:
        if (flags & HTTP2_ACK) {
            say_farewell(talk, FAREWELL_YES, seq);
            return SPEECH_FAREWELL;
        }
        talk->farewell = FAREWELL_NO;
        return SPEECH_CONTROL;
    case HTTP2_DATA:
    case HTTP2_HEADERS:
        talk->open = !(flags & HTTP2_END_STREAM);
        say_word(talk);
        return SPEECH_WORD;
    case HTTP2_CONTINUATION:
        say_word(talk);
        return SPEECH_WORD;
    case HTTP2_RST_STREAM:
        talk->open = false;
        talk->farewell = FAREWELL_NO;
        return SPEECH_CONTROL;
    default:
        talk->farewell = FAREWELL_NO;
        return SPEECH_CONTROL;
    }
}

/* Records and frames alike: a header of fixed size that tells how much follows. */
static enum speech hear_framed(struct talk *talk, const struct talk *other, struct words *w)
{
    uint8_t head_size = talk->protocol == TALK_TLS ? TLS_HEAD : HTTP2_HEAD;
    enum speech speech = SPEECH_NONE;

    while (w->sent) {
        uint32_t bytes = talk->left < w->sent ? talk->left : w->sent;
        uint32_t start = w->seq - talk->head_bytes;
        enum speech part;

        if (bytes) {
            talk->left -= bytes;
            skip(w, bytes);
            if (speech == SPEECH_NONE)
                speech = talk->farewell == FAREWELL_YES ? SPEECH_FAREWELL : SPEECH_WORD;
            continue;
        }
        while (w->captured && talk->head_bytes < head_size) {
            talk->head[talk->head_bytes++] = *w->at;
            skip(w, 1);
        }
        if (talk->head_bytes < head_size) {
            talk->lost |= w->sent > 0;
            return speech;
        }
        talk->head_bytes = 0;
        if (talk->protocol == TALK_TLS && !is_tls_head(talk->head, TLS_HEAD)) {
            talk->lost = true;
            return SPEECH_WORD;
        }
        part = talk->protocol == TALK_TLS ? begin_tls_record(talk, other, start)
                                          : begin_http2_frame(talk, start);
        if (part > speech)
            speech = part;
    }
    return speech;
}

/* Anything else ----------------------------------------------------------------------------- */

static enum speech hear_opaque(struct talk *talk, const struct talk *other, struct words *w)
{
    bool answers_goodbye = other->protocol == TALK_OPAQUE && other->farewell == FAREWELL_YES;

    if (goodbye_is_said(w->at, w->captured, w->sent) || answers_goodbye) {
        say_farewell(talk, FAREWELL_YES, w->seq);
        return SPEECH_FAREWELL;
    }
    talk->farewell = FAREWELL_NO;
    if (w->sent <= SHORT_GOODBYE)
        say_farewell(talk, FAREWELL_BEFORE_FIN, w->seq);
    talk->conversed = true;
    return SPEECH_WORD;
}

/* HTTP/1 (RFC 9112) -------------------------------------------------------------------------- */

/* "0\r\n\r\n" ends a chunked body (RFC 9112, 7.1); trailers are not looked for. */
static bool ends_chunks(struct talk *talk, const struct words *w)
{
    static const char last_chunk[] = { '0', '\r', '\n', '\r', '\n' };
    uint32_t new = w->captured < sizeof last_chunk ? w->captured : sizeof last_chunk;

    if (w->captured < w->sent) {
        talk->lost = true;
        return false;
    }
    memmove(talk->head, talk->head + new, sizeof last_chunk - new);
    memcpy(talk->head + sizeof last_chunk - new, w->at + w->captured - new, new);
    return !memcmp(talk->head, last_chunk, sizeof last_chunk);
}

static void hear_http_body(struct talk *talk, struct words *w)
{
    uint32_t bytes = w->sent;

    if (talk->body == BODY_LENGTH) {
        bytes = talk->left < w->sent ? talk->left : w->sent;
        talk->left -= bytes;
        if (!talk->left)
            talk->body = BODY_NONE;
    } else if (talk->body == BODY_CHUNKED && ends_chunks(talk, w)) {
        talk->body = BODY_NONE;
    }
    skip(w, bytes);
}

/* What follows belongs to another conversation, which the client opens. */
static void enter_tunnel(struct talk *proxy, struct talk *client)
{
    *proxy = (struct talk){ .next = proxy->next, .spoken = true, .tunnel = true };
    *client = (struct talk){ .next = client->next, .spoken = true, .opened = true, .tunnel = true };
}

/* Messages one after the other; what is neither request nor answer is another protocol. */
static enum speech hear_http1(struct talk *talk, struct talk *other, struct words *w)
{
    while (w->sent) {
        struct http_head head;

        if (talk->body != BODY_NONE) {
            hear_http_body(talk, w);
            continue;
        }
        if (!http_head_read(w->at, w->captured, &head)) {
            talk->protocol = TALK_OPAQUE; /* upgraded, or no HTTP after all */
            return hear_opaque(talk, other, w);
        }
        talk->asked_head = head.is_head;
        talk->asked_connect = head.is_connect;
        if (!head.size) {
            talk->lost = true;
            return SPEECH_WORD;
        }
        if (head.status / 100 == 2 && other->asked_connect) {
            enter_tunnel(talk, other);
            return SPEECH_SETUP;
        }
        talk->body = (uint8_t)(head.is_answer && other->asked_head ? BODY_NONE : head.body);
        memset(talk->head, 0, sizeof talk->head);
        talk->left = talk->body == BODY_LENGTH ? head.length : 0;
        talk->conversed |= !head.is_connect;
        skip(w, head.size);
    }
    return SPEECH_WORD;
}

/* -------------------------------------------------------------------------------------------- */

static const char http2_preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/* Where a message starts, its first bytes tell the protocol. */
static void recognise(struct talk *talk, const struct talk *other, struct words *w)
{
    struct http_head head;

    if (starts_with(w, http2_preface)) {
        talk->protocol = TALK_HTTP2;
        skip(w, sizeof http2_preface - 1);
    } else if (other->protocol == TALK_HTTP2 && !starts_with(w, "HTTP/1.")) {
        talk->protocol = TALK_HTTP2;
    } else if (is_tls_head(w->at, w->captured)) {
        talk->protocol = TALK_TLS;
    } else if (http_head_read(w->at, w->captured, &head)) {
        talk->protocol = TALK_HTTP1;
    } else {
        return;
    }
    talk->body = BODY_NONE;
    talk->left = 0;
    talk->head_bytes = 0;
    talk->lost = false;
}

static enum speech hear(struct talk *talk, struct talk *other, struct words *w)
{
    switch ((enum talk_protocol)talk->protocol) {
    case TALK_TLS:
    case TALK_HTTP2:
        return hear_framed(talk, other, w);
    case TALK_HTTP1:
        talk->farewell = FAREWELL_NO;
        return hear_http1(talk, other, w);
    case TALK_OPAQUE:
        break;
    }
    return hear_opaque(talk, other, w);
}

enum speech talk_hear(struct talk *talk, struct talk *other, const struct segment *seg)
{
    struct words w = { .at = (const uint8_t *)"", .seq = seg->seq + !!(seg->flags & SEGMENT_SYN) };
    enum speech speech;
    uint32_t known;
    bool missing, unread;

    w.sent = seg->len;
    if (seg->payload) {
        w.at = seg->payload;
        w.captured = seg->captured < seg->len ? seg->captured : seg->len;
    }
    if (!talk->spoken)
        talk->next = w.seq;
    known = seq_ahead(talk->next, w.seq);
    if (known >= w.sent)
        return SPEECH_NONE;
    if (seq_after(w.seq, talk->next))
        talk->lost = true;
    skip(&w, known);
    talk->next = w.seq + w.sent;

    if (talk->lost || talk->protocol == TALK_OPAQUE ||
        (talk->protocol == TALK_HTTP1 && talk->body == BODY_NONE))
        recognise(talk, other, &w);
    talk->opened |= !talk->spoken && !other->spoken;
    talk->spoken = true;
    if (!w.sent)
        return SPEECH_CONTROL;
    if (talk->lost) {
        say_word(talk);
        return SPEECH_WORD;
    }
    missing = w.captured < w.sent;
    unread = talk->protocol == TALK_OPAQUE && w.captured < TELLING && missing;
    speech = hear(talk, other, &w);
    talk->snapped |= unread || (missing && talk->lost);
    return speech;
}

bool talk_is_cut(const struct talk *talk)
{
    if (talk->lost)
        return false;
    return talk->left || talk->head_bytes || talk->open || talk->body == BODY_CHUNKED;
}
