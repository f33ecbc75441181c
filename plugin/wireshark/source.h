/* A dissection in, the TCP segments of the frame out.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SOURCE_H
#define SOURCE_H

#include "compat.h"
#include "sighting.h"

/** Who looks at the segments. */
struct source_client {
    /** Whether to look at what is dissected now; `tree` may be NULL. */
    bool (*wants)(const packet_info *pinfo, proto_tree *tree);

    /**
     * A segment that is about to be dissected, in whatever pass and with or without a tree; of
     * tunnels the outermost first.  A header quoted in an ICMP error is marked as such; what only
     * reports traffic (sFlow, OpenFlow) is left out.  The payload points into the frame and lives
     * as long as it does; the rest of the sighting is the client's to change.  Returns what is to
     * become true once it and what it carries have been dissected to the end; NULL: nothing.
     */
    bool *(*see)(packet_info *pinfo, struct sighting *sighting);
};

/** Take a seat in front of the TCP dissector, if there is one.  Once, at handoff. */
void source_init(const struct source_client *who);

/** The tcp.stream that Wireshark gave to the segments of the frame between these ends; 0 where it
 * gave none. */
uint32_t source_stream(const packet_info *pinfo, const address end[2], const uint16_t port[2]);

/** Nanoseconds since the first frame of the capture. */
int64_t source_time_ns(const packet_info *pinfo);

#endif
