/* Rules for segments that fit no connection: injected, no_connection, protocol_error, unknown.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "duration.h"
#include "limit.h"
#include "reason.h"
#include "rules.h"
#include "seq.h"

bool rule_malformed(const struct reset *r, struct verdict *v)
{
    const struct side *caller = r->receiver;
    bool bare_to_syn =
        !(r->seg->flags & SEGMENT_ACK) && caller->syn_frame && !caller->syn_ack && !r->sender->seen;

    if (!(r->seg->flags & (SEGMENT_SYN | SEGMENT_FIN)) && !bare_to_syn)
        return false;
    v->detail = DETAIL_MALFORMED;
    v->confidence = CONFIDENCE_LIKELY;
    verdict_note(v, CLUE_FLAGS, 0, 0, 0);
    return true;
}

/* A header that cannot be its sender's. */
static bool is_misfit(const struct reset *r)
{
    const struct side *sender = r->sender;

    return r->form == FORM_ACTIVE && sender->ttl && !sender->ttl_varies && sender->syn_frame &&
           sender->heard_frame != sender->syn_frame && r->seg->ttl != sender->ttl;
}

static void note_misfit(const struct reset *r, struct verdict *v)
{
    const struct side *sender = r->sender;

    verdict_note(v, CLUE_TTL, 0, r->seg->ttl, sender->ttl);
    if (r->seg->has_ip_id && sender->has_ip_id &&
        (uint16_t)(r->seg->ip_id - sender->ip_id) > LIMIT_IP_ID_OFF_STEPS)
        verdict_note(v, CLUE_IP_ID, 0, r->seg->ip_id, sender->ip_id);
}

/*
 * What comes later proves most forgeries (verdict_reconsider); at once only a header shows that
 * does not fit.  Missing timestamps, an IP ID of 0 or another TTL are none of a reflex: the kernel
 * makes it without a socket (Linux, tcp_v4_send_reset()).
 */
bool rule_injected(const struct reset *r, struct verdict *v)
{
    const struct side *sender = r->sender, *receiver = r->receiver;
    bool misfit;

    if (!sender->seen)
        return false;
    misfit = is_misfit(r);
    if (r->seg->is_signed && !sender->is_signed) {
        v->detail = DETAIL_EVASION;
        verdict_note(v, CLUE_SIGNED, 0, 0, 0);
    } else if (!r->trigger && reset_raises_sequence(r->flow, r->seg)) {
        v->detail = DETAIL_SEQUENCE;
        verdict_note(v, CLUE_RISING, sender->reset_frame, r->seg->seq, sender->reset_seq);
    } else if (misfit && side_fin_acked(sender, receiver) && side_fin_acked(receiver, sender)) {
        v->detail = DETAIL_STATE_CLEANUP;
    } else if (misfit && receiver->reset_frame &&
               r->seg->time_ns - receiver->reset_ns <= duration_of_ms(LIMIT_BOTH_WAYS_MS)) {
        v->detail = DETAIL_BOTH_WAYS;
        verdict_note(v, CLUE_KILLED_BEFORE, receiver->reset_frame, 0, 0);
    } else if (misfit) {
        v->detail = DETAIL_MISFIT;
    } else if (r->too_soon && r->idle_ns < r->tuning->idle_ns) { /* else: idle_timeout */
        v->detail = DETAIL_TOO_SOON;
        verdict_note(v, CLUE_TOO_SOON, r->too_soon->frame, r->seg->time_ns - r->too_soon->time_ns,
                     duration_of_us(sender->rtt_us));
        verdict_prove(v, r->too_soon->frame);
    } else {
        return false;
    }
    if (misfit)
        note_misfit(r, v);
    v->by = v->detail == DETAIL_EVASION ? v->by : PARTY_MIDDLEBOX;
    v->confidence = CONFIDENCE_LIKELY;
    verdict_suspect(v, CAUSE_ABORT);
    return true;
}

/* A half-open connection discovered: RFC 9293, 3.5.1, figure 9. */
static bool is_stale_socket(const struct reset *r, struct verdict *v)
{
    const struct side *caller = r->sender;

    if (!reset_trigger_is_bare(r, SEGMENT_ACK) || !caller->syn_frame || caller->syn_ack ||
        r->receiver->syn_frame || r->trigger->ack == caller->isn + 1 ||
        caller->snd_nxt != caller->isn + 1)
        return false;
    v->detail = DETAIL_STALE_SOCKET;
    v->confidence = CONFIDENCE_CERTAIN;
    v->syn = caller->syn_frame;
    verdict_prove(v, r->trigger->frame);
    verdict_note(v, CLUE_CHALLENGE, r->trigger->frame, r->trigger->ack, caller->isn + 1);
    return true;
}

bool rule_no_connection(const struct reset *r, struct verdict *v)
{
    if (reset_is_stray(r)) {
        v->confidence = CONFIDENCE_POSSIBLE;
        verdict_note(v, CLUE_STRAY, r->trigger ? r->trigger->frame : 0, 0, 0);
        return true;
    }
    if (r->form != FORM_REFLEX || !r->trigger || r->sender->fin_frame || reset_blames_protocol(r))
        return false;
    if (is_stale_socket(r, v))
        return true;
    v->confidence = CONFIDENCE_LIKELY;
    if (r->receiver->reset_frame && r->receiver->reset_frame < r->seg->frame) {
        v->detail = DETAIL_CONSEQUENCE;
        v->killed_by = r->receiver->reset_frame;
        verdict_note(v, CLUE_KILLED_BEFORE, r->receiver->reset_frame, 0, 0);
        verdict_suspect(v, CAUSE_CRASH);
    } else if (!r->sender->seen) {
        v->detail = r->trigger->len && r->trigger->flags & SEGMENT_PSH ? DETAIL_MIDSTREAM
                                                                       : DETAIL_UNSOLICITED;
        verdict_note(v, CLUE_NOBODY_ASKED, r->trigger->frame, 0, 0);
        verdict_suspect(v, r->trigger->len ? CAUSE_CRASH : CAUSE_PROBE);
    } else {
        bool lately = r->trigger->time_ns - r->sender->heard_ns < duration_of_ms(LIMIT_RESTART_MS);

        v->detail = lately ? DETAIL_NONE : DETAIL_RESTARTED;
        verdict_note(v, CLUE_HEARD, r->sender->heard_frame, r->seg->time_ns - r->sender->heard_ns,
                     0);
        if (lately)
            verdict_suspect(v, CAUSE_INJECTED);
        verdict_suspect(v, CAUSE_CRASH);
    }
    if (reset_trigger_is_bare(r, SEGMENT_FIN) ||
        reset_trigger_is_bare(r, SEGMENT_FIN | SEGMENT_ACK))
        v->severity = SEVERITY_CHAT;
    return true;
}

/* "If the connection is in any non-synchronized state [...] and the incoming segment
 *  acknowledges something not yet sent, [...] a reset is sent."     RFC 9293, 3.5.2 */
bool rule_protocol_error(const struct reset *r, struct verdict *v)
{
    if (reset_answers_bad_ack(r)) {
        v->detail = DETAIL_BAD_ACK;
        verdict_note(v, CLUE_BAD_ACK, r->trigger->frame, r->trigger->ack, r->sender->isn + 1);
    } else if (reset_answers_second_syn(r)) {
        v->detail = DETAIL_SYN_IN_WINDOW;
        verdict_note(v, CLUE_SECOND_SYN, r->trigger->frame, r->flow->open_frame, 0);
    } else if (reason_is_mptcp_error(r->seg)) {
        v->detail = DETAIL_MPTCP;
    } else {
        return false;
    }
    v->confidence = CONFIDENCE_LIKELY;
    return true;
}

bool rule_unknown(const struct reset *r, struct verdict *v)
{
    v->confidence = CONFIDENCE_POSSIBLE;
    v->by = PARTY_UNKNOWN;
    if (!r->sender->seen && !r->receiver->seen) {
        v->detail = DETAIL_LONE;
    } else if (!r->receiver->seen || !r->sender->seen) {
        v->detail = DETAIL_ONE_SIDED;
    } else if (r->form == FORM_UNCLEAR) {
        v->detail = DETAIL_IMPOSSIBLE;
        verdict_note(v, CLUE_NOT_EXACT, 0, r->seg->seq,
                     r->receiver->has_acked ? r->receiver->acked : r->sender->snd_nxt);
    }
    return true;
}
