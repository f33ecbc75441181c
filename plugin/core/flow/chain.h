/* What a side sends again and again: retransmissions, keep-alives and window probes.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CHAIN_H
#define CHAIN_H

#include "segment.h"

/** The same thing sent again and again.  Frames and times of the repetitions. */
struct chain {
    int64_t first_ns;
    int64_t last_ns;
    int64_t interval_ns;   /* between the latest two */
    uint32_t origin_frame; /* of retransmissions: the original */
    uint32_t ended_frame;  /* of probes: data of the other side that came after them; 0: none */
    uint32_t tsecr;        /* of the latest repetition; valid with `stamped` */
    uint32_t first_frame;
    uint32_t last_frame; /* retransmissions in rounds: of what lies behind, too */
    uint32_t seq;
    uint16_t count;         /* repetitions (of retransmissions: the original not counted) */
    uint8_t answers;        /* that came and changed nothing; saturates */
    bool uneven : 1;        /* the intervals differ by more than a tenth */
    bool closed_window : 1; /* sent into a window of 0 */
    bool stamped : 1;       /* the repetitions carry timestamps */
    bool echo_moved : 1;    /* and what they echo is not always the same: the other was heard */
};

/** Sequence numbers, raw, that a side left out and may send yet; `seq` is `end` where none are. */
struct hole {
    uint32_t seq;
    uint32_t end; /* one past the last */
};

/** What a side sent out of turn.  Few connections need it, so it is the caller's to lend. */
struct chains {
    struct hole hole;
    struct chain retransmission;
    struct chain probe;
};

/** One repetition more. */
void chain_lengthen(struct chain *chain, const struct segment *seg);

/** Whether the segment echoes another timestamp than the latest repetition: an answer had come. */
bool chain_is_heard(const struct chain *chain, const struct segment *seg);

/** An answer came and changed nothing. */
void chain_add_answer(struct chain *chain);

#endif
