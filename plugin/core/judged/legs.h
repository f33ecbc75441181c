/* The two connections of a proxy: which of them ended first.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LEGS_H
#define LEGS_H

#include "connection.h"

enum { LEGS_DEPARTURES = 64 };

/** A connection's first FIN or RST. */
struct departure {
    const struct connection *connection;
    int64_t time_ns;
    uint32_t frame;
    uint8_t side; /* that sent it */
    bool is_reset;
};

/** The latest of the capture, of all hosts; what is older is forgotten.  Zero-initialised. */
struct legs {
    struct departure latest[LEGS_DEPARTURES];
    uint32_t count; /* modulo LEGS_DEPARTURES: the next to be overwritten */
};

/** The other leg, as it ended. */
struct leg {
    const struct connection *connection; /* NULL: none is known */
    uint32_t frame;                      /* of its FIN or RST */
    int64_t before_ns;
    bool is_reset;
    bool passes_on; /* one such leg, or several, were ended by their far ends just before */
};

/** Note a FIN or RST that was just folded, if it is the first of its connection. */
void legs_note(struct legs *legs, const struct connection *connection, const struct segment *seg);

/**
 * The connection in which the sender of `seg`, a FIN or RST, has the other role, and which ended
 * just before: only where there is exactly one.  The sender is known by its address; by its place,
 * if it has another one there and the capture was taken on it.  Call before legs_note() of that
 * segment.  Whether the sender merely passes on what others did is known with several, too.
 * Fooled by: a busy host, by chance.
 */
struct leg legs_find(const struct legs *legs, const struct connection *own,
                     const struct segment *seg);

#endif
