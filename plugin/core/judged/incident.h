/* The aborts of a capture, put together to what they are parts of.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INCIDENT_H
#define INCIDENT_H

#include "ruling.h"

/** One abort: what its verdict says of what it is part of. */
struct matter {
    const struct connection *connection;
    const struct connection *related[RELATIONS]; /* NULL: none is known */
    const struct event *event;                   /* likewise */
    int64_t time_ns;
    uint32_t frame;
    uint32_t killed_by; /* frame; 0: nothing */
    uint32_t number;    /* the caller's */
    uint32_t incident;  /* set by incidents_group(): the first matter of the same one */
    uint32_t next;      /* likewise: the next matter of the same one; 0: this is the last */
    enum cause cause : 8;
    enum detail detail : 8;
    enum severity severity : 8;
    enum party by : 8;
    bool tells; /* of the event */
};

/** Of a ruling, which is no repeat, and of the verdict on it as it stands; keeps neither. */
struct matter matter_of(const struct ruling *ruling, const struct verdict *verdict);

/** Whether it broke nothing. */
static inline bool matter_is_harmless(const struct matter *matter)
{
    return matter->severity == SEVERITY_CHAT;
}

/** Aborts that have one reason, as far as the capture tells. */
struct incident {
    uint32_t first;  /* matter, of the earliest frame */
    uint32_t teller; /* likewise, of the most severe who tells of an event, else the earliest */
    uint32_t last;   /* likewise, of the latest frame */
    uint32_t aborts;
    uint32_t harmful;       /* of them */
    enum severity severity; /* of the most severe */
};

/** Room to sort a matter in. */
struct matter_key {
    uint64_t high, low;
    int64_t time_ns;
    uint32_t matter;
};

/**
 * Put matters, which stand in order of their frames, together: those of one connection, of one
 * event, those of which one explains the other, and those of one cause that the same endpoint ended
 * within LIMIT_INCIDENT_MS of each other; the last only if all of them did harm, or none did.  Each
 * is then in exactly one incident.  `keys` and `incidents` have room for `count`; what they hold
 * does not matter.  Returns the number of incidents, the worst first.  Takes count * log(count)
 * steps.
 */
uint32_t incidents_group(struct matter *matters, uint32_t count, struct matter_key *keys,
                         struct incident *incidents);

#endif
