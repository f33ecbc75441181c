/* The conductor: segments go in, changes of verdicts come out.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "conduct.h"

#include "docket.h"
#include "duration.h"
#include "event.h"
#include "fin.h"
#include "limit.h"
#include "repeat.h"
#include "seldom.h"

#define TIME_MAX_NS INT64_C(300000000000000000) /* nine years; twenty times it is a number */

const struct memory memory_default = {
    .steps = MEMORY_STEPS,
    .endpoints = MEMORY_ENDPOINTS,
    .callers = MEMORY_CALLERS,
};

bool conductor_start(struct conductor *c, const struct lender *lender, const struct memory *memory)
{
    *c = (struct conductor){ .lender = *lender };
    c->connections.lender = &c->lender;
    c->trail.steps = c->lender.lend(c->lender.context,
                                    memory->steps * sizeof *c->trail.steps); /* not read yet */
    c->endpoints.lender = &c->lender;
    c->endpoints.slots = docket_lend(c, memory->endpoints * sizeof *c->endpoints.slots);
    c->translations.slots = docket_lend(c, memory->callers * sizeof *c->translations.slots);
    if (!c->trail.steps || !c->endpoints.slots || !c->translations.slots)
        return false;
    c->trail.capacity = memory->steps;
    c->endpoints.capacity = memory->endpoints;
    c->translations.capacity = memory->callers;
    return true;
}

static inline void forget_changes(struct conductor *c)
{
    for (; c->changed; c->changed = c->changed->next_changed)
        c->changed->is_changed = false;
}

/* Verdicts that other connections changed; each is the first member of its ruling. */
static void note_changes_of_endpoints(struct conductor *c)
{
    for (unsigned i = 0; i < c->endpoints.changes; i++)
        docket_note(c, (struct ruling *)(void *)c->endpoints.changed[i]);
    c->endpoints.changes = 0;
}

static struct surroundings look_around(struct conductor *c, const struct connection *connection,
                                       const struct tuning *tuning)
{
    struct surroundings around = { .tuning = tuning };

    for (unsigned side = 0; side < 2; side++)
        around.elsewhere[side] =
            endpoint_find_known_address(&c->endpoints, connection_address(connection, side))->ttls;
    return around;
}

/* On a RST that repeats nothing. */
static struct ruled *rule_first(struct conductor *c, struct connection *connection,
                                const struct segment *rst, const struct verdict *v,
                                const struct reason *reason)
{
    struct ruling *ruling = docket_begin(c, connection, rst, reason);

    if (!ruling)
        return NULL;
    ruling->verdict = *v;
    docket_keep_leg(c, ruling, rst);
    connection->ends->first[rst->side] = ruling;
    docket_compare(c, ruling);
    docket_keep_ladder(c, ruling);
    docket_note(c, ruling);
    return &ruling->ruled;
}

static struct ruled *rule_repeat(struct conductor *c, struct ruling *first, const struct verdict *v,
                                 const struct reason *reason)
{
    struct repeat *repeat = docket_repeat(c, first, v, reason);

    return repeat ? &repeat->ruled : NULL;
}

/* What a RST of that side may repeat: its first one, or the FIN that this told of.  NULL: none. */
static struct ruling *first_of(const struct connection *connection, unsigned side)
{
    struct ruling *first = connection_first(connection, side);
    struct ruling *close = connection_close(connection);
    bool told = connection->flow.side[side].has_reset && close && close->repeats;

    return !first && told ? close : first;
}

static struct ruled *rule(struct conductor *c, struct connection *connection,
                          const struct segment *rst, const struct tuning *tuning)
{
    struct ruling *first = first_of(connection, rst->side);
    const struct surroundings around = look_around(c, connection, tuning);
    struct verdict v =
        judge_reset(&connection->flow, &c->trail, rst, first ? &first->verdict : NULL, &around);
    struct reason reason = reason_read_in(&connection->flow, rst);

    if (!reason.text[0] && cause_info(v.cause)->rests_on_pause)
        reason = reason_of_netscaler(rst);
    if (!v.repeat_of)
        first = fin_follow(c, connection, &v);
    return first ? rule_repeat(c, first, &v, &reason) : rule_first(c, connection, rst, &v, &reason);
}

/* The one on that frame among the latest of an abort; NULL: it is none, or too far back. */
static const struct ruled *find_on(const struct ruling *first, uint32_t frame)
{
    const struct repeat *repeat = first ? repeat_latest(first) : NULL;

    if (first && first->ruled.frame == frame)
        return &first->ruled;
    for (int i = 0; repeat && i < LIMIT_COPY_STEPS; i++, repeat = repeat_before(repeat))
        if (repeat->ruled.frame == frame)
            return &repeat->ruled;
    return NULL;
}

/* A RST that the capture holds twice is one: the copy says what its original says.  NULL: that one
 * is not remembered. */
static struct ruled *rule_copy(struct conductor *c, struct connection *connection,
                               const struct segment *rst, const struct step *original)
{
    struct ruling *first = first_of(connection, rst->side);
    const struct ruled *same = find_on(first, original->frame);
    struct reason reason;
    struct verdict v;

    if (!same)
        return NULL;
    reason = reason_read_in(&connection->flow, rst);
    v = ruled_verdict(same);
    v.frame = rst->frame;
    return rule_repeat(c, first, &v, &reason);
}

/* Earlier verdicts in the light of a segment that is not yet folded. */
static void reconsider(struct conductor *c, const struct connection *connection,
                       const struct segment *seg)
{
    for (unsigned side = 0; side < 2; side++) {
        struct ruling *ruling = connection_first(connection, side);

        if (ruling && judge_reconsider(&ruling->verdict, &connection->flow, &c->trail, seg))
            docket_note_later(c, ruling, seg);
    }
}

/* The capture showed the reset too early: judge it again, now that the segment is folded. */
static void judge_again(struct conductor *c, const struct connection *connection,
                        const struct segment *seg, const struct tuning *tuning)
{
    for (unsigned side = 0; side < 2; side++) {
        struct ruling *ruling = connection_first(connection, side);
        struct surroundings around;

        if (!ruling || !judge_overtook(&ruling->verdict, &connection->flow, &c->trail, seg))
            continue;
        around = look_around(c, connection, tuning);
        docket_forget(c, ruling);
        ruling->verdict =
            judge_reset(&connection->flow, &c->trail, &ruling->segment, NULL, &around);
        docket_compare(c, ruling);
        docket_note_later(c, ruling, seg);
    }
}

/* The server lives, if the other side answers what ended a pause. */
static void end_pause(struct conductor *c, struct connection *connection, const struct segment *seg)
{
    struct flow *flow = &connection->flow;

    if (flow->pause_ms && seg->side != flow->pauser && !(seg->flags & SEGMENT_RST)) {
        endpoint_survive(docket_server(c, connection), duration_of_ms(flow->pause_ms));
        flow->pause_ms = 0;
    }
}

/* Of a connection that it had taken.  Where the capture begins later, a reset may as well be of one
 * that it knew nothing of. */
static bool ends_as_server(const struct flow *flow, const struct segment *seg)
{
    if (seg->side == flow->opener)
        return false;
    return flow->open_frame ? seg->flags & (SEGMENT_FIN | SEGMENT_RST)
                            : !flow->opener_known && seg->flags & SEGMENT_FIN;
}

/* What a segment with SYN, FIN or RST, just folded, tells of its endpoint as such. */
static void show_endpoint(struct conductor *c, struct connection *connection,
                          const struct segment *seg)
{
    struct flow *flow = &connection->flow;

    if (segment_has(seg, SEGMENT_SYN | SEGMENT_ACK))
        endpoint_accept(&c->endpoints, docket_server(c, connection),
                        connection_address(connection, flow->opener), seg);
    if ((seg->flags & (SEGMENT_SYN | SEGMENT_ACK)) == SEGMENT_SYN && seg->side == flow->opener)
        translations_note_call(&c->translations, connection);
    if (seg->flags & SEGMENT_SYN)
        endpoint_show_ttl(docket_host(c, connection, seg->side), seg);
    if (ends_as_server(flow, seg))
        endpoint_end(docket_server(c, connection), seg);
    if (seg->flags & (SEGMENT_FIN | SEGMENT_RST))
        legs_note(&c->legs, connection, seg);
}

static void learn(struct conductor *c, struct connection *connection, const struct segment *seg)
{
    if (flow_wants_chains(&connection->flow, seg))
        connection->flow.side[seg->side].chains = docket_lend(c, sizeof(struct chains));
    if (seg->flags & SEGMENT_RST)
        docket_oddities(c, &connection->flow);
    flow_fold(&connection->flow, &c->trail, seg);
}

/* What its words, just heard, mean beyond the connection, and those to be kept. */
static inline void heed_words(struct conductor *c, struct connection *connection,
                              const struct segment *seg)
{
    const struct talk *talk = &FLOW_SIDE(&connection->flow, seg->side)->talk;

    if (talk_opens(talk))
        docket_host(c, connection, seg->side)->habits.opens = true;
    if (talk->refused && flow_turns_away(&connection->flow, seg))
        docket_keep_words(c, &connection->flow, seg);
}

/* A damaged file may say any time: no small multiple of an interval may overflow. */
static int64_t bound_time(int64_t time_ns)
{
    if (time_ns > TIME_MAX_NS)
        return TIME_MAX_NS;
    return time_ns < -TIME_MAX_NS ? -TIME_MAX_NS : time_ns;
}

static void join_siblings(struct conductor *c, struct connection *connection)
{
    struct endpoint *server = docket_server(c, connection);

    connection->sibling = server->newest;
    server->newest = connection;
}

/* A segment just folded that is a FIN, or may have a say in one. */
static struct ruled *hear_fin(struct conductor *c, struct connection *connection,
                              const struct segment *seg)
{
    struct ruling *close = NULL;

    if (seg->flags & SEGMENT_FIN || connection_close(connection))
        close = fin_hear(c, connection, seg);
    return close ? &close->ruled : NULL;
}

/* Any segment of a connection but one that flow_go_on() takes.  Returns what was ruled on it. */
static SELDOM struct ruled *hear_any(struct conductor *c, struct connection *connection,
                                     const struct segment *seg, const struct tuning *tuning)
{
    struct step *original = flow_copied(&connection->flow, &c->trail, seg);
    struct ruled *ruled = NULL;

    if (original) {
        docket_oddities(c, &connection->flow);
        flow_note_copy(&connection->flow, original, seg);
        if (!(seg->flags & SEGMENT_RST))
            return NULL;
        ruled = rule_copy(c, connection, seg, original);
        return ruled ? ruled : rule(c, connection, seg, tuning);
    }
    reconsider(c, connection, seg);
    if (seg->flags & SEGMENT_RST)
        ruled = rule(c, connection, seg, tuning);
    learn(c, connection, seg);
    if (seg->len)
        heed_words(c, connection, seg);
    if (!ruled)
        ruled = hear_fin(c, connection, seg);
    judge_again(c, connection, seg, tuning);
    if (seg->flags & (SEGMENT_SYN | SEGMENT_FIN | SEGMENT_RST))
        show_endpoint(c, connection, seg);
    end_pause(c, connection, seg);
    return ruled;
}

struct outcome conductor_hear(struct conductor *c, struct sighting *sighting,
                              const struct tuning *tuning)
{
    struct segment *seg = &sighting->segment;
    struct outcome outcome = { .connection = NULL };
    struct connection *connection;

    forget_changes(c);
    seg->time_ns = bound_time(seg->time_ns);
    c->end_ns = seg->time_ns;
    connection = c->trail.capacity ? connections_take(&c->connections, sighting) : NULL;
    outcome.connection = connection;
    if (!connection)
        return outcome;
    if (sighting->quoted) {
        docket_oddities(c, &connection->flow);
        flow_quote(&connection->flow, sighting);
        return outcome;
    }
    outcome.is_new = !connection->flow.started;
    if (flow_go_on(&connection->flow, &c->trail, seg)) {
        if (seg->len)
            heed_words(c, connection, seg);
        end_pause(c, connection, seg);
        return outcome;
    }
    outcome.ruled = hear_any(c, connection, seg, tuning);
    outcome.may_be_last = judge_may_fall_silent(&connection->flow, seg);
    if (outcome.is_new)
        join_siblings(c, connection);
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
    const struct ruling *stray = translations_stray(&c->translations, connection);
    struct ladder ladder = { rungs, 0, LADDER_MAX };

    *ruling = (struct ruling){ .connection = connection };
    if (!judge_silence(&connection->flow, side, c->end_ns, &ruling->verdict))
        return false;
    ruling->ruled.frame = ruling->verdict.frame;
    if (stray && side == connection->flow.opener)
        translations_explain(ruling, stray);
    ladder_collect(&ladder, &connection->flow, &c->trail, NULL);
    ruling->ladder = (struct kept_ladder){ .rung = rungs, .count = ladder.count };
    return true;
}

/* Whoever else ended it had no other leg that is known. */
static void tell_of_leg(struct verdict *v, struct leg leg)
{
    enum clue_kind kind = leg.is_reset ? CLUE_LEG_RESET : CLUE_LEG_CLOSED;

    if (leg.connection && verdict_is_by_sender(v))
        verdict_note(v, leg.passes_on ? kind : CLUE_LEG_OWN, leg.frame, leg.before_ns, 0);
}

struct verdict conductor_verdict(const struct conductor *c, const struct ruled *ruled, bool is_over)
{
    const struct ruling *ruling = ruled_ruling(ruled);
    const struct connection *connection = ruling->connection;
    struct verdict v = ruled_verdict(ruled);

    if (ruled->nth)
        return v;
    if (is_over && connection_close(connection) == ruling && v.cause == CAUSE_NONE) {
        const struct habits habits = docket_habits(c, connection);

        judge_close(&connection->flow, &ruling->segment, &habits, c->end_ns, &v);
    }
    v.own_clues = v.clue_count;
    event_tell(&v);
    tell_of_leg(&v, ruling_leg(ruling));
    return v;
}

/* Of two resets the one that had an effect, else the earlier. */
const struct ruling *conductor_end_of(const struct connection *connection)
{
    const struct ruling *a = connection_first(connection, 0), *b = connection_first(connection, 1);
    bool a_failed, b_failed;

    if (connection_close(connection))
        return connection_close(connection);
    if (!a || !b)
        return a ? a : b;
    a_failed = a->verdict.effect == EFFECT_NONE;
    b_failed = b->verdict.effect == EFFECT_NONE;
    if (a_failed != b_failed)
        return a_failed ? b : a;
    return a->verdict.frame < b->verdict.frame ? a : b;
}
