/* A verdict on one frame, and what it takes to judge it again.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RULING_H
#define RULING_H

#include "connection.h"
#include "ladder.h"
#include "legs.h"
#include "reason.h"
#include "verdict.h"

struct sheaf;

/** A frame that was ruled on: part of a ruling, or of one more RST that only repeats one. */
struct ruled {
    uint32_t frame;
    uint32_t nth : 8; /* of a sheaf of repeats, from 1 on; 0: it has a ruling of its own */
    uint32_t since_trigger : 24; /* in frames: the low bits, of a repeat alone */
};

/** On a RST, on a FIN that came too soon, or on the last thing that a silent side sent. */
struct ruling {
    struct verdict verdict;
    struct ruled ruled;
    struct segment segment;      /* without payload and options: they were the frame's */
    const struct reason *reason; /* that it states itself; lent; NULL: none */
    struct kept_ladder ladder;
    struct sheaf *sheaf; /* of the RSTs that repeat it the latest; NULL: none */
    struct connection *connection;
    const struct connection *related; /* another whose numbers explain it; NULL: none */
    const struct leg *leg;            /* the other one of a proxy; lent; NULL: none is known */
    struct ruling *next_changed;      /* in an outcome */
    uint32_t repeats;                 /* RSTs that only repeat this one */
    bool is_changed : 1;              /* it stands in the outcome of the segment at hand */
};

/** The ruling on that frame; of a repeat the one that it repeats. */
const struct ruling *ruled_ruling(const struct ruled *ruled);

/** The port of the side that the verdict, which is of that ruling, speaks of, or of the other. */
static inline uint16_t ruling_port(const struct ruling *ruling, const struct verdict *verdict,
                                   bool of_sender)
{
    return ruling->connection->flow.port[of_sender == (verdict->sender == 1)];
}

/** The other leg; an empty one, if none is known. */
struct leg ruling_leg(const struct ruling *ruling);

/** How another connection explains a verdict. */
enum relation { RELATED_BY_NUMBERS, RELATED_BY_EVENT, RELATED_AS_LEG, RELATIONS };

/** That connection; NULL: there is none, or it stands at the first RST. */
const struct connection *ruled_related(const struct ruled *ruled, enum relation relation);

/** What the side that ended it had said last, in the clear; NULL: nothing that can be quoted. */
const char *ruling_words(const struct ruling *ruling);

#endif
