/* A verdict on one frame, and what it takes to judge it again.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "ruling.h"

#include "event.h"
#include "repeat.h"

#include <stddef.h>

const struct ruling *ruled_ruling(const struct ruled *ruled)
{
    const void *whole = (const char *)ruled - offsetof(struct ruling, ruled);

    return ruled->nth ? ruled_first(ruled) : whole;
}

struct leg ruling_leg(const struct ruling *ruling)
{
    return ruling->leg ? *ruling->leg : (struct leg){ .connection = NULL };
}

const char *ruling_words(const struct ruling *ruling)
{
    const struct verdict *v = &ruling->verdict;
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

const struct connection *ruled_related(const struct ruled *ruled, enum relation relation)
{
    const struct ruling *ruling = ruled_ruling(ruled);

    if (ruled->nth)
        return NULL;
    switch (relation) {
    case RELATED_BY_NUMBERS:
        return ruling->related;
    case RELATED_BY_EVENT:
        return connection_of(event_teller(&ruling->verdict));
    case RELATED_AS_LEG:
        return verdict_is_by_sender(&ruling->verdict) ? ruling_leg(ruling).connection : NULL;
    case RELATIONS:
        break;
    }
    return NULL;
}
