/* Live sockets that were destroyed: what was still to come.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "details.h"
#include "duration.h"
#include "limit.h"
#include "questions.h"
#include "seq.h"

static bool window_stayed_low(const struct reset *r)
{
    uint32_t now = side_window(r->sender, r->seg);

    return r->seg->flags & SEGMENT_ACK && now && r->receiver->data_segments &&
           now + LIMIT_SMALLEST_MSS_BYTES <= r->sender->window_max;
}

static bool note_unread(const struct reset *r, struct verdict *v)
{
    uint32_t now = side_window(r->sender, r->seg);

    if (reset_window_doubled(r))
        verdict_note(v, CLUE_WINDOW_JUMP, 0, now, r->sender->window);
    else if (window_stayed_low(r))
        verdict_note(v, CLUE_WINDOW_STAYED_LOW, 0, now, r->sender->window_max);
    else
        return false;
    return true;
}

static bool closes_in_place_of_fin(const struct reset *r)
{
    const struct side *peer = r->receiver;
    uint32_t covered = r->seg->flags & SEGMENT_ACK ? r->seg->ack : r->sender->acked;

    return peer->fin_frame && !r->sender->fin_frame && !r->sender_out &&
           seq_after(covered, peer->fin_seq);
}

/* Its last data may still lie unread at the other side, whose kernel throws it away. */
static bool puts_answer_at_risk(const struct reset *r)
{
    int64_t at_once_ns =
        LIMIT_KERNEL_ANSWER_RTTS * flow_rtt_ns(r->flow) + duration_of_ms(LIMIT_KERNEL_ANSWER_MS);

    return !r->sender_is_client && !r->receiver->fin_frame && !r->receiver->has_reset &&
           r->sender->word_frame && r->seg->time_ns - r->sender->word_ns <= at_once_ns;
}

static void after_exchange(const struct reset *r, struct verdict *v)
{
    v->detail = DETAIL_AFTER_EXCHANGE;
    if (r->speaker != NOBODY)
        verdict_note(v, CLUE_ANSWERED, r->flow->side[r->speaker].word_frame, 0, 0);
    if (!r->finished)
        verdict_note(v, CLUE_RST_ACKS, 0, r->acks_more, 0);
    if (puts_answer_at_risk(r)) {
        v->detail = DETAIL_ANSWER_AT_RISK;
        verdict_note(v, CLUE_AT_RISK, r->sender->word_frame, r->seg->time_ns - r->sender->word_ns,
                     0);
    } else if (r->idle_ns >= r->tuning->idle_ns) {
        v->severity = SEVERITY_NOTE;
        verdict_note(v, CLUE_IDLE, 0, r->idle_ns, 0);
    }
}

/* The limit of who closed first is the wait that people look for. */
static void note_kept_by_peer(const struct reset *r, struct verdict *v)
{
    const struct side *peer = r->receiver;
    int64_t said_ns = peer->word_ns > r->sender->word_ns ? peer->word_ns : r->sender->word_ns;

    verdict_note(v, CLUE_FIN_PEER, peer->fin_frame, r->seg->time_ns - peer->fin_ns, 0);
    if (r->speaker != NOBODY && peer->fin_ns - said_ns >= duration_of_ms(LIMIT_KEPT_MS))
        verdict_note(v, CLUE_KEPT_BY_PEER, peer->fin_frame, peer->fin_ns - said_ns, 0);
}

/* The peer had left without the answer it had asked for: elsewhere than in HTTP, without any. */
static bool peer_went_without(const struct reset *r)
{
    const struct talk *asker = &r->receiver->talk;

    return flow_asker(r->flow) == r->receiver_side &&
           (talk_may_be_in_bulk(&r->sender->talk) ||
            (talk_asks(asker) && (asker->protocol == TALK_HTTP1 || !r->sender->talk.answered)));
}

/* Nothing new has come since its own FIN. */
static bool is_behind_own_fin(const struct reset *r)
{
    return r->sender->fin_frame && !r->sender_out && !r->receiver_out &&
           r->receiver->word_frame < r->sender->fin_frame;
}

void detail_fast_close(const struct reset *r, struct verdict *v)
{
    if (closes_in_place_of_fin(r)) {
        v->detail = DETAIL_INSTEAD_OF_FIN;
        note_kept_by_peer(r, v);
        if (peer_went_without(r))
            v->severity = SEVERITY_NOTE;
    } else if (r->sender->fin_frame) {
        v->detail = DETAIL_AFTER_OWN_FIN;
        verdict_note(v, CLUE_FIN, r->sender->fin_frame, r->seg->time_ns - r->sender->fin_ns, 0);
        if (r->trigger)
            verdict_note(v, CLUE_BARE_ACK, r->trigger->frame, 0, 0);
    } else {
        after_exchange(r, v);
    }
    if (note_unread(r, v))
        v->detail = DETAIL_UNREAD_LEFTOVER;
    if (waiting_keepalive(r))
        v->severity = SEVERITY_NOTE;
}

/* Whether the receiver asks anew: what a side still sends of a question that was answered early
 * follows at once upon the answer. */
static bool asks_anew(const struct reset *r)
{
    const struct talk *asker = &r->receiver->talk;

    if (asker->protocol == TALK_HTTP1 && r->sender->talk.protocol == TALK_HTTP1 && !asker->lost)
        return asker->asked;
    return r->kept.ns >= flow_rtt_ns(r->flow);
}

static enum detail client_abort(const struct reset *r)
{
    const struct side *peer = r->receiver;
    int64_t waited_ns =
        r->speaker == NOBODY ? 0 : r->seg->time_ns - r->flow->side[r->speaker].word_ns;
    bool waited_long = waited_ns >= duration_of_ms(LIMIT_WAITED_MS);

    if (r->speaker == r->receiver_side) {
        if (waited_long)
            return DETAIL_STALLED;
        return talk_is_cut(&peer->talk) ? DETAIL_DOWNLOAD_CANCELLED : DETAIL_UNREAD_DATA;
    }
    return waited_long ||
                   (r->flow->answer_ns && waited_ns >= LIMIT_WAITED_TIMES * r->flow->answer_ns)
               ? DETAIL_GAVE_UP_WAITING
               : DETAIL_NONE;
}

/* It has more to say, and the other side no room for it. */
static bool waits_for_window(const struct reset *r)
{
    return r->speaker == r->sender_side && !r->receiver->window && r->receiver->window_max;
}

/* The finer guess, from what each side still had to do. */
static enum detail abort_detail(const struct reset *r, bool unread)
{
    const struct side *peer = r->receiver;
    bool peer_spoke_last = r->speaker == r->receiver_side;
    bool peer_was_cut = talk_is_cut(&peer->talk) || r->receiver_out > r->acks_more;

    if (talk_offends(&peer->talk) || talk_offends(&r->sender->talk))
        return DETAIL_DISLIKED_ANSWER;
    if (r->sender_out || waits_for_window(r))
        return DETAIL_TRANSFER_CUT;
    if (peer->talk.alerted || r->sender->talk.alerted)
        return DETAIL_DISLIKED_ANSWER;
    if (r->sender_is_client)
        return client_abort(r);
    if (unread)
        return DETAIL_UNREAD_DATA;
    if (r->sender->talk.conversed && peer_was_cut && !asks_anew(r))
        return DETAIL_UPLOAD_REJECTED;
    return peer_spoke_last || r->receiver_out ? DETAIL_UNREAD_DATA : DETAIL_NONE;
}

/* How long the open question, or the answer that had stopped, had been waited for. */
static void note_wait(const struct reset *r, struct verdict *v)
{
    struct question question = flow_question(r->flow);

    if (r->speaker == NOBODY)
        return;
    v->patience_ns = r->seg->time_ns - r->flow->side[r->speaker].word_ns;
    v->asked = r->flow->side[r->speaker].word_frame;
    if (question.is_open && !question.is_begun) {
        v->asked = question.frame;
        v->patience_ns = r->seg->time_ns - question.since_ns;
        v->sender_asked = flow_asker(r->flow) == r->sender_side;
        verdict_note(v, CLUE_WAITED, question.frame, v->patience_ns, 0);
    }
}

static void note_unfinished(const struct reset *r, struct verdict *v)
{
    int64_t missing = talk_ending(&r->receiver->talk).missing;

    if (r->sender_out)
        verdict_note(v, CLUE_OWN_DATA_LOST, 0, r->sender_out, 0);
    else if (v->detail == DETAIL_TRANSFER_CUT)
        verdict_note(v, CLUE_WINDOW_CLOSED, 0, 0, 0);
    if (!r->sender_is_client && talk_ending(&r->sender->talk).entirety == ENTIRE_BY_CLOSE)
        verdict_note(v, CLUE_CUT_BODY, 0, 0, 0);
    if (r->receiver_out)
        verdict_note(v, CLUE_QUESTION_UNACKED, r->receiver->word_frame, r->receiver_out, 0);
    else if (r->speaker == r->receiver_side && !r->sender_is_client)
        verdict_note(v, CLUE_ASKED, r->receiver->word_frame, 0, 0);
    if (r->receiver->talk.strange)
        verdict_note(v, CLUE_STRANGE_OF_OTHER, 0, 0, 0);
    if (missing)
        verdict_note(v, CLUE_CUT_SHORT, 0, missing, 0);
    if (r->acks_more)
        verdict_note(v, CLUE_RST_ACKS, 0, r->acks_more, 0);
}

/* No words that may be misread are needed to see that something was still to come. */
static bool was_plainly_unfinished(const struct reset *r)
{
    const struct talk *asker = &r->flow->side[flow_asker(r->flow)].talk;
    const struct talk *sender = &r->sender->talk, *receiver = &r->receiver->talk;
    struct ending said = talk_ending(sender), heard = talk_ending(receiver);

    return r->sender_out || waits_for_window(r) || talk_offends(sender) || talk_offends(receiver) ||
           talk_is_in_handshake(sender, receiver) ||
           (said.entirety == ENTIRE_CUT && said.is_certain) ||
           (heard.entirety == ENTIRE_CUT && heard.is_certain) ||
           (talk_counts(asker) && talk_asks(asker)) || said.entirety == ENTIRE_BY_CLOSE ||
           heard.entirety == ENTIRE_BY_CLOSE;
}

/* How well it fits that nothing was owed, where something seems to have been. */
static enum fit may_be_finished(const struct reset *r)
{
    if (was_plainly_unfinished(r))
        return FIT_REFUTED;
    return r->receiver_out || r->ahead ? FIT_FAINT : FIT_POSSIBLE;
}

static bool is_finished(const struct reset *r)
{
    return closes_in_place_of_fin(r) || is_behind_own_fin(r) ||
           (!r->sender->fin_frame && (r->finished || r->finished_by_reset));
}

/* Some stacks reset what comes behind their FIN in the form of a live socket. */
static bool was_asked_behind_fin(const struct reset *r)
{
    return r->sender->fin_frame && !r->sender_is_client &&
           r->receiver->word_frame > r->sender->fin_frame;
}

/* Programs drop kept connections after a whole multiple of a few seconds; who loses the race with
 * that asks right then. */
static bool is_round(int64_t kept_ns)
{
    int64_t unit_ns = duration_of_ms(LIMIT_KEPT_ROUND_MS);
    int64_t off_ns = duration_of_ms(LIMIT_KEPT_ROUND_OFF_MS);

    return (kept_ns + off_ns) % unit_ns <= off_ns + off_ns;
}

/* The server had been kept for longer than ever before, and reset the next request sooner than it
 * ever answered one. */
static bool lost_race(const struct reset *r)
{
    return !r->sender_is_client && !r->receiver->fin_frame && r->sender->talk.answered &&
           r->kept.ns >= duration_of_ms(LIMIT_KEPT_MS) && r->kept.ns > r->kept.survived_ns &&
           r->kept.fastest_ns && r->kept.asked_ns < r->kept.fastest_ns;
}

static enum fit race_fits(const struct reset *r)
{
    if (!lost_race(r))
        return FIT_REFUTED;
    return is_round(r->kept.ns) ? FIT_LIKELY : FIT_POSSIBLE;
}

void living_ask(const struct reset *r, struct answers *a)
{
    struct answer *owed =
        &a->debt[DEBT_SENDER]; /* or its receiver's: it makes no difference here */
    enum fit race = race_fits(r);

    answer_fits(&a->maker[MAKER_PROGRAM], FIT_LIKELY, OBJECTION_NONE);
    answer_fits(&a->maker[MAKER_DEATH], FIT_POSSIBLE, OBJECTION_ALONE);
    if (closes_in_place_of_fin(r) && peer_went_without(r)) { /* it is the other one who left */
        answer_fits(&a->stage[STAGE_CLOSED], FIT_POSSIBLE, OBJECTION_NONE);
        answer_fits(&a->debt[DEBT_RECEIVER], FIT_POSSIBLE, OBJECTION_NONE);
    }
    if (was_asked_behind_fin(r))
        answer_fits(&a->debt[DEBT_UNASKED], r->bare ? FIT_FAINT : FIT_POSSIBLE,
                    OBJECTION_LIVE_FORM);
    if (race)
        answer_fits(&a->debt[DEBT_UNASKED], race, OBJECTION_NOT_ROUND);
    if (is_finished(r)) {
        answer_fits(&a->debt[DEBT_NOTHING], FIT_LIKELY, OBJECTION_NONE);
        answer_fits(owed, FIT_POSSIBLE, OBJECTION_ANSWERED);
        answer_fits(&a->maker[MAKER_DEATH], FIT_REFUTED, OBJECTION_NONE);
    } else if (r->ahead || r->bare) { /* what it had received by then is not known */
        answer_fits(owed, FIT_POSSIBLE, OBJECTION_NONE);
        answer_fits(&a->maker[MAKER_DEATH], FIT_FAINT, OBJECTION_ALONE);
        answer_fits(&a->debt[DEBT_NOTHING], may_be_finished(r), OBJECTION_STILL_OPEN);
    } else {
        answer_fits(owed, race == FIT_LIKELY ? FIT_POSSIBLE : FIT_LIKELY, OBJECTION_RACE);
        answer_fits(&a->debt[DEBT_NOTHING], may_be_finished(r), OBJECTION_STILL_OPEN);
    }
}

void detail_abort(const struct reset *r, struct verdict *v)
{
    bool unread = note_unread(r, v);

    v->detail = abort_detail(r, unread);
    note_wait(r, v);
    note_unfinished(r, v);
    if (race_fits(r))
        verdict_note(v, CLUE_KEPT_UNTIL_ASKED, r->receiver->word_frame, r->kept.ns, 0);
}
