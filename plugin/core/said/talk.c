/* What one side says: words, goodbyes, and what is one only if a FIN comes right behind.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "hearing.h"

enum {
    SHORT_GOODBYE = 64, /* a reply to a goodbye: chosen above the longest seen */
};

void hearing_skip(struct hearing *h, uint32_t bytes)
{
    uint32_t readable = bytes < h->captured ? bytes : h->captured;

    h->at += readable;
    h->captured -= readable;
    h->sent -= bytes;
    h->seq += bytes;
}

/* The side that was asked answers, however short, and with what it adds in the same breath. */
static bool is_reply(struct talk *talk, const struct talk *other, const struct hearing *h)
{
    if (other->asking)
        talk->replying = true;
    else if (h->ms - talk->word_ms > BREATH_MS)
        talk->replying = false;
    return talk->replying;
}

static void note_word(struct talk *talk, struct talk *other)
{
    talk->conversed = other->interrupted = true;
    if (talk_is_asker(talk)) {
        talk->asking = true;
    } else {
        talk->answered |= other->asking;
        other->asking = false;
    }
}

enum speech say_word(struct talk *talk, struct talk *other, const struct hearing *h)
{
    is_reply(talk, other, h);
    talk->farewell = FAREWELL_NO;
    note_word(talk, other);
    return SPEECH_WORD;
}

static bool is_in_run(const struct talk *talk, const struct hearing *h, uint32_t end,
                      uint32_t limit)
{
    return talk->farewell != FAREWELL_NO && !talk->interrupted &&
           h->ms - talk->farewell_ms <= BREATH_MS && end - talk->farewell_seq <= limit;
}

static void begin_run(struct talk *talk, const struct hearing *h, uint32_t start)
{
    talk->farewell_seq = start;
    talk->farewell_ms = h->ms;
    talk->interrupted = false;
    if (talk->protocol == TALK_TLS)
        talk->tls.weak = 0;
}

enum speech say_short(struct talk *talk, struct talk *other, const struct hearing *h,
                      const struct undecoded *words)
{
    bool in_run = is_in_run(talk, h, words->start + words->size, words->limit);

    if (is_reply(talk, other, h) || (!in_run && words->size > words->limit))
        return say_word(talk, other, h);
    if (!in_run)
        begin_run(talk, h, words->start);
    talk->farewell = FAREWELL_BEFORE_FIN;
    note_word(talk, other);
    return SPEECH_WORD;
}

enum speech say_goodbye(struct talk *talk, uint32_t start, const struct hearing *h,
                        enum talk_farewell kind)
{
    if (talk->farewell <= FAREWELL_BEFORE_FIN)
        begin_run(talk, h, start);
    talk->farewell = kind & 3;
    return SPEECH_FAREWELL;
}

bool talk_farewell(const struct talk *talk, int64_t closes_ns, bool closed, uint32_t *start)
{
    uint32_t pause_ms = (uint32_t)(closes_ns / 1000000) - talk->word_ms;

    bool behind = closes_ns != TALK_NO_FIN;

    *start = talk->farewell_seq;
    if (!behind && talk->protocol == TALK_TLS)
        *start += talk->tls.weak;
    switch ((enum talk_farewell)talk->farewell) {
    case FAREWELL_NO:
        return false;
    case FAREWELL_BEFORE_FIN:
        return behind && pause_ms <= BREATH_MS;
    case FAREWELL_AT_CLOSE:
        return closed;
    case FAREWELL_YES:
        break;
    }
    return true;
}

bool is_reply_to_goodbye(const struct talk *talk, const struct talk *other, uint32_t size)
{
    return other->farewell == FAREWELL_YES && other->protocol == talk->protocol && !other->asking &&
           size <= SHORT_GOODBYE;
}
