/* Segments that are out of place where they came, and resets that are out of place themselves.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "details.h"
#include "duration.h"
#include "limit.h"
#include "questions.h"
#include "reason.h"
#include "seq.h"

bool misplaced_flags(const struct reset *r)
{
    const struct side *caller = r->receiver;
    bool bare_to_syn = !(r->seg->flags & SEGMENT_ACK) && caller->syn_frame && !caller->has_acked &&
                       !r->sender->seen;

    return r->seg->flags & (SEGMENT_SYN | SEGMENT_FIN) || bare_to_syn;
}

/* A half-open connection discovered: RFC 9293, 3.5.1, figure 9. */
static bool is_stale_socket(const struct reset *r)
{
    const struct side *caller = r->sender;

    return reset_trigger_is_bare(r, SEGMENT_ACK) && caller->syn_frame && !caller->syn_ack &&
           !r->receiver->syn_frame && r->trigger->ack != caller->isn + 1 &&
           caller->snd_nxt == caller->isn + 1;
}

enum fit misplaced_here(const struct reset *r)
{
    if (reset_is_stray(r))
        return FIT_POSSIBLE;
    if (reset_only_follows(r))
        return FIT_LIKELY;
    if (!r->trigger || r->sender->fin_frame)
        return FIT_REFUTED;
    return is_stale_socket(r) || reset_follows_another(r) || !r->sender->seen ? FIT_LIKELY
                                                                              : FIT_REFUTED;
}

static void detail_stale_socket(const struct reset *r, struct verdict *v)
{
    const struct ttls *elsewhere = &r->elsewhere[r->receiver_side];

    v->detail = DETAIL_STALE_SOCKET;
    v->syn = r->sender->syn_frame;
    if (elsewhere->shown[0] && !ttls_has(elsewhere, r->receiver->ttls.shown[0]))
        verdict_note(v, CLUE_STRANGE_CHALLENGE, r->trigger->frame, r->receiver->ttls.shown[0],
                     elsewhere->shown[0]);
    verdict_prove(v, r->trigger->frame);
    verdict_note(v, CLUE_CHALLENGE, r->trigger->frame, r->trigger->ack, r->sender->isn + 1);
}

static void detail_consequence(const struct reset *r, struct verdict *v)
{
    v->detail = DETAIL_CONSEQUENCE;
    v->killed_by = flow_reset(r->flow, r->receiver_side)->first_frame;
    verdict_note(v, CLUE_KILLED_BEFORE, v->killed_by, 0, 0);
}

/* What it had taken, and cannot answer any more. */
static void note_open_question(const struct reset *r, struct verdict *v)
{
    struct question question = flow_question(r->flow);

    if (question.is_open && question.is_acked && flow_asker(r->flow) == r->receiver_side)
        verdict_note(v, CLUE_STOOD_OPEN, question.frame, r->seg->time_ns - question.since_ns, 0);
}

/* Nothing of the connection is left at its side, or never was. */
static void find_what_it_knew(const struct reset *r, struct verdict *v)
{
    if (!r->trigger)
        return;
    if (!r->sender->seen) {
        v->detail = r->trigger->len && r->trigger->flags & SEGMENT_PSH ? DETAIL_MIDSTREAM
                                                                       : DETAIL_UNSOLICITED;
        verdict_note(v, CLUE_NOBODY_ASKED, r->trigger->frame, 0, 0);
    } else {
        v->detail = reset_is_lately(r) ? DETAIL_NONE : DETAIL_RESTARTED;
        verdict_note(v, CLUE_HEARD, r->sender->heard_frame, r->seg->time_ns - r->sender->heard_ns,
                     0);
        note_open_question(r, v);
    }
}

/* The other side only closes what is no more, and nothing was left to be said in it. */
static bool is_let_go(const struct reset *r)
{
    return r->finished && (reset_trigger_is_bare(r, SEGMENT_FIN) ||
                           reset_trigger_is_bare(r, SEGMENT_FIN | SEGMENT_ACK));
}

void detail_no_connection(const struct reset *r, struct verdict *v)
{
    if (reset_is_stray(r))
        return;
    if (is_stale_socket(r)) {
        detail_stale_socket(r, v);
        return;
    }
    if (reset_follows_another(r))
        detail_consequence(r, v);
    else
        find_what_it_knew(r, v);
    if (is_let_go(r))
        v->severity = SEVERITY_CHAT;
}

/* "If the connection is in any non-synchronized state [...] and the incoming segment
 *  acknowledges something not yet sent, [...] a reset is sent."     RFC 9293, 3.5.2 */
enum fit misplaced_protocol(const struct reset *r)
{
    if (reset_blames_protocol(r))
        return r->sender->fin_frame ? FIT_POSSIBLE : FIT_LIKELY;
    return reason_is_mptcp(r->seg) ? FIT_FAINT : FIT_REFUTED;
}

void detail_protocol_error(const struct reset *r, struct verdict *v)
{
    if (reset_answers_bad_ack(r)) {
        v->detail = DETAIL_BAD_ACK;
        verdict_note(v, CLUE_BAD_ACK, r->trigger->frame, r->trigger->ack, r->sender->isn + 1);
    } else if (reset_answers_second_syn(r)) {
        v->detail = DETAIL_SYN_IN_WINDOW;
        if (r->flow->open_frame)
            verdict_note(v, CLUE_SECOND_SYN, r->trigger->frame, r->flow->open_frame, 0);
        else
            verdict_note(v, CLUE_SYN_AGAIN, r->trigger->frame, r->sender->syn_frame, 0);
    } else if (reset_answers_unsigned(r)) {
        v->detail = DETAIL_SIGNATURE;
        verdict_note(v, CLUE_UNSIGNED, r->trigger->frame, r->sender->syn_frame, 0);
    } else {
        v->detail = DETAIL_MPTCP;
    }
}

void detail_unknown(const struct reset *r, struct verdict *v)
{
    const struct side *receiver = r->receiver;
    const struct chain *chain = side_retransmission(r->sender);

    if (misplaced_flags(r)) {
        v->detail = DETAIL_MALFORMED;
        v->confidence = CONFIDENCE_LIKELY;
        verdict_note(v, CLUE_FLAGS, 0, 0, 0);
        return;
    }
    v->by = PARTY_UNKNOWN;
    if (!r->sender->seen && !receiver->seen && !receiver->has_reset) {
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
}
