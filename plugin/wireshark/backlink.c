/* The way back: from a frame to the verdict that names it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "backlink.h"

#include "links.h"
#include "repeat.h"

static wmem_map_t *ruled_on; /* by the frames they name */

void backlink_init(void)
{
    ruled_on =
        wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), g_direct_hash, g_direct_equal);
}

/* The frame whose verdict names that one, as things stand; 0: none does. */
uint32_t backlink_of(uint32_t frame)
{
    const struct ruled *ruled = wmem_map_lookup(ruled_on, GUINT_TO_POINTER(frame));
    struct verdict v;

    if (!ruled)
        return 0;
    v = ruled_verdict(ruled);
    return v.cause != CAUSE_NONE && links_role(&v, frame) != ROLE_NONE ? v.frame : 0;
}

void backlink_note(const struct ruled *ruled)
{
    const struct verdict v = ruled_verdict(ruled);
    struct link links[LINKS_MAX];
    unsigned count = links_of(&v, links);

    for (unsigned i = 0; i < count; i++)
        if (!backlink_of(links[i].frame))
            wmem_map_insert(ruled_on, GUINT_TO_POINTER(links[i].frame),
                            (void *)(uintptr_t)ruled); /* the map takes no const */
}
