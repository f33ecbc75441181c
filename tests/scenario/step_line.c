/* One segment line of a scenario.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "step_line.h"

#include "options.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_WINDOW = 512, FIRST_TTL = 64, FIRST_IP_ID = 4000, LONGEST_PAYLOAD = 65000 };

static bool read_flags(const char *word, uint8_t *flags)
{
    static const struct {
        char letter;
        uint8_t flag;
    } known[] = {
        { 'F', SEGMENT_FIN }, { 'S', SEGMENT_SYN }, { 'R', SEGMENT_RST },
        { 'P', SEGMENT_PSH }, { '.', SEGMENT_ACK }, { 'U', SEGMENT_URG },
    };

    *flags = 0;
    if (!strcmp(word, "-"))
        return true;
    for (; *word; word++) {
        size_t i = 0;

        while (i < 6 && known[i].letter != *word)
            i++;
        if (i == 6)
            return false;
        *flags |= known[i].flag;
    }
    return true;
}

/* FIRST:LAST(BYTES) */
static const char *read_numbers(struct scenario_step *step, char *word)
{
    char *last = strchr(word, ':'), *bytes = strchr(word, '('), *close = strchr(word, ')');
    uint32_t end;

    if (!last || !bytes || !close || close[1])
        return "sequence numbers are FIRST:LAST(BYTES)";
    *last++ = *bytes++ = *close = '\0';
    step->raw_seq = *word == '=';
    if (!word_number(word + step->raw_seq, &step->segment.seq) || !word_number(last, &end) ||
        !word_number(bytes, &step->segment.len))
        return "sequence numbers are FIRST:LAST(BYTES)";
    if (step->segment.seq + step->segment.len != end)
        return "LAST is not FIRST + BYTES";
    return step->segment.len <= LONGEST_PAYLOAD ? NULL : "too many bytes for one segment";
}

static const char *read_payload(struct segment *segment, const char *kind, const char *word)
{
    uint8_t *payload = calloc(1, LONGEST_PAYLOAD + 1);
    size_t size;

    free((void *)(uintptr_t)segment->payload);
    segment->payload = payload;
    if (!payload)
        return "out of memory";
    memset(payload, 'x', LONGEST_PAYLOAD);
    if (!strcmp(kind, "hex"))
        size = word_hex(word, payload, LONGEST_PAYLOAD);
    else
        size = *word == '"' ? word_unescape(word + 1, payload, LONGEST_PAYLOAD) : 0;
    if (!size)
        return "data is followed by \"text\", hex by an even number of digits";
    return size <= segment->len ? NULL : "more data than BYTES";
}

static const char *read_number_field(struct scenario_step *step, const char *name, const char *word)
{
    struct segment *segment = &step->segment;
    uint32_t value;

    if (!strcmp(name, "ack") && *word == '=') {
        step->raw_ack = true;
        word++;
    }
    if (!word_number(word, &value))
        return "a field needs a number";
    if (!strcmp(name, "ack"))
        segment->ack = value;
    else if (!strcmp(name, "win"))
        segment->window = (uint16_t)value;
    else if (!strcmp(name, "ttl"))
        segment->ttl = (uint8_t)value;
    else if (!strcmp(name, "id"))
        segment->ip_id = (uint16_t)value;
    else if (!strcmp(name, "cut"))
        segment->captured = value;
    else if (!strcmp(name, "ts"))
        return options_add_timestamp(&step->options, value);
    else
        return "unknown field";
    return NULL;
}

static const char *read_fields(struct scenario_step *step, char *rest)
{
    char *name, *value;
    const char *problem;

    while ((name = word_next(&rest))) {
        if (*name == '<') {
            if ((problem = options_add(&step->options, name + 1)))
                return problem;
            continue;
        }
        if (!(value = word_next(&rest)))
            return "a field without a value";
        if (!strcmp(name, "data") || !strcmp(name, "hex"))
            problem = read_payload(&step->segment, name, value);
        else if (!strcmp(name, "opt"))
            problem = options_add_raw(&step->options, value);
        else
            problem = read_number_field(step, name, value);
        if (problem)
            return problem;
    }
    return NULL;
}

/* What a line leaves out is as the side had it before. */
static void set_defaults(const struct scenario *scenario, struct scenario_step *step)
{
    struct segment *segment = &step->segment;
    unsigned side = segment->side;

    segment->window = FIRST_WINDOW;
    segment->ttl = FIRST_TTL;
    segment->ip_id = (uint16_t)(FIRST_IP_ID * (side + 1));
    segment->has_ip_id = true;
    segment->captured = UINT32_MAX;
    segment->port[0] = scenario->port[side];
    segment->port[1] = scenario->port[!side];
    segment->window_shift = SEGMENT_NO_SHIFT;
    for (size_t i = 0; i < scenario->step_count; i++) {
        const struct segment *before = &scenario->step[i].segment;

        segment->time_ns = before->time_ns;
        if (before->side != side || segment_has(before, SEGMENT_RST))
            continue;
        segment->window = before->window;
        segment->ttl = before->ttl;
        segment->ip_id = (uint16_t)(before->ip_id + 1);
    }
}

static const char *finish(struct scenario *scenario, struct scenario_step *step)
{
    struct segment *segment = &step->segment;

    if (segment_has(segment, SEGMENT_ACK) != (segment->ack || step->raw_ack) &&
        !segment_has(segment, SEGMENT_RST))
        return "the flag . and `ack` go together";
    if (segment->len && !segment->payload && read_payload(segment, "data", "\"x"))
        return "out of memory";
    if (segment->captured > segment->len)
        segment->captured = segment->len;
    options_tell(&step->options, segment);
    scenario->has_syn |= segment_has(segment, SEGMENT_SYN) && !segment_has(segment, SEGMENT_RST);
    return NULL;
}

const char *step_line_read(struct scenario *scenario, const char *word, char *rest, unsigned line)
{
    struct scenario_step *step = &scenario->step[scenario->step_count];
    char *side, *flags, *numbers;
    const char *problem;
    int64_t pause_ns;

    if (scenario->step_count == SCENARIO_STEPS)
        return "too many segments";
    if (!word_time(word, &pause_ns))
        return "the time is +SECONDS";
    if (!(side = word_next(&rest)) || (strcmp(side, "A") != 0 && strcmp(side, "B") != 0))
        return "the time is followed by A or B";
    *step = (struct scenario_step){ .line = line, .segment.side = *side == 'B' };
    set_defaults(scenario, step);
    step->segment.time_ns += scenario->step_count ? pause_ns : 0;
    if (!(flags = word_next(&rest)) || !read_flags(flags, &step->segment.flags))
        return "flags are letters of SFRPU and . for ACK, or - for none";
    if (!(numbers = word_next(&rest)))
        return "sequence numbers are FIRST:LAST(BYTES)";
    if ((problem = read_numbers(step, numbers)))
        return problem;
    scenario->step_count++; /* from here on, scenario_free() sees its payload */
    problem = read_fields(step, rest);
    return problem ? problem : finish(scenario, step);
}
