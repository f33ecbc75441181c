/* A dissection in, the TCP segments of the frame out.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SOURCE_H
#define SOURCE_H

#include "compat.h"
#include "sighting.h"

/** Once, at handoff. */
void source_init(void);

/**
 * The segment that starts with a TCP header about to be dissected, between the addresses that IP
 * has just named.  A header quoted in an ICMP error is marked as such.  The payload points into the
 * frame and lives as long as it does; the rest is the caller's to change.  False: it is none, or
 * what only reports traffic (sFlow, OpenFlow) shows it.
 */
bool source_read(tvbuff_t *tvb, const packet_info *pinfo, struct sighting *sighting);

/** The tcp.stream that Wireshark gave to the segments of the frame between these ends; 0 where it
 * gave none. */
uint32_t source_stream(const packet_info *pinfo, const address end[2], const uint16_t port[2]);

/** Nanoseconds since the first frame of the capture. */
int64_t source_time_ns(const packet_info *pinfo);

#endif
