/* The docket: a conductor's rulings, from their beginning to what others change of them.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "docket.h"

#include "event.h"
#include "rebinding.h"
#include "repeat.h"

#include <string.h>

void *docket_lend(const struct conductor *c, size_t bytes)
{
    return lender_lend(&c->lender, bytes);
}

struct oddities *docket_oddities(const struct conductor *c, struct flow *flow)
{
    if (!flow->oddities)
        flow->oddities = docket_lend(c, sizeof *flow->oddities);
    return flow->oddities;
}

void docket_keep_words(const struct conductor *c, struct flow *flow, const struct segment *seg)
{
    struct oddities *oddities = docket_oddities(c, flow);

    if (oddities && !oddities->words)
        oddities->words = docket_lend(c, 2 * sizeof *oddities->words);
    flow_keep_words(flow, seg);
}

void docket_note(struct conductor *c, struct ruling *ruling)
{
    if (ruling->is_changed)
        return;
    ruling->is_changed = true;
    ruling->next_changed = c->changed;
    c->changed = ruling;
}

/* `spare`: bytes for what may be added.  False: no memory. */
static bool keep_packed(const struct conductor *c, struct kept_ladder *kept,
                        const struct ladder *ladder, uint16_t spare)
{
    uint8_t packed[LADDER_BYTES];
    uint16_t bytes = ladder_pack(ladder, packed);

    if (bytes > kept->bytes) {
        uint8_t *lent = docket_lend(c, (size_t)bytes + spare);

        if (!lent)
            return false;
        kept->packed = lent;
        kept->bytes = bytes + spare;
    }
    memcpy(kept->packed, packed, bytes);
    kept->count = ladder->count;
    return true;
}

/* Few rulings are ever changed by what follows them. */
static void add_rung(const struct conductor *c, struct kept_ladder *kept, const struct segment *seg)
{
    struct rung rungs[LADDER_ROOM];
    struct ladder ladder = ladder_of(kept, rungs);

    ladder.rung = rungs;
    ladder.room++;
    ladder_add(&ladder, seg);
    if (ladder.count > kept->count && keep_packed(c, kept, &ladder, LADDER_SPARE))
        kept->later++;
}

void docket_note_later(struct conductor *c, struct ruling *ruling, const struct segment *seg)
{
    if (ruling->ladder.later < LADDER_LATER)
        add_rung(c, &ruling->ladder, seg);
    docket_note(c, ruling);
}

struct endpoint *docket_server(struct conductor *c, const struct connection *connection)
{
    return endpoint_find(&c->endpoints, connection_endpoint(connection, !connection->flow.opener));
}

struct endpoint *docket_host(struct conductor *c, const struct connection *connection,
                             unsigned side)
{
    return endpoint_find_address(&c->endpoints, connection_address(connection, side));
}

struct habits docket_habits(const struct conductor *c, const struct connection *connection)
{
    unsigned server = !connection->flow.opener;
    uint32_t address = connection_address(connection, server);
    struct habits habits =
        endpoint_find_known(&c->endpoints, connection_endpoint(connection, server))->habits;

    habits.opens = endpoint_find_known_address(&c->endpoints, address)->habits.opens;
    return habits;
}

/* Whether a proxy's other leg, which ended just before, did so by what broke something: what that
 * left undone in this one may look like its end.  Fooled by: what makes legs_find() be. */
static bool leg_broke(const struct ruling *ruling)
{
    const struct leg leg = ruling_leg(ruling);
    const struct ruling *end = leg.connection ? conductor_end_of(leg.connection) : NULL;

    return end && end->verdict.severity == SEVERITY_WARN;
}

void docket_compare(struct conductor *c, struct ruling *ruling)
{
    const struct connection *connection = ruling->connection, *older = connection_older(connection);
    unsigned client = connection->flow.opener, server = !client;
    struct verdict *v = &ruling->verdict;

    if (leg_broke(ruling)) {
        v->may_have_broken = true;
        v->severity = verdict_allows(v, v->severity);
    }
    translations_judge(&c->translations, ruling);
    if (!connection->flow.started)
        return;
    rebinding_note(docket_server(c, connection)->newest, ruling);
    if (older)
        judge_call_beside_older(v, &older->flow);
    if (verdict_is_of_older_connection(v) && older)
        judge_beside_older(v, &connection->flow, &older->flow,
                           connection_side(older, connection, !ruling->segment.side));
    if (ruling_leg(ruling).passes_on && verdict_comparison(v) == COMPARED_AS_DEATH)
        return; /* who passes on that another has died lives */
    endpoint_judge(&c->endpoints,
                   &(struct company){ .server = docket_server(c, connection),
                                      .address = docket_host(c, connection, server),
                                      .sender = docket_host(c, connection, v->sender),
                                      .opener = connection_address(connection, client) },
                   &ruling->segment, v);
}

void docket_keep_leg(struct conductor *c, struct ruling *ruling, const struct segment *end)
{
    const struct leg leg = legs_find(&c->legs, ruling->connection, end);
    struct leg *kept = leg.connection || leg.passes_on ? docket_lend(c, sizeof *kept) : NULL;

    if (kept)
        *kept = leg;
    ruling->leg = kept;
}

void docket_keep_ladder(struct conductor *c, struct ruling *ruling)
{
    struct rung rungs[LADDER_MAX];
    struct ladder ladder = { rungs, 0, LADDER_MAX };

    ladder_collect(&ladder, &ruling->connection->flow, &c->trail, &ruling->segment);
    keep_packed(c, &ruling->ladder, &ladder, 0);
}

static bool is_same(const struct reason *a, const struct reason *b)
{
    return a && a->cause == b->cause && !strcmp(a->text, b->text);
}

/* NULL: none is stated, or there is no memory. */
static const struct reason *keep_reason(struct conductor *c, const struct reason *reason)
{
    struct reason *kept = reason->text[0] ? docket_lend(c, sizeof *kept) : NULL;

    if (kept)
        *kept = *reason;
    return kept;
}

struct ruling *docket_begin(struct conductor *c, struct connection *connection,
                            const struct segment *segment, const struct reason *reason)
{
    struct ruling *ruling = docket_lend(c, sizeof *ruling);

    if (!ruling || !connection_lend_ends(connection, &c->lender))
        return NULL;
    ruling->ruled.frame = segment->frame;
    ruling->connection = connection;
    ruling->segment = *segment;
    ruling->segment.payload = ruling->segment.options = NULL;
    ruling->reason = keep_reason(c, reason);
    return ruling;
}

struct repeat *docket_repeat(struct conductor *c, struct ruling *first, const struct verdict *v,
                             const struct reason *reason)
{
    const struct repeat *before = repeat_latest(first);
    const struct reason *latest = before ? ruled_reason(&before->ruled) : NULL;

    if (is_same(latest, reason))
        return repeat_keep(&c->lender, first, v, latest);
    if (is_same(first->reason, reason))
        return repeat_keep(&c->lender, first, v, first->reason);
    return repeat_keep(&c->lender, first, v, keep_reason(c, reason));
}

void docket_forget(struct conductor *c, struct ruling *ruling)
{
    struct connection *connection = ruling->connection;
    struct verdict *v = &ruling->verdict;

    endpoint_forget(docket_server(c, connection), v);
    endpoint_forget(docket_host(c, connection, v->sender), v);
    event_leave(v);
}

void docket_withdraw(struct conductor *c, struct ruling *ruling)
{
    docket_forget(c, ruling);
    ruling->verdict.cause = CAUSE_NONE;
    docket_note(c, ruling);
}
