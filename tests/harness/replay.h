/* Segments through the core, as the plugin takes them.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPLAY_H
#define REPLAY_H

#include "verdict.h"

enum { REPLAY_TRAIL = 4096, REPLAY_RULINGS = 1024 };

/** What was ruled on one RST, and by which side it was sent. */
struct ruling {
    uint32_t frame;
    uint8_t side;
    struct verdict verdict;
};

/** One stream and the rulings on its RSTs, in order.  Large: make it static or allocate it. */
struct replay {
    struct flow flow;
    struct trail trail;
    struct step steps[REPLAY_TRAIL];
    struct ruling ruling[REPLAY_RULINGS];
    size_t ruling_count;
};

/** Forget everything. */
void replay_start(struct replay *replay);

/** Judge the segment if it is a RST, reconsider what was ruled before it, fold it. */
void replay_segment(struct replay *replay, const struct segment *segment);

#endif
