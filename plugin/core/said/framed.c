/* Messages whose length the table of framings tells, one after the other.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "hearing.h"
#include "parting.h"

#include <string.h>

/* Of what was believed to be a message nothing is left to believe. */
static enum speech give_up(struct talk *talk, struct talk *other)
{
    if (other->protocol == talk->protocol) {
        other->protocol = TALK_OPAQUE;
        other->left = other->head_bytes = 0;
        other->in_line = false;
    }
    talk->protocol = TALK_OPAQUE;
    talk->left = talk->head_bytes = 0;
    talk->in_line = false;
    return SPEECH_CONTROL;
}

/* A message that ends where its segment does vouches for the lengths of both sides. */
static void end_message(struct talk *talk, struct talk *other, const struct hearing *h)
{
    if (h->sent)
        return;
    if (talk->framed.whole < UINT8_MAX)
        talk->framed.whole++;
    if (other->protocol == talk->protocol && other->framed.whole < UINT8_MAX)
        other->framed.whole++;
}

static void take_line(struct talk *talk, struct talk *other, struct hearing *h)
{
    const uint8_t *end = memchr(h->at, '\n', h->captured);

    talk->in_line = end == NULL;
    talk->lost = !end && h->captured < h->sent;
    hearing_skip(h, end ? (uint32_t)(end - h->at) + 1 : h->sent);
    if (end)
        end_message(talk, other, h);
}

static void take_message(struct talk *talk, struct talk *other, struct hearing *h)
{
    uint32_t bytes = talk->left < h->sent ? (uint32_t)talk->left : h->sent;

    talk->left -= bytes;
    hearing_skip(h, bytes);
    if (!talk->left)
        end_message(talk, other, h);
}

static void take_rest(struct talk *talk, struct talk *other, struct hearing *h)
{
    if (talk->left)
        take_message(talk, other, h);
    else
        take_line(talk, other, h);
}

/* Reads the head of the next message; what it tells, and the message's size. */
static enum measured read_head(struct talk *talk, struct hearing *h, uint64_t *size)
{
    enum measured measured = MEASURED_MORE;

    while (h->captured && measured == MEASURED_MORE && talk->head_bytes < FRAMING_HEAD_MAX) {
        talk->head[talk->head_bytes++] = *h->at;
        hearing_skip(h, 1);
        measured =
            framing_measure((enum talk_protocol)talk->protocol, talk->head, talk->head_bytes, size);
    }
    return measured;
}

static enum speech dismiss(struct talk *talk, struct talk *other, const struct hearing *h,
                           uint32_t bytes)
{
    talk->framed.dismissed = other->asking || talk->open;
    talk->refused = true;
    talk->refused_first |= !talk->framed.served;
    talk->framed.refusal_bytes = bytes > UINT16_MAX ? UINT16_MAX : (uint16_t)bytes;
    talk->head_bytes = 0;
    return say_word(talk, other, h);
}

/* Of whoever has said goodbye it only keeps company. */
static enum speech say_aside(struct talk *talk, const struct talk *other, const struct hearing *h,
                             uint32_t start)
{
    if (is_reply_to_goodbye(talk, other, 0))
        return say_goodbye(talk, start, h, FAREWELL_YES);
    talk->farewell = FAREWELL_NO;
    return SPEECH_CONTROL;
}

/* A message begins at `m`, as far as this segment shows it. */
static enum speech begin_message(struct talk *talk, struct talk *other, const struct hearing *h,
                                 const struct message *m)
{
    enum talk_protocol protocol = (enum talk_protocol)talk->protocol;
    uint32_t goodbye = parting_goodbye(protocol, m);
    bool is_endless = talk->in_line || talk->left > UINT32_MAX / 2;
    const struct undecoded words = {
        .start = h->seq - talk->head_bytes,
        .size = is_endless ? m->sent : (uint32_t)talk->left + talk->head_bytes,
        .limit = framing_goodbye_max(protocol, talk_is_asker(talk)),
    };

    if (goodbye > GOODBYE_ANY && talk->in_line) { /* of several lines */
        talk->left = goodbye - talk->head_bytes;
        talk->in_line = false;
    } else if (goodbye > GOODBYE_ANY && goodbye != words.size) {
        goodbye = 0;
    }
    talk->snapped |= m->captured && parting_is_cut(protocol, m);
    if (framing_dismisses(protocol, m))
        return dismiss(talk, other, h, m->sent);
    talk->framed.opens |= framing_opens(protocol, m);
    if (framing_is_interim(protocol, m)) {
        talk->head_bytes = 0;
        talk->farewell = FAREWELL_NO;
        return SPEECH_CONTROL;
    }
    talk->head_bytes = 0;
    if (framing_is_aside(protocol, talk->head[0]) && !talk_is_asker(talk))
        return say_aside(talk, other, h, words.start);
    talk->open = !framing_ends_answer(protocol, talk->head[0]);
    talk->framed.served |= !talk->open;
    talk->framed.may_end = framing_may_end_answer(protocol, talk->head[0]);
    if (goodbye || (framing_may_reply(protocol, talk->head[0], talk_is_asker(talk)) &&
                    is_reply_to_goodbye(talk, other, words.size)))
        return say_goodbye(talk, words.start, h, FAREWELL_YES);
    return say_short(talk, other, h, &words);
}

/* One byte that comes alone, where a message begins. */
static bool is_lone(const struct talk *talk, const struct hearing *h)
{
    return h->sent == 1 && h->captured && !talk->head_bytes && !talk->left &&
           framing_is_lone((enum talk_protocol)talk->protocol, *h->at);
}

static enum speech take_lone(struct talk *talk, struct talk *other, struct hearing *h)
{
    hearing_skip(h, 1);
    end_message(talk, other, h);
    return say_word(talk, other, h);
}

enum speech hear_framed(struct talk *talk, struct talk *other, struct hearing *h)
{
    const struct hearing before = *h;
    enum speech speech = SPEECH_NONE, part;
    uint64_t size;

    talk->framed.refusal_bytes = talk->framed.dismissed = 0;
    if (is_lone(talk, h))
        return take_lone(talk, other, h);
    while (h->sent) {
        const struct message m = { h->at, talk->head_bytes ? 0 : h->captured, h->sent };
        enum measured measured;

        if (talk->left || talk->in_line) {
            take_rest(talk, other, h);
            if (speech == SPEECH_NONE)
                speech = talk->farewell == FAREWELL_YES ? SPEECH_FAREWELL : SPEECH_WORD;
            continue;
        }
        if (!talk->head_bytes && tls_says_hello(h->at, h->captured))
            return give_up(talk, other);
        measured = read_head(talk, h, &size);
        if (measured == MEASURED_BROKEN || (measured == MEASURED_SIZE && size < talk->head_bytes)) {
            *h = before;
            return give_up(talk, other);
        }
        if (measured == MEASURED_MORE) {
            talk->lost = h->sent > 0;
            hearing_skip(h, h->sent);
            return speech == SPEECH_NONE ? SPEECH_WORD : speech;
        }
        talk->left = measured == MEASURED_SIZE ? size - talk->head_bytes : 0;
        talk->in_line = measured == MEASURED_LINE && talk->head[talk->head_bytes - 1] != '\n';
        if (!talk->in_line && !talk->left)
            end_message(talk, other, h);
        part = begin_message(talk, other, h, &m);
        if (part > speech)
            speech = part;
    }
    return speech;
}
