/* The way back: from a frame to the verdict that names it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "backlink.h"

#include "links.h"

static wmem_map_t *rulings; /* by the frames they name */

void backlink_init(void)
{
    rulings =
        wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), g_direct_hash, g_direct_equal);
}

/* NULL: none does, as things stand. */
static const struct ruling *ruling_naming(uint32_t frame)
{
    const struct ruling *ruling = wmem_map_lookup(rulings, GUINT_TO_POINTER(frame));

    return ruling && ruling->verdict.cause != CAUSE_NONE &&
                   links_role(&ruling->verdict, frame) != ROLE_NONE
               ? ruling
               : NULL;
}

void backlink_note(const struct ruling *ruling)
{
    struct link links[LINKS_MAX];
    unsigned count = links_of(&ruling->verdict, links);

    for (unsigned i = 0; i < count; i++)
        if (!ruling_naming(links[i].frame))
            wmem_map_insert(rulings, GUINT_TO_POINTER(links[i].frame),
                            (void *)(uintptr_t)ruling); /* the map takes no const */
}

uint32_t backlink_of(uint32_t frame)
{
    const struct ruling *ruling = ruling_naming(frame);

    return ruling ? ruling->verdict.frame : 0;
}
