/* The conductor: segments go in, changes of verdicts come out.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CONDUCT_H
#define CONDUCT_H

#include "connection.h"
#include "endpoint.h"
#include "judge.h"
#include "legs.h"
#include "ruling.h"
#include "translation.h"

/** What is known of a capture. */
struct conductor {
    struct lender lender;
    struct trail trail;
    struct endpoints endpoints; /* and addresses */
    struct connections connections;
    struct translations translations;
    struct legs legs;
    struct ruling *changed;
    int64_t end_ns; /* of the latest frame */
};

/** What became of one segment. */
struct outcome {
    struct connection *connection; /* NULL: quoted, and of none that was seen; or no memory */
    struct ruled *ruled;           /* the segment itself, a RST or a FIN; NULL: it was not */
    struct ruling *changed;        /* what is new or says something else now, by next_changed */
    bool is_new;                   /* the connection begins with it */
    bool may_be_last;              /* its side may turn out to have fallen silent with it */
};

/** How much of the whole capture is remembered at once; powers of two. */
struct memory {
    uint32_t steps;     /* latest segments */
    uint32_t endpoints; /* at most, fewer where two share a slot */
    uint32_t callers;   /* likewise */
};

enum { MEMORY_STEPS = 1 << 16, MEMORY_ENDPOINTS = 1 << 13, MEMORY_CALLERS = 1 << 11 };

extern const struct memory memory_default;

/**
 * Open a capture.  What is to be lent comes from `lender`, here and later, and is never given
 * back; the conductor stays where it is.  False: nothing was lent; then every outcome is empty.
 */
bool conductor_start(struct conductor *conductor, const struct lender *lender,
                     const struct memory *memory);

/**
 * Hear a segment: find its connection, look at earlier verdicts in its light, judge it if it is a
 * RST, learn from it, and compare with other connections.  In the order of the capture, each
 * once.  The lists of an outcome hold until the next call.
 */
struct outcome conductor_hear(struct conductor *conductor, struct sighting *sighting,
                              const struct tuning *tuning);

/** The capture goes on to this time at least, whatever the frame carries. */
void conductor_reach(struct conductor *conductor, int64_t time_ns);

/**
 * Rule on a side that fell silent, as if the capture were over; false: it did not.  The rungs of
 * the ladder are the caller's: LADDER_MAX of them.
 */
bool conductor_silence(const struct conductor *conductor, struct connection *connection,
                       unsigned side, struct rung *rungs, struct ruling *ruling);

/**
 * The verdict to show: a repeat follows the first one.  Its cause may be CAUSE_NONE: it is not
 * decided, or there was nothing to it after all.  `is_over`: the capture has been read to its end.
 */
struct verdict conductor_verdict(const struct conductor *conductor, const struct ruled *ruled,
                                 bool is_over);

/** Of the rulings on a connection the one that may have ended it; NULL: none. */
const struct ruling *conductor_end_of(const struct connection *connection);

#endif
