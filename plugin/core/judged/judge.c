/* From one reset and the flow it ends to a verdict with its evidence.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge.h"

#include "duration.h"
#include "limit.h"
#include "rules.h"
#include "seq.h"

/* In the order of cause_table. */
static rule_fn *const rules[] = {
#define CAUSE(NUMBER, ID, token, ...) rule_##token,
#include "causes.def"
};

static struct run run_of(const struct chain *chain)
{
    return (struct run){ chain->first_frame, chain->last_frame, chain->count };
}

/* A live socket of Linux resets with its window; Windows, BSD and gVisor with none. */
static void name_stacks(const struct reset *r, struct verdict *v)
{
    bool windowless = r->form == FORM_ACTIVE && !r->seg->window && r->sender->window;

    v->sender_may_be_linux =
        !windowless && verdict_ttl_may_be_linux(r->sender->ttl ? r->sender->ttl : r->seg->ttl);
    v->receiver_may_be_linux = verdict_ttl_may_be_linux(r->receiver->ttl);
    v->said_goodbye = r->flow->started && flow_says_farewell(r->flow, r->sender_side);
}

/* What can be said of every reset, whatever its cause. */
static struct verdict describe(const struct reset *r)
{
    const struct side *sender = r->sender, *receiver = r->receiver;
    struct verdict v = {
        .frame = r->seg->frame,
        .seq = r->seg->seq,
        .time_ns = r->seg->time_ns,
        .bare = !(r->seg->flags & SEGMENT_ACK) && !(r->trigger && r->trigger->len),
        .form = r->form,
        .sender = (uint8_t)r->sender_side,
        .sender_is_client = r->sender_is_client,
        .client_known = r->flow->opener_known,
        .by = r->sender_is_client ? PARTY_CLIENT : PARTY_SERVER,
        .fin = sender->fin_frame,
        .fin_peer = receiver->fin_frame,
        .syn = r->flow->side[r->flow->opener == 1].syn_frame,
        .since_fin_ns = -1,
        .since_trigger_ns = -1,
        .since_open_ns = -1,
        .idle_ns = -1,
        .unanswered_ns = -1,
        .waited_ns = -1,
        .quiet_ns = receiver->seen ? r->quiet_ns : -1,
        .lost_sender = r->sender_out,
        .lost_receiver = r->receiver_out > r->acks_more ? r->receiver_out - r->acks_more : 0,
        .missing = sender->fin_frame ? talk_ending(&sender->talk).missing : 0,
    };

    name_stacks(r, &v);
    if (!sender->syn_frame && !receiver->syn_frame)
        v.syn = 0;
    if (r->trigger) {
        v.trigger = r->trigger->frame;
        v.since_trigger_ns = r->seg->time_ns - r->trigger->time_ns;
        v.late_write =
            r->trigger->len && sender->fin_frame && seq_after(r->trigger->ack, sender->fin_seq);
    }
    if (sender->fin_frame)
        v.since_fin_ns = duration_distance_ns(r->trigger ? r->trigger->time_ns : r->seg->time_ns,
                                              sender->fin_ns);
    else if (receiver->fin_frame)
        v.since_fin_ns = r->seg->time_ns - receiver->fin_ns;
    if (r->flow->open_frame)
        v.since_open_ns = r->seg->time_ns - r->flow->open_ns;
    if (r->flow->started)
        v.idle_ns = r->idle_ns;
    if (side_retransmission(sender)->count)
        v.retransmission = run_of(side_retransmission(sender));
    if (side_probe(sender)->count >= LIMIT_PROBES)
        v.probe = run_of(side_probe(sender));
    if (side_retransmission(sender)->count)
        v.unanswered_ns =
            side_retransmission(sender)->last_ns - side_retransmission(sender)->first_ns;
    return v;
}

/* What else of the header fits its sender; what does not is the business of rule_injected(). */
static void note_provenance(const struct reset *r, struct verdict *v)
{
    const struct side *sender = r->sender;
    uint16_t step = (uint16_t)(r->seg->ip_id - sender->ip_id);

    if (!sender->seen || !sender->ttl || sender->ttl_varies)
        return;
    if (r->form == FORM_REFLEX && r->seg->ttl != sender->ttl)
        verdict_note(v, CLUE_TTL_DEFAULT, 0, r->seg->ttl, sender->ttl);
    else if (r->form == FORM_ACTIVE && r->seg->ttl == sender->ttl && r->seg->has_ip_id && step &&
             step <= LIMIT_IP_ID_NEAR_STEPS)
        verdict_note(v, CLUE_TTL_AND_IP_ID, 0, r->seg->ttl, step);
    else if (r->form == FORM_ACTIVE && r->seg->ttl == sender->ttl)
        verdict_note(v, CLUE_TTL_SAME, 0, r->seg->ttl, 0);
}

/* How the header tells the form: the arithmetic a reader can check. */
static void note_form(const struct reset *r, struct verdict *v)
{
    const struct segment *rst = r->seg;
    uint32_t frame = r->trigger ? r->trigger->frame : 0;

    if (r->closed_socket)
        verdict_note(v, CLUE_CLOSED_SOCKET, frame, rst->seq, rst->ack);
    else if (r->form == FORM_REFLEX && rst->flags & r->trigger->flags & SEGMENT_ACK)
        verdict_note(v, CLUE_REFLEX_ACKS, frame, rst->seq, rst->ack);
    else if (r->form == FORM_REFLEX && rst->flags & SEGMENT_ACK)
        verdict_note(v, CLUE_REFLEX_NO_ACK, frame, rst->ack, 0);
    else if (r->form == FORM_REFLEX)
        verdict_note(v, CLUE_REFLEX, frame, rst->seq, rst->window);
    else if (r->ahead)
        verdict_note(v, CLUE_ACTIVE_AHEAD, 0, rst->seq, seq_ahead(rst->seq, r->sender->snd_nxt));
    else if (r->bare)
        verdict_note(v, CLUE_ACTIVE_BARE, 0, rst->seq, 0);
    else if (r->form == FORM_ACTIVE)
        verdict_note(v, CLUE_ACTIVE, 0, rst->seq, rst->ack);
    if (r->fitting > 1)
        verdict_note(v, CLUE_ONE_OF, 0, r->fitting, r->receiver_out);
    note_provenance(r, v);
}

/*
 * "1) If the RST bit is set and the sequence number is outside the current receive window,
 *     silently drop the reset.  2) If the RST bit is set and the sequence number exactly matches
 *     the next expected sequence number (RCV.NXT), then TCP endpoints MUST reset"
 *                                                                         RFC 9293, 3.10.7.4
 */
static enum effect find_effect(const struct reset *r)
{
    const struct side *sender = r->sender, *receiver = r->receiver;

    if (receiver->syn_frame && !receiver->syn_ack && !sender->seen)
        return r->seg->flags & SEGMENT_ACK && r->seg->ack == receiver->snd_nxt ? EFFECT_RESET
                                                                               : EFFECT_NONE;
    if (!receiver->has_acked || !sender->seen)
        return EFFECT_UNKNOWN;
    if (side_fin_acked(receiver, sender) && side_fin_acked(sender, receiver))
        return EFFECT_NONE; /* nothing was left to reset */
    if (seq_before(r->seg->seq, receiver->acked) &&
        !(sender->fin_frame && r->seg->seq == sender->fin_seq))
        return EFFECT_NONE;
    return seq_after(r->seg->seq, sender->snd_nxt) && !r->ahead ? EFFECT_NONE : EFFECT_RESET;
}

/* A capture of one side is never certain, nor is one without its handshake, or with gaps. */
static void doubt(const struct reset *r, struct verdict *v)
{
    const struct flow *flow = r->flow;
    bool gaps = r->sender->lost_segments || r->receiver->lost_segments || r->sender->talk.lost ||
                r->receiver->talk.lost;

    if (!r->receiver->seen && flow->started) {
        verdict_note(v, CLUE_ONE_DIRECTION, 0, 0, 0);
        v->confidence = CONFIDENCE_POSSIBLE;
    }
    if ((r->sender->talk.snapped || r->receiver->talk.snapped) &&
        cause_info(v->cause)->rests_on_words) {
        verdict_note(v, CLUE_SNAPPED, 0, 0, 0);
        v->confidence = CONFIDENCE_POSSIBLE;
    }
    if (flow->started && !flow->opener_known)
        verdict_note(v, CLUE_HANDSHAKE_NOT_SEEN, 0, 0, 0);
    if ((!flow->opener_known || gaps) && v->confidence == CONFIDENCE_CERTAIN)
        v->confidence = CONFIDENCE_LIKELY;
    if (v->confidence == CONFIDENCE_CERTAIN)
        verdict_forget_suspects(v); /* no other row fits */
}

/* A first reset that did not end the connection is no model for the next one. */
static bool is_repeat(const struct verdict *first, const struct reset *r)
{
    if (!first || verdict_ends_nothing(first))
        return false;
    switch (cause_info(first->cause)->next_reset) {
    case NEXT_REPEATS_UNTIL_OPEN:
        return !r->sender->syn_frame;
    case NEXT_REPEATS_IN_BURST:
        return false;
    case NEXT_REPEATS:
        break;
    }
    return true;
}

/*
 * A side that goes on after its reset did not send it.  Not so where the reset ended nothing, or
 * where a program goes on behind its own kernel's back (a scanner).
 */
static bool is_overturnable(const struct verdict *v)
{
    return !cause_info(v->cause)->may_go_on && !verdict_ends_nothing(v);
}

/* Forgers seldom send one reset only. */
static bool is_of_the_same_burst(const struct verdict *first, const struct verdict *v)
{
    return cause_info(first->cause)->next_reset == NEXT_REPEATS_IN_BURST &&
           v->cause == first->cause &&
           v->time_ns - first->time_ns <= duration_of_ms(LIMIT_RESET_BURST_MS);
}

struct verdict judge_reset(const struct flow *flow, struct trail *trail, const struct segment *rst,
                           const struct verdict *first, const struct tuning *tuning)
{
    struct reset r = reset_in_context(flow, trail, rst, tuning);
    struct verdict v = describe(&r);

    note_form(&r, &v);
    v.effect = find_effect(&r);
    if (is_repeat(first, &r)) {
        verdict_inherit(&v, first);
        v.repeat_of = first->frame;
    } else if (rule_malformed(&r, &v)) {
        v.cause = CAUSE_UNKNOWN;
    } else {
        for (size_t i = 0; i < cause_count; i++) {
            if (!rules[i](&r, &v))
                continue;
            v.cause = cause_table[i].cause;
            break;
        }
    }
    if (first && is_of_the_same_burst(first, &v)) {
        verdict_inherit(&v, first);
        v.repeat_of = first->frame;
    }
    if (!v.repeat_of)
        doubt(&r, &v);
    if (v.severity == SEVERITY_DEFAULT) /* the rule has not said more */
        v.severity = cause_severity(v.cause, v.detail);
    v.overturnable = is_overturnable(&v);
    v.provisional = v.overturnable || cause_comparison(v.cause, v.detail) != COMPARED_WITH_NOTHING;
    if (r.trigger)
        trail_step(trail, r.trigger->serial)->spent = true;
    return v;
}
