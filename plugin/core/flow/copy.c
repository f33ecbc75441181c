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
    const struct side *side = FLOW_SIDE(flow, seg->side);

    if (!side->seen || seg->flags & (SEGMENT_SYN | SEGMENT_RST))
        return false;
    return (seg->len > LIMIT_PROBE_BYTES && seq_after(segment_end(seg), side->snd_nxt)) ||
           (seg->flags & SEGMENT_FIN && !side->fin_frame) ||
           (seg->flags & SEGMENT_ACK && (!side->has_acked || seq_after(seg->ack, side->acked)));
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

/* How much later than the segment its copy may be shown: by another clock, or elsewhere on the way.
 * What was sent again has a timestamp and an IP ID of its own, and copies show how late they are.
 */
static int64_t most_late_ns(const struct flow *flow, const struct segment *seg)
{
    bool tells = seg->flags & SEGMENT_RST ? flow_oddities(flow)->copying.most_us >
                                                LIMIT_COPY_MS * (DURATION_MS / DURATION_US)
                                          : seg->has_timestamp;

    return duration_of_ms(tells ? LIMIT_COPY_LATE_MS : LIMIT_COPY_MS);
}

static bool is_as_soon(const struct step *step, const struct segment *seg)
{
    return duration_distance_ns(seg->time_ns, step->time_ns) <= duration_of_ms(LIMIT_COPY_MS);
}

/* Numbers that count tell; else the way they came, or how the capture copies what else it shows. */
static bool is_same_reset(const struct flow *flow, const struct step *step,
                          const struct segment *seg)
{
    const struct copying *copying = &flow_oddities(flow)->copying;

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
    int64_t most_ns = most_late_ns(flow, seg);
    struct step *step, *first = NULL;

    if (!flow->started || brings_news(flow, seg))
        return NULL;
    step = trail_step(trail, flow->trail);
    for (int i = 0; step && i < LIMIT_COPY_STEPS; i++, step = trail_step(trail, step->previous)) {
        if (duration_distance_ns(seg->time_ns, step->time_ns) > most_ns)
            break;
        if (!says_the_same(step, seg))
            continue;
        if (!(seg->flags & SEGMENT_RST) && (is_as_soon(step, seg) || step->ip_id == seg->ip_id))
            return step;
        if (seg->flags & SEGMENT_RST && is_same_reset(flow, step, seg))
            first = step;
    }
    return first;
}

/* Longer ago than copies are late.  A segment passes every place before it arrives, by clocks that
 * agree. */
static bool has_arrived(const struct flow *flow, const struct step *step, int64_t time_ns)
{
    const struct side *receiver = &flow->side[!step->side];

    return receiver->has_acked && !seq_before(receiver->acked, step_end(step)) &&
           time_ns - receiver->heard_ns > duration_of_ms(LIMIT_COPY_MS);
}

void flow_note_copy(struct flow *flow, struct step *original, const struct segment *copy)
{
    struct copying *copying = flow->oddities ? &flow->oddities->copying : NULL;
    uint32_t us = (uint32_t)delay_us(original, copy);

    if (original->copies < UINT8_MAX)
        original->copies++;
    if (step_end(original) == original->seq)
        return; /* it may have been sent twice */
    flow->went_back |= !is_as_soon(original, copy) && has_arrived(flow, original, copy->time_ns);
    if (!copying)
        return;
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
