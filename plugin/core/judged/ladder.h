/* The packets that tell how a connection ended.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LADDER_H
#define LADDER_H

#include "flow.h"

enum {
    LADDER_MAX = 24,  /* rungs */
    LADDER_LATER = 4, /* that may be added to these later */
    LADDER_ROOM = LADDER_MAX + LADDER_LATER,
    LADDER_BYTES = LADDER_ROOM * 26, /* packed, at most */
    LADDER_SPARE = LADDER_LATER * 12 /* what is added usually takes no more */
};

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

/** A ladder that is kept. */
struct kept_ladder {
    union {
        struct rung *rung; /* while `bytes` is 0 */
        uint8_t *packed;   /* lent: a third of what the rungs take */
    };
    uint16_t bytes; /* of `packed` */
    uint8_t count;
    uint8_t later; /* rungs that were added */
};

/** The ladder; what is packed is unpacked into `rungs`: LADDER_ROOM of them. */
struct ladder ladder_of(const struct kept_ladder *kept, struct rung *rungs);

/** Pack it.  Returns how many bytes it takes. */
uint16_t ladder_pack(const struct ladder *ladder, uint8_t packed[LADDER_BYTES]);

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
