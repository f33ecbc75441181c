/* The ways a capture may be odd.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "oddity.h"

#include "duration.h"

#include <string.h>

enum { TENANT = 5, NETWORK = 7 };

static int64_t *time_of(struct take *take)
{
    return &take->sighting.segment.time_ns;
}

static size_t met_before(const struct tape *tape, int64_t frame)
{
    size_t count = 0;

    while (count < tape->count && tape->take[count].origin < frame)
        count++;
    return count;
}

void oddity_step_clock(struct tape *tape, const struct way *way)
{
    int64_t step_ns = way->number[0] * DURATION_S;

    for (size_t i = met_before(tape, way->number[1]); i < tape->count; i++)
        *time_of(&tape->take[i]) += step_ns;
    tape->end_ns += step_ns;
}

static int64_t rounded(int64_t time_ns, int64_t step_ns)
{
    return time_ns - (time_ns % step_ns + step_ns) % step_ns;
}

void oddity_round_clock(struct tape *tape, const struct way *way)
{
    int64_t step_ns = way->number[0] * DURATION_US;

    for (size_t i = 0; i < tape->count; i++)
        *time_of(&tape->take[i]) = rounded(*time_of(&tape->take[i]), step_ns);
    tape->end_ns = rounded(tape->end_ns, step_ns);
}

void oddity_stop_clock(struct tape *tape, const struct way *way)
{
    (void)way;
    for (size_t i = 0; i < tape->count; i++)
        *time_of(&tape->take[i]) = 0;
    tape->end_ns = 0;
}

static void add_range(struct tape *to, const struct tape *from, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        tape_add(to, &from->take[i]);
}

void oddity_append_beginning(struct tape *tape, const struct way *way)
{
    struct tape turned = { .end_ns = tape->end_ns };
    size_t begin = met_before(tape, way->number[0]);

    add_range(&turned, tape, begin, tape->count);
    add_range(&turned, tape, 0, begin);
    tape_free(tape);
    *tape = turned;
}

static struct tape copies_of(const struct tape *tape)
{
    struct tape copies = { .end_ns = tape->end_ns };

    add_range(&copies, tape, 0, tape->count);
    for (size_t i = 0; i < copies.count; i++)
        copies.take[i].is_copy = true;
    return copies;
}

void oddity_append_again(struct tape *tape, const struct way *way)
{
    struct tape copies = copies_of(tape);

    (void)way;
    add_range(tape, &copies, 0, copies.count);
    tape_free(&copies);
}

/* What a stack writes in place of a number stays that: see shift_numbers() in way.c. */
static void renumber(struct segment *seg, uint32_t distance)
{
    bool is_reset = seg->flags & SEGMENT_RST;

    if (seg->ack)
        seg->ack += distance;
    if (!is_reset || seg->seq)
        seg->seq += distance;
}

void oddity_add_tenant(struct tape *tape, const struct way *way)
{
    struct tape copies = copies_of(tape);

    for (size_t i = 0; i < copies.count; i++) {
        copies.take[i].sighting.path = TENANT;
        *time_of(&copies.take[i]) += way->number[0] * DURATION_US;
        renumber(&copies.take[i].sighting.segment, (uint32_t)way->number[1]);
    }
    tape_weave(tape, &copies);
    tape_free(&copies);
}

static bool goes_up(const struct take *take)
{
    const uint16_t *port = take->sighting.segment.port;
    int order = memcmp(take->address[0], take->address[1], ADDRESS_BYTES_MAX);

    return order ? order < 0 : port[0] < port[1];
}

void oddity_split_networks(struct tape *tape, const struct way *way)
{
    (void)way;
    for (size_t i = 0; i < tape->count; i++)
        tape->take[i].sighting.path = NETWORK + goes_up(&tape->take[i]);
}

/* Each stays behind those of its moment. */
static void sort_by_time(struct tape *tape)
{
    for (size_t i = 1; i < tape->count; i++) {
        struct take take = tape->take[i];
        size_t at = i;

        for (; at && *time_of(&tape->take[at - 1]) > *time_of(&take); at--)
            tape->take[at] = tape->take[at - 1];
        tape->take[at] = take;
    }
}

void oddity_add_vantage(struct tape *tape, const struct way *way)
{
    struct tape copies = copies_of(tape);

    for (size_t i = 0; i < copies.count; i++) {
        struct take *take = &copies.take[i];
        int64_t us = goes_up(take) ? way->number[0] : -way->number[0];

        *time_of(take) += (us + way->number[1]) * DURATION_US;
        if (take->sighting.segment.ttl > 1)
            take->sighting.segment.ttl--;
    }
    add_range(tape, &copies, 0, copies.count);
    sort_by_time(tape);
    tape_free(&copies);
}

void oddity_hide_hops(struct tape *tape, const struct way *way)
{
    (void)way;
    for (size_t i = 0; i < tape->count; i++)
        tape->take[i].sighting.segment.ttl = 0;
}

void oddity_hide_ip(struct tape *tape, const struct way *way)
{
    for (size_t i = 0; i < tape->count; i++) {
        struct segment *seg = &tape->take[i].sighting.segment;

        if (seg->len < way->number[0])
            continue;
        seg->ttl = 0;
        seg->ip_id = 0;
        seg->has_ip_id = false;
    }
}
