/* The frames that a verdict names.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "links.h"

unsigned links_of(const struct verdict *v, struct link links[LINKS_MAX])
{
    const struct link all[] = {
        { v->trigger, ROLE_TRIGGER },
        { v->retransmission.first_frame, ROLE_FIRST_RETRANSMISSION },
        { v->retransmission.last_frame, ROLE_LAST_RETRANSMISSION },
        { v->probe.first_frame, ROLE_FIRST_PROBE },
        { v->probe.last_frame, ROLE_LAST_PROBE },
        { v->fin, ROLE_FIN },
        { v->fin_peer, ROLE_FIN_PEER },
        { v->syn, ROLE_SYN },
    };
    unsigned count = 0;

    for (unsigned i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].frame && all[i].frame != v->frame)
            links[count++] = all[i];
    for (unsigned i = 0; i < PROOF_MAX; i++)
        if (v->proof[i] && v->proof[i] != v->frame)
            links[count++] = (struct link){ v->proof[i], ROLE_PROOF };
    return count;
}

enum role links_role(const struct verdict *v, uint32_t frame)
{
    struct link links[LINKS_MAX];
    unsigned count = links_of(v, links);

    for (unsigned i = 0; i < count; i++)
        if (links[i].frame == frame)
            return links[i].role;
    return ROLE_NONE;
}
