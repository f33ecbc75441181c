/* The two connections of a proxy: which of them ended first.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "legs.h"

#include "duration.h"
#include "limit.h"

#include <string.h>

void legs_note(struct legs *legs, const struct connection *connection, const struct segment *seg)
{
    const struct side *side = connection->flow.side;

    for (unsigned i = 0; i < 2; i++)
        if ((side[i].fin_frame && side[i].fin_frame != seg->frame) ||
            (side[i].reset_frame && side[i].reset_frame != seg->frame))
            return;
    legs->latest[legs->count++ % LEGS_DEPARTURES] =
        (struct departure){ connection, seg->time_ns, seg->frame, seg->side,
                            (seg->flags & SEGMENT_RST) != 0 };
}

static const uint8_t *address_in_role(const struct connection *connection, bool of_opener)
{
    unsigned opener = connection->flow.opener;

    return connection->address[of_opener ? opener : !opener];
}

/* In it the host on that side of `own` has the other role, and talks to somebody else. */
static bool is_other_leg(const struct connection *other, const struct connection *own,
                         unsigned side)
{
    bool opens = own->flow.opener == side;

    return other->address_bytes == own->address_bytes &&
           !memcmp(address_in_role(other, !opens), own->address[side], own->address_bytes) &&
           memcmp(address_in_role(other, opens), own->address[side], own->address_bytes) != 0;
}

/* By when both legs end, if one ends because of the other. */
static int64_t window_ns(const struct connection *one, const struct connection *other)
{
    int64_t rtt_ns = flow_rtt_ns(&one->flow), other_ns = flow_rtt_ns(&other->flow);

    return duration_of_ms(LIMIT_LEG_MS) + (rtt_ns > other_ns ? rtt_ns : other_ns) / LIMIT_LEG_PART;
}

struct leg legs_find(const struct legs *legs, const struct connection *own,
                     const struct segment *seg)
{
    const struct side *sender = &own->flow.side[seg->side];
    bool had_closed = sender->fin_frame != 0;
    int64_t end_ns = had_closed ? sender->fin_ns : seg->time_ns;
    uint32_t end_frame = had_closed ? sender->fin_frame : seg->frame;
    const struct departure *found = NULL;
    bool is_far;

    for (unsigned i = 0; i < LEGS_DEPARTURES; i++) {
        const struct departure *d = &legs->latest[i];

        if (!d->connection || d->connection == own || d->frame >= end_frame ||
            end_ns - d->time_ns > window_ns(d->connection, own) ||
            !is_other_leg(d->connection, own, seg->side))
            continue;
        if (found)
            return (struct leg){ .connection = NULL };
        found = d;
    }
    if (!found)
        return (struct leg){ .connection = NULL };
    is_far = (found->side == found->connection->flow.opener) == (own->flow.opener == seg->side);
    return (struct leg){ found->connection, found->frame, end_ns - found->time_ns, is_far,
                         found->is_reset };
}
