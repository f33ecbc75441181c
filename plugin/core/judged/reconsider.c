/* An earlier verdict in the light of a later segment of the same connection.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge.h"

#include "seq.h"

static const int64_t reordering_ns = INT64_C(2000000);
static const int64_t back_to_back_ns = INT64_C(2000000000);

bool judge_overtook(const struct verdict *v, const struct segment *later)
{
    if (later->time_ns - v->time_ns > reordering_ns || !later->len ||
        later->flags & (SEGMENT_RST | SEGMENT_SYN))
        return false;
    if (later->side == v->sender)
        return v->form == FORM_UNCLEAR && segment_end(later) == v->seq;
    return v->bare && later->flags & SEGMENT_ACK && later->ack == v->seq;
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
        verdict_forget_suspects(v);
        verdict_suspect(v, v->cause);
        v->confidence = CONFIDENCE_LIKELY;
    } else if (v->confidence == CONFIDENCE_LIKELY) {
        v->confidence = CONFIDENCE_CERTAIN; /* its header did not fit either */
        verdict_forget_suspects(v);
    }
    v->cause = CAUSE_INJECTED;
    if (v->detail != DETAIL_EVASION) {
        v->detail = detail;
        v->by = PARTY_MIDDLEBOX;
    }
    v->severity = SEVERITY_DEFAULT;
    v->severity = verdict_severity(v);
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

bool judge_reconsider(struct verdict *v, const struct flow *flow, const struct segment *later)
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
    if (!brings_news(later, flow) || judge_overtook(v, later))
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
