/* TLS, heard from outside: the heads of its records (RFC 8446, 5.1).
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "hearing.h"

enum {
    RECORDS_MAX = 3, /* that are counted */

    HEAD = 5,
    RECORD_MAX = 16384 + 2048, /* RFC 5246, 6.2.3 */
    CHANGE_CIPHER_SPEC = 20,
    ALERT = 21,
    HANDSHAKE = 22,
    DATA = 23,
    CLIENT_HELLO = 1, /* messages of the handshake */
    SERVER_HELLO = 2,

    FATAL = 2, /* an alert's level */
    CLOSE_NOTIFY = 0,
    CLEAR_ALERT = 2, /* bytes of an alert that is not sealed */

    SEALED_FINISHED = 53, /* with the shorter of two hashes (RFC 8446, 4.4.4), its head and type, a
                           * tag of 16 */
    SEALED_ALERT = 19,    /* two bytes, their type, and a tag of 16 (RFC 8446, 5.2) */
    /* what answers the other side's alert; chosen: an alert and a frame of HTTP/2 */
    SHORT_RECORD = 64,
    /* nine bytes, the head of an HTTP/2 frame, as TLS 1.3, ChaCha20 and GCM of TLS 1.2 seal them */
    NINE_13 = 26,
    NINE_CHACHA = 25,
    NINE_GCM = 33,
    /* seventeen, a GOAWAY, likewise */
    GOAWAY_13 = 34,
    GOAWAY_CHACHA = 33,
    GOAWAY_GCM = 41,
    /* a session ticket with its head and tag: the state of a session is sealed in it */
    TICKET_MIN = 128,
    TICKET_MAX = 512,
};

bool tls_starts(const uint8_t *bytes, uint32_t count)
{
    return count >= 3 && bytes[0] >= 20 && bytes[0] <= 24 && bytes[1] == 3 && bytes[2] <= 4;
}

bool tls_says_hello(const uint8_t *bytes, uint32_t count)
{
    return count > HEAD && tls_starts(bytes, count) && bytes[0] == HANDSHAKE &&
           (bytes[HEAD] == CLIENT_HELLO || bytes[HEAD] == SERVER_HELLO);
}

/*
 * TLS 1.3 seals the end of the handshake in data records: all of the server's until the
 * client's second one, and the client's first, its Finished.  That it is 1.3 shows in the
 * server's data coming first.  Fooled by: client certificates (more records of the client).
 */
static bool is_sealed_setup(struct talk *talk, const struct talk *other, uint32_t length)
{
    if (talk->tls.data_records < RECORDS_MAX)
        talk->tls.data_records++;
    if (talk->tls.data_records == 1 && !other->tls.data_records && other->spoken)
        talk->sealed_setup = !talk->opened && !talk->tls_old;
    if (talk->sealed_setup && other->tls.data_records == 1 && length < SEALED_FINISHED)
        return false; /* nor is it a session ticket */
    return (talk->sealed_setup && other->tls.data_records < 2) ||
           (other->sealed_setup && talk->tls.data_records == 1);
}

static unsigned one_more(bool alike, unsigned count)
{
    return !alike ? 0 : count < RECORDS_MAX ? count + 1 : count;
}

static void measure(struct tls_said *tls, uint16_t length)
{
    bool goes_on = !tls->fresh;

    tls->alike = one_more(goes_on && length == tls->record, tls->alike) & 3;
    tls->by_turns = one_more(goes_on && (uint8_t)length == tls->before, tls->by_turns) & 3;
    tls->before = goes_on ? (uint8_t)tls->record : 0;
    tls->record = length;
    if (length > tls->longest)
        tls->longest = length;
    tls->fresh = false;
}

/*
 * The end of the handshake under TLS 1.3.  A record of an alert's size is too short for a Finished
 * (RFC 8446, 4.4.4: as long as a hash): it is an alert, and before Finished that is a failure.
 */
static enum speech finish_sealed(struct talk *talk, struct talk *other, uint32_t length)
{
    talk->farewell = FAREWELL_NO;
    talk->tls_keyed = true;
    if (!other->sealed_setup || talk->tls_finished)
        return SPEECH_SETUP;
    if (length <= SEALED_ALERT)
        talk->alerted = talk->fatal = true;
    else
        talk->tls_finished = other->tls_finished = true;
    return SPEECH_SETUP;
}

static bool is_nine(const struct talk *talk, uint32_t length)
{
    return talk->tls_old ? length == NINE_CHACHA || length == NINE_GCM : length == NINE_13;
}

static bool is_goaway(uint32_t length)
{
    return length == GOAWAY_13 || length == GOAWAY_CHACHA || length == GOAWAY_GCM;
}

/* A record of an alert's size, or what a library says at parting in place of one. */
static bool may_be_alert(const struct talk *talk, uint32_t length)
{
    return length == SEALED_ALERT || (!talk->tls_old && is_nine(talk, length));
}

/* Whether the latest data record may be part of a farewell, if an alert follows. */
static bool may_lead(const struct talk *talk)
{
    return talk->farewell == FAREWELL_BEFORE_FIN ||
           (talk->farewell == FAREWELL_NO && is_nine(talk, talk->tls.record));
}

/* With the records that led to it, if they were said in one breath. */
static enum speech say_sealed_goodbye(struct talk *talk, uint32_t start, const struct hearing *h,
                                      enum talk_farewell kind)
{
    if (!may_lead(talk) || h->ms - talk->farewell_ms > BREATH_MS ||
        start - talk->farewell_seq > UINT8_MAX)
        return say_goodbye(talk, start, h, kind);
    talk->tls.weak = (uint8_t)(start - talk->farewell_seq);
    talk->farewell = kind & 3;
    return SPEECH_FAREWELL;
}

/* The first word behind the handshake, or the second if it is as long and comes at once. */
static bool may_be_ticket(const struct talk *talk, const struct hearing *h, uint32_t length)
{
    if (!talk->sealed_setup || length < TICKET_MIN || length > TICKET_MAX)
        return false;
    if (!talk->tls.longest)
        return true;
    return talk->ticket && !talk->tls.alike && length == talk->tls.record &&
           h->ms - talk->word_ms <= BREATH_MS;
}

/* Who goes on asking took the sealed record for no alert, and so it is none: a short answer. */
static void take_back_alert(struct talk *talk, struct talk *other)
{
    if (other->alerted || !other->close_notify)
        return;
    other->close_notify = false;
    other->conversed = true;
    other->farewell = FAREWELL_NO;
    other->answered |= talk->asking;
}

/* An alert's size in place of the first answer: a word only if something else follows.
 * Fooled by: an answer of two bytes, and not one more. */
static bool is_first_word(const struct talk *talk, const struct talk *other, uint32_t length)
{
    return length == SEALED_ALERT && other->asking && talk->farewell != FAREWELL_AT_CLOSE;
}

static enum speech begin_data(struct talk *talk, struct talk *other, const struct hearing *h,
                              uint32_t start)
{
    uint16_t length = (uint16_t)talk->left;
    enum speech speech;

    if (is_sealed_setup(talk, other, length))
        return finish_sealed(talk, other, length);
    talk->tls_keyed = true;
    talk->tls_finished = other->tls_finished = true; /* of the other perhaps not shown */
    if (h->past_alert && length <= SHORT_RECORD) {
        say_sealed_goodbye(talk, start, h, other->alerted ? FAREWELL_YES : FAREWELL_AT_CLOSE);
        talk->close_notify = length == SEALED_ALERT;
        return other->alerted ? SPEECH_FAREWELL : SPEECH_WORD;
    }
    if (h->past_alert && !h->past_fin)
        take_back_alert(talk, other);
    if (h->past_fin && !other->asking && is_goaway(length)) {
        say_sealed_goodbye(talk, start, h, FAREWELL_AT_CLOSE);
        return SPEECH_WORD;
    }
    if (may_be_alert(talk, length)) {
        talk->conversed |= !is_first_word(talk, other, length);
        say_sealed_goodbye(talk, start, h, FAREWELL_AT_CLOSE);
        talk->close_notify = true;
        talk->tls.notify_doubted = is_nine(talk, length);
        return SPEECH_WORD;
    }
    talk->ticket = may_be_ticket(talk, h, length);
    measure(&talk->tls, length);
    other->tls.fresh |= other->protocol == TALK_TLS && length > SHORT_RECORD;
    if (talk_is_ticketed(talk)) {
        other->asking = other->conversed;
        talk->conversed = talk->answered = false;
        return SPEECH_SETUP;
    }
    speech = say_short(talk, other, h, &(struct undecoded){ start, length + HEAD, SHORT_RECORD });
    if (talk->farewell == FAREWELL_NO && is_nine(talk, length)) {
        talk->farewell_seq = start;
        talk->farewell_ms = h->ms;
    }
    return speech;
}

static enum speech begin_alert(struct talk *talk, const struct hearing *h, uint32_t start)
{
    bool in_clear = talk->left == CLEAR_ALERT && h->captured >= CLEAR_ALERT;

    talk->alerted = true;
    talk->snapped |= talk->left == CLEAR_ALERT && !in_clear && h->sent > h->captured;
    talk->tls.alert = in_clear ? (uint8_t)(h->at[1] + 1) : 0;
    talk->fatal = in_clear && h->at[0] == FATAL;
    talk->close_notify = !talk->fatal && (!in_clear || h->at[1] == CLOSE_NOTIFY);
    if (!talk->fatal)
        return say_sealed_goodbye(talk, start, h, FAREWELL_YES);
    talk->farewell = FAREWELL_NO;
    return SPEECH_SETUP;
}

/* Whether a message of that type takes up the record; of a sealed one it may look so by chance. */
static bool is_in_clear(const struct hearing *h, uint8_t type, uint64_t length)
{
    return h->captured >= 4 && h->at[0] == type &&
           ((uint32_t)h->at[1] << 16 | (uint32_t)h->at[2] << 8 | h->at[3]) == length - 4;
}

/* Before TLS 1.3 a sealed Finished comes behind ChangeCipherSpec, and shows its type; in TLS 1.3
 * only a hello can, behind a HelloRetryRequest (RFC 8446, D.4). */
static enum speech begin_handshake(struct talk *talk, struct talk *other, const struct hearing *h)
{
    bool hello = h->captured && h->at[0] == CLIENT_HELLO;

    if (hello && !talk->tls_changed) { /* it asks, whoever spoke first in the clear (RFC 3207) */
        talk->opened = true;
        other->opened = false;
    }
    talk->farewell = FAREWELL_NO;
    talk->tls_keyed |= !hello;
    talk->tls_old |= talk->tls_changed && !hello && !is_in_clear(h, SERVER_HELLO, talk->left);
    talk->tls_finished |= talk->tls_old;
    return SPEECH_SETUP;
}

static enum speech begin_record(struct talk *talk, struct talk *other, const struct hearing *h,
                                uint32_t start)
{
    talk->left = (uint64_t)talk->head[3] << 8 | talk->head[4];
    talk->alerted = talk->close_notify = talk->tls.notify_doubted = false;
    switch (talk->head[0]) {
    case ALERT:
        talk->tls_keyed = true;
        return begin_alert(talk, h, start);
    case DATA:
        return begin_data(talk, other, h, start);
    case HANDSHAKE:
        return begin_handshake(talk, other, h);
    case CHANGE_CIPHER_SPEC:
        talk->tls_changed = true;
        break;
    default:
        break;
    }
    talk->farewell = FAREWELL_NO;
    return SPEECH_SETUP;
}

static bool is_head(const uint8_t *head)
{
    return tls_starts(head, HEAD) && ((uint32_t)head[3] << 8 | head[4]) <= RECORD_MAX;
}

/* Whether the head of the next record is complete. */
static bool read_head(struct talk *talk, struct hearing *h)
{
    while (h->captured && talk->head_bytes < HEAD) {
        talk->head[talk->head_bytes++] = *h->at;
        hearing_skip(h, 1);
    }
    if (talk->head_bytes == HEAD)
        return true;
    talk->lost |= h->sent > 0;
    return false;
}

enum speech hear_tls(struct talk *talk, struct talk *other, struct hearing *h)
{
    enum speech speech = SPEECH_NONE, part;
    bool first = !talk->tls_began && !talk->tls.data_records && !talk->tls_keyed;

    while (h->sent) {
        uint32_t start = h->seq - talk->head_bytes;

        if (talk->left) {
            uint32_t bytes = talk->left < h->sent ? (uint32_t)talk->left : h->sent;

            talk->left -= bytes;
            hearing_skip(h, bytes);
            if (speech == SPEECH_NONE)
                speech = talk->farewell == FAREWELL_YES ? SPEECH_FAREWELL : SPEECH_WORD;
            continue;
        }
        if (!read_head(talk, h))
            return speech;
        talk->head_bytes = 0;
        if (!is_head(talk->head)) {
            talk->lost = true;
            hearing_skip(h, h->sent);
            return SPEECH_WORD;
        }
        if (first)
            talk->tls_began = talk->head[0] == HANDSHAKE;
        first = false;
        part = begin_record(talk, other, h, start);
        if (part > speech)
            speech = part;
    }
    return speech;
}
