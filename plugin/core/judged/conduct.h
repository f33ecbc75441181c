/* The conductor: segments go in, changes of verdicts come out.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CONDUCT_H
#define CONDUCT_H

#include "connection.h"
#include "endpoint.h"
#include "judge.h"
#include "ladder.h"
#include "reason.h"

/** A verdict on one RST, and what it takes to judge it again. */
struct ruling {
    struct verdict verdict;
    struct segment rst; /* without payload and options: they were the frame's */
    struct reason reason;
    struct ladder ladder;   /* of a repeat: empty */
    struct ruling *primary; /* of a repeat: the first one, whose cause may still change */
    struct ruling *latest;  /* of a first one: the latest that repeats it; NULL: none */
    struct connection *connection;
    struct ruling *next_changed; /* in an outcome */
    struct ruling *next;         /* the caller's to link */
    uint32_t repeats;            /* RSTs that only repeat this one */
    uint32_t stream;             /* the caller's number for the stream of its frame */
    bool is_changed;             /* it stands in the outcome of the segment at hand */
};

/** The verdict to show: a repeat follows the first one. */
struct verdict ruling_verdict(const struct ruling *ruling);

/** The port of the side the RST claims to come from, or of the other. */
static inline uint16_t ruling_port(const struct ruling *ruling, bool of_sender)
{
    return ruling->connection->flow.port[of_sender == (ruling->verdict.sender == 1)];
}

/** What is known of a capture. */
struct conductor {
    struct lender lender;
    struct trail trail;
    struct endpoints endpoints; /* and addresses */
    struct connections connections;
    struct ruling *changed;
    int64_t end_ns; /* of the latest frame */
};

/** What became of one segment. */
struct outcome {
    struct connection *connection; /* NULL: quoted, and of none that was seen; or no memory */
    struct ruling *ruling;         /* on the segment itself; NULL: it is no RST */
    struct ruling *changed;        /* what is new or says something else now, by next_changed */
    bool is_new;                   /* the connection begins with it */
};

/** How much of the whole capture is remembered at once; powers of two. */
struct memory {
    uint32_t steps;     /* latest segments */
    uint32_t endpoints; /* at most, fewer where two share a slot */
};

enum { MEMORY_STEPS = 1 << 16, MEMORY_ENDPOINTS = 1 << 12 };

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

/** Of the rulings on a connection the one that ended it; NULL: none did. */
const struct ruling *conductor_end_of(const struct connection *connection);

#endif
