/* What befell several connections of one endpoint at one moment: told once, the others refer to it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EVENT_H
#define EVENT_H

#include "verdict.h"

/** Connections that ended together: a program died, or emptied its pool. */
struct event {
    struct verdict *first; /* tells of all of them; NULL: it is being judged anew */
    enum comparison as;    /* COMPARED_AS_DEATH, or COMPARED_AS_EXPIRY of a pool */
    uint32_t count;        /* connections that ended */
    uint32_t last_frame;
    uint32_t refused;       /* calls afterwards */
    uint32_t refused_frame; /* the first of them; 0: none */
    uint32_t back_frame;    /* the first that was taken again; 0: none */
    int64_t first_ns;
    int64_t last_ns;
    int64_t back_ns;
};

/** Whether what ended at that time belongs to it: so soon after the last, and not back yet. */
bool event_goes_on(const struct event *event, int64_t time_ns, int64_t within_ns);

/** The connection of that verdict ended in it, too.  Each links the first, and that one them. */
void event_join(struct event *event, struct verdict *verdict);

/** The verdict is about to be reached anew, and may join once more. */
void event_leave(struct verdict *verdict);

/** The endpoint refused a call behind it, as that verdict says. */
void event_refuse(struct event *event, struct verdict *refusal);

/** The endpoint took a call again with that SYN-ACK. */
void event_return(struct event *event, const struct segment *syn_ack);

/** The verdict that tells of its event; NULL: it is in none, or tells itself. */
const struct verdict *event_teller(const struct verdict *verdict);

/** Note in a verdict to be shown what is known by now of its event, if it is in one. */
void event_tell(struct verdict *verdict);

#endif
