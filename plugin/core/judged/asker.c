/* What the FIN of the side that asks turns out to be.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "close.h"

#include "duration.h"
#include "limit.h"
#include "seq.h"

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

/* Behind the other side's answer nobody wants the rest of the request. */
static enum closing cut_request(const struct close *c, struct verdict *v)
{
    bool is_sure = c->ending.is_certain && c->flow->opener_known;

    if (has_answer(c))
        return CLOSED_IN_ORDER;
    close_say(v, DETAIL_TRUNCATED_REQUEST, MAKER_PROGRAM, DEBT_RECEIVER,
              is_sure ? FIT_PROVEN : FIT_LIKELY);
    close_note_cut(c, v);
    close_doubt(v, MAKER_DEATH, DEBT_RECEIVER, OBJECTION_ALONE);
    return CLOSED_TOO_SOON;
}

/* Longer than anybody waits for what is said at parting. */
static bool has_waited(const struct close *c)
{
    int64_t waited_ns = c->closer->fin_ns - c->question.since_ns;

    return waited_ns >= duration_of_ms(LIMIT_WAITED_MS) ||
           (c->other->talk.answered && c->flow->answer_ns > 0 &&
            waited_ns >= LIMIT_WAITED_TIMES * c->flow->answer_ns && !close_is_at_once(c));
}

/* A greeting that is not decoded makes its sender an asker, which it may not be. */
static bool may_have_greeted(const struct close *c, const struct verdict *v)
{
    return !v->sender_is_client && c->closer->talk.protocol == TALK_OPAQUE;
}

/* It left before the answer, or in the middle of it; what the other side does next decides. */
enum closing asker_closed(const struct close *c, struct verdict *v)
{
    bool begun = c->question.is_begun;
    bool left = c->other->fin_frame != 0;
    bool seen = left || c->over_ns >= duration_of_ms(LIMIT_LEFT_ALONE_MS);

    if (c->ending.entirety == ENTIRE_CUT)
        return cut_request(c, v);
    if (may_have_greeted(c, v))
        return CLOSED_IN_ORDER;
    if (v->sender_is_client && !c->closer->talk.tls_finished &&
        talk_is_in_handshake(&c->closer->talk, &c->other->talk) && c->other->talk.spoken) {
        close_say(v, DETAIL_HANDSHAKE_ABANDONED, MAKER_PROGRAM, DEBT_RECEIVER, FIT_LIKELY);
        answer_fits(&v->answers.stage[STAGE_ASKED], FIT_POSSIBLE, OBJECTION_HALF_SET_UP);
        verdict_note(v, CLUE_UNFINISHED_HANDSHAKE, 0, 0, 0);
        return CLOSED_TOO_SOON;
    }
    if (!(c->question.is_open || begun) || talk_may_be_whole(&c->other->talk) ||
        !close_is_answered(c, &c->other->talk) ||
        (!talk_wants_answer(&c->closer->talk) && !begun && !has_waited(c)))
        return CLOSED_IN_ORDER;
    if (!left && c->over_ns < 0)
        return CLOSED_UNDECIDED;
    close_say(v, begun ? DETAIL_MID_TRANSFER : DETAIL_BEFORE_ANSWER, MAKER_PROGRAM, DEBT_RECEIVER,
              seen ? FIT_LIKELY : FIT_POSSIBLE);
    answer_fits(&v->answers.maker[MAKER_RETRANSMISSION], seen ? FIT_POSSIBLE : FIT_FAINT,
                OBJECTION_LEFT);
    close_note_question(c, v);
    if (left) {
        verdict_note(v, CLUE_LEFT_TOO, c->other->fin_frame, c->other->fin_ns - c->closer->fin_ns,
                     0);
        verdict_prove(v, c->other->fin_frame);
    } else {
        verdict_note(v, CLUE_NOTHING_MORE, v->frame, c->over_ns, 0);
    }
    return CLOSED_TOO_SOON;
}
