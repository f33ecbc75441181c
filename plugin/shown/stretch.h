/* A ladder as people draw it: what goes on in order is one step.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STRETCH_H
#define STRETCH_H

#include "prose.h"

/** Packets that only go on with each other, or one. */
struct stretch {
    const struct rung *first, *last;
    unsigned packets; /* that are drawn; acknowledgements in between are not counted */
    uint32_t bytes;   /* of all of them */
    int64_t pause_ns; /* before it, if nothing came for long; else 0 */
    uint32_t skipped; /* bytes of its side between it and what is drawn of that before */
};

/**
 * The ladder of the scene in stretches; room for LADDER_ROOM; its rungs live in the scene's pool.
 * Returns how many.
 * What the verdict names, and what opens or ends, stands for itself.
 */
unsigned stretches(const struct scene *scene, struct stretch *out);

/** Its packets in a few words: "SYN, ACK", "4 segments, 5792 bytes"; allocated in the pool. */
const char *stretch_text(wmem_allocator_t *pool, const struct stretch *stretch);

/** What is not drawn before it: "1.43 s", "4096 bytes in between"; NULL: nothing.  Allocated in the
 * pool. */
const char *stretch_gap(wmem_allocator_t *pool, const struct stretch *stretch);

#endif
