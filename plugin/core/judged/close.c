/* Verdicts on FINs that came too soon: no reset tells of them.  What each rests on stands in the
 * row of its detail.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge.h"

#include "duration.h"
#include "limit.h"
#include "seq.h"

#include <stddef.h>

/** A FIN in its context, as things stand. */
struct close {
    const struct flow *flow;
    const struct segment *fin;
    const struct side *closer, *other;
    const struct habits *habits; /* of the server's endpoint */
    struct ending ending;        /* of what the closer said */
    struct question question;    /* the latest of whoever asks */
    int64_t over_ns;             /* since the FIN, when nothing can follow any more; else below 0 */
    bool is_asker;               /* the closer asks, the other side answers */
};

/* By a FIN or, in TLS, by a close_notify (RFC 8446, 6.1) that the FIN acknowledges. */
static bool came_first(const struct close *c)
{
    if (talk_is_notified(&c->other->talk) && !seq_after(c->other->talk.next, c->fin->ack))
        return false;
    return !c->other->fin_frame || c->other->fin_ns >= c->closer->fin_ns;
}

/* What comes behind the FIN is acknowledged: only the way out was closed.  A socket that nobody
 * reads resets it (Linux, tcp_rcv_state_process(): RCV_SHUTDOWN; RFC 9293, 3.6.1). */
static bool still_reads(const struct close *c)
{
    uint32_t read = c->closer->acked - (c->other->fin_frame && side_fin_acked(c->other, c->closer));

    return seq_after(read, c->fin->ack);
}

static struct close close_in_context(const struct flow *flow, const struct segment *fin,
                                     const struct habits *habits, int64_t over_at_ns)
{
    unsigned side = fin->side;

    return (struct close){
        .flow = flow,
        .fin = fin,
        .closer = &flow->side[side],
        .other = &flow->side[!side],
        .habits = habits,
        .ending = talk_ending(&flow->side[side].talk),
        .question = flow_question(flow),
        .over_ns = over_at_ns == CAPTURE_GOES_ON
                       ? -1
                       : duration_distance_ns(over_at_ns, flow->side[side].fin_ns),
        .is_asker = flow_asker(flow) == side,
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

static void say(struct verdict *v, enum detail detail, enum confidence confidence)
{
    verdict_name(v, detail);
    v->confidence = confidence;
}

static void note_question(const struct close *c, struct verdict *v)
{
    verdict_note(v, c->question.is_acked ? CLUE_STOOD_OPEN : CLUE_STOOD_UNACKED, c->question.frame,
                 c->closer->fin_ns - c->question.since_ns, 0);
    verdict_prove(v, c->question.frame);
    v->quiet_ns = c->closer->fin_ns - c->question.since_ns;
}

/* "A TLS implementation may receive a TCP close without a closure alert: truncation"  as RFC 8446,
 * 6.1 warns; a length and a chunk tell by themselves (RFC 9112, 8). */
static void note_cut(const struct close *c, struct verdict *v)
{
    int64_t missing = c->ending.missing;

    v->missing = missing > UINT32_MAX ? UINT32_MAX : (uint32_t)missing;
    if (c->ending.cut == CUT_CHUNK && !missing)
        verdict_note(v, CLUE_CUT_CHUNKED, v->frame, 0, 0);
    else
        verdict_note(v,
                     talk_is_asker(&c->closer->talk) ? CLUE_CUT_INSIDE_QUESTION : CLUE_CUT_INSIDE,
                     v->frame, c->closer->talk.protocol, missing);
}

/* A program that dies sends its FIN at once; behind a long pause the length may have been a lie. */
static bool is_behind_pause(const struct close *c)
{
    return c->closer->fin_ns - c->closer->word_ns >= duration_of_ms(LIMIT_PAUSE_MS);
}

static enum closing cut_answer(const struct close *c, struct verdict *v)
{
    say(v, DETAIL_TRUNCATED_ANSWER,
        c->ending.is_certain && c->flow->opener_known && !is_behind_pause(c) ? CONFIDENCE_CERTAIN
                                                                             : CONFIDENCE_LIKELY);
    note_cut(c, v);
    if (v->confidence < CONFIDENCE_CERTAIN)
        verdict_suspect(v, CAUSE_ABORT);
    return CLOSED_TOO_SOON;
}

/* Whether the answer has come, or has begun: what is left of the request's body may be in flight.
 */
static bool has_answer(const struct close *c)
{
    enum entirety entirety = talk_ending(&c->other->talk).entirety;

    if (c->closer->talk.protocol == TALK_HTTP1 && c->ending.cut != CUT_HEAD &&
        (!talk_asks(&c->closer->talk) || entirety == ENTIRE_CUT || entirety == ENTIRE_BY_CLOSE))
        return true;
    return c->other->word_frame && c->other->word_ns >= c->closer->word_ns;
}

/* Behind the other side's answer or FIN nobody wants the rest of the request. */
static enum closing cut_request(const struct close *c, struct verdict *v)
{
    if (!came_first(c) || has_answer(c))
        return CLOSED_IN_ORDER;
    say(v, DETAIL_TRUNCATED_REQUEST,
        c->ending.is_certain && c->flow->opener_known ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY);
    note_cut(c, v);
    if (v->confidence < CONFIDENCE_CERTAIN)
        verdict_suspect(v, CAUSE_CRASH);
    return CLOSED_TOO_SOON;
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
    say(v, by_client ? DETAIL_DISLIKED_ANSWER : DETAIL_REFUSED_IN_WORDS, CONFIDENCE_LIKELY);
    v->by = by_client ? PARTY_CLIENT : PARTY_SERVER;
    if (alerted)
        verdict_note(v, own ? CLUE_ALERT : CLUE_ALERT_OF_OTHER, 0, 0, 0);
    else
        verdict_note(v, own ? CLUE_STRANGE : CLUE_STRANGE_OF_OTHER, 0, 0, 0);
    verdict_suspect(v, by_client ? CAUSE_EARLY_CLOSE : CAUSE_CRASH);
    return CLOSED_TOO_SOON;
}

static bool is_at_once(const struct close *c)
{
    int64_t limit_ns =
        duration_of_ms(LIMIT_KERNEL_ANSWER_MS) + LIMIT_KERNEL_ANSWER_RTTS * flow_rtt_ns(c->flow);

    return c->closer->fin_ns - c->question.since_ns <= limit_ns;
}

/* Nothing was asked, nor is a set-up under way: such connections are opened ahead, and let go. */
static bool is_unused(const struct close *c)
{
    const struct talk *closer = &c->closer->talk, *other = &c->other->talk;

    return !other->conversed && (closer->spoken || !other->spoken) &&
           !talk_is_in_handshake(closer, other);
}

/* The acceptor never said a word: it did not want the connection, or died before it could. */
static enum closing mute_server(const struct close *c, struct verdict *v)
{
    bool asked = c->other->talk.conversed;

    if (!asked && !c->closer->talk.spoken && c->other->talk.farewell == FAREWELL_YES)
        return CLOSED_IN_ORDER; /* it was asked for nothing else */
    if (!c->flow->opener_known || (c->habits->opens && !asked) || (asked && !is_at_once(c)) ||
        (is_unused(c) &&
         c->closer->fin_ns - c->flow->open_ns > duration_of_ms(LIMIT_TURNED_AWAY_MS)))
        return CLOSED_UNDECIDED;
    say(v, DETAIL_CLOSED_WITHOUT_A_WORD, CONFIDENCE_LIKELY);
    verdict_note(v, c->other->talk.spoken ? CLUE_NO_BYTE_OF_SENDER : CLUE_NO_BYTE_AT_ALL, 0, 0, 0);
    if (asked)
        note_question(c, v);
    verdict_suspect(v, CAUSE_CRASH);
    return CLOSED_TOO_SOON;
}

/* Where the framing tells nothing of questions (SSH once it is sealed), nobody owes an answer; of
 * what is not decoded only a side that has shown that it answers. */
static bool answers(const struct close *c, const struct talk *answerer)
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

    return !v->sender_is_client && came_first(c) && talk->refused && talk->refused_first &&
           talk->protocol != TALK_HTTP1;
}

static enum closing refused(struct verdict *v)
{
    say(v, DETAIL_REFUSED_IN_WORDS, CONFIDENCE_LIKELY);
    verdict_note(v, CLUE_LAST_WORDS, 0, 0, 0);
    verdict_suspect(v, CAUSE_CRASH);
    return CLOSED_TOO_SOON;
}

/* Its last words say that there will be no answer. */
static enum closing dismissed(const struct close *c, struct verdict *v)
{
    say(v, DETAIL_CLOSED_MID_EXCHANGE, CONFIDENCE_LIKELY);
    verdict_note(v, CLUE_LAST_WORDS, 0, 0, 0);
    note_question(c, v);
    verdict_suspect(v, CAUSE_TURNED_AWAY);
    return CLOSED_TOO_SOON;
}

/* A question stands open: acknowledged, it was owed an answer; on its way, it met the FIN of a side
 * that had nothing more to say. */
static enum closing owed(const struct close *c, struct verdict *v)
{
    bool spoke = c->closer->talk.conversed;

    if (!answers(c, &c->closer->talk) || v->sender_is_client)
        return CLOSED_IN_ORDER;
    if (c->question.is_acked && talk_may_part(&c->closer->talk))
        return CLOSED_IN_ORDER; /* it may be the answer, and a program that dies says none */
    if (c->closer->talk.protocol == TALK_OPAQUE &&
        (is_at_once(c) || (c->closer->word_frame && c->closer->word_ns > c->question.since_ns)))
        return CLOSED_IN_ORDER; /* to a goodbye, or with an answer of another kind */
    if (!c->closer->owed_at_fin && spoke) {
        say(v, DETAIL_IN_FLIGHT, CONFIDENCE_LIKELY);
        verdict_suspect(v, CAUSE_CRASH);
    } else {
        say(v, DETAIL_CLOSED_MID_EXCHANGE, CONFIDENCE_LIKELY);
        verdict_suspect(v, spoke ? CAUSE_EARLY_CLOSE : CAUSE_TURNED_AWAY);
    }
    note_question(c, v);
    return CLOSED_TOO_SOON;
}

/* In TLS the end of what is said is said too (RFC 8446, 6.1), except where an idle connection is
 * cleared away (nginx, ngx_ssl_shutdown(): quiet behind a timeout). */
static enum closing broke_off(const struct close *c, struct verdict *v)
{
    const struct talk *talk = &c->closer->talk;
    bool bulk = talk_broke_off_bulk(talk);
    bool full = talk->tls.record >= LIMIT_FULL_RECORD_BYTES && talk->tls.alike > 0;
    bool unlike = c->habits->notifies && !is_behind_pause(c);

    if (talk->protocol != TALK_TLS || talk->close_notify || !talk->conversed ||
        (!bulk && !full && !unlike))
        return CLOSED_UNDECIDED;
    say(v, DETAIL_TRUNCATED_ANSWER, bulk || unlike ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE);
    verdict_note(v, bulk || full ? CLUE_CUT_BULK : CLUE_NOT_NOTIFIED, v->frame, talk->tls.record,
                 0);
    verdict_suspect(v, CAUSE_AFTER_CLOSE);
    return CLOSED_TOO_SOON;
}

/* The side that answers closed. */
static enum closing judge_answerer(const struct close *c, struct verdict *v)
{
    enum closing closing = CLOSED_UNDECIDED;

    if (!came_first(c))
        return CLOSED_IN_ORDER; /* its asker had left: judged there */
    if (talk_is_dismissal(&c->closer->talk))
        return dismissed(c, v);
    if (c->ending.entirety == ENTIRE_CUT)
        return cut_answer(c, v);
    if (!c->closer->talk.conversed && !c->closer->talk.answered && !v->sender_is_client &&
        !still_reads(c))
        closing = mute_server(c, v);
    if (closing == CLOSED_UNDECIDED && c->question.is_open && !still_reads(c) &&
        c->ending.entirety != ENTIRE_BY_CLOSE)
        closing = owed(c, v);
    if (closing == CLOSED_UNDECIDED)
        closing = broke_off(c, v);
    return closing == CLOSED_TOO_SOON ? closing : CLOSED_IN_ORDER;
}

/* Longer than anybody waits for what is said at parting. */
static bool has_waited(const struct close *c)
{
    int64_t waited_ns = c->closer->fin_ns - c->question.since_ns;

    return waited_ns >= duration_of_ms(LIMIT_WAITED_MS) ||
           (c->other->talk.answered && c->flow->answer_ns > 0 &&
            waited_ns >= LIMIT_WAITED_TIMES * c->flow->answer_ns && !is_at_once(c));
}

/* A greeting that is not decoded makes its sender an asker, which it may not be. */
static bool may_have_greeted(const struct close *c, const struct verdict *v)
{
    return !v->sender_is_client && c->closer->talk.protocol == TALK_OPAQUE;
}

/* It left before the answer, or in the middle of it; what the other side does next decides. */
static enum closing judge_asker(const struct close *c, struct verdict *v)
{
    bool begun = c->question.is_begun || talk_is_cut(&c->other->talk);
    bool left = c->other->fin_frame != 0;

    if (c->ending.entirety == ENTIRE_CUT)
        return cut_request(c, v);
    if (may_have_greeted(c, v))
        return CLOSED_IN_ORDER;
    if (came_first(c) && v->sender_is_client && !c->closer->talk.tls_finished &&
        talk_is_in_handshake(&c->closer->talk, &c->other->talk) && c->other->talk.spoken) {
        say(v, DETAIL_HANDSHAKE_ABANDONED, CONFIDENCE_LIKELY);
        verdict_note(v, CLUE_UNFINISHED_HANDSHAKE, 0, 0, 0);
        verdict_suspect(v, CAUSE_PROBE);
        return CLOSED_TOO_SOON;
    }
    if (!came_first(c) || !(c->question.is_open || begun) || talk_may_be_whole(&c->other->talk) ||
        !answers(c, &c->other->talk) ||
        (!talk_wants_answer(&c->closer->talk) && !begun && !has_waited(c)))
        return CLOSED_IN_ORDER;
    if (!left && c->over_ns < 0)
        return CLOSED_UNDECIDED;
    say(v, begun ? DETAIL_MID_TRANSFER : DETAIL_BEFORE_ANSWER,
        left || c->over_ns >= duration_of_ms(LIMIT_LEFT_ALONE_MS) ? CONFIDENCE_LIKELY
                                                                  : CONFIDENCE_POSSIBLE);
    note_question(c, v);
    if (left) {
        verdict_note(v, CLUE_LEFT_TOO, c->other->fin_frame, c->other->fin_ns - c->closer->fin_ns,
                     0);
        verdict_prove(v, c->other->fin_frame);
    } else {
        verdict_note(v, CLUE_NOTHING_MORE, v->frame, c->over_ns, 0);
    }
    verdict_suspect(v, CAUSE_TIMEOUT);
    return CLOSED_TOO_SOON;
}

enum closing judge_close(const struct flow *flow, const struct segment *fin,
                         const struct habits *habits, int64_t over_at_ns, struct verdict *v)
{
    const struct close c = close_in_context(flow, fin, habits, over_at_ns);

    *v = verdict_begin(flow, fin->side, FORM_FIN);
    v->frame = c.closer->fin_frame;
    v->provisional = true;
    v->seq = c.closer->fin_seq;
    v->time_ns = c.closer->fin_ns;
    v->since_open_ns = flow->open_frame ? c.closer->fin_ns - flow->open_ns : -1;
    if (!is_told(&c) || is_unheard(&c))
        return CLOSED_IN_ORDER;
    if ((talk_offends(&c.closer->talk) || talk_offends(&c.other->talk)) && came_first(&c)) {
        enum closing closing = offended(&c, v);

        if (closing != CLOSED_UNDECIDED)
            return closing;
    }
    if (refuses(&c, v))
        return refused(v);
    return c.is_asker ? judge_asker(&c, v) : judge_answerer(&c, v);
}
