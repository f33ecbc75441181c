/* Rules for segments that fit no connection: no_connection, protocol_error, unknown.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "duration.h"
#include "limit.h"
#include "reason.h"
#include "rules.h"
#include "seq.h"

bool rule_malformed(const struct reset *r, struct verdict *v)
{
    const struct side *caller = r->receiver;
    bool bare_to_syn = !(r->seg->flags & SEGMENT_ACK) && caller->syn_frame && !caller->syn_ack &&
                       !caller->has_acked && !r->sender->seen;

    if (!(r->seg->flags & (SEGMENT_SYN | SEGMENT_FIN)) && !bare_to_syn)
        return false;
    v->detail = DETAIL_MALFORMED;
    v->confidence = CONFIDENCE_LIKELY;
    verdict_note(v, CLUE_FLAGS, 0, 0, 0);
    verdict_suspect(v, CAUSE_INJECTED);
    return true;
}

/* A half-open connection discovered: RFC 9293, 3.5.1, figure 9. */
static bool is_stale_socket(const struct reset *r, struct verdict *v)
{
    const struct side *caller = r->sender;
    const struct ttls *elsewhere = &r->elsewhere[r->receiver_side];

    if (!reset_trigger_is_bare(r, SEGMENT_ACK) || !caller->syn_frame || caller->syn_ack ||
        r->receiver->syn_frame || r->trigger->ack == caller->isn + 1 ||
        caller->snd_nxt != caller->isn + 1)
        return false;
    v->detail = DETAIL_STALE_SOCKET;
    v->confidence = CONFIDENCE_LIKELY; /* until the older connection is found */
    v->syn = caller->syn_frame;
    verdict_suspect(v, CAUSE_INJECTED);
    if (elsewhere->shown[0] && !ttls_has(elsewhere, r->receiver->ttls.shown[0]))
        verdict_note(v, CLUE_STRANGE_CHALLENGE, r->trigger->frame, r->receiver->ttls.shown[0],
                     elsewhere->shown[0]);
    verdict_prove(v, r->trigger->frame);
    verdict_note(v, CLUE_CHALLENGE, r->trigger->frame, r->trigger->ack, caller->isn + 1);
    return true;
}

static bool is_consequence(const struct reset *r, struct verdict *v)
{
    if (!r->receiver->reset_frame || r->receiver->reset_frame >= r->seg->frame)
        return false;
    v->detail = DETAIL_CONSEQUENCE;
    v->killed_by = r->receiver->reset_frame;
    verdict_note(v, CLUE_KILLED_BEFORE, r->receiver->reset_frame, 0, 0);
    verdict_suspect(v, CAUSE_CRASH);
    return true;
}

/* Nothing of the connection is left at its side, or never was. */
static void find_what_it_knew(const struct reset *r, struct verdict *v)
{
    bool lately = r->trigger->time_ns - r->sender->heard_ns < duration_of_ms(LIMIT_RESTART_MS);

    if (!r->sender->seen) {
        v->detail = r->trigger->len && r->trigger->flags & SEGMENT_PSH ? DETAIL_MIDSTREAM
                                                                       : DETAIL_UNSOLICITED;
        verdict_note(v, CLUE_NOBODY_ASKED, r->trigger->frame, 0, 0);
        verdict_suspect(v, r->trigger->len ? CAUSE_CRASH : CAUSE_PROBE);
    } else {
        v->detail = lately ? DETAIL_NONE : DETAIL_RESTARTED;
        verdict_note(v, CLUE_HEARD, r->sender->heard_frame, r->seg->time_ns - r->sender->heard_ns,
                     0);
        if (lately)
            verdict_suspect(v, CAUSE_INJECTED);
        verdict_suspect(v, CAUSE_CRASH);
    }
}

bool rule_no_connection(const struct reset *r, struct verdict *v)
{
    v->confidence = reset_is_stray(r) ? CONFIDENCE_POSSIBLE : CONFIDENCE_LIKELY;
    if (reset_is_stray(r) || (reset_only_follows(r) && is_consequence(r, v)))
        return true;
    if (r->form != FORM_REFLEX || !r->trigger || r->sender->fin_frame || reset_blames_protocol(r))
        return false;
    if (is_stale_socket(r, v))
        return true;
    if (!is_consequence(r, v))
        find_what_it_knew(r, v);
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
        verdict_suspect(v, r->sender_is_client ? CAUSE_PROBE : CAUSE_TURNED_AWAY);
    } else if (reset_answers_second_syn(r)) {
        v->detail = DETAIL_SYN_IN_WINDOW;
        if (r->flow->open_frame)
            verdict_note(v, CLUE_SECOND_SYN, r->trigger->frame, r->flow->open_frame, 0);
        else
            verdict_note(v, CLUE_SYN_AGAIN, r->trigger->frame, r->sender->syn_frame, 0);
        verdict_suspect(v, CAUSE_NO_CONNECTION);
    } else if (reset_answers_unsigned(r)) {
        v->detail = DETAIL_SIGNATURE;
        verdict_note(v, CLUE_UNSIGNED, r->trigger->frame, r->sender->syn_frame, 0);
        verdict_suspect(v, CAUSE_PROBE);
    } else if (reason_is_mptcp_error(r->seg)) {
        v->detail = DETAIL_MPTCP;
        verdict_suspect(v, CAUSE_ABORT);
    } else {
        return false;
    }
    v->confidence = CONFIDENCE_LIKELY;
    return true;
}

bool rule_unknown(const struct reset *r, struct verdict *v)
{
    const struct side *receiver = r->receiver;
    const struct chain *chain = side_retransmission(r->sender);

    v->confidence = CONFIDENCE_POSSIBLE;
    v->by = PARTY_UNKNOWN;
    if (!r->sender->seen && !receiver->seen && !receiver->reset_frame) {
        v->detail = DETAIL_LONE;
    } else if (!receiver->seen || (!r->sender->seen && receiver->has_acked)) {
        v->detail = DETAIL_ONE_SIDED;
    } else if (r->form == FORM_UNCLEAR) {
        v->detail = DETAIL_IMPOSSIBLE;
        verdict_note(v, CLUE_NOT_EXACT, 0, r->seg->seq,
                     receiver->has_acked ? receiver->acked : r->sender->snd_nxt);
    }
    if (chain->count)
        verdict_note(v, CLUE_RETRANSMITTED, chain->first_frame, chain->count,
                     chain->last_ns - chain->first_ns);
    if (r->form == FORM_REFLEX && r->sender->fin_frame) {
        verdict_suspect(v, CAUSE_AFTER_CLOSE);
        verdict_suspect(v, CAUSE_STALE_REUSE);
    } else if (r->form == FORM_REFLEX) {
        verdict_suspect(v, r->ahead ? CAUSE_AFTER_CLOSE : CAUSE_NO_CONNECTION);
    }
    return true;
}
