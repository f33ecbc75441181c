/* The way back: from a frame to the verdict that names it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BACKLINK_H
#define BACKLINK_H

#include "compat.h"

struct backlink;

/** Frames, and for each that of a verdict which names it.  Zero-initialised with a capture file. */
struct backlinks {
    struct backlink *slots; /* of the file */
    uint32_t count;         /* frames */
    uint32_t room;          /* slots, a power of two; 0: none yet */
};

/** The frame of the verdict that was noted last; 0: none was. */
uint32_t backlink_of(const struct backlinks *links, uint32_t frame);

/** Note that the verdict on another frame names this one, in place of what was noted. */
void backlink_note(struct backlinks *links, uint32_t frame, uint32_t verdict);

#endif
