/* The streams of late, by their addresses and ports.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RECENT_H
#define RECENT_H

#include "compat.h"

/** One end of a connection. */
struct end {
    const address *address;
    uint16_t port;
    uint32_t hash; /* of both */
};

/** Forget them with every capture file.  Once. */
void recent_init(void);

/** Forget them all. */
void recent_forget(void);

/** The tcp.stream noted last for these ends, in either order; false: none is remembered. */
bool recent_find(const struct end end[2], uint32_t *stream);

/** Note it.  A table of fixed size: another pair's note may be overwritten. */
void recent_note(const struct end end[2], uint32_t stream);

#endif
