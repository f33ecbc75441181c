/* How protocols frame their messages: the table of framings.def and what is read by it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "framing.h"

#include "mark.h"

#include <stddef.h>
#include <string.h>

enum { SIGNS = 6, OPENS = 4, INTERIMS = 2, SHORT_GOODBYE = 64 };

enum measure {
    MEASURE_NONE,
    MEASURE_FIXED,
    MEASURE_LINE,
    MEASURE_LDAP,
    MEASURE_TNS,
    MEASURE_MQTT,
    MEASURE_AMQP,
    MEASURE_REDIS,
    MEASURE_POSTGRES,
    MEASURE_WEBSOCKET,
};

static const struct framing {
    const char *question, *answer, *lone, *replies, *aside, *answer_may_end;
    struct mark sign[SIGNS][2];
    struct mark check, opens[OPENS], interim[INTERIMS], dismissal;
    enum reader reader;
    enum measure measure;
    uint32_t most;
    uint16_t port;
    uint8_t head, at, size, adds, trusted_after, sealed_goodbye, answer_ends;
    bool little, is_exact, is_partial, server_first, in_clear, asks_in_clear;
} framings[] = {
#define FRAMING(id, ...) [TALK_##id] = { __VA_ARGS__ },
#define GOODBYE(id, at, bytes, exact)
#define REFUSAL(id, at, pattern, words)
#include "framings.def"
};

enum { ROWS = sizeof framings / sizeof framings[0] };

/* A number of `size` bytes, most significant first unless little. */
static uint64_t number(const uint8_t *bytes, uint32_t size, bool little)
{
    uint64_t value = 0;

    for (uint32_t i = 0; i < size; i++)
        value = value << 8 | bytes[little ? size - 1 - i : i];
    return value;
}

/* How each protocol tells a length ------------------------------------------------------------ */

static enum measured fixed(const struct framing *f, const uint8_t *head, uint32_t count,
                           uint64_t *size)
{
    if (count < f->head)
        return MEASURED_MORE;
    *size = number(head + f->at, f->size, f->little) + f->adds;
    return *size < f->head ? MEASURED_BROKEN : MEASURED_SIZE;
}

static enum measured ldap(const uint8_t *head, uint32_t count, uint64_t *size)
{
    uint32_t long_form;

    if (head[0] == 0) { /* a buffer of SASL */
        *size = count < 4 ? 0 : number(head, 4, false) + 4;
        return count < 4 ? MEASURED_MORE : MEASURED_SIZE;
    }
    if (head[0] != 0x30)
        return MEASURED_BROKEN;
    if (count < 2)
        return MEASURED_MORE;
    long_form = head[1] & 0x80 ? head[1] & 0x7fU : 0;
    if (long_form > 4 || head[1] == 0x80)
        return MEASURED_BROKEN;
    if (count < 2 + long_form)
        return MEASURED_MORE;
    *size = long_form ? number(head + 2, long_form, false) + 2 + long_form : head[1] + UINT64_C(2);
    return MEASURED_SIZE;
}

static enum measured tns(const uint8_t *head, uint32_t count, uint64_t *size)
{
    if (count < 4)
        return MEASURED_MORE;
    *size = number(head, 2, false);
    if (!*size || number(head + 2, 2, false)) /* 32 bits, and a checksum is never used */
        *size = number(head, 4, false);
    return *size < 8 ? MEASURED_BROKEN : MEASURED_SIZE;
}

static enum measured mqtt(const uint8_t *head, uint32_t count, uint64_t *size)
{
    uint64_t length = 0;

    if (head[0] >> 4 == 0)
        return MEASURED_BROKEN;
    for (uint32_t i = 1; i < 5; i++) {
        if (i >= count)
            return MEASURED_MORE;
        length |= (uint64_t)(head[i] & 0x7f) << (7 * (i - 1));
        if (head[i] & 0x80)
            continue;
        *size = 1 + i + length;
        return MEASURED_SIZE;
    }
    return MEASURED_BROKEN;
}

static enum measured amqp(const uint8_t *head, uint32_t count, uint64_t *size)
{
    bool header = head[0] == 'A', modern = head[0] == 0;

    if (!header && head[0] > 8)
        return MEASURED_BROKEN;
    if (count < (modern ? 4 : 7))
        return MEASURED_MORE;
    *size = header ? 8 : modern ? number(head, 4, false) : number(head + 3, 4, false) + 8;
    return *size < 8 ? MEASURED_BROKEN : MEASURED_SIZE;
}

static enum measured redis(const uint8_t *head, uint32_t count, uint64_t *size)
{
    uint64_t length = 0;
    uint32_t i = 1;

    if (head[0] != '$' && head[0] != '!' && head[0] != '=')
        return MEASURED_LINE;
    for (; i < count && head[i] >= '0' && head[i] <= '9'; i++)
        length = length * 10 + (head[i] & 0xfU);
    if (i < count && head[i] == '-')
        return MEASURED_LINE; /* null */
    if (i < count && head[i] != '\r')
        return MEASURED_BROKEN;
    if (i + 2 > count)
        return count < FRAMING_HEAD_MAX ? MEASURED_MORE : MEASURED_BROKEN;
    *size = i + 2 + length + 2;
    return i > 1 && head[i + 1] == '\n' ? MEASURED_SIZE : MEASURED_BROKEN;
}

static enum measured postgres(const uint8_t *head, uint32_t count, uint64_t *size)
{
    bool typed = head[0] != 0;

    if (typed && (head[0] < '0' || head[0] > 'z'))
        return MEASURED_BROKEN;
    if (count < 4U + typed)
        return MEASURED_MORE;
    *size = number(head + typed, 4, false) + typed;
    return *size < 4U + typed ? MEASURED_BROKEN : MEASURED_SIZE;
}

static enum measured websocket(const uint8_t *head, uint32_t count, uint64_t *size)
{
    uint32_t mask, extended;

    if (count < 2)
        return MEASURED_MORE;
    mask = head[1] & 0x80 ? 4 : 0;
    extended = (head[1] & 0x7f) == 127 ? 8 : (head[1] & 0x7f) == 126 ? 2 : 0;
    if ((head[0] & 0x0f) > 10)
        return MEASURED_BROKEN; /* a reserved opcode */
    if (count < 2 + extended)
        return MEASURED_MORE;
    *size = extended ? number(head + 2, extended, false) : head[1] & 0x7fU;
    if (*size > INT64_MAX) /* "the most significant bit MUST be 0" */
        return MEASURED_BROKEN;
    *size += 2 + mask + extended;
    return MEASURED_SIZE;
}

static enum measured measure(const struct framing *f, const uint8_t *head, uint32_t count,
                             uint64_t *size)
{
    switch (f->measure) {
    case MEASURE_NONE:
        break;
    case MEASURE_FIXED:
        return fixed(f, head, count, size);
    case MEASURE_LINE:
        return MEASURED_LINE;
    case MEASURE_LDAP:
        return ldap(head, count, size);
    case MEASURE_TNS:
        return tns(head, count, size);
    case MEASURE_MQTT:
        return mqtt(head, count, size);
    case MEASURE_AMQP:
        return amqp(head, count, size);
    case MEASURE_REDIS:
        return redis(head, count, size);
    case MEASURE_POSTGRES:
        return postgres(head, count, size);
    case MEASURE_WEBSOCKET:
        return websocket(head, count, size);
    }
    return MEASURED_BROKEN;
}

enum measured framing_measure(enum talk_protocol protocol, const uint8_t *head, uint32_t count,
                              uint64_t *size)
{
    const struct framing *f = &framings[protocol];
    enum measured result = measure(f, head, count, size);

    if (result == MEASURED_SIZE &&
        (*size > f->most || (f->check.size && !mark_stands_in(&f->check, head, count))))
        return MEASURED_BROKEN;
    return result;
}

/* Recognition --------------------------------------------------------------------------------- */

bool framing_fits(enum talk_protocol protocol, const struct message *segment)
{
    uint32_t count = segment->captured < FRAMING_HEAD_MAX ? segment->captured : FRAMING_HEAD_MAX;
    uint64_t size = 0;

    for (uint32_t i = 1; i <= count; i++)
        switch (framing_measure(protocol, segment->at, i, &size)) {
        case MEASURED_MORE:
            continue;
        case MEASURED_SIZE:
            return size == segment->sent;
        case MEASURED_LINE:
            return segment->captured == segment->sent && segment->at[segment->sent - 1] == '\n';
        case MEASURED_BROKEN:
            return false;
        }
    return false;
}

static bool starts(const struct framing *f, const struct message *first)
{
    for (int i = 0; i < SIGNS && f->sign[i][0].size; i++)
        if (mark_stands_in(&f->sign[i][0], first->at, first->captured) &&
            mark_stands_in(&f->sign[i][1], first->at, first->captured))
            return true;
    return false;
}

enum talk_protocol framing_recognise(const struct message *first, const uint16_t port[2])
{
    for (int i = 0; i < ROWS; i++) {
        const struct framing *f = &framings[i];

        if (starts(f, first) && (!f->port || f->port == port[0] || f->port == port[1]) &&
            (!f->is_exact || framing_fits((enum talk_protocol)i, first)))
            return (enum talk_protocol)i;
    }
    return TALK_OPAQUE;
}

/* What a row says ------------------------------------------------------------------------------ */

enum reader framing_reader(enum talk_protocol protocol)
{
    return framings[protocol].measure == MEASURE_NONE ? framings[protocol].reader : READER_ROW;
}

unsigned framing_trusted_after(enum talk_protocol protocol)
{
    return framings[protocol].trusted_after;
}

bool framing_server_first(enum talk_protocol protocol)
{
    return framings[protocol].server_first;
}

bool framing_dismisses(enum talk_protocol protocol, const struct message *m)
{
    const struct mark *mark = &framings[protocol].dismissal;

    return mark->size && mark_stands_in(mark, m->at, m->captured);
}

/* Whether any of so many marks does. */
static bool any_stands_in(const struct mark *marks, int count, const struct message *m)
{
    for (int i = 0; i < count && marks[i].size; i++)
        if (mark_stands_in(&marks[i], m->at, m->captured))
            return true;
    return false;
}

bool framing_opens(enum talk_protocol protocol, const struct message *m)
{
    return any_stands_in(framings[protocol].opens, OPENS, m);
}

bool framing_is_interim(enum talk_protocol protocol, const struct message *m)
{
    return any_stands_in(framings[protocol].interim, INTERIMS, m);
}

bool framing_ends_answer(enum talk_protocol protocol, uint8_t first)
{
    return framings[protocol].answer_ends == first;
}

static bool holds(const char *bytes, uint8_t byte)
{
    return bytes && byte && strchr(bytes, byte);
}

bool framing_is_lone(enum talk_protocol protocol, uint8_t byte)
{
    return holds(framings[protocol].lone, byte);
}

bool framing_is_aside(enum talk_protocol protocol, uint8_t first)
{
    return holds(framings[protocol].aside, first);
}

bool framing_may_end_answer(enum talk_protocol protocol, uint8_t first)
{
    const struct framing *row = &framings[protocol];

    return !row->answer_ends || row->answer_ends == first || holds(row->answer_may_end, first);
}

bool framing_may_reply(enum talk_protocol protocol, uint8_t first, bool by_asker)
{
    const char *replies = framings[protocol].replies;

    return replies ? holds(replies, first) : !by_asker;
}

bool framing_is_partial(enum talk_protocol protocol)
{
    return framings[protocol].is_partial;
}

uint32_t framing_goodbye_max(enum talk_protocol protocol, bool by_asker)
{
    uint8_t sealed = framings[protocol].sealed_goodbye;

    if (framings[protocol].in_clear || (by_asker && framings[protocol].asks_in_clear))
        return 0;
    return sealed ? sealed : SHORT_GOODBYE;
}

const char *framing_message(int64_t protocol, bool asks)
{
    bool known = protocol >= 0 && protocol < TALK_PROTOCOLS;
    const struct framing *framing = &framings[known ? protocol : TALK_OPAQUE];

    return asks ? framing->question : framing->answer;
}
