/* A segment as it was met in a capture: what it said, and between whom.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIGHTING_H
#define SIGHTING_H

#include "icmp.h"
#include "segment.h"

enum { IPV4_BYTES = 4, ADDRESS_BYTES_MAX = 16 };

/**
 * One segment on its way to the conductor.  The addresses belong to whoever met it and are read
 * only during the call, like the segment's payload and options.
 */
struct sighting {
    struct segment segment;    /* `side` is not set: the conductor knows who spoke first */
    const uint8_t *address[2]; /* source, destination */
    uint8_t address_bytes;     /* of each; ADDRESS_BYTES_MAX at most */
    uint32_t path;             /* the VLANs and VNIs it travelled in, as one number; 0: none */
    bool quoted;               /* in an ICMP error: sent at another time, or never seen */
    struct icmp_error error;   /* that quotes it */
};

#endif
