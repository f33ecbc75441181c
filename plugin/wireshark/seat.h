/* Where every TCP header comes by before Wireshark dissects it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SEAT_H
#define SEAT_H

#include "compat.h"

#include <epan/dissectors/packet-tcp.h>

/** Who is shown them, in every pass, between the addresses that IP has just named.  Returns what is
 * to become true once the segment and what it carries have been dissected to the end; NULL:
 * nothing. */
typedef bool *seat_view(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);

/** Layers of the packet that TCP itself has by then. */
#ifdef TCP_HAS_WATCHERS
enum { SEAT_LAYERS = 1 };
#else
enum { SEAT_LAYERS = 0 };
#endif

/** Have all of them shown, while TCP is enabled.  Once, at handoff. */
void seat_take(seat_view *view);

#endif
