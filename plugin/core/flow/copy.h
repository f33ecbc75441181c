/* Segments that the capture holds twice.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COPY_H
#define COPY_H

#include "trail.h"

struct flow;

/** How the capture copies the segments of a connection whose numbers are their own. */
struct copying {
    uint32_t least_us; /* between a segment and its copy */
    uint32_t most_us;
    uint8_t copies;  /* that there are besides; 0: none, and the rest means nothing */
    bool routed : 1; /* some show another TTL than the segment */
    bool alike : 1;  /* some show the same */
};

/**
 * The segment already folded that this one is a copy of, made by the capture (two interfaces, a
 * mirrored port); NULL: none.  It comes within LIMIT_COPY_MS and says the same; or within
 * LIMIT_COPY_LATE_MS (two captures merged), if its timestamp and IP ID say so.  A closed host
 * answers each segment in flight by the very same RST, so a RST is a copy only if its IP ID says
 * so; or if the capture holds as many copies of what else it shows of the connection, that come as
 * late, and by as many hops.  Of several the first that wants a copy is taken.
 * Fooled by: pure ACKs sent twice on purpose; they say nothing that counts.
 */
struct step *flow_copied(const struct flow *flow, const struct trail *trail,
                         const struct segment *seg);

/** Note the copy. */
void flow_note_copy(struct flow *flow, struct step *original, const struct segment *copy);

#endif
