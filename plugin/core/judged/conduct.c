/* The conductor: segments go in, changes of verdicts come out.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "conduct.h"

#include "duration.h"
#include "limit.h"
#include "seq.h"

#include <string.h>

#define TIME_MAX_NS INT64_C(300000000000000000) /* nine years; twenty times it is a number */

const struct memory memory_default = { .steps = MEMORY_STEPS, .endpoints = MEMORY_ENDPOINTS };

static void *lend(const struct conductor *c, size_t bytes)
{
    return lender_lend(&c->lender, bytes);
}

bool conductor_start(struct conductor *c, const struct lender *lender, const struct memory *memory)
{
    *c = (struct conductor){ .lender = *lender };
    c->connections.lender = &c->lender;
    c->trail.steps = c->lender.lend(c->lender.context,
                                    memory->steps * sizeof *c->trail.steps); /* not read yet */
    c->endpoints.slots = lend(c, memory->endpoints * sizeof *c->endpoints.slots);
    if (!c->trail.steps || !c->endpoints.slots)
        return false;
    c->trail.capacity = memory->steps;
    c->endpoints.capacity = memory->endpoints;
    return true;
}

static void note_change(struct conductor *c, struct ruling *ruling)
{
    if (ruling->is_changed)
        return;
    ruling->is_changed = true;
    ruling->next_changed = c->changed;
    c->changed = ruling;
}

static void forget_changes(struct conductor *c)
{
    for (struct ruling *ruling = c->changed; ruling; ruling = ruling->next_changed)
        ruling->is_changed = false;
    c->changed = NULL;
}

/* Verdicts that other connections changed; each is the first member of its ruling. */
static void note_changes_of_endpoints(struct conductor *c)
{
    for (unsigned i = 0; i < c->endpoints.changes; i++)
        note_change(c, (struct ruling *)(void *)c->endpoints.changed[i]);
    c->endpoints.changes = 0;
}

/* A later segment had a say in the verdict. */
static void note_later(struct conductor *c, struct ruling *ruling, const struct segment *seg)
{
    ladder_add(&ruling->ladder, seg);
    note_change(c, ruling);
}

static struct endpoint *server_of(struct conductor *c, const struct connection *connection)
{
    return endpoint_find(&c->endpoints, connection_endpoint(connection, !connection->flow.opener));
}

static struct habits habits_of(const struct conductor *c, const struct connection *connection)
{
    unsigned server = !connection->flow.opener;
    struct habits habits =
        endpoint_find_known(&c->endpoints, connection_endpoint(connection, server))->habits;

    habits.opens =
        endpoint_find_known(&c->endpoints, connection_address(connection, server))->habits.opens;
    return habits;
}

/* Beside what other connections of the same ends and of the same server show. */
static void compare(struct conductor *c, struct ruling *ruling)
{
    const struct connection *connection = ruling->connection, *older = connection->older;
    unsigned client = connection->flow.opener, server = !client;
    struct verdict *v = &ruling->verdict;

    if (!connection->flow.started)
        return;
    if (verdict_is_of_older_connection(v) && older)
        judge_beside_older(v, &connection->flow, &older->flow,
                           connection_side(older, connection, !ruling->segment.side));
    endpoint_judge(&c->endpoints, server_of(c, connection),
                   endpoint_find(&c->endpoints, connection_address(connection, server)),
                   connection_address(connection, client), &ruling->segment, v);
}

/* Keep what leads to the RST, with room for what may follow it. */
static void keep_ladder(struct conductor *c, struct ruling *ruling)
{
    struct rung rungs[LADDER_MAX];
    struct ladder ladder = { rungs, 0, LADDER_MAX };
    size_t room;

    ladder_collect(&ladder, &ruling->connection->flow, &c->trail, &ruling->segment);
    room = ladder.count + LADDER_LATER;
    ruling->ladder.rung = lend(c, room * sizeof *rungs);
    if (!ruling->ladder.rung)
        return;
    ruling->ladder.count = ladder.count;
    ruling->ladder.room = (uint8_t)room;
    memcpy(ruling->ladder.rung, rungs, ladder.count * sizeof *rungs);
}

/* NULL: no memory. */
static struct ruling *begin_ruling(struct conductor *c, struct connection *connection,
                                   const struct segment *rst)
{
    struct ruling *ruling = lend(c, sizeof *ruling);

    if (!ruling)
        return NULL;
    ruling->connection = connection;
    ruling->segment = *rst;
    ruling->segment.payload = ruling->segment.options = NULL;
    ruling->reason = reason_read_in(&connection->flow, rst);
    return ruling;
}

/* There was nothing to it, or something else tells of it. */
static void withdraw(struct conductor *c, struct ruling *ruling)
{
    endpoint_forget(server_of(c, ruling->connection), &ruling->verdict);
    ruling->verdict.cause = CAUSE_NONE;
    note_change(c, ruling);
}

/* Of two verdicts of the same cause the reset's has seen more. */
static bool knows_better(const struct ruling *close, const struct ruling *reset)
{
    enum cause cause = close->verdict.cause;

    if (cause == CAUSE_NONE || cause == reset->verdict.cause)
        return false;
    return cause_info(reset->verdict.cause)->behind_fin == BEHIND_FIN_AFTERMATH ||
           detail_info(close->verdict.detail)->says_why;
}

/* What comes behind a FIN that came too soon is its aftermath: a RST of the same side tells of it
 * in its place, one of the other side is one more frame of the same abort.  False: it is another.
 */
static bool follow_close(struct conductor *c, struct ruling *ruling)
{
    struct ruling *close = ruling->connection->close;
    enum behind_fin role = cause_info(ruling->verdict.cause)->behind_fin;

    if (!close || role == BEHIND_FIN_UNRELATED)
        return false;
    if (close->verdict.cause != CAUSE_NONE &&
        (close->repeats || close->verdict.sender != ruling->verdict.sender)) {
        ruling_repeat(ruling, close);
        verdict_inherit(&ruling->verdict, &close->verdict);
        return true;
    }
    if (knows_better(close, ruling))
        verdict_take_over(&ruling->verdict, &close->verdict);
    withdraw(c, close);
    ruling->connection->close = NULL;
    return false;
}

static struct surroundings look_around(struct conductor *c, const struct connection *connection,
                                       const struct tuning *tuning)
{
    struct surroundings around = { .tuning = tuning };

    for (unsigned side = 0; side < 2; side++)
        around.elsewhere[side] =
            endpoint_find(&c->endpoints, connection_address(connection, side))->ttls;
    return around;
}

static struct ruling *rule(struct conductor *c, struct connection *connection,
                           const struct segment *rst, const struct tuning *tuning)
{
    struct ruling *ruling = begin_ruling(c, connection, rst);
    struct ruling *first = connection->first[rst->side];
    const struct surroundings around = look_around(c, connection, tuning);

    if (!ruling)
        return NULL;
    ruling->verdict =
        judge_reset(&connection->flow, &c->trail, rst, first ? &first->verdict : NULL, &around);
    if (!ruling->reason.text[0] && cause_info(ruling->verdict.cause)->rests_on_pause)
        ruling->reason = reason_of_netscaler(rst);
    if (first && ruling->verdict.repeat_of) {
        ruling_repeat(ruling, first);
    } else if (!follow_close(c, ruling)) {
        connection->first[rst->side] = ruling;
        compare(c, ruling);
        keep_ladder(c, ruling);
    }
    note_change(c, ruling);
    return ruling;
}

/* The one on that frame, if it is not too far back. */
static const struct ruling *find_repeat(const struct ruling *first, uint32_t frame)
{
    const struct ruling *ruling = first->latest;

    for (int i = 0; ruling && i < LIMIT_COPY_STEPS; i++, ruling = ruling->latest)
        if (ruling->verdict.frame == frame)
            return ruling;
    return first;
}

/* A RST that the capture holds twice is one: the copy says what its original says. */
static struct ruling *rule_copy(struct conductor *c, struct connection *connection,
                                const struct segment *rst, const struct step *original)
{
    struct ruling *first = connection->first[rst->side];
    struct ruling *ruling = first ? begin_ruling(c, connection, rst) : NULL;

    if (!ruling)
        return NULL;
    ruling->verdict = find_repeat(first, original->frame)->verdict;
    ruling->verdict.frame = rst->frame;
    ruling->verdict.time_ns = rst->time_ns;
    ruling_repeat(ruling, first);
    note_change(c, ruling);
    return ruling;
}

/* Earlier verdicts in the light of a segment that is not yet folded. */
static void reconsider(struct conductor *c, const struct connection *connection,
                       const struct segment *seg)
{
    for (int side = 0; side < 2; side++) {
        struct ruling *ruling = connection->first[side];

        if (ruling && judge_reconsider(&ruling->verdict, &connection->flow, &c->trail, seg))
            note_later(c, ruling, seg);
    }
}

/* The capture showed the reset too early: judge it again, now that the segment is folded. */
static void judge_again(struct conductor *c, const struct connection *connection,
                        const struct segment *seg, const struct tuning *tuning)
{
    for (int side = 0; side < 2; side++) {
        struct ruling *ruling = connection->first[side];
        struct surroundings around;

        if (!ruling || !judge_overtook(&ruling->verdict, seg))
            continue;
        around = look_around(c, connection, tuning);
        endpoint_forget(server_of(c, connection), &ruling->verdict);
        ruling->verdict =
            judge_reset(&connection->flow, &c->trail, &ruling->segment, NULL, &around);
        compare(c, ruling);
        note_later(c, ruling, seg);
    }
}

/* What a segment, just folded, tells of its endpoint as such. */
static void show_endpoint(struct conductor *c, struct connection *connection,
                          const struct segment *seg)
{
    struct flow *flow = &connection->flow;

    if (segment_has(seg, SEGMENT_SYN | SEGMENT_ACK))
        endpoint_accept(&c->endpoints, server_of(c, connection),
                        connection_address(connection, flow->opener), seg);
    if (seg->flags & SEGMENT_SYN)
        endpoint_show_ttl(endpoint_find(&c->endpoints, connection_address(connection, seg->side)),
                          seg);
    if (seg->flags & (SEGMENT_FIN | SEGMENT_RST) && flow->open_frame && seg->side != flow->opener)
        endpoint_end(server_of(c, connection), seg);
    if (flow->pause_ms && seg->side != flow->pauser && !(seg->flags & SEGMENT_RST)) {
        endpoint_survive(server_of(c, connection), duration_of_ms(flow->pause_ms));
        flow->pause_ms = 0;
    }
}

/* As things stand. */
static void judge_fin(struct conductor *c, struct ruling *ruling)
{
    const struct connection *connection = ruling->connection;
    const struct habits habits = habits_of(c, connection);
    struct verdict v;

    if (judge_close(&connection->flow, &ruling->segment, &habits, CAPTURE_GOES_ON, &v) !=
            CLOSED_TOO_SOON &&
        ruling->verdict.cause != CAUSE_NONE)
        withdraw(c, ruling);
    endpoint_forget(server_of(c, connection), &ruling->verdict);
    ruling->verdict = v;
    if (v.cause == CAUSE_NONE)
        return;
    compare(c, ruling);
    note_change(c, ruling);
}

/* The first FIN of a side.  NULL: it came in order, or another FIN or RST tells of the end. */
static struct ruling *rule_fin(struct conductor *c, struct connection *connection,
                               const struct segment *fin)
{
    const struct flow *flow = &connection->flow;
    const struct habits habits = habits_of(c, connection);
    struct endpoint *server = server_of(c, connection);
    const struct talk *talk = &flow->side[!flow->opener].talk;
    struct ruling *ruling = NULL;
    struct verdict v;

    if (!connection->close && !connection->first[0] && !connection->first[1] &&
        judge_close(flow, fin, &habits, CAPTURE_GOES_ON, &v) != CLOSED_IN_ORDER)
        ruling = begin_ruling(c, connection, fin);
    server->habits.answers |= talk->answered;
    server->habits.notifies |= talk->close_notify;
    if (!ruling)
        return NULL;
    connection->close = ruling;
    keep_ladder(c, ruling);
    judge_fin(c, ruling);
    return ruling;
}

/* Of a side that owes an answer its own segments alone: the FIN and the goodbye of a client that
 * was left alone change nothing. */
static bool has_a_say(const struct connection *connection, const struct ruling *close,
                      const struct segment *seg)
{
    bool is_own = seg->side == close->segment.side;

    if (close->repeats)
        return false;
    if (is_own)
        return seg->len || seg->flags & SEGMENT_FIN || seq_after(seg->ack, close->segment.ack);
    return seg->flags & SEGMENT_FIN && flow_asker(&connection->flow) == close->segment.side;
}

/* A FIN, or what has a say in an earlier one. */
static struct ruling *hear_close(struct conductor *c, struct connection *connection,
                                 const struct segment *seg)
{
    struct ruling *close = connection->close;

    if (close && has_a_say(connection, close, seg)) {
        judge_fin(c, close);
        note_later(c, close, seg);
    }
    if (seg->flags & SEGMENT_FIN && connection->flow.side[seg->side].fin_frame == seg->frame)
        return rule_fin(c, connection, seg);
    return NULL;
}

static void learn(struct conductor *c, struct connection *connection, const struct segment *seg)
{
    if (flow_wants_chains(&connection->flow, seg))
        connection->flow.side[seg->side].chains = lend(c, sizeof(struct chains));
    flow_fold(&connection->flow, &c->trail, seg);
    if (seg->len && talk_opens(&connection->flow.side[seg->side].talk))
        endpoint_find(&c->endpoints, connection_address(connection, seg->side))->habits.opens =
            true;
    if (!flow_turns_away(&connection->flow, seg))
        return;
    if (!connection->flow.words)
        connection->flow.words = lend(c, 2 * sizeof(struct last_words));
    flow_keep_words(&connection->flow, seg);
}

/* A damaged file may say any time: no small multiple of an interval may overflow. */
static int64_t bound_time(int64_t time_ns)
{
    if (time_ns > TIME_MAX_NS)
        return TIME_MAX_NS;
    return time_ns < -TIME_MAX_NS ? -TIME_MAX_NS : time_ns;
}

struct outcome conductor_hear(struct conductor *c, struct sighting *sighting,
                              const struct tuning *tuning)
{
    struct segment *seg = &sighting->segment;
    struct outcome outcome = { .connection = NULL };
    struct step *original;

    forget_changes(c);
    seg->time_ns = bound_time(seg->time_ns);
    conductor_reach(c, seg->time_ns);
    outcome.connection = c->trail.capacity ? connections_take(&c->connections, sighting) : NULL;
    if (!outcome.connection)
        return outcome;
    if (sighting->quoted) {
        flow_quote(&outcome.connection->flow, sighting);
        return outcome;
    }
    outcome.is_new = !outcome.connection->flow.started;
    original = flow_copied(&outcome.connection->flow, &c->trail, seg);
    if (original) {
        flow_note_copy(&outcome.connection->flow, original, seg);
        if (seg->flags & SEGMENT_RST)
            outcome.ruling = rule_copy(c, outcome.connection, seg, original);
    } else {
        reconsider(c, outcome.connection, seg);
        if (seg->flags & SEGMENT_RST)
            outcome.ruling = rule(c, outcome.connection, seg, tuning);
        learn(c, outcome.connection, seg);
        if (!outcome.ruling && (seg->flags & SEGMENT_FIN || outcome.connection->close))
            outcome.ruling = hear_close(c, outcome.connection, seg);
        judge_again(c, outcome.connection, seg, tuning);
        show_endpoint(c, outcome.connection, seg);
    }
    note_changes_of_endpoints(c);
    outcome.changed = c->changed;
    return outcome;
}

void conductor_reach(struct conductor *c, int64_t time_ns)
{
    c->end_ns = bound_time(time_ns);
}

bool conductor_silence(const struct conductor *c, struct connection *connection, unsigned side,
                       struct rung *rungs, struct ruling *ruling)
{
    *ruling = (struct ruling){ .connection = connection,
                               .ladder = { rungs, 0, LADDER_MAX },
                               .stream = connection->stream };
    if (!judge_silence(&connection->flow, side, c->end_ns, &ruling->verdict))
        return false;
    ladder_collect(&ruling->ladder, &connection->flow, &c->trail, NULL);
    return true;
}

struct verdict conductor_verdict(const struct conductor *c, const struct ruling *ruling,
                                 bool is_over)
{
    const struct connection *connection = ruling->connection;
    struct verdict v = ruling->verdict;

    if (ruling->primary) {
        verdict_inherit(&v, &ruling->primary->verdict);
    } else if (is_over && connection->close == ruling && v.cause == CAUSE_NONE) {
        const struct habits habits = habits_of(c, connection);

        judge_close(&connection->flow, &ruling->segment, &habits, c->end_ns, &v);
    }
    return v;
}

/* Of two resets the one that had an effect, else the earlier. */
const struct ruling *conductor_end_of(const struct connection *connection)
{
    const struct ruling *a = connection->first[0], *b = connection->first[1];
    bool a_failed, b_failed;

    if (connection->close)
        return connection->close;
    if (!a || !b)
        return a ? a : b;
    a_failed = a->verdict.effect == EFFECT_NONE;
    b_failed = b->verdict.effect == EFFECT_NONE;
    if (a_failed != b_failed)
        return a_failed ? b : a;
    return a->verdict.frame < b->verdict.frame ? a : b;
}
