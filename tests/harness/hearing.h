/* A whole capture before the conductor, and what comes of it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HEARING_H
#define HEARING_H

#include "conduct.h"
#include "loans.h"

/** A list of pointers that grows. */
struct pointers {
    void **item;
    size_t count;
    size_t room;
};

/** One capture on its way.  Zero-initialised. */
struct hearing {
    struct conductor conductor;
    struct loans loans;
    struct pointers connections; /* in the order of their first segments: numbered by `stream` */
    struct pointers rulings;     /* in the order of their frames */
};

/** Who is told of a ruling, and what it says. */
typedef void hearing_tell(void *context, const struct ruling *ruling,
                          const struct verdict *verdict);

/** Begin; what an earlier capture has left must have been given back. */
void hearing_begin(struct hearing *hearing);

/** The next segment.  Returns the ruling on it; NULL: none. */
struct ruling *hearing_of(struct hearing *hearing, struct sighting *sighting);

/** Tell, now that the capture is over, of all that came to something: first of the frames that were
 * ruled on, then of the sides that fell silent. */
void hearing_tell_all(struct hearing *hearing, hearing_tell *tell, void *context);

/** Give everything back. */
void hearing_end(struct hearing *hearing);

#endif
