/* Rules for sides that had closed: after_close, crash, stale_reuse, early_close.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "duration.h"
#include "limit.h"
#include "rules.h"
#include "seq.h"
#include "trigger.h"

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
    return !r->sender_is_client && (r->sender->owed_at_fin || talk_is_cut(&r->sender->talk) ||
                                    talk_broke_off_bulk(&r->sender->talk));
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
static bool both_had_closed(const struct reset *r)
{
    return side_fin_acked(r->receiver, r->sender) && !r->sender_out;
}

/* What came late for a side that had closed alone harms nobody. */
static bool only_housekeeping(const struct reset *r)
{
    if (r->form != FORM_REFLEX || !r->trigger || reset_answers_ack_of_fin(r))
        return false; /* its socket went away at once: fast_close */
    if (owed_an_answer(r) || side_fin_acked(r->receiver, r->sender))
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

/* Right behind long records and without a close_notify nothing tells a whole transfer from one that
 * broke off (RFC 8446, 6.1), unless the last record was as long as the longest. */
static bool may_have_broken_off(const struct reset *r)
{
    const struct side *server = r->sender;

    return !r->sender_is_client && server->talk.protocol == TALK_TLS &&
           !server->talk.close_notify && server->talk.tls.longest >= LIMIT_TRANSFER_RECORD_BYTES &&
           server->fin_ns - server->word_ns < duration_of_ms(LIMIT_KEPT_MS);
}

bool rule_after_close(const struct reset *r, struct verdict *v)
{
    bool both = both_had_closed(r);

    if (!r->sender->fin_frame || reset_is_stray(r))
        return false;
    if (!both && !only_housekeeping(r))
        return false;
    v->detail = housekeeping(r);
    v->confidence = both ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
    note_close(r, v);
    if (both)
        verdict_note(v, CLUE_FIN_PEER, r->receiver->fin_frame,
                     r->seg->time_ns - r->receiver->fin_ns, 0);
    note_late(r, v);
    if (may_have_broken_off(r)) {
        v->severity = SEVERITY_NOTE;
        verdict_suspect(v, CAUSE_CRASH);
    }
    verdict_suspect(v, r->trigger && r->trigger->len ? CAUSE_EARLY_CLOSE : CAUSE_FAST_CLOSE);
    return true;
}

/*
 * A process that dies leaves a FIN, an active RST, or data behind which the FIN waits; a host is
 * silent for a while before it knows nothing.
 */
static bool crash_without_fin(const struct reset *r, struct verdict *v)
{
    bool broken = r->sender_out || talk_is_cut(&r->sender->talk);
    int64_t silent_ns;

    if (!reset_answers_data(r) || !trigger_is_news(r) || !r->sender->seen || !r->receiver->seen ||
        r->receiver->reset_frame || r->receiver->fin_frame || r->sender->fin_unseen ||
        r->idle_ns >= r->tuning->idle_ns || r->trigger->flags & SEGMENT_SYN)
        return false;
    silent_ns = r->trigger->time_ns - r->sender->heard_ns;
    if (!broken && silent_ns < duration_of_ms(LIMIT_RESTART_MS))
        return false;
    if (!broken && r->idle_ns > duration_of_ms(LIMIT_GONE_LATELY_MS))
        return false; /* it may have gone at any time since */
    v->detail = DETAIL_VANISHED;
    v->confidence = CONFIDENCE_LIKELY;
    v->quiet_ns = r->seg->time_ns - r->sender->heard_ns;
    verdict_note(v, CLUE_HEARD, r->sender->heard_frame, v->quiet_ns, 0);
    if (r->sender_out)
        verdict_note(v, CLUE_OWN_DATA_LOST, 0, r->sender_out, 0);
    verdict_suspect(v, CAUSE_NO_CONNECTION);
    verdict_suspect(v, CAUSE_INJECTED);
    return true;
}

static void crash_inside_answer(const struct reset *r, struct verdict *v)
{
    struct ending ending = talk_ending(&r->sender->talk);

    v->detail = DETAIL_TRUNCATED_ANSWER;
    v->confidence = r->sender->talk.protocol == TALK_HTTP1 ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
    if (ending.missing)
        verdict_note(v, CLUE_CUT_SHORT, r->sender->fin_frame, ending.missing, 0);
    else if (ending.cut == CUT_CHUNK)
        verdict_note(v, CLUE_CUT_CHUNKED, r->sender->fin_frame, 0, 0);
    else if (ending.entirety != ENTIRE_CUT)
        verdict_note(v, CLUE_CUT_BULK, 0, r->sender->talk.tls.record, 0);
    if (v->waited_ns >= duration_of_ms(LIMIT_PAUSE_MS)) { /* the length may have been a lie */
        v->confidence = CONFIDENCE_LIKELY;
        verdict_note(v, CLUE_KEPT, r->sender->fin_frame, v->waited_ns, 0);
        verdict_suspect(v, CAUSE_STALE_REUSE);
    }
    verdict_suspect(v, CAUSE_EARLY_CLOSE);
}

/* Whether an exchange was finished before, as far as the capture tells: a greeting answers nothing.
 */
static bool had_answered(const struct reset *r)
{
    const struct side *server = r->sender;

    return server->talk.answered || server->turn_seq != server->isn + 1;
}

bool rule_crash(const struct reset *r, struct verdict *v)
{
    const struct side *sender = r->sender;

    if (!sender->fin_frame)
        return crash_without_fin(r, v);
    if (r->form != FORM_REFLEX || r->sender_is_client || reset_is_stray(r))
        return false;
    if (talk_is_cut(&sender->talk) ||
        (!sender->owed_at_fin && talk_broke_off_bulk(&sender->talk))) {
        crash_inside_answer(r, v);
    } else if (sender->owed_at_fin) {
        v->detail = DETAIL_CLOSED_MID_EXCHANGE;
        v->confidence = CONFIDENCE_LIKELY;
        verdict_suspect(v, CAUSE_EARLY_CLOSE);
    } else if ((sender->mute_at_fin || !had_answered(r)) && r->flow->opener_known &&
               reset_answers_data(r)) {
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

static bool speak_http1(const struct reset *r)
{
    return r->sender->talk.protocol == TALK_HTTP1 && r->receiver->talk.protocol == TALK_HTTP1 &&
           !r->sender->talk.lost && !r->receiver->talk.lost;
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

/* Programs drop kept connections after a whole multiple of a few seconds; who loses the race with
 * that asks right then. */
static bool is_round(int64_t kept_ns)
{
    int64_t unit_ns = duration_of_ms(LIMIT_KEPT_ROUND_MS);
    int64_t off_ns = duration_of_ms(LIMIT_KEPT_ROUND_OFF_MS);

    return (kept_ns + off_ns) % unit_ns <= off_ns + off_ns;
}

bool reset_lost_race(const struct reset *r)
{
    return r->form == FORM_ACTIVE && !r->sender_is_client && !r->sender->fin_frame &&
           !r->receiver->fin_frame && !r->sender_out && r->sender->talk.answered &&
           r->kept.ns >= duration_of_ms(LIMIT_KEPT_MS) && r->kept.ns > r->kept.survived_ns &&
           r->kept.fastest_ns && r->kept.asked_ns < r->kept.fastest_ns;
}

static bool reused_without_fin(const struct reset *r, struct verdict *v)
{
    if (!reset_lost_race(r) || !is_round(r->kept.ns))
        return false;
    v->detail = DETAIL_RESET_RACE;
    v->confidence = CONFIDENCE_LIKELY;
    v->asked = r->receiver->word_frame;
    v->idle_ns = r->kept.ns;
    verdict_note(v, CLUE_KEPT_UNTIL_ASKED, r->receiver->word_frame, r->kept.ns, 0);
    verdict_note(v, CLUE_TOO_QUICK_TO_ANSWER, r->receiver->word_frame, r->kept.asked_ns,
                 r->kept.fastest_ns);
    if (r->kept.survived_ns >= duration_of_ms(LIMIT_KEPT_MS))
        verdict_note(v, CLUE_KEPT_BEFORE, 0, r->kept.survived_ns, 0);
    verdict_suspect(v, CAUSE_ABORT);
    return true;
}

/* Who speaks first asks, as far as nothing is known of the protocol: what comes for it is an
 * answer.
 */
static bool is_undecoded_asker(const struct reset *r)
{
    return r->sender->talk.protocol == TALK_OPAQUE && flow_asker(r->flow) == r->sender_side;
}

bool rule_stale_reuse(const struct reset *r, struct verdict *v)
{
    const struct side *sender = r->sender;
    bool waited = v->waited_ns >= duration_of_ms(LIMIT_KEPT_MS);

    if (!sender->fin_frame)
        return reused_without_fin(r, v);
    if (r->sender_is_client || !reset_answers_data(r) || sender->owed_at_fin ||
        talk_is_cut(&sender->talk) || reset_is_stray(r))
        return false;
    if (is_undecoded_asker(r) || !asks_anew(r))
        return false;
    v->detail = v->late_write ? DETAIL_LATE_WRITE : DETAIL_IN_FLIGHT;
    v->confidence =
        speak_http1(r) && waited && !sender->talk.tunnel ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
    if (waited) /* what people set timers by */
        verdict_note(v, CLUE_KEPT, sender->fin_frame, v->waited_ns, 0);
    note_close(r, v);
    verdict_suspect(v, CAUSE_CRASH);
    return true;
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

bool rule_early_close(const struct reset *r, struct verdict *v)
{
    const struct side *sender = r->sender;

    if (!sender->fin_frame || !reset_answers_data(r) || reset_is_stray(r))
        return false;
    v->detail = left_early(r);
    v->confidence = r->sender_is_client && talk_is_cut(&r->receiver->talk) ? CONFIDENCE_CERTAIN
                                                                           : CONFIDENCE_LIKELY;
    if (!r->sender_is_client && sender->talk.answered)
        verdict_note(v, CLUE_ANSWERED_EARLY, sender->word_frame, 0, 0);
    note_close(r, v);
    verdict_suspect(v, r->sender_is_client ? CAUSE_AFTER_CLOSE : CAUSE_CRASH);
    return true;
}
