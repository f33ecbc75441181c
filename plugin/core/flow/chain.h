/* What a side sends again and again: retransmissions, keep-alives and window probes.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CHAIN_H
#define CHAIN_H

#include "segment.h"

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

/** One repetition more. */
void chain_lengthen(struct chain *chain, const struct segment *seg);

/** An answer came and changed nothing. */
void chain_add_answer(struct chain *chain);

#endif
