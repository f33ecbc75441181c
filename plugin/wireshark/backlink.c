/* The way back: from a frame to the verdict that names it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "backlink.h"

#include "links.h"
#include "repeat.h"

/* By the frames they name; NULL: none does.  wmem_map's multiplier is another in each run, and with
 * some of them frames that lie close together share few buckets. */
static GHashTable *ruled_on;

static void forget(void)
{
    g_clear_pointer(&ruled_on, g_hash_table_destroy);
}

void backlink_init(void)
{
    register_cleanup_routine(forget);
}

/* The frame whose verdict names that one, as things stand; 0: none does. */
uint32_t backlink_of(uint32_t frame)
{
    const struct ruled *ruled =
        ruled_on ? g_hash_table_lookup(ruled_on, GUINT_TO_POINTER(frame)) : NULL;
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

    if (!ruled_on)
        ruled_on = g_hash_table_new(NULL, NULL);
    for (unsigned i = 0; i < count; i++)
        if (!backlink_of(links[i].frame))
            g_hash_table_insert(ruled_on, GUINT_TO_POINTER(links[i].frame),
                                (void *)(uintptr_t)ruled); /* the table takes no const */
}
