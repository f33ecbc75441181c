/* A dissection in, the TCP segments of the frame out.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SOURCE_H
#define SOURCE_H

#include "compat.h"
#include "segment.h"

enum { SOURCE_SEGMENTS_MAX = 8 }; /* TCP headers of one frame (tunnels) that are looked at */

/** One segment of a frame and the tcp.stream Wireshark gave it. */
struct sighting {
    struct segment segment; /* `side` is not set: state.c knows who spoke first */
    uint32_t stream;
    uint32_t endpoint[2]; /* a hash of address and port, of source and destination */
    uint32_t address[2];  /* a hash of the address alone */
    bool quoted;          /* in an ICMP error: it was sent at another time, or never seen */
};

/** Take a seat in front of the TCP dissector, if there is one.  Once, at handoff. */
void source_init(void);

/** Nanoseconds since the first frame of the capture. */
int64_t source_time_ns(const packet_info *pinfo);

/**
 * The TCP segments of the frame, outermost first, those of tunnels included.  A header quoted in
 * an ICMP error is marked as such; what only reports traffic (sFlow, OpenFlow) is left out.
 * In any pass, with or without a tree, once the frame has been dissected.  Payloads point into
 * the frame and live as long as it does.  Returns their number.
 */
unsigned source_read(packet_info *pinfo, struct sighting sightings[SOURCE_SEGMENTS_MAX]);

/** The tcp.stream of the innermost of these, quotes apart; false: there is none. */
bool source_stream(packet_info *pinfo, uint32_t *stream);

#endif
