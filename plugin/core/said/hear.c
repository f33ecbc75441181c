/* Hearing: just enough of the application's framing to know whether a side had finished.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "hear.h"

#include "hearing.h"
#include "parting.h"
#include "seldom.h"
#include "seq.h"

#include <stddef.h>
#include <string.h>

enum {
    TELLING = 24, /* bytes that tell a protocol, or its goodbye */
    TEXT = 8,     /* bytes that are no text by chance hardly ever */
    TELNET_IAC = 0xff,
    LEADING_CRLF = 4,
};

static const char http2_preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/* Protocols of the table --------------------------------------------------------------------- */

static enum speech hear_opaque(struct talk *talk, struct talk *other, struct hearing *h)
{
    const struct message m = { h->at, h->captured, h->sent };
    enum talk_protocol protocol = (enum talk_protocol)talk->protocol;
    const struct undecoded words = { h->seq, h->sent,
                                     framing_goodbye_max(protocol, talk_is_asker(talk)) };

    hearing_skip(h, h->sent);
    if (parting_goodbye(protocol, &m) || is_reply_to_goodbye(talk, other, words.size))
        return say_goodbye(talk, words.start, h, FAREWELL_YES);
    return say_short(talk, other, h, &words);
}

/* Recognition -------------------------------------------------------------------------------- */

static bool has_preface(const struct hearing *h)
{
    return h->captured >= sizeof http2_preface - 1 &&
           !memcmp(h->at, http2_preface, sizeof http2_preface - 1);
}

static bool starts_http1(const struct hearing *h)
{
    uint32_t skip = 0;

    while (skip < h->captured && skip < LEADING_CRLF &&
           (h->at[skip] == '\r' || h->at[skip] == '\n'))
        skip++;
    return http_starts(h->at + skip, h->captured - skip);
}

static bool is_text(const struct hearing *h)
{
    for (uint32_t i = 0; i < h->captured && i < TEXT; i++)
        if ((h->at[i] < ' ' && h->at[i] != '\r' && h->at[i] != '\n') || h->at[i] > '~')
            return false;
    return h->captured > 0;
}

/* The first words of a side tell a protocol of the table; so do those of the other. */
static enum talk_protocol recognise_framing(const struct talk *talk, const struct talk *other,
                                            const struct segment *seg, const struct hearing *h)
{
    const struct message m = { h->at, h->captured, h->sent };
    bool known = other->protocol > TALK_HTTP2;

    if (talk->protocol > TALK_HTTP2) /* behind a gap */
        return framing_fits((enum talk_protocol)talk->protocol, &m)
                   ? (enum talk_protocol)talk->protocol
                   : TALK_OPAQUE;
    return known ? (enum talk_protocol)other->protocol : framing_recognise(&m, seg->port);
}

static enum talk_protocol recognise(const struct talk *talk, const struct talk *other,
                                    const struct segment *seg, const struct hearing *h)
{
    if (!h->captured)
        return TALK_OPAQUE;
    if (has_preface(h) || (other->protocol == TALK_HTTP2 && *h->at != 'H'))
        return TALK_HTTP2;
    if (tls_starts(h->at, h->captured))
        return TALK_TLS;
    if (starts_http1(h))
        return TALK_HTTP1;
    if (other->protocol == TALK_HTTP1 && other->http.is_simple && other->asked)
        return TALK_HTTP1;
    return talk->spoken && talk->protocol <= TALK_HTTP2 ? TALK_OPAQUE
                                                        : recognise_framing(talk, other, seg, h);
}

/* Where a message starts, its first bytes tell the protocol. */
static void begin(struct talk *talk, struct talk *other, const struct segment *seg,
                  struct hearing *h)
{
    enum talk_protocol protocol = recognise(talk, other, seg, h);

    if (protocol == TALK_OPAQUE)
        return;
    if (protocol != talk->protocol)
        memset(&talk->http, 0,
               sizeof talk->tls > sizeof talk->http ? sizeof talk->tls : sizeof talk->http);
    talk->protocol = (uint8_t)protocol;
    talk->left = 0;
    talk->head_bytes = 0;
    talk->in_line = talk->lost = false;
    if (protocol == other->protocol && framing_reader(protocol) == READER_ROW)
        talk->framed.whole = other->framed.whole;
    if (protocol == TALK_HTTP1 && !starts_http1(h)) {
        talk->http = (struct http){ .phase = HTTP_UNTIL_CLOSE, .is_answer = true };
        /* "Simple-Response = [ Entity-Body ]"  RFC 1945, 6 */
    } else if (protocol == TALK_HTTP1) {
        talk->http = (struct http){
            .phase = HTTP_START,
            .heads = talk->http.heads,
            .crowded = talk->http.crowded,
        };
    } else if (protocol == TALK_HTTP2 && has_preface(h)) {
        talk->opened = true; /* the client's own (RFC 9113, 3.4); a server may not wait for it */
        other->opened = false;
        hearing_skip(h, sizeof http2_preface - 1);
    }
}

/* "GET " alone is no HTTP, if what answers it is none. */
static void doubt_request(const struct talk *talk, struct talk *other)
{
    if (other->protocol == TALK_HTTP1 && talk->protocol == TALK_OPAQUE && !other->asked &&
        other->http.phase != HTTP_START && other->http.phase <= HTTP_FIELD_REST)
        other->protocol = TALK_OPAQUE;
}

static enum speech hear(struct talk *talk, struct talk *other, struct hearing *h)
{
    switch (framing_reader((enum talk_protocol)talk->protocol)) {
    case READER_TLS:
        return hear_tls(talk, other, h);
    case READER_HTTP2:
        return hear_http2(talk, other, h);
    case READER_HTTP1:
        return hear_http1(talk, other, h);
    case READER_ROW:
        return hear_framed(talk, other, h);
    case READER_NONE:
        break;
    }
    return hear_opaque(talk, other, h);
}

/* A protocol that turns out not to be spoken any more is looked for anew, once. */
static enum speech hear_all(struct talk *talk, struct talk *other, const struct segment *seg,
                            struct hearing *h)
{
    enum talk_protocol believed = (enum talk_protocol)talk->protocol;
    enum speech speech = hear(talk, other, h), rest;

    if (!h->sent || talk->protocol == believed)
        return speech;
    if (talk->protocol == TALK_OPAQUE)
        begin(talk, other, seg, h);
    if (talk->protocol == believed)
        talk->protocol = TALK_OPAQUE;
    rest = h->sent ? hear(talk, other, h) : SPEECH_CONTROL;
    return rest > speech ? rest : speech;
}

static struct hearing stretch(const struct talk *other, const struct segment *seg)
{
    struct hearing h = {
        .at = (const uint8_t *)"",
        .sent = seg->len,
        .seq = seg->seq + !!(seg->flags & SEGMENT_SYN),
        .ms = (uint32_t)(seg->time_ns / 1000000),
        .past_alert = (other->alerted || other->close_notify) && seg->flags & SEGMENT_ACK &&
                      !seq_before(seg->ack, other->next),
        .past_fin = other->spoken && seg->flags & SEGMENT_ACK && seg->ack == other->next + 1,
    };

    if (seg->payload) {
        h.at = seg->payload;
        h.captured = seg->captured < seg->len ? seg->captured : seg->len;
    }
    return h;
}

static bool is_at_start(const struct talk *talk)
{
    return !talk->left && !talk->head_bytes && !talk->in_line && !talk->lost &&
           talk->protocol != TALK_TLS && talk->protocol != TALK_HTTP2 &&
           (talk->protocol != TALK_HTTP1 || talk->http.phase == HTTP_START);
}

/* In which its words may turn the other side away.  Of a side that is not understood only the first
 * words are looked at. */
static uint32_t refusing(const struct talk *talk)
{
    if (talk->protocol == TALK_LINES)
        return PARTING_OF(TALK_LINES) | PARTING_OF(TALK_OPAQUE);
    if (talk->protocol != TALK_OPAQUE)
        return PARTING_OF(talk->protocol);
    return talk->worded ? 0
                        : PARTING_OF(TALK_OPAQUE) | PARTING_OF(TALK_MYSQL) | PARTING_OF(TALK_HTTP1);
}

void talk_quote(const struct talk *talk, const struct segment *seg, struct last_words *words)
{
    uint32_t bytes = talk->protocol > TALK_HTTP2 ? talk->framed.refusal_bytes : 0;
    uint32_t before = bytes && seg->len - bytes < seg->captured ? seg->len - bytes : 0;
    const struct message m = { seg->payload + before, seg->captured - before, seg->len - before };
    struct talk first = { .protocol = talk->protocol };

    words->frame = seg->frame;
    words->text[0] = 0;
    parting_refusal(refusing(&first), &m, words->text, sizeof words->text);
}

/* What the other side is told: whether it is turned away, and whether that comes first. */
static void note_refusal(struct talk *talk, const struct talk *other, const struct segment *seg)
{
    const struct message m = { seg->payload, seg->payload ? seg->captured : 0, seg->len };
    struct talk as_asked = { .protocol = other->protocol }; /* how a first answer is framed */

    talk->refused =
        m.captured && is_at_start(talk) &&
        parting_refusal(refusing(talk) | (talk->spoken ? 0 : refusing(&as_asked)), &m, NULL, 0);
    talk->refused_first = talk->refused && !talk->worded;
    talk->worded |= m.captured && m.at[0] != TELNET_IAC;
}

/*
 * Bytes are missing, or were overtaken.  In a body or a record they do not hide where it ends; else
 * framing is lost.
 */
static void skip_unread(struct talk *talk, struct talk *other, uint32_t bytes)
{
    struct hearing h = {
        .at = (const uint8_t *)"",
        .sent = bytes,
        .seq = talk->next,
        .ms = talk->word_ms,
    };

    if (framing_reader((enum talk_protocol)talk->protocol) == READER_NONE)
        talk->lost = true;
    if (!talk->lost)
        hear(talk, other, &h);
    if (!talk->lost)
        return;
    talk->asked = other->asked = 0; /* bytes that asked or answered may be among them */
}

/*
 * Whether the segment goes on inside a record of TLS, or inside the body of an HTTP/1 message, that
 * does not end with it.  Its bytes are not looked at then, whatever they are, and framing is not
 * lost by them.  Neither can they be the first words of anything, nor a farewell, nor an answer in
 * another protocol.
 */
static inline bool is_inside(const struct talk *talk, const struct talk *other,
                             const struct segment *seg)
{
    if (talk->left <= seg->len || seg->seq != talk->next || seg->flags & SEGMENT_SYN ||
        talk->farewell != FAREWELL_NO || talk->refused || !talk->worded)
        return false;
    return talk->protocol == TALK_TLS ||
           (talk->protocol == TALK_HTTP1 && other->protocol != TALK_TLS &&
            (talk->http.phase == HTTP_BODY || talk->http.phase == HTTP_CHUNK_DATA));
}

static SELDOM enum speech hear_at_length(struct talk *talk, struct talk *other,
                                         const struct segment *seg)
{
    struct hearing h = stretch(other, seg);
    enum speech speech;
    uint32_t known, missing;
    bool cut, unread;

    if (!talk->spoken && !talk->next)
        talk->next = h.seq;
    known = seq_ahead(talk->next, h.seq);
    if (known >= h.sent)
        return SPEECH_NONE;
    missing = seq_ahead(h.seq, talk->next);
    if (missing)
        skip_unread(talk, other, missing);
    hearing_skip(&h, known);
    if (!known)
        note_refusal(talk, other, seg);
    talk->next = h.seq + h.sent;
    talk->opened |= !talk->spoken && !other->spoken;

    if (talk->lost || talk->protocol == TALK_OPAQUE)
        begin(talk, other, seg, &h);
    doubt_request(talk, other);
    talk->strange |= other->protocol == TALK_TLS && other->tls_began &&
                     talk->protocol != TALK_TLS && is_text(&h);
    talk->spoken = true;
    if (!h.sent)
        return SPEECH_CONTROL;
    if (talk->lost) {
        speech = say_word(talk, other, &h);
    } else {
        cut = h.captured < h.sent;
        unread = talk->protocol == TALK_OPAQUE && h.captured < TELLING && cut;
        speech = hear_all(talk, other, seg, &h);
        talk->snapped |= unread || (cut && talk->lost);
    }
    talk->word_ms = h.ms;
    return speech;
}

enum speech talk_hear(struct talk *talk, struct talk *other, const struct segment *seg)
{
    if (!is_inside(talk, other, seg))
        return hear_at_length(talk, other, seg);
    if (!seg->len)
        return SPEECH_NONE;
    talk->left -= seg->len;
    talk->next += seg->len;
    talk->word_ms = (uint32_t)(seg->time_ns / 1000000);
    return SPEECH_WORD;
}
