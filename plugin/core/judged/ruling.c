/* A verdict on one frame, and what it takes to judge it again.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "ruling.h"

#include "event.h"

#include <stddef.h>

const char *ruling_words(const struct ruling *ruling)
{
    const struct verdict *v = ruling->primary ? &ruling->primary->verdict : &ruling->verdict;
    const struct flow *flow = &ruling->connection->flow;

    if (v->by != PARTY_CLIENT && v->by != PARTY_SERVER)
        return NULL;
    return flow_last_words(flow, (v->by == PARTY_CLIENT) == (flow->opener == 0) ? 0 : 1);
}

/* Its verdict is the first member of a ruling. */
static const struct connection *connection_of(const struct verdict *v)
{
    return v ? ((const struct ruling *)(const void *)v)->connection : NULL;
}

const struct connection *ruling_related(const struct ruling *ruling, enum relation relation)
{
    if (ruling->primary)
        return NULL;
    switch (relation) {
    case RELATED_BY_NUMBERS:
        return ruling->related;
    case RELATED_BY_EVENT:
        return connection_of(event_teller(&ruling->verdict));
    case RELATED_AS_LEG:
        return verdict_is_by_sender(&ruling->verdict) ? ruling->leg.connection : NULL;
    case RELATIONS:
        break;
    }
    return NULL;
}

void ruling_repeat(struct ruling *ruling, struct ruling *first)
{
    ruling->primary = first;
    ruling->verdict.repeat_of = first->verdict.frame;
    ruling->latest = first->latest;
    first->latest = ruling;
    first->repeats++;
}
