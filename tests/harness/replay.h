/* Segments through the core, as the plugin takes them.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPLAY_H
#define REPLAY_H

#include "verdict.h"

enum { REPLAY_TRAIL = 4096, REPLAY_RULINGS = 1024 };

/** What was ruled on one RST. */
struct ruling {
    struct verdict verdict;
    struct segment rst;
    struct ruling *primary; /* the RST it repeats; NULL: none */
};

/** One stream and the rulings on its RSTs, in order.  Large: make it static or allocate it. */
struct replay {
    struct flow flow;
    struct chains chains[2]; /* of its sides */
    struct last_words words[2];
    struct trail trail;
    struct step steps[REPLAY_TRAIL];
    struct ruling ruling[REPLAY_RULINGS];
    struct ruling *first[2]; /* the latest of each side that repeats no other */
    size_t ruling_count;
    struct verdict silence[2];
    size_t silence_count;
};

/** Forget everything. */
void replay_start(struct replay *replay);

/** The capture is over: judge the sides that got no answer. */
void replay_end(struct replay *replay, int64_t end_ns);

/** Reconsider what was ruled before, judge the segment if it is a RST, fold it. */
void replay_segment(struct replay *replay, const struct segment *segment);

/** The verdict on the frame in the light of all segments, RST or not; false: there is none. */
bool replay_find(const struct replay *replay, uint32_t frame, struct verdict *verdict);

/** The verdict on the n-th RST in the light of all segments so far. */
struct verdict replay_verdict(const struct replay *replay, size_t n);

#endif
