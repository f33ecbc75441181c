/* Segments that the capture holds twice.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "duration.h"
#include "flow.h"
#include "limit.h"
#include "seq.h"

#include <stddef.h>

static bool says_the_same(const struct step *step, const struct segment *seg)
{
    return step->side == seg->side && step->seq == seg->seq && step->ack == seg->ack &&
           step->len == seg->len && step->flags == seg->flags && step->window == seg->window &&
           step->tsval == seg->tsval;
}

/* One host's resets of one moment have come the same way; a copy may have been taken a hop apart.
 */
static bool is_hops_apart(const struct step *step, const struct segment *seg)
{
    int hops = (int)step->ttl - (int)seg->ttl;

    return hops && hops <= LIMIT_COPY_HOPS && -hops <= LIMIT_COPY_HOPS;
}

/* Numbers that its side has not shown yet. */
static bool brings_news(const struct flow *flow, const struct segment *seg)
{
    const struct side *side = &flow->side[seg->side];

    if (!side->seen || seg->flags & (SEGMENT_SYN | SEGMENT_RST))
        return false;
    return (seg->len > LIMIT_PROBE_BYTES && seq_after(segment_end(seg), side->snd_nxt)) ||
           (seg->flags & SEGMENT_FIN && !side->fin_frame) ||
           (seg->flags & SEGMENT_ACK && side->has_acked && seq_after(seg->ack, side->acked));
}

static int64_t delay_us(const struct step *step, const struct segment *seg)
{
    return duration_distance_ns(seg->time_ns, step->time_ns) / DURATION_US;
}

static bool is_as_late(const struct copying *copying, int64_t us)
{
    return us + LIMIT_COPY_JITTER_US >=
               duration_quarters(copying->least_us, LIMIT_COPY_EARLY_QUARTERS) &&
           us <= LIMIT_COPY_LATE_TIMES * copying->most_us + LIMIT_COPY_JITTER_US;
}

/* Numbers that count tell; else the way they came, or how the capture copies what else it shows. */
static bool is_same_reset(const struct flow *flow, const struct step *step,
                          const struct segment *seg)
{
    const struct copying *copying = &flow->copying;

    if (step->ip_id && seg->ip_id)
        return step->ip_id == seg->ip_id;
    if (!copying->copies)
        return !step->copies && is_hops_apart(step, seg);
    if (step->copies >= copying->copies ||
        (step->ttl == seg->ttl ? !copying->alike : !copying->routed))
        return false;
    return is_as_late(copying, delay_us(step, seg));
}

struct step *flow_copied(const struct flow *flow, const struct trail *trail,
                         const struct segment *seg)
{
    struct step *step, *first = NULL;

    if (!flow->started || brings_news(flow, seg))
        return NULL;
    step = trail_step(trail, flow->trail);
    for (int i = 0; step && i < LIMIT_COPY_STEPS; i++, step = trail_step(trail, step->previous)) {
        if (duration_distance_ns(seg->time_ns, step->time_ns) > duration_of_ms(LIMIT_COPY_MS))
            break;
        if (!says_the_same(step, seg))
            continue;
        if (!(seg->flags & SEGMENT_RST))
            return step;
        if (is_same_reset(flow, step, seg))
            first = step;
    }
    return first;
}

void flow_note_copy(struct flow *flow, struct step *original, const struct segment *copy)
{
    struct copying *copying = &flow->copying;
    uint16_t us = (uint16_t)delay_us(original, copy);

    if (original->copies < UINT8_MAX)
        original->copies++;
    if (step_end(original) == original->seq)
        return; /* it may have been sent twice */
    if (!copying->copies || us < copying->least_us)
        copying->least_us = us;
    if (us > copying->most_us)
        copying->most_us = us;
    if (original->copies > copying->copies)
        copying->copies = original->copies;
    if (original->ttl == copy->ttl)
        copying->alike = true;
    else
        copying->routed = true;
}
