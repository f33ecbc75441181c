/* An earlier verdict in the light of a later segment of the same connection.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge.h"

#include "duration.h"
#include "limit.h"
#include "seq.h"

bool judge_overtook(const struct verdict *v, const struct segment *later)
{
    if (later->time_ns - v->time_ns > duration_of_ms(LIMIT_OVERTAKEN_MS) ||
        !(later->len || later->flags & SEGMENT_FIN) || later->flags & (SEGMENT_RST | SEGMENT_SYN))
        return false;
    if (later->side == v->sender)
        return v->form == FORM_UNCLEAR && segment_end(later) == v->seq;
    return v->bare && later->flags & SEGMENT_ACK && later->ack == v->seq;
}

/* It fits nothing that the connection shows. */
static bool is_unexplained(const struct verdict *v)
{
    return v->effect == EFFECT_NONE && cause_info(v->cause)->family == FAMILY_UNKNOWN;
}

/* Whether the segment brings what its sender had not sent at the time of its reset. */
static bool brings_news(const struct segment *later, const struct flow *flow)
{
    const struct side *side = &flow->side[later->side];

    if (later->flags & SEGMENT_RST)
        return false;
    if (segment_has(later, SEGMENT_SYN | SEGMENT_ACK))
        return !side->seen; /* it takes the connection that it "refused" */
    return later->len > LIMIT_PROBE_BYTES && side->seen &&
           seq_after(segment_end(later), side->snd_nxt);
}

static void overturn(struct verdict *v, enum detail detail, uint32_t proof)
{
    bool of_its_sender = v->cause == CAUSE_INJECTED && v->by != PARTY_MIDDLEBOX;

    if (v->cause != CAUSE_INJECTED) {
        verdict_forget_suspects(v);
        verdict_suspect(v, v->cause);
        v->confidence = CONFIDENCE_LIKELY;
    } else if (v->confidence == CONFIDENCE_LIKELY) {
        v->confidence = CONFIDENCE_CERTAIN; /* its header did not fit either */
        verdict_forget_suspects(v);
    }
    v->cause = CAUSE_INJECTED;
    if (!of_its_sender) {
        v->detail = detail;
        v->by = PARTY_MIDDLEBOX;
    }
    v->severity = cause_severity(v->cause, v->detail);
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

    return is_unexplained(v) && !v->proof[0] && later->side != v->sender && !later->len &&
           later->flags == SEGMENT_ACK && later->seq == side->snd_nxt &&
           later->ack == side->acked &&
           later->time_ns - v->time_ns <= duration_of_ms(LIMIT_CHALLENGE_MS);
}

/* Shown behind the reset, but sent before it. */
static bool left_before(const struct verdict *v, const struct segment *later)
{
    return later->time_ns - v->time_ns <= duration_of_ms(LIMIT_OVERTAKEN_MS) &&
           !seq_after(segment_end(later), v->seq);
}

bool judge_reconsider(struct verdict *v, const struct flow *flow, const struct segment *later)
{
    bool by_sender = later->side == v->sender;
    bool next_reset =
        by_sender && later->flags & SEGMENT_RST && flow->side[later->side].reset_frame == v->frame;

    if (!v->overturnable)
        return false;
    if (is_challenge(v, flow, later)) {
        verdict_note(v, CLUE_CHALLENGED, later->frame, later->ack, 0);
        verdict_prove(v, later->frame);
        return true;
    }
    if (next_reset && reset_raises_sequence(flow, later)) {
        verdict_note(v, seq_after(later->seq, v->seq) ? CLUE_RAISED : CLUE_REVERSED, later->frame,
                     later->seq, v->seq);
        overturn(v, DETAIL_SEQUENCE, later->frame);
        return true;
    }
    if (!brings_news(later, flow) || judge_overtook(v, later))
        return false;
    if (is_unexplained(v)) {
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
