/* Rulings on FINs, and what becomes of them.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "fin.h"

#include "close.h"
#include "docket.h"
#include "duration.h"
#include "limit.h"
#include "seq.h"

/* Of two verdicts of the same cause the reset's has seen more. */
static bool knows_better(const struct verdict *close, const struct verdict *reset)
{
    if (close->cause == CAUSE_NONE || close->cause == reset->cause)
        return false;
    return cause_info(reset->cause)->behind_fin == BEHIND_FIN_AFTERMATH ||
           detail_info(close->detail)->says_why;
}

/*
 * A host acknowledges a FIN on every connection that it has (RFC 9293, 3.10.7.4).  One that knows
 * of none, and had not been heard for long, had lost it while the other side waited: whoever closed
 * then left nothing undone, unless its own words tell that it did.
 * Fooled by: a reset of the host, sent meanwhile, that the capture lacks.
 */
static bool met_nobody(const struct flow *flow, const struct verdict *close,
                       const struct verdict *reset)
{
    int64_t unheard_ns = close->time_ns - flow->side[reset->sender].heard_ns;

    return close->cause == CAUSE_NONE && unheard_ns >= duration_of_ms(LIMIT_RESTART_MS);
}

struct ruling *fin_follow(struct conductor *c, struct connection *connection, struct verdict *reset)
{
    struct ruling *close = connection_close(connection);
    enum behind_fin role = cause_info(reset->cause)->behind_fin;

    if (!close || role == BEHIND_FIN_UNRELATED ||
        (role == BEHIND_FIN_ALREADY && !met_nobody(&connection->flow, &close->verdict, reset)))
        return NULL;
    if (close->verdict.cause != CAUSE_NONE &&
        (close->repeats || close->verdict.sender != reset->sender))
        return close;
    if (knows_better(&close->verdict, reset))
        verdict_take_over(reset, &close->verdict);
    docket_withdraw(c, close);
    connection->ends->close = NULL;
    return NULL;
}

/* As things stand. */
static void judge_fin(struct conductor *c, struct ruling *ruling)
{
    const struct connection *connection = ruling->connection;
    const struct habits habits = docket_habits(c, connection);
    struct verdict v;

    if (judge_close(&connection->flow, &ruling->segment, &habits, CAPTURE_GOES_ON, &v) !=
            CLOSED_TOO_SOON &&
        ruling->verdict.cause != CAUSE_NONE)
        docket_withdraw(c, ruling);
    else
        docket_forget(c, ruling);
    ruling->verdict = v;
    if (v.cause == CAUSE_NONE)
        return;
    docket_compare(c, ruling);
    docket_note(c, ruling);
}

static bool may_be_too_soon(const struct conductor *c, const struct connection *connection,
                            const struct segment *fin)
{
    const struct habits habits = docket_habits(c, connection);
    struct verdict v;

    return judge_close(&connection->flow, fin, &habits, CAPTURE_GOES_ON, &v) != CLOSED_IN_ORDER;
}

/* The first FIN of a side.  NULL: it came in order, or another FIN or RST tells of the end. */
static struct ruling *rule_fin(struct conductor *c, struct connection *connection,
                               const struct segment *fin)
{
    const struct flow *flow = &connection->flow;
    const struct talk *talk = &flow->side[!flow->opener].talk;
    struct ruling *ruling = NULL;
    struct endpoint *server;

    if (!connection_close(connection) && !connection_first(connection, 0) &&
        !connection_first(connection, 1) && close_came_first(flow, fin) &&
        may_be_too_soon(c, connection, fin)) {
        const struct reason reason = reason_read_in(flow, fin);

        ruling = docket_begin(c, connection, fin, &reason);
    }
    server = docket_server(c, connection);
    server->habits.answers |= talk->answered;
    server->habits.notifies |= talk->close_notify;
    if (!ruling)
        return NULL;
    docket_keep_leg(c, ruling, fin);
    connection->ends->close = ruling;
    docket_keep_ladder(c, ruling);
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

struct ruling *fin_hear(struct conductor *c, struct connection *connection,
                        const struct segment *seg)
{
    struct ruling *close = connection_close(connection);

    if (close && has_a_say(connection, close, seg)) {
        judge_fin(c, close);
        docket_note_later(c, close, seg);
    }
    if (seg->flags & SEGMENT_FIN && connection->flow.side[seg->side].fin_frame == seg->frame)
        return rule_fin(c, connection, seg);
    return NULL;
}
