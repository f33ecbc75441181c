/* Verdicts on FINs that came too soon: no reset tells of them.  What each rests on stands in the
 * row of its detail.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "close.h"

#include "duration.h"
#include "limit.h"
#include "seq.h"

#include <stddef.h>

/* By a FIN or, in TLS, by a close_notify (RFC 8446, 6.1) that the FIN acknowledges. */
bool close_came_first(const struct flow *flow, const struct segment *fin)
{
    const struct side *closer = &flow->side[fin->side], *other = &flow->side[!fin->side];

    if (talk_is_notified(&other->talk) && !seq_after(other->talk.next, fin->ack))
        return false;
    return !other->fin_frame || other->fin_ns >= closer->fin_ns;
}

static struct close close_in_context(const struct flow *flow, const struct segment *fin,
                                     const struct habits *habits, int64_t over_at_ns)
{
    const struct side *closer = FLOW_SIDE(flow, fin->side), *other = FLOW_SIDE(flow, !fin->side);

    return (struct close){
        .flow = flow,
        .fin = fin,
        .closer = closer,
        .other = other,
        .habits = habits,
        .ending = talk_ending(&closer->talk),
        .question = flow_question(flow),
        .over_ns =
            over_at_ns == CAPTURE_GOES_ON ? -1 : duration_distance_ns(over_at_ns, closer->fin_ns),
        .is_asker = flow_asker(flow) == fin->side,
    };
}

/* Whether the capture shows enough of both sides to say who owed what. */
static bool is_told(const struct close *c)
{
    const struct talk *one = &c->closer->talk, *two = &c->other->talk;

    return c->closer->seen && c->other->seen && !side_lacks_bytes(c->closer) &&
           !side_lacks_bytes(c->other) && !one->lost && !two->lost && !one->snapped &&
           !two->snapped;
}

/* A FIN that nobody acknowledges is a matter of timeout. */
static bool is_unheard(const struct close *c)
{
    return !side_fin_acked(c->closer, c->other) &&
           side_retransmission(c->closer)->count >= LIMIT_RETRANSMISSIONS_SILENT;
}

/* A detail, and the cell that makes it so; what fits as well is put beside it. */
void close_say(struct verdict *v, enum detail detail, enum maker maker, enum debt debt,
               enum fit fit)
{
    v->detail = detail;
    verdict_fit(v, maker, STAGE_CLOSED, debt, fit);
    answer_fits(&v->answers.stage[STAGE_CLOSED], FIT_PROVEN, OBJECTION_NONE);
}

void close_doubt(struct verdict *v, enum maker maker, enum debt debt, enum objection objection)
{
    struct answer *other = &v->answers.maker[maker], *owed = &v->answers.debt[debt];
    enum fit fit = FIT_POSSIBLE;

    for (int i = 0; i < MAKERS; i++)
        if (v->answers.maker[i].fit == FIT_PROVEN)
            fit = FIT_UNSEEN;
    if (!other->fit)
        answer_fits(other, fit, objection);
    if (!owed->fit)
        answer_fits(owed, fit, objection);
}

/* It had taken the connection, and did not want it. */
void close_say_turned_away(struct verdict *v, enum detail detail)
{
    v->detail = detail;
    verdict_fit(v, MAKER_PROGRAM, STAGE_ACCEPTED, DEBT_SENDER, FIT_LIKELY);
    answer_fits(&v->answers.maker[MAKER_DEATH], FIT_POSSIBLE, OBJECTION_ALONE);
}

void close_note_question(const struct close *c, struct verdict *v)
{
    verdict_note(v, c->question.is_acked ? CLUE_STOOD_OPEN : CLUE_STOOD_UNACKED, c->question.frame,
                 c->closer->fin_ns - c->question.since_ns, 0);
    verdict_prove(v, c->question.frame);
    v->quiet_ns = c->closer->fin_ns - c->question.since_ns;
}

/* "A TLS implementation may receive a TCP close without a closure alert: truncation"  as RFC 8446,
 * 6.1 warns; a length and a chunk tell by themselves (RFC 9112, 8). */
void close_note_cut(const struct close *c, struct verdict *v)
{
    int64_t missing = c->ending.missing;

    v->missing = missing;
    if (c->ending.cut == CUT_CHUNK && !missing)
        verdict_note(v, CLUE_CUT_CHUNKED, v->frame, 0, 0);
    else if (c->ending.cut == CUT_ANSWER)
        verdict_note(v, CLUE_CUT_ANSWER, v->frame, 0, 0);
    else
        verdict_note(v,
                     talk_is_asker(&c->closer->talk) ? CLUE_CUT_INSIDE_QUESTION : CLUE_CUT_INSIDE,
                     v->frame, c->closer->talk.protocol, missing);
}

/* The side whose fatal alert it was ended the connection, whoever sent the FIN; of an answer in
 * another protocol the one who closed. */
static enum closing offended(const struct close *c, struct verdict *v)
{
    bool own = talk_offends(&c->closer->talk);
    const struct side *offender = own ? c->closer : c->other;
    bool alerted = offender->talk.fatal;
    bool by_client = alerted ? own == v->sender_is_client : v->sender_is_client;

    if (!by_client && alerted && offender->talk.conversed)
        return CLOSED_UNDECIDED;
    if (by_client) {
        close_say(v, DETAIL_DISLIKED_ANSWER, MAKER_PROGRAM, DEBT_SENDER, FIT_LIKELY);
        close_doubt(v, MAKER_PROGRAM, DEBT_RECEIVER, OBJECTION_SAID_WHY);
    } else {
        close_say_turned_away(v, DETAIL_REFUSED_IN_WORDS);
    }
    v->by = by_client ? PARTY_CLIENT : PARTY_SERVER;
    if (alerted)
        verdict_note(v, own ? CLUE_ALERT : CLUE_ALERT_OF_OTHER, 0, 0, 0);
    else
        verdict_note(v, own ? CLUE_STRANGE : CLUE_STRANGE_OF_OTHER, 0, 0, 0);
    return CLOSED_TOO_SOON;
}

bool close_is_at_once(const struct close *c)
{
    int64_t limit_ns =
        duration_of_ms(LIMIT_KERNEL_ANSWER_MS) + LIMIT_KERNEL_ANSWER_RTTS * flow_rtt_ns(c->flow);

    return c->closer->fin_ns - c->question.since_ns <= limit_ns;
}

/* Where the framing tells nothing of questions (SSH once it is sealed), nobody owes an answer; of
 * what is not decoded only a side that has shown that it answers. */
bool close_is_answered(const struct close *c, const struct talk *answerer)
{
    enum talk_protocol protocol =
        (enum talk_protocol)c->flow->side[flow_asker(c->flow)].talk.protocol;

    if (protocol == TALK_OPAQUE)
        return answerer->answered || c->habits->answers;
    return framing_reader(protocol) != READER_NONE;
}

/* Its only words turn the other side away; a status line of HTTP is an answer like any other. */
static bool refuses(const struct close *c, const struct verdict *v)
{
    const struct talk *talk = &c->closer->talk;

    return !v->sender_is_client && talk->refused && talk->refused_first &&
           talk->protocol != TALK_HTTP1;
}

static enum closing refused(struct verdict *v)
{
    close_say_turned_away(v, DETAIL_REFUSED_IN_WORDS);
    verdict_note(v, CLUE_LAST_WORDS, 0, 0, 0);
    return CLOSED_TOO_SOON;
}

static enum closing judge(const struct close *c, struct verdict *v)
{
    if (!is_told(c) || is_unheard(c))
        return CLOSED_IN_ORDER;
    if (talk_offends(&c->closer->talk) || talk_offends(&c->other->talk)) {
        enum closing closing = offended(c, v);

        if (closing != CLOSED_UNDECIDED)
            return closing;
    }
    if (refuses(c, v))
        return refused(v);
    return c->is_asker ? asker_closed(c, v) : answerer_closed(c, v);
}

enum closing judge_close(const struct flow *flow, const struct segment *fin,
                         const struct habits *habits, int64_t over_at_ns, struct verdict *v)
{
    const struct close c = close_in_context(flow, fin, habits, over_at_ns);
    enum closing closing;

    *v = verdict_begin(flow, fin->side, FORM_FIN);
    v->frame = c.closer->fin_frame;
    v->provisional = true;
    v->seq = c.closer->fin_seq;
    v->time_ns = c.closer->fin_ns;
    v->since_open_ns = flow->open_frame ? c.closer->fin_ns - flow->open_ns : -1;
    closing = judge(&c, v);
    if (closing == CLOSED_TOO_SOON)
        verdict_conclude(v, v->detail);
    return closing;
}
