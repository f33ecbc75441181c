/* The way back: from a frame to the verdict that names it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "backlink.h"

enum { SLOTS = 1 << 8 /* to begin with */ };

/* Half of what a GHashTable takes. */
struct backlink {
    uint32_t frame; /* 0: nothing stands here */
    uint32_t verdict;
};

/* Where the frame stands, or else would; there is room. */
static struct backlink *slot_of(const struct backlinks *links, uint32_t frame)
{
    uint32_t hash = frame * UINT32_C(2654435761); /* Knuth's: frames in a row do not meet */
    uint32_t i = (hash ^ hash >> 16) & (links->room - 1);

    while (links->slots[i].frame && links->slots[i].frame != frame)
        i = (i + 1) & (links->room - 1);
    return &links->slots[i];
}

/* Twice as many slots, or the first. */
static void grow(struct backlinks *links)
{
    struct backlink *old = links->slots;
    uint32_t room = links->room;

    links->room = room ? 2 * room : SLOTS;
    links->slots = wmem_alloc0_array(wmem_file_scope(), struct backlink, links->room);
    for (uint32_t i = 0; i < room; i++)
        if (old[i].frame)
            *slot_of(links, old[i].frame) = old[i];
    wmem_free(wmem_file_scope(), old);
}

uint32_t backlink_of(const struct backlinks *links, uint32_t frame)
{
    return links->room ? slot_of(links, frame)->verdict : 0;
}

void backlink_note(struct backlinks *links, uint32_t frame, uint32_t verdict)
{
    struct backlink *slot;

    if (links->count >= links->room / 4 * 3)
        grow(links);
    slot = slot_of(links, frame);
    links->count += !slot->frame;
    *slot = (struct backlink){ frame, verdict };
}
