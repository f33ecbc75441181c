/* A dissection in, the TCP segments of the frame out.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SOURCE_H
#define SOURCE_H

#include "compat.h"
#include "segment.h"

/** One segment of a frame and the tcp.stream Wireshark gave it. */
struct sighting {
    struct segment segment; /* `side` is not set: state.c knows who spoke first */
    uint32_t stream;
    uint32_t endpoint[2]; /* a hash of address and port, of source and destination */
    uint32_t address[2];  /* a hash of the address alone */
    bool quoted;          /* in an ICMP error: it was sent at another time, or never seen */
};

/** Who looks at the segments. */
struct source_client {
    /** Whether to look at what is dissected now; `tree` may be NULL. */
    bool (*wants)(const packet_info *pinfo, proto_tree *tree);

    /**
     * A segment, once it and what it carries have been dissected, in whatever pass and with or
     * without a tree; of tunnels the innermost first.  A header quoted in an ICMP error is marked
     * as such; what only reports traffic (sFlow, OpenFlow) is left out.  The payload points into
     * the frame and lives as long as it does; the rest of the sighting is the client's to change.
     */
    void (*see)(packet_info *pinfo, struct sighting *sighting);
};

/** Take a seat in front of the TCP dissector, if there is one.  Once, at handoff. */
void source_init(const struct source_client *client);

/** Nanoseconds since the first frame of the capture. */
int64_t source_time_ns(const packet_info *pinfo);

#endif
