/* The verdict in the packet list.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "column.h"

#include "settings.h"

#include <epan/column-utils.h>

/* The one link that helps most. */
static const char *first_link(const struct verdict *v)
{
    if (v->repeat_of)
        return "[, repeats {repeat_of}]";
    if (v->killed_by)
        return "[, consequence of {killed_by}]";
    if (v->cause == CAUSE_INJECTED && v->proof[0])
        return "[, see {proof}]";
    if (v->fin)
        return "[, FIN in {fin}]";
    if (v->trigger)
        return "[, answers {trigger}]";
    if (v->fin_peer)
        return "[, FIN of the other side in {fin_peer}]";
    return "";
}

void column_show(packet_info *pinfo, const struct scene *scene)
{
    const struct verdict *v = &scene->verdict;

    if (!pinfo->cinfo)
        return;
    if (verdict_is_harmless(v) && !settings->harmless_in_info)
        return;
    col_append_fstr(pinfo->cinfo, COL_INFO, " [abort: %s%s]", cause_info(v->cause)->token,
                    prose(scene, first_link(v)));
}
