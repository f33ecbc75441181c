/* A verdict on one frame, and what it takes to judge it again.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RULING_H
#define RULING_H

#include "connection.h"
#include "ladder.h"
#include "legs.h"
#include "reason.h"
#include "verdict.h"

/** On a RST, on a FIN that came too soon, or on the last thing that a silent side sent. */
struct ruling {
    struct verdict verdict;
    struct segment segment; /* without payload and options: they were the frame's */
    struct reason reason;
    struct ladder ladder;   /* of a repeat: empty */
    struct ruling *primary; /* of a repeat: the first one, whose cause may still change */
    struct ruling *latest;  /* that repeats it; of a repeat: that came before it; NULL: none */
    struct connection *connection;
    const struct connection *related; /* another whose numbers explain it; NULL: none */
    struct leg leg;                   /* the other one of a proxy */
    struct ruling *next_changed;      /* in an outcome */
    struct ruling *next;              /* the caller's to link */
    uint32_t repeats;                 /* RSTs that only repeat this one */
    uint32_t stream;                  /* the caller's number for the stream of its frame */
    bool is_changed;                  /* it stands in the outcome of the segment at hand */
};

/** The port of the side the verdict speaks of, or of the other. */
static inline uint16_t ruling_port(const struct ruling *ruling, bool of_sender)
{
    return ruling->connection->flow.port[of_sender == (ruling->verdict.sender == 1)];
}

/** How another connection explains a verdict. */
enum relation { RELATED_BY_NUMBERS, RELATED_BY_EVENT, RELATED_AS_LEG, RELATIONS };

/** That connection; NULL: there is none. */
const struct connection *ruling_related(const struct ruling *ruling, enum relation relation);

/** What the side that ended it had said last, in the clear; NULL: nothing that can be quoted. */
const char *ruling_words(const struct ruling *ruling);

/** Make the ruling one more of the same abort. */
void ruling_repeat(struct ruling *ruling, struct ruling *first);

#endif
