/* The verdict in the packet list.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "column.h"

#include "settings.h"

#include <epan/column-utils.h>

/* The one link that helps most, of those whose frame is known. */
static const char *first_link(const struct scene *scene)
{
    const struct detail_info *detail = detail_words(scene->verdict.detail, scene->verdict.cause);
    const char *const links[] = {
        "[repeats {repeat_of}]",
        detail ? detail->link : NULL,
        cause_info(scene->verdict.cause)->link,
        "[FIN in {fin}]",
        "[answers {trigger}]",
        "[FIN of the other side in {fin_peer}]",
    };

    if (scene->verdict.form == FORM_FIN)
        return ""; /* it stands on the FIN itself */
    for (size_t i = 0; i < G_N_ELEMENTS(links); i++) {
        const char *text = links[i] ? prose(scene, links[i]) : "";

        if (*text)
            return text;
    }
    return "";
}

void column_show(packet_info *pinfo, const struct scene *scene)
{
    const struct verdict *v = &scene->verdict;
    const char *link;

    if (!pinfo->cinfo)
        return;
    if (verdict_is_harmless(v) && !settings->harmless_in_info)
        return;
    /* In front, as TCP's own notes: behind its timestamps both would be out of sight. */
    link = first_link(scene);
    col_prepend_fence_fstr(pinfo->cinfo, COL_INFO, *link ? "[abort: %s] [%s] " : "[abort: %s] ",
                           cause_info(v->cause)->token, link);
}
