/* The segments of two hosts through the conductor.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPLAY_H
#define REPLAY_H

#include "conduct.h"
#include "loans.h"

enum { REPLAY_RULINGS = 1024, REPLAY_CONNECTIONS = 64 };

/** One capture and the rulings on its RSTs, in order.  Large: make it static or allocate it. */
struct replay {
    struct conductor conductor;
    struct loans loans;
    struct connection *connection[REPLAY_CONNECTIONS];
    size_t connection_count;
    const struct ruled *ruled[REPLAY_RULINGS];
    size_t ruling_count;
    struct verdict silence[2 * REPLAY_CONNECTIONS];
    size_t silence_count;
    bool is_over;
};

/** Forget everything. */
void replay_start(struct replay *replay);

/** The capture is over: judge the sides that got no answer. */
void replay_end(struct replay *replay, int64_t end_ns);

/**
 * Let it be heard.  Its side, set by the caller, says which of two hosts sent it.  Returns its side
 * in the connection: 0 is who spoke first there.
 */
uint8_t replay_segment(struct replay *replay, const struct segment *segment);

/** The same; `tuning` is the user's. */
uint8_t replay_tuned(struct replay *replay, const struct segment *segment,
                     const struct tuning *tuning);

/** The verdict on the frame in the light of all segments, RST or not; false: there is none. */
bool replay_find(const struct replay *replay, uint32_t frame, struct verdict *verdict);

/** How many ends there are to tell of, with a RST or without. */
size_t replay_count(const struct replay *replay);

/** The verdict on the n-th RST, or FIN that may have come too soon, in the light of all segments so
 * far. */
struct verdict replay_verdict(const struct replay *replay, size_t n);

#endif
