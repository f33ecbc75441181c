/* From one reset and the flow it ends to a verdict with its evidence.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict.h"

#include "duration.h"
#include "rules.h"
#include "seq.h"

enum { PROBES_MIN = 2, IP_ID_STEPS_MAX = 64 };

static const int64_t reordering_ns = INT64_C(2000000);
static const int64_t back_to_back_ns = INT64_C(2000000000);

/* In the order of cause_table. */
static rule_fn *const rules[] = {
#define CAUSE(NUMBER, ID, token, ...) rule_##token,
#include "causes.def"
};

void verdict_note(struct verdict *v, enum clue_kind kind, uint32_t frame, int64_t n, int64_t m)
{
    if (v->clue_count < CLUE_MAX)
        v->clue[v->clue_count++] = (struct clue){ .kind = kind, .frame = frame, .n = n, .m = m };
}

void verdict_suspect(struct verdict *v, enum cause cause)
{
    for (int i = 0; i < ALTERNATIVE_MAX; i++) {
        if (v->alternative[i] == cause || v->cause == cause)
            return;
        if (v->alternative[i] == CAUSE_NONE) {
            v->alternative[i] = cause;
            return;
        }
    }
}

static void forget_alternatives(struct verdict *v)
{
    for (int i = 0; i < ALTERNATIVE_MAX; i++)
        v->alternative[i] = CAUSE_NONE;
}

void verdict_prove(struct verdict *v, uint32_t frame)
{
    for (int i = 0; i < PROOF_MAX; i++) {
        if (v->proof[i] == frame)
            return;
        if (!v->proof[i]) {
            v->proof[i] = frame;
            return;
        }
    }
}

static struct run run_of(const struct chain *chain)
{
    return (struct run){ chain->first_frame, chain->last_frame, chain->count };
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
        .quiet_ns = receiver->seen ? r->quiet_ns : -1,
        .lost_sender = r->sender_out,
        .lost_receiver = r->receiver_out > r->acks_more ? r->receiver_out - r->acks_more : 0,
        .missing = sender->fin_frame ? talk_ending(&sender->talk).missing : 0,
    };

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
    if (side_probe(sender)->count >= PROBES_MIN)
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
             step <= IP_ID_STEPS_MAX)
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

/* "A one-sided capture is never certain", nor is one without its handshake, or with gaps. */
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
        forget_alternatives(v); /* "no other row fits" */
}

static enum severity severity_of(const struct verdict *v)
{
    const struct detail_info *detail = detail_info(v->detail);

    if (v->severity != SEVERITY_DEFAULT)
        return v->severity;
    if (detail && detail->severity != SEVERITY_DEFAULT)
        return detail->severity;
    return cause_info(v->cause)->severity;
}

/* A first reset that did not end the connection is no model for the next one. */
static bool is_repeat(const struct verdict *first, const struct reset *r)
{
    if (!first)
        return false;
    if (first->cause == CAUSE_REFUSED)
        return !r->sender->syn_frame;
    return first->cause != CAUSE_INJECTED && first->detail != DETAIL_STALE_SOCKET;
}

bool verdict_overtook(const struct verdict *v, const struct segment *later)
{
    if (later->time_ns - v->time_ns > reordering_ns || !later->len ||
        later->flags & (SEGMENT_RST | SEGMENT_SYN))
        return false;
    if (later->side == v->sender)
        return v->form == FORM_UNCLEAR && segment_end(later) == v->seq;
    return v->bare && later->flags & SEGMENT_ACK && later->ack == v->seq;
}

void verdict_inherit(struct verdict *v, const struct verdict *first)
{
    v->cause = first->cause;
    v->detail = first->detail;
    v->confidence = first->confidence;
    v->severity = first->severity;
    v->by = first->by;
    for (int i = 0; i < ALTERNATIVE_MAX; i++)
        v->alternative[i] = first->alternative[i];
}

/*
 * A side that goes on after its reset did not send it.  Not so where the reset did not speak of
 * this connection, or where a program goes on behind its own kernel's back (a scanner).
 */
static bool is_overturnable(const struct verdict *v)
{
    return v->cause != CAUSE_PROBE && v->cause != CAUSE_REFUSED && v->detail != DETAIL_STALE_SOCKET;
}

/* Forgers seldom send one reset only. */
static bool is_of_the_same_burst(const struct verdict *first, const struct verdict *v)
{
    return first->cause == CAUSE_INJECTED && v->cause == CAUSE_INJECTED &&
           v->time_ns - first->time_ns <= back_to_back_ns;
}

struct verdict verdict_reach(const struct flow *flow, struct trail *trail,
                             const struct segment *rst, const struct verdict *first,
                             const struct tuning *tuning)
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
    v.severity = severity_of(&v);
    v.overturnable = is_overturnable(&v);
    v.provisional = v.overturnable || v.cause == CAUSE_PROBE || v.cause == CAUSE_REFUSED;
    if (r.trigger)
        trail_step(trail, r.trigger->serial)->spent = true;
    return v;
}

/* Whether the segment brings what its sender had not sent when it "reset" the connection. */
static bool brings_news(const struct segment *later, const struct flow *flow)
{
    const struct side *side = &flow->side[later->side];

    if (later->flags & SEGMENT_RST)
        return false;
    if (segment_has(later, SEGMENT_SYN | SEGMENT_ACK))
        return !side->seen; /* it takes the connection that it "refused" */
    return later->len > 1 && side->seen && seq_after(segment_end(later), side->snd_nxt);
}

static bool raises_sequence(const struct verdict *v, const struct flow *flow,
                            const struct segment *later)
{
    const struct side *side = &flow->side[later->side], *other = &flow->side[!later->side];

    return later->flags & SEGMENT_RST && side->reset_frame == v->frame &&
           side->heard_ns <= side->reset_ns && later->time_ns - side->reset_ns <= back_to_back_ns &&
           seq_after(later->seq, v->seq) && seq_after(later->seq, side->snd_nxt) &&
           !(other->has_acked && other->acked == later->seq);
}

static void overturn(struct verdict *v, enum detail detail, uint32_t proof)
{
    if (v->cause != CAUSE_INJECTED) {
        forget_alternatives(v);
        verdict_suspect(v, v->cause);
        v->confidence = CONFIDENCE_LIKELY;
    } else if (v->confidence == CONFIDENCE_LIKELY) {
        v->confidence = CONFIDENCE_CERTAIN; /* its header did not fit either */
        forget_alternatives(v);
    }
    v->cause = CAUSE_INJECTED;
    if (v->detail != DETAIL_EVASION) {
        v->detail = detail;
        v->by = PARTY_MIDDLEBOX;
    }
    v->severity = SEVERITY_DEFAULT;
    v->severity = severity_of(v);
    v->overturnable = v->provisional = false;
    verdict_prove(v, proof);
}

/*
 * "3) If the RST bit is set and the sequence number does not exactly match the next expected
 *     sequence value, yet is within the current receive window, TCP endpoints MUST send an
 *     acknowledgment (challenge ACK)."                              RFC 9293, 3.10.7.4
 */
static bool is_challenge(const struct verdict *v, const struct flow *flow,
                         const struct segment *later)
{
    const struct side *side = &flow->side[later->side];

    return v->effect == EFFECT_NONE && v->cause == CAUSE_UNKNOWN && !v->proof[0] &&
           later->side != v->sender && !later->len && later->flags == SEGMENT_ACK &&
           later->seq == side->snd_nxt && later->ack == side->acked &&
           later->time_ns - v->time_ns <= back_to_back_ns;
}

/* Shown behind the reset, but sent before it. */
static bool left_before(const struct verdict *v, const struct segment *later)
{
    return later->time_ns - v->time_ns <= reordering_ns && !seq_after(segment_end(later), v->seq);
}

bool verdict_reconsider(struct verdict *v, const struct flow *flow, const struct segment *later)
{
    bool by_sender = later->side == v->sender;

    if (!v->overturnable)
        return false;
    if (is_challenge(v, flow, later)) {
        verdict_note(v, CLUE_CHALLENGED, later->frame, later->ack, 0);
        verdict_prove(v, later->frame);
        return true;
    }
    if (by_sender && raises_sequence(v, flow, later)) {
        verdict_note(v, CLUE_RAISED, later->frame, later->seq, v->seq);
        overturn(v, DETAIL_SEQUENCE, later->frame);
        return true;
    }
    if (!brings_news(later, flow) || verdict_overtook(v, later))
        return false;
    if (v->effect == EFFECT_NONE && v->cause == CAUSE_UNKNOWN) {
        verdict_note(v, by_sender ? CLUE_WENT_ON : CLUE_LIVED_ON, later->frame, later->len, 0);
        overturn(v, DETAIL_BLIND, later->frame);
        return true;
    }
    if (!by_sender || flow->side[later->side].fin_frame || left_before(v, later))
        return false;
    verdict_note(v, CLUE_WENT_ON, later->frame, later->len, 0);
    overturn(v, DETAIL_CONTINUES, later->frame);
    return true;
}
