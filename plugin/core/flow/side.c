/* What one endpoint of a connection has shown of itself.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "side.h"

#include "duration.h"
#include "limit.h"
#include "seq.h"

static const struct chain no_chain;

const struct chain *side_retransmission(const struct side *side)
{
    return side->chains ? &side->chains->retransmission : &no_chain;
}

const struct chain *side_probe(const struct side *side)
{
    return side->chains && !side->chains->probe.ended_frame ? &side->chains->probe : &no_chain;
}

const struct chain *side_probe_until(const struct side *side, uint32_t frame)
{
    if (side->chains && frame && side->chains->probe.ended_frame == frame)
        return &side->chains->probe;
    return side_probe(side);
}

bool side_probes_with(const struct side *side, const struct segment *seg)
{
    return side->seen && seg->len <= LIMIT_PROBE_BYTES && seg->seq == side->snd_nxt - 1 &&
           !(seg->flags & (SEGMENT_SYN | SEGMENT_FIN));
}

bool side_repeats_with(const struct side *side, const struct segment *seg)
{
    uint32_t end = segment_end(seg);

    return side->seen && end != seg->seq && !seq_after(end, side->snd_nxt);
}

bool side_skips_with(const struct side *side, const struct segment *seg)
{
    return side->seen && seq_after(seg->seq, side->snd_nxt);
}

static bool has_hole(const struct side *side)
{
    return side->chains && side->chains->hole.seq != side->chains->hole.end;
}

void side_open_hole(struct side *side, const struct segment *seg)
{
    if (!side->chains || has_hole(side))
        side->lost_segments = true;
    else
        side->chains->hole = (struct hole){ side->snd_nxt, seg->seq };
}

void side_fill_hole(struct side *side, const struct segment *seg)
{
    uint32_t end = segment_end(seg);
    struct hole *hole;

    if (!has_hole(side))
        return;
    hole = &side->chains->hole;
    if (!seq_after(seg->seq, hole->seq) && seq_after(end, hole->seq))
        hole->seq = seq_before(end, hole->end) ? end : hole->end;
    else if (seq_before(seg->seq, hole->end) && !seq_before(end, hole->end))
        hole->end = seg->seq;
}

bool side_lacks_bytes(const struct side *side)
{
    return side->lost_segments || has_hole(side);
}

void side_fold_probe(struct side *side, const struct side *other, const struct segment *seg)
{
    struct chain *probe;

    if (!side->chains)
        return;
    probe = &side->chains->probe;
    if (probe->ended_frame)
        *probe = (struct chain){ 0 };
    if (!probe->count)
        probe->first_ns = seg->time_ns;
    else if (other->heard_ns >= probe->last_ns)
        chain_add_answer(probe);
    probe->closed_window = other->seen && other->window == 0;
    chain_lengthen(probe, seg);
}

void side_fold_retransmission(struct side *side, const struct side *other,
                              const struct step *original, const struct segment *seg)
{
    struct chain *chain;

    if (!side->chains)
        return;
    chain = &side->chains->retransmission;
    if (chain->count && seq_after(seg->seq, chain->seq) &&
        !(other->has_acked && seq_after(other->acked, chain->seq))) {
        chain->last_frame = seg->frame; /* of the same round */
        return;
    }
    if (!chain->count || chain->seq != seg->seq) {
        if (!original)
            return;
        *chain = (struct chain){ .seq = seg->seq,
                                 .first_ns = original->time_ns,
                                 .origin_frame = original->frame };
    }
    if (other->has_acked && seq_after(other->acked, seg->seq))
        chain_add_answer(chain);
    chain_lengthen(chain, seg);
}

void side_note_rtt(struct side *side, int64_t ns)
{
    int64_t most_ns = duration_of_ms(LIMIT_RTT_MAX_MS);

    side->rtt_again = side->rtt_us != 0;
    if (side->rtt_again && ns >= duration_of_us(side->rtt_us))
        return;
    side->rtt_us = ns < DURATION_US ? 1 : (uint32_t)((ns < most_ns ? ns : most_ns) / DURATION_US);
}

bool side_opened_barely(const struct side *side)
{
    return side->syn_options <= LIMIT_BARE_SYN_OPTIONS && !side->options_cut;
}
