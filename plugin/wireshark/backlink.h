/* The way back: from a frame to the verdict that names it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BACKLINK_H
#define BACKLINK_H

#include "compat.h"
#include "conduct.h"

/** Create the map.  Once, at registration. */
void backlink_init(void);

/** Note the frames that the verdict on that one names.  Call again when it has changed. */
void backlink_note(const struct ruled *ruled);

/** The frame of the verdict that names this frame, of several the first; 0: none. */
uint32_t backlink_of(uint32_t frame);

#endif
