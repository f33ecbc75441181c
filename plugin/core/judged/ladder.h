/* The packets that tell how a connection ended.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LADDER_H
#define LADDER_H

#include "flow.h"

enum { LADDER_MAX = 24, LADDER_LATER = 4 }; /* rungs, and what is kept free for later ones */

/** One packet. */
struct rung {
    int64_t time_ns; /* since the first frame of the capture */
    uint32_t frame;
    uint32_t seq;  /* raw; valid when `whole`, as the length */
    uint32_t len;  /* payload bytes */
    uint8_t flags; /* SEGMENT_*; of those, only SYN, FIN and RST mean something unless `whole` */
    uint8_t side;
    bool whole; /* false: the segment itself is forgotten, its frame and time are not */
};

/** Packets in order of their frames, each once.  The rungs are the caller's. */
struct ladder {
    struct rung *rung;
    uint8_t count;
    uint8_t room; /* what exceeds it is dropped */
};

/**
 * Collect what leads to the end of the flow: SYNs, FINs, where each side began to say what it
 * said last, and its latest word, the first and the last of its retransmissions and probes, and the
 * latest segments whatever they are.  Call
 * before `rst`, which may be NULL, is folded.
 */
void ladder_collect(struct ladder *ladder, const struct flow *flow, const struct trail *trail,
                    const struct segment *rst);

/** Add a later segment. */
void ladder_add(struct ladder *ladder, const struct segment *seg);

#endif
