/* The two connections of a proxy: which of them ended first.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "legs.h"

#include "duration.h"
#include "limit.h"

#include <stddef.h>

void legs_note(struct legs *legs, const struct connection *connection, const struct segment *seg)
{
    for (unsigned i = 0; i < 2; i++) {
        uint32_t fin = connection->flow.side[i].fin_frame;
        uint32_t reset = flow_reset(&connection->flow, i)->first_frame;

        if ((fin && fin != seg->frame) || (reset && reset != seg->frame))
            return;
    }
    legs->latest[legs->count++ % LEGS_DEPARTURES] =
        (struct departure){ connection, seg->time_ns, seg->frame, seg->side,
                            (seg->flags & SEGMENT_RST) != 0 };
}

/** The end that a leg is sought for. */
struct end {
    const struct connection *connection;
    int64_t time_ns;
    uint32_t frame;
    unsigned side;
    int64_t rtt_ns; /* of the connection */
};

/* The side in which the host that made the end has the other role. */
static unsigned other_role(const struct connection *other, const struct end *end)
{
    return end->connection->flow.opener == end->side ? !other->flow.opener : other->flow.opener;
}

/* It talks to somebody else there. */
static bool has_same_address(const struct connection *other, unsigned side, const struct end *end)
{
    return connection_is_host(other, side, end->connection, end->side) &&
           !connection_is_host(other, !side, end->connection, end->side);
}

/* What it answers comes so much sooner than what the other end does. */
static bool is_captured_at(const struct connection *connection, unsigned side)
{
    const struct side *near = &connection->flow.side[side], *far = &connection->flow.side[!side];

    return near->rtt_us && (uint64_t)near->rtt_us * LIMIT_NEAR_TIMES <= far->rtt_us;
}

/* By when both legs end, if one ends because of the other. */
static int64_t window_ns(const struct end *end, const struct connection *other)
{
    int64_t other_ns = flow_rtt_ns(&other->flow);

    return duration_of_ms(LIMIT_LEG_MS) +
           (end->rtt_ns > other_ns ? end->rtt_ns : other_ns) / LIMIT_LEG_PART;
}

static bool came_just_before(const struct departure *d, const struct end *end)
{
    return d->connection && d->connection != end->connection && d->frame < end->frame &&
           end->time_ns - d->time_ns <= window_ns(end, d->connection);
}

/** Those that fit. */
struct fitting {
    const struct departure *latest;
    unsigned count;
    bool by_far_end; /* one of them */
};

/* Those that have its address in the other role or, where the capture was taken on it, another
 * address of it. */
static struct fitting find(const struct legs *legs, const struct end *end, bool by_place)
{
    struct fitting found = { .latest = NULL };

    for (unsigned i = 0; i < LEGS_DEPARTURES; i++) {
        const struct departure *d = &legs->latest[i];
        unsigned side;

        if (!came_just_before(d, end))
            continue;
        side = other_role(d->connection, end);
        if (by_place ? !is_captured_at(d->connection, side)
                     : !has_same_address(d->connection, side, end))
            continue;
        found.latest = d;
        found.count++;
        found.by_far_end |= d->side != side;
    }
    return found;
}

struct leg legs_find(const struct legs *legs, const struct connection *own,
                     const struct segment *seg)
{
    const struct side *sender = &own->flow.side[seg->side];
    bool had_closed = sender->fin_frame != 0;
    const struct end end = { own, had_closed ? sender->fin_ns : seg->time_ns,
                             had_closed ? sender->fin_frame : seg->frame, seg->side,
                             flow_rtt_ns(&own->flow) };
    struct fitting found = find(legs, &end, false);
    const struct departure *d;

    if (!found.count && is_captured_at(own, seg->side))
        found = find(legs, &end, true);
    d = found.latest;
    if (found.count != 1)
        return (struct leg){ .passes_on = found.by_far_end };
    return (struct leg){ d->connection, d->frame, end.time_ns - d->time_ns, d->is_reset,
                         found.by_far_end };
}
