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

/** Look up Wireshark's fields.  False: there is no TCP dissector to learn from. */
bool source_init(void);

/** Nanoseconds since the first frame of the capture. */
int64_t source_time_ns(const packet_info *pinfo);

/** The fields the frame's tree must hold; hand it to set_postdissector_wanted_hfids(). */
GArray *source_wanted_fields(void);

/**
 * The TCP segments of the frame, outermost first: those under a tcp item at the top of the
 * tree.  A header quoted in an ICMP error hangs below the icmp item and is marked as such.
 * Payloads point into the frame and live as long as it does.  Returns their number.
 */
unsigned source_read(packet_info *pinfo, proto_tree *tree,
                     struct sighting sightings[SOURCE_SEGMENTS_MAX]);

/** The tcp.stream of the innermost TCP header of the frame, in any pass; false: there is none. */
bool source_stream(packet_info *pinfo, uint32_t *stream);

#endif
