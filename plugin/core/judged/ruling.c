/* A verdict on one frame, and what it takes to judge it again.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "ruling.h"

#include <stddef.h>

const char *ruling_words(const struct ruling *ruling)
{
    const struct verdict *v = ruling->primary ? &ruling->primary->verdict : &ruling->verdict;
    const struct flow *flow = &ruling->connection->flow;

    if (v->by != PARTY_CLIENT && v->by != PARTY_SERVER)
        return NULL;
    return flow_last_words(flow, (v->by == PARTY_CLIENT) == (flow->opener == 0) ? 0 : 1);
}

void ruling_repeat(struct ruling *ruling, struct ruling *first)
{
    ruling->primary = first;
    ruling->verdict.repeat_of = first->verdict.frame;
    ruling->latest = first->latest;
    first->latest = ruling;
    first->repeats++;
}
