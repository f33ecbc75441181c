/* Sides that had closed, or are gone: what they left undone.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "details.h"
#include "duration.h"
#include "limit.h"
#include "questions.h"
#include "seq.h"

/* The sender has sent a FIN: those who call this have asked. */
static void note_close(const struct reset *r, struct verdict *v)
{
    const struct side *closer = r->sender;

    verdict_note(v, CLUE_FIN, closer->fin_frame, r->seg->time_ns - closer->fin_ns, 0);
    if (r->trigger && r->trigger->len)
        verdict_note(v, v->late_write ? CLUE_KNEW : CLUE_CROSSED, r->trigger->frame, 0, 0);
}

static bool speak_http1(const struct reset *r)
{
    return r->sender->talk.protocol == TALK_HTTP1 && r->receiver->talk.protocol == TALK_HTTP1 &&
           !r->sender->talk.lost && !r->receiver->talk.lost;
}

/*
 * "Upon receiving this message, a party MUST send back an SSH_MSG_CHANNEL_CLOSE"   RFC 4254, 5.3
 * So a session ends with words of both sides, and who closes behind its own has not waited for the
 * other's; after a second of them nobody had asked it to end.
 * Fooled by: a server that says that its command has ended, and does not wait.
 */
static bool broke_off_session(const struct reset *r)
{
    return r->alone_ns >= duration_of_ms(LIMIT_KEPT_MS);
}

/* The side the client takes its answers from, gone before it gave the one it owed. */
static bool owed_an_answer(const struct reset *r)
{
    return !r->sender_is_client && (r->sender->owed_at_fin || talk_is_cut(&r->sender->talk) ||
                                    talk_broke_off_bulk(&r->sender->talk) || broke_off_session(r));
}

/* It never said more than hellos: what comes for it after its FIN is lost on nobody. */
static bool wanted_nothing(const struct reset *r)
{
    return r->sender_is_client && r->flow->opener_known && !r->sender->talk.spoken;
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

/* Both sides had closed, and nothing the sender said was left without an acknowledgement. */
bool gone_is_over(const struct reset *r)
{
    return r->sender->fin_frame && side_fin_acked(r->receiver, r->sender) && !r->sender_out;
}

/* What came late for a side that had closed alone harms nobody. */
static bool only_housekeeping(const struct reset *r)
{
    if (!r->trigger || reset_answers_ack_of_fin(r))
        return false; /* its socket went away at once: fast_close */
    if (side_fin_acked(r->receiver, r->sender))
        return false;
    return trigger_is_farewell(r) || wanted_nothing(r) || (!r->trigger->len && !r->receiver_out);
}

static enum detail housekeeping(const struct reset *r)
{
    if (!r->trigger)
        return DETAIL_BOTH_CLOSED;
    if (trigger_is_farewell(r))
        return DETAIL_CLOSE_NOTIFY;
    if (r->trigger->len)
        return DETAIL_NONE;
    return r->trigger->flags & SEGMENT_FIN ? DETAIL_LATE_FIN : DETAIL_TIME_WAIT;
}

static void note_late(const struct reset *r, struct verdict *v)
{
    if (v->detail == DETAIL_CLOSE_NOTIFY)
        verdict_note(v, CLUE_FAREWELL, r->trigger->frame, 0, 0);
    else if (v->detail == DETAIL_LATE_FIN)
        verdict_note(v, CLUE_BARE_FIN, r->trigger->frame, 0, 0);
    else if (v->detail == DETAIL_TIME_WAIT)
        verdict_note(v, CLUE_BARE_ACK, r->trigger->frame, 0, 0);
    else if (wanted_nothing(r))
        verdict_note(v, CLUE_NO_BYTE_OF_SENDER, 0, 0, 0);
}

/* What is sealed may have been a question that waited, or a transfer that went on. */
static bool may_have_gone_on(const struct reset *r)
{
    const struct talk *answerer = &r->flow->side[!flow_asker(r->flow)].talk;

    return r->sender->talk.protocol == TALK_TLS &&
           ((flow_question(r->flow).is_open && !answerer->answered) ||
            talk_may_be_in_bulk(&r->receiver->talk));
}

static bool was_kept(const struct reset *r)
{
    return reset_waited_ns(r) >= duration_of_ms(LIMIT_KEPT_MS);
}

/*
 * Right behind long records nothing tells a whole transfer from one that broke off.  What speaks
 * TLS may say close_notify (RFC 8446, 6.1), and only pass on what another gave, who died.
 * Fooled by: who waits for longer before it gives that one up.
 */
static bool may_have_broken_off(const struct reset *r)
{
    const struct side *server = r->sender;

    return !r->sender_is_client && server->talk.protocol == TALK_TLS &&
           server->talk.tls.longest >= LIMIT_TRANSFER_RECORD_BYTES && !was_kept(r);
}

/* Of SSH its client ends a session: why a server does is sealed. */
static bool ended_session(const struct reset *r)
{
    return !r->sender_is_client && r->sender->talk.protocol == TALK_SSH;
}

void detail_after_close(const struct reset *r, struct verdict *v)
{
    v->detail = housekeeping(r);
    note_close(r, v);
    if (gone_is_over(r))
        verdict_note(v, CLUE_FIN_PEER, r->receiver->fin_frame,
                     r->seg->time_ns - r->receiver->fin_ns, 0);
    note_late(r, v);
    if (may_have_gone_on(r) || may_have_broken_off(r) || ended_session(r))
        v->severity = SEVERITY_NOTE;
}

static void vanished(const struct reset *r, struct verdict *v)
{
    v->detail = DETAIL_VANISHED;
    v->quiet_ns = r->seg->time_ns - r->sender->heard_ns;
    verdict_note(v, CLUE_HEARD, r->sender->heard_frame, v->quiet_ns, 0);
    if (r->sender_out)
        verdict_note(v, CLUE_OWN_DATA_LOST, 0, r->sender_out, 0);
}

/* Inside its answer, by the framing; between two records of a transfer. */
static bool is_inside_answer(const struct reset *r)
{
    const struct side *server = r->sender;

    return talk_is_cut(&server->talk) || broke_off_session(r) ||
           (!server->owed_at_fin && talk_broke_off_bulk(&server->talk));
}

static void inside_answer(const struct reset *r, struct verdict *v)
{
    struct ending ending = talk_ending(&r->sender->talk);

    v->detail = DETAIL_TRUNCATED_ANSWER;
    if (ending.missing)
        verdict_note(v, CLUE_CUT_SHORT, r->sender->fin_frame, ending.missing, 0);
    else if (ending.cut == CUT_CHUNK)
        verdict_note(v, CLUE_CUT_CHUNKED, r->sender->fin_frame, 0, 0);
    else if (ending.cut == CUT_ANSWER)
        verdict_note(v, CLUE_CUT_ANSWER, r->sender->fin_frame, 0, 0);
    else if (broke_off_session(r))
        verdict_note(v, CLUE_SPOKE_ALONE, r->sender->fin_frame, r->alone_ns, 0);
    else if (ending.entirety != ENTIRE_CUT)
        verdict_note(v, CLUE_CUT_BULK, 0, r->sender->talk.tls.record, 0);
    if (reset_waited_ns(r) >= duration_of_ms(LIMIT_PAUSE_MS))
        verdict_note(v, CLUE_KEPT, r->sender->fin_frame, v->waited_ns, 0);
}

/* Whether an exchange was finished before, as far as the capture tells: a greeting answers nothing.
 */
static bool had_answered(const struct reset *r)
{
    const struct side *server = r->sender;

    return server->talk.answered || server->turn_seq != server->isn + 1;
}

static bool closed_before_request(const struct reset *r)
{
    return (r->sender->mute_at_fin || !had_answered(r)) && r->flow->opener_known;
}

void detail_crash(const struct reset *r, struct verdict *v)
{
    if (!r->sender->fin_frame) {
        vanished(r, v);
        return;
    }
    if (is_inside_answer(r))
        inside_answer(r, v);
    else
        v->detail =
            r->sender->owed_at_fin ? DETAIL_CLOSED_MID_EXCHANGE : DETAIL_CLOSED_BEFORE_REQUEST;
    note_close(r, v);
}

/*
 * Whether the trigger asks anew.  HTTP counts; elsewhere who asks anew has had the answer, so what
 * acknowledges less was under way before: the rest of a question that had been answered early.
 */
static bool asks_anew(const struct reset *r)
{
    uint32_t said = r->sender->fin_seq;

    if (speak_http1(r))
        return r->receiver->talk.asked;
    if (flow_says_farewell(r->flow, r->sender_side))
        said = flow_farewell_seq(r->flow, r->sender_side);
    return !seq_before(r->trigger->ack, said);
}

static void reused_without_fin(const struct reset *r, struct verdict *v)
{
    v->detail = DETAIL_RESET_RACE;
    v->asked = r->receiver->word_frame;
    v->idle_ns = r->kept.ns;
    verdict_note(v, CLUE_KEPT_UNTIL_ASKED, r->receiver->word_frame, r->kept.ns, 0);
    verdict_note(v, CLUE_TOO_QUICK_TO_ANSWER, r->receiver->word_frame, r->kept.asked_ns,
                 r->kept.fastest_ns);
    if (r->kept.survived_ns >= duration_of_ms(LIMIT_KEPT_MS))
        verdict_note(v, CLUE_KEPT_BEFORE, 0, r->kept.survived_ns, 0);
}

/* Who speaks first asks, as far as nothing is known of the protocol: what comes for it is an
 * answer.
 */
static bool is_undecoded_asker(const struct reset *r)
{
    return r->sender->talk.protocol == TALK_OPAQUE && flow_asker(r->flow) == r->sender_side;
}

void detail_stale_reuse(const struct reset *r, struct verdict *v)
{
    if (!r->sender->fin_frame) {
        reused_without_fin(r, v);
        return;
    }
    v->detail = v->late_write ? DETAIL_LATE_WRITE : DETAIL_IN_FLIGHT;
    if (was_kept(r)) /* what people set timers by */
        verdict_note(v, CLUE_KEPT, r->sender->fin_frame, v->waited_ns, 0);
    note_close(r, v);
}

static enum detail left_early(const struct reset *r)
{
    if (r->receiver->talk.protocol == TALK_TLS &&
        (r->sender->mute_at_fin || !r->receiver->talk.conversed))
        return DETAIL_HANDSHAKE_ABANDONED;
    if (flow_asker(r->flow) == r->sender_side && r->receiver->turn_seq == r->trigger->seq &&
        r->sender->word_frame)
        return DETAIL_BEFORE_ANSWER;
    return DETAIL_MID_TRANSFER;
}

void detail_early_close(const struct reset *r, struct verdict *v)
{
    v->detail = left_early(r);
    if (!r->sender_is_client && r->sender->talk.answered)
        verdict_note(v, CLUE_ANSWERED_EARLY, r->sender->word_frame, 0, 0);
    note_close(r, v);
}

/* A side that breaks off on purpose, or stops to receive, closes like one that dies. */
static void owes_an_answer(const struct reset *r, struct answers *a)
{
    bool counted = is_inside_answer(r) && r->sender->talk.protocol == TALK_HTTP1 &&
                   reset_waited_ns(r) < duration_of_ms(LIMIT_PAUSE_MS);
    enum fit fit = counted ? FIT_PROVEN : FIT_LIKELY;

    answer_fits(&a->maker[MAKER_DEATH], fit, OBJECTION_NONE);
    answer_fits(&a->debt[DEBT_SENDER], fit, OBJECTION_NONE);
    answer_fits(&a->maker[MAKER_PROGRAM], counted ? FIT_UNSEEN : FIT_POSSIBLE, OBJECTION_PURPOSE);
    if (!speak_http1(r) || talk_is_cut(&r->receiver->talk)) /* the question may go on */
        answer_fits(&a->debt[DEBT_RECEIVER], FIT_POSSIBLE, OBJECTION_OWED);
    if (broke_off_session(r))
        answer_fits(&a->debt[DEBT_FAREWELL], FIT_POSSIBLE, OBJECTION_STILL_OPEN);
    if (is_inside_answer(r) && was_kept(r)) /* the length may have been a lie */
        answer_fits(&a->debt[DEBT_UNASKED], FIT_POSSIBLE, OBJECTION_OWED);
}

static void owes_nothing(const struct reset *r, struct answers *a)
{
    answer_fits(&a->maker[MAKER_PROGRAM], FIT_LIKELY, OBJECTION_NONE);
    answer_fits(&a->debt[DEBT_FAREWELL], FIT_LIKELY, OBJECTION_NONE);
    if (r->trigger->len)
        answer_fits(&a->debt[DEBT_RECEIVER], FIT_POSSIBLE, OBJECTION_GOODBYE);
    else
        answer_fits(&a->debt[DEBT_NOTHING], FIT_POSSIBLE, OBJECTION_LATE);
    if (!may_have_broken_off(r))
        return;
    answer_fits(&a->maker[MAKER_DEATH], FIT_POSSIBLE, OBJECTION_IN_ORDER);
    answer_fits(&a->debt[DEBT_SENDER], FIT_POSSIBLE, OBJECTION_IN_ORDER);
}

/* The server had closed before it was asked: in order, if an exchange had been finished. */
static void was_asked_late(const struct reset *r, struct answers *a)
{
    bool begun = !closed_before_request(r);
    bool kept = speak_http1(r) && was_kept(r) && !r->sender->talk.tunnel && reset_answers_data(r);
    enum fit fit = kept ? FIT_PROVEN : FIT_LIKELY;

    answer_fits(&a->debt[DEBT_UNASKED], fit, OBJECTION_NONE);
    if (begun) {
        answer_fits(&a->maker[MAKER_PROGRAM], fit, OBJECTION_NONE);
        answer_fits(&a->maker[MAKER_DEATH], kept ? FIT_UNSEEN : FIT_POSSIBLE, OBJECTION_IN_ORDER);
        answer_fits(&a->debt[DEBT_SENDER], kept ? FIT_UNSEEN : FIT_FAINT, OBJECTION_IN_ORDER);
        return;
    }
    answer_fits(&a->maker[MAKER_DEATH], FIT_LIKELY, OBJECTION_NONE);
    answer_fits(&a->maker[MAKER_PROGRAM], FIT_POSSIBLE, OBJECTION_NEVER_SERVED);
    answer_fits(&a->stage[STAGE_ACCEPTED], FIT_POSSIBLE, OBJECTION_WAITED);
}

/* What it had asked for, or was receiving, was still to come. */
static void was_owed(const struct reset *r, struct answers *a)
{
    bool counted = talk_is_cut(&r->receiver->talk);
    enum fit fit = counted ? FIT_PROVEN : FIT_LIKELY;

    answer_fits(&a->maker[MAKER_PROGRAM], fit, OBJECTION_NONE);
    answer_fits(&a->debt[DEBT_RECEIVER], fit, OBJECTION_NONE);
    if (r->sender_is_client)
        answer_fits(&a->debt[DEBT_FAREWELL], counted ? FIT_UNSEEN : FIT_POSSIBLE,
                    OBJECTION_MORE_THAN_GOODBYE);
    else
        answer_fits(&a->maker[MAKER_DEATH], FIT_POSSIBLE, OBJECTION_ANSWERED);
}

static bool is_asked_late(const struct reset *r)
{
    return !r->sender_is_client &&
           (closed_before_request(r) || (!is_undecoded_asker(r) && asks_anew(r)));
}

/* Nobody is left behind a socket that had closed, though its last data was never acknowledged. */
static bool closed_in_disorder(const struct reset *r)
{
    return side_fin_acked(r->receiver, r->sender) && r->sender_out;
}

/* What crossed its FIN has a reset of its own, which the capture lacks: the ACK of the FIN lies
 * behind it. */
static bool crossed_before(const struct reset *r)
{
    return reset_answers_ack_of_fin(r) && r->receiver_out &&
           seq_after(r->trigger->seq, r->sender->acked);
}

void gone_ask(const struct reset *r, struct answers *a)
{
    if (owed_an_answer(r)) {
        owes_an_answer(r, a);
    } else if (only_housekeeping(r)) {
        owes_nothing(r, a);
    } else if (reset_answers_data(r) || crossed_before(r)) {
        if (is_asked_late(r))
            was_asked_late(r, a);
        else
            was_owed(r, a);
    } else if (reset_answers_ack_of_fin(r)) {
        answer_fits(&a->maker[MAKER_PROGRAM], FIT_LIKELY, OBJECTION_NONE);
        answer_fits(&a->debt[DEBT_NOTHING], FIT_LIKELY, OBJECTION_NONE);
        answer_fits(&a->debt[DEBT_FAREWELL], FIT_POSSIBLE, OBJECTION_AT_ONCE);
    } else {
        answer_fits(&a->maker[MAKER_PROGRAM], FIT_LIKELY, OBJECTION_NONE);
        answer_fits(&a->maker[MAKER_DEATH], FIT_FAINT, OBJECTION_NONE);
        if (closed_in_disorder(r))
            answer_fits(&a->debt[DEBT_SENDER], FIT_POSSIBLE, OBJECTION_NONE);
        answer_fits(&a->debt[DEBT_FAREWELL], FIT_FAINT, OBJECTION_NONE);
        answer_fits(&a->debt[DEBT_UNASKED], FIT_FAINT, OBJECTION_NONE);
    }
}
