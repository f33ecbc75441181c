/* A whole capture before the conductor, and what comes of it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TRIAL_H
#define TRIAL_H

#include "conduct.h"
#include "loans.h"

/** A list of pointers that grows. */
struct pointers {
    void **item;
    size_t count;
    size_t room;
};

/** One capture on its way.  Zero-initialised. */
struct trial {
    struct conductor conductor;
    struct loans loans;
    struct pointers connections; /* in the order of their first segments */
    struct pointers rulings;     /* in the order of their frames */
};

/** Who is told of a ruling, and what it says. */
typedef void trial_tell(void *context, const struct trial *trial, const struct ruled *ruled,
                        const struct verdict *verdict);

/** Begin; what an earlier capture has left must have been given back. */
void trial_begin(struct trial *trial, const struct memory *memory);

/** The next segment.  Returns the ruling on it; NULL: none. */
struct ruled *trial_hear(struct trial *trial, struct sighting *sighting);

/** The number of a connection, from 0 on: its tcp.stream. */
uint32_t trial_stream(const struct trial *trial, const struct connection *connection);

/** Tell, now that the capture is over, of all that came to something: first of the frames that were
 * ruled on, then of the sides that fell silent. */
void trial_tell_all(struct trial *trial, trial_tell *tell, void *context);

/** Give everything back. */
void trial_end(struct trial *trial);

#endif
