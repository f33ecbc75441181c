/* What a side sends again and again: retransmissions, keep-alives and window probes.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CHAIN_H
#define CHAIN_H

#include "segment.h"
#include "trail.h"

struct flow;
struct side;

/** The same thing sent again and again.  Frames and times of the repetitions. */
struct chain {
    int64_t first_ns;
    int64_t last_ns;
    int64_t interval_ns; /* between the latest two */
    uint32_t first_frame;
    uint32_t last_frame;
    uint32_t seq;
    uint16_t count;         /* repetitions (of retransmissions: the original not counted) */
    uint8_t answers;        /* that came and changed nothing; saturates */
    bool uneven : 1;        /* the intervals differ by more than a tenth */
    bool closed_window : 1; /* sent into a window of 0 */
};

/** What a side sent again.  Few connections need it, so it is the caller's to lend. */
struct chains {
    struct chain retransmission;
    struct chain probe;
};

/** What the side retransmitted since it last sent something new; a chain of none, if nothing. */
const struct chain *side_retransmission(const struct side *side);

/** The keep-alives and window probes it sent since then, likewise. */
const struct chain *side_probe(const struct side *side);

/** Whether the segment is such a probe of the side. */
bool side_probes_with(const struct side *side, const struct segment *seg);

/** Whether the segment takes up sequence space of the side, and none of it is new. */
bool side_repeats_with(const struct side *side, const struct segment *seg);

/**
 * Whether the segment's side repeats itself with it and has no chains yet.  Unless they are lent,
 * zero-initialised and for as long as the flow lives, the repetition goes unnoticed.
 */
bool flow_wants_chains(const struct flow *flow, const struct segment *seg);

/** Fold a segment of either kind into its chain. */
void flow_fold_probe(struct flow *flow, const struct segment *seg);
void flow_fold_retransmission(struct flow *flow, const struct trail *trail,
                              const struct segment *seg);

#endif
