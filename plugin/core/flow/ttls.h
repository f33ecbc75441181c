/* How far away a host is, by the TTLs that its packets arrive with.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TTLS_H
#define TTLS_H

#include "limit.h"

#include <stdbool.h>
#include <stdint.h>

enum { TTLS_MAX = 3 };

/**
 * The TTLs (or hop limits) that a host has shown at the place of capture.  Zero: none.  A TTL of 0
 * is an unknown one everywhere: a reassembled segment has none.
 */
struct ttls {
    uint8_t shown[TTLS_MAX]; /* in the order of their coming; 0 ends */
    uint8_t strange;         /* one of no stack at that distance, that may be a forger's */
    uint8_t times : 3;       /* that the first was shown; saturates */
    uint8_t strange_times : 3;
    bool many : 1; /* more than are remembered */
};

/**
 * Remember a TTL.  A strange one is remembered only once it has been shown several times, or once
 * the host shows one of its own again: then paths vary.
 */
void ttls_learn(struct ttls *ttls, uint8_t ttl);

/** The same; of most hosts nothing but the first is ever shown. */
static inline void ttls_show(struct ttls *ttls, uint8_t ttl)
{
    if (ttl != ttls->shown[0] || !ttl || ttls->strange)
        ttls_learn(ttls, ttl);
    else if (ttls->times < LIMIT_STRANGE_TTL_SEGMENTS)
        ttls->times++;
}

/** Whether it is one of those that were shown; yes, if too many were. */
bool ttls_has(const struct ttls *ttls, uint8_t ttl);

/** Whether exactly one was shown. */
bool ttls_is_stable(const struct ttls *ttls);

/**
 * Whether a stack may make packets of that TTL at that distance: it is one that was shown, or all
 * the way back it is a default (32, 64, 128 or 255).  Yes, if nothing was shown.
 * Fooled by: a program that sets a TTL of its own; a path back that is longer for some.
 */
bool ttls_allow(const struct ttls *ttls, uint8_t ttl);

/** How many hops a packet of that TTL has come, if it started with the next default. */
uint8_t ttls_hops(uint8_t ttl);

#endif
