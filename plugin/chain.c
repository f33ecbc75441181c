/* What a side sends again and again: retransmissions, keep-alives and window probes.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "chain.h"

#include "duration.h"
#include "flow.h"
#include "seq.h"

#include <stddef.h>

enum { LOOK_BACK_STEPS = 64 };

static const struct chain none;

const struct chain *side_retransmission(const struct side *side)
{
    return side->chains ? &side->chains->retransmission : &none;
}

const struct chain *side_probe(const struct side *side)
{
    return side->chains ? &side->chains->probe : &none;
}

/* An original of the segment that the trail still holds. */
static const struct step *find_original(const struct flow *flow, const struct trail *trail,
                                        const struct segment *seg)
{
    const struct step *step = trail_step(trail, flow->trail);

    for (int i = 0; step && i < LOOK_BACK_STEPS; i++, step = trail_step(trail, step->previous))
        if (step->side == seg->side && step->seq == seg->seq && step_end(step) != step->seq &&
            !(step->flags & SEGMENT_RST))
            return step;
    return NULL;
}

static void lengthen(struct chain *chain, const struct segment *seg)
{
    int64_t interval = seg->time_ns - chain->last_ns;

    if (chain->count && chain->interval_ns &&
        duration_distance_ns(interval, chain->interval_ns) > chain->interval_ns / 10)
        chain->uneven = true;
    if (chain->count)
        chain->interval_ns = interval;
    else
        chain->first_frame = seg->frame;
    if (chain->count < UINT16_MAX)
        chain->count++;
    chain->last_frame = seg->frame;
    chain->last_ns = seg->time_ns;
}

static void add_answer(struct chain *chain)
{
    if (chain->answers < UINT8_MAX)
        chain->answers++;
}

bool side_probes_with(const struct side *side, const struct segment *seg)
{
    return side->seen && seg->len <= 1 && seg->seq == side->snd_nxt - 1 &&
           !(seg->flags & (SEGMENT_SYN | SEGMENT_FIN));
}

bool side_repeats_with(const struct side *side, const struct segment *seg)
{
    uint32_t end = segment_end(seg);

    return side->seen && end != seg->seq && !seq_after(end, side->snd_nxt);
}

bool flow_wants_chains(const struct flow *flow, const struct segment *seg)
{
    const struct side *side = &flow->side[seg->side];

    return !side->chains && !(seg->flags & SEGMENT_RST) &&
           (side_repeats_with(side, seg) || side_probes_with(side, seg));
}

void flow_fold_probe(struct flow *flow, const struct segment *seg)
{
    struct side *side = &flow->side[seg->side];
    const struct side *other = &flow->side[!seg->side];
    struct chain *probe;

    if (!side->chains)
        return;
    probe = &side->chains->probe;
    if (!probe->count)
        probe->first_ns = seg->time_ns;
    else if (other->heard_ns >= probe->last_ns)
        add_answer(probe);
    probe->closed_window = other->seen && other->window == 0;
    lengthen(probe, seg);
}

void flow_fold_retransmission(struct flow *flow, const struct trail *trail,
                              const struct segment *seg)
{
    struct side *side = &flow->side[seg->side];
    const struct side *other = &flow->side[!seg->side];
    struct chain *chain;

    if (!side->chains)
        return;
    chain = &side->chains->retransmission;
    if (!chain->count || chain->seq != seg->seq) {
        const struct step *original = find_original(flow, trail, seg);

        if (!original)
            return; /* late, not repeated */
        *chain = (struct chain){ .seq = seg->seq, .first_ns = original->time_ns };
    }
    if (other->has_acked && seq_after(other->acked, seg->seq))
        add_answer(chain);
    lengthen(chain, seg);
}
