/* What the FIN of the side that answers turns out to be.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "close.h"

#include "duration.h"
#include "limit.h"
#include "seq.h"

/* What comes behind the FIN is acknowledged: only the way out was closed.  A socket that nobody
 * reads resets it (Linux, tcp_rcv_state_process(): RCV_SHUTDOWN; RFC 9293, 3.6.1). */
static bool still_reads(const struct close *c)
{
    uint32_t read = c->closer->acked - (c->other->fin_frame && side_fin_acked(c->other, c->closer));

    return seq_after(read, c->fin->ack);
}

/* A program that dies sends its FIN at once; behind a long pause the length may have been a lie. */
static bool is_behind_pause(const struct close *c)
{
    return c->closer->fin_ns - c->closer->word_ns >= duration_of_ms(LIMIT_PAUSE_MS);
}

static enum closing cut_answer(const struct close *c, struct verdict *v)
{
    bool is_sure = c->ending.is_certain && c->flow->opener_known && !is_behind_pause(c);

    if (c->ending.cut == CUT_ANSWER && c->other->talk.farewell == FAREWELL_YES)
        return CLOSED_IN_ORDER; /* its asker wanted no more of it */
    close_say(v, DETAIL_TRUNCATED_ANSWER, MAKER_DEATH, DEBT_SENDER,
              is_sure ? FIT_PROVEN : FIT_LIKELY);
    close_note_cut(c, v);
    close_doubt(v, MAKER_PROGRAM, DEBT_SENDER, OBJECTION_PURPOSE);
    return CLOSED_TOO_SOON;
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
    if (!c->flow->opener_known || (c->habits->opens && !asked) || (asked && !close_is_at_once(c)) ||
        (is_unused(c) &&
         c->closer->fin_ns - c->flow->open_ns > duration_of_ms(LIMIT_TURNED_AWAY_MS)))
        return CLOSED_UNDECIDED;
    close_say_turned_away(v, DETAIL_CLOSED_WITHOUT_A_WORD);
    verdict_note(v, c->other->talk.spoken ? CLUE_NO_BYTE_OF_SENDER : CLUE_NO_BYTE_AT_ALL, 0, 0, 0);
    if (asked)
        close_note_question(c, v);
    return CLOSED_TOO_SOON;
}

/* It had not yet served this connection. */
static void may_turn_away(struct verdict *v)
{
    verdict_fit(v, MAKER_PROGRAM, STAGE_ACCEPTED, DEBT_SENDER, FIT_POSSIBLE);
    answer_fits(&v->answers.stage[STAGE_ACCEPTED], FIT_POSSIBLE, OBJECTION_ASKED);
}

/* Its last words say that there will be no answer. */
static enum closing dismissed(const struct close *c, struct verdict *v)
{
    close_say(v, DETAIL_CLOSED_MID_EXCHANGE, MAKER_DEATH, DEBT_SENDER, FIT_LIKELY);
    may_turn_away(v);
    verdict_note(v, CLUE_LAST_WORDS, 0, 0, 0);
    close_note_question(c, v);
    return CLOSED_TOO_SOON;
}

/* A question stands open: acknowledged, it was owed an answer; on its way, it met the FIN of a side
 * that had nothing more to say. */
static enum closing owed(const struct close *c, struct verdict *v)
{
    bool spoke = c->closer->talk.conversed;

    if (!close_is_answered(c, &c->closer->talk) || v->sender_is_client)
        return CLOSED_IN_ORDER;
    if (c->question.is_acked && talk_may_part(&c->closer->talk))
        return CLOSED_IN_ORDER; /* it may be the answer, and a program that dies says none */
    if (c->closer->talk.protocol == TALK_OPAQUE &&
        (close_is_at_once(c) ||
         (c->closer->word_frame && c->closer->word_ns > c->question.since_ns)))
        return CLOSED_IN_ORDER; /* to a goodbye, or with an answer of another kind */
    if (!c->closer->owed_at_fin && spoke) {
        close_say(v, DETAIL_IN_FLIGHT, MAKER_PROGRAM, DEBT_UNASKED, FIT_LIKELY);
        close_doubt(v, MAKER_DEATH, DEBT_UNASKED, OBJECTION_IN_ORDER);
        answer_fits(&v->answers.debt[DEBT_SENDER], FIT_FAINT, OBJECTION_IN_ORDER);
    } else {
        close_say(v, DETAIL_CLOSED_MID_EXCHANGE, MAKER_DEATH, DEBT_SENDER, FIT_LIKELY);
        close_doubt(v, MAKER_PROGRAM, DEBT_SENDER, OBJECTION_PURPOSE);
        if (!spoke)
            may_turn_away(v);
    }
    close_note_question(c, v);
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
    close_say(v, DETAIL_TRUNCATED_ANSWER, MAKER_DEATH, DEBT_SENDER,
              bulk || unlike ? FIT_LIKELY : FIT_POSSIBLE);
    if (bulk || unlike)
        close_doubt(v, MAKER_PROGRAM, DEBT_FAREWELL, OBJECTION_NO_NOTICE);
    else
        verdict_fit(v, MAKER_PROGRAM, STAGE_CLOSED, DEBT_FAREWELL, FIT_FAINT);
    verdict_note(v, bulk || full ? CLUE_CUT_BULK : CLUE_NOT_NOTIFIED, v->frame, talk->tls.record,
                 0);
    return CLOSED_TOO_SOON;
}

/* The side that answers closed. */
enum closing answerer_closed(const struct close *c, struct verdict *v)
{
    enum closing closing = CLOSED_UNDECIDED;

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
