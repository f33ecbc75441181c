/* Rules for sides that had closed: after_close, crash, stale_reuse, early_close.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "duration.h"
#include "limit.h"
#include "rules.h"
#include "seq.h"

/* The sender has sent a FIN: those who call this have asked. */
static void note_close(const struct reset *r, struct verdict *v)
{
    const struct side *closer = r->sender;

    verdict_note(v, CLUE_FIN, closer->fin_frame, r->seg->time_ns - closer->fin_ns, 0);
    if (r->trigger && r->trigger->len)
        verdict_note(v, v->late_write ? CLUE_KNEW : CLUE_CROSSED, r->trigger->frame, 0, 0);
}

/* The side the client takes its answers from, gone before it gave the one it owed. */
static bool owed_an_answer(const struct reset *r)
{
    return !r->sender_is_client && (r->sender->owed_at_fin || talk_is_cut(&r->sender->talk));
}

static bool trigger_is_farewell(const struct reset *r)
{
    const struct step *trigger = r->trigger;

    if (!trigger || !trigger->len)
        return false;
    return trigger->farewell ||
           (flow_says_farewell(r->flow, r->receiver_side) &&
            !seq_before(trigger->seq, flow_farewell_seq(r->flow, r->receiver_side)));
}

bool rule_after_close(const struct reset *r, struct verdict *v)
{
    bool both = r->sender->fin_frame && side_fin_acked(r->receiver, r->sender);
    const struct step *trigger = r->trigger;
    enum detail detail = DETAIL_NONE;

    if (!r->sender->fin_frame)
        return false;
    if (!both) {
        if (!trigger || reset_answers_ack_of_fin(r))
            return false; /* its socket went away at once: fast_close */
        if (owed_an_answer(r) || r->form != FORM_REFLEX)
            return false;
        if (trigger->len ? !trigger_is_farewell(r) : r->receiver_out != 0)
            return false;
    }
    if (!trigger)
        detail = DETAIL_BOTH_CLOSED;
    else if (trigger_is_farewell(r))
        detail = DETAIL_CLOSE_NOTIFY;
    else if (!trigger->len)
        detail = trigger->flags & SEGMENT_FIN ? DETAIL_LATE_FIN : DETAIL_TIME_WAIT;
    v->detail = detail;
    v->confidence = both ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
    note_close(r, v);
    if (both)
        verdict_note(v, CLUE_FIN_PEER, r->receiver->fin_frame,
                     r->seg->time_ns - r->receiver->fin_ns, 0);
    if (detail == DETAIL_CLOSE_NOTIFY)
        verdict_note(v, CLUE_FAREWELL, trigger->frame, 0, 0);
    else if (detail == DETAIL_LATE_FIN)
        verdict_note(v, CLUE_BARE_FIN, trigger->frame, 0, 0);
    else if (detail == DETAIL_TIME_WAIT)
        verdict_note(v, CLUE_BARE_ACK, trigger->frame, 0, 0);
    if (!both && detail == DETAIL_TIME_WAIT)
        verdict_suspect(v, CAUSE_FAST_CLOSE);
    return true;
}

static bool crash_without_fin(const struct reset *r, struct verdict *v)
{
    if (!reset_answers_data(r) || !r->sender->seen || !r->receiver->seen ||
        r->receiver->reset_frame || r->receiver->fin_frame || r->sender->fin_unseen ||
        r->idle_ns >= r->tuning->idle_ns || r->trigger->flags & SEGMENT_SYN)
        return false;
    if (r->idle_ns > duration_of_ms(LIMIT_GONE_LATELY_MS) && !r->sender_out &&
        !talk_is_cut(&r->sender->talk))
        return false; /* it may have gone at any time since */
    v->detail = DETAIL_VANISHED;
    v->confidence = CONFIDENCE_LIKELY;
    v->quiet_ns = r->seg->time_ns - r->sender->heard_ns;
    verdict_note(v, CLUE_HEARD, r->sender->heard_frame, v->quiet_ns, 0);
    verdict_suspect(v, CAUSE_NO_CONNECTION);
    return true;
}

bool rule_crash(const struct reset *r, struct verdict *v)
{
    const struct side *sender = r->sender;

    if (!sender->fin_frame)
        return crash_without_fin(r, v);
    if (r->form != FORM_REFLEX || r->sender_is_client)
        return false;
    if (talk_is_cut(&sender->talk)) {
        v->detail = DETAIL_TRUNCATED_ANSWER;
        v->confidence =
            sender->talk.protocol == TALK_HTTP1 ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
        if (talk_ending(&sender->talk).missing)
            verdict_note(v, CLUE_CUT_SHORT, sender->fin_frame, talk_ending(&sender->talk).missing,
                         0);
        else if (talk_ending(&sender->talk).cut == CUT_CHUNK)
            verdict_note(v, CLUE_CUT_CHUNKED, sender->fin_frame, 0, 0);
    } else if (sender->owed_at_fin) {
        v->detail = DETAIL_CLOSED_MID_EXCHANGE;
        v->confidence = CONFIDENCE_LIKELY;
        verdict_suspect(v, CAUSE_EARLY_CLOSE);
    } else if (sender->mute_at_fin && r->flow->opener_known && reset_answers_data(r)) {
        v->detail = DETAIL_CLOSED_BEFORE_REQUEST;
        v->confidence = CONFIDENCE_LIKELY;
        verdict_suspect(v, CAUSE_TURNED_AWAY);
        verdict_suspect(v, CAUSE_STALE_REUSE);
    } else {
        return false;
    }
    note_close(r, v);
    return true;
}

bool rule_stale_reuse(const struct reset *r, struct verdict *v)
{
    const struct side *sender = r->sender;

    if (!sender->fin_frame || r->sender_is_client || !reset_answers_data(r) ||
        sender->owed_at_fin || talk_is_cut(&sender->talk) || talk_is_cut(&r->receiver->talk))
        return false;
    v->detail = v->late_write ? DETAIL_LATE_WRITE : DETAIL_IN_FLIGHT;
    v->confidence = sender->talk.protocol == TALK_HTTP1 && r->receiver->talk.protocol == TALK_HTTP1
                        ? CONFIDENCE_CERTAIN
                        : CONFIDENCE_LIKELY;
    note_close(r, v);
    if (v->confidence < CONFIDENCE_CERTAIN)
        verdict_suspect(v, CAUSE_CRASH);
    return true;
}

bool rule_early_close(const struct reset *r, struct verdict *v)
{
    const struct side *sender = r->sender;

    if (!sender->fin_frame || !reset_answers_data(r))
        return false;
    if (r->receiver->talk.protocol == TALK_TLS &&
        (sender->mute_at_fin || !r->receiver->talk.conversed))
        v->detail = DETAIL_HANDSHAKE_ABANDONED;
    else if (r->sender_is_client && r->receiver->turn_seq == r->trigger->seq && sender->word_frame)
        v->detail = DETAIL_BEFORE_ANSWER;
    else
        v->detail = DETAIL_MID_TRANSFER;
    v->confidence = r->sender_is_client && talk_is_cut(&r->receiver->talk) ? CONFIDENCE_CERTAIN
                                                                           : CONFIDENCE_LIKELY;
    note_close(r, v);
    if (v->confidence < CONFIDENCE_CERTAIN)
        verdict_suspect(v, r->sender_is_client ? CAUSE_AFTER_CLOSE : CAUSE_CRASH);
    return true;
}
