/* An earlier verdict in the light of a later segment of the same connection.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge.h"

#include "duration.h"
#include "limit.h"
#include "seq.h"

/* Nothing of the connection is shown since that came some time behind it; nor is this some time
 * before it. */
static bool is_still_near(const struct verdict *v, const struct flow *flow,
                          const struct trail *trail, const struct segment *later)
{
    const struct step *step = trail_step(trail, flow->trail);
    int64_t near_ns = duration_of_ms(LIMIT_OVERTAKEN_MS);

    for (int i = 0; step && step->frame > v->frame && i < LIMIT_LOOK_BACK_STEPS;
         i++, step = trail_step(trail, step->previous))
        if (step->time_ns - v->time_ns > near_ns)
            return false;
    return step && step->frame <= v->frame &&
           duration_distance_ns(later->time_ns, v->time_ns) <= near_ns;
}

bool judge_overtook(const struct verdict *v, const struct flow *flow, const struct trail *trail,
                    const struct segment *later)
{
    bool unexplained = v->form != FORM_ACTIVE && !v->trigger;

    if (!v->provisional || later->flags & SEGMENT_RST || (!segment_span(later) && !unexplained) ||
        !is_still_near(v, flow, trail, later))
        return false;
    if (later->side == v->sender)
        return v->form == FORM_UNCLEAR && segment_end(later) == v->seq;
    if (v->ack)
        return !v->trigger && v->ack == segment_end(later) &&
               (segment_span(later) || !(later->flags & SEGMENT_ACK));
    return v->bare && later->flags & SEGMENT_ACK && later->ack == v->seq;
}

/* It fits nothing that the connection shows. */
static bool is_unexplained(const struct verdict *v)
{
    return v->effect == EFFECT_NONE && cause_info(v->cause)->family == FAMILY_UNKNOWN;
}

/* The cause may be another one now; what it was fits as well. */
static void weigh_anew(struct verdict *v, enum detail detail, uint32_t proof)
{
    verdict_conclude(v, detail);
    v->overturnable = v->provisional = false;
    verdict_prove(v, proof);
}

static void blame_box(struct verdict *v, enum detail detail, uint32_t proof)
{
    verdict_blame(v, MAKER_BOX, OBJECTION_SIGN);
    v->by = PARTY_MIDDLEBOX;
    weigh_anew(v, detail, proof);
}

/* A header that did not fit either makes two signs, and leaves no other maker. */
static void overturn(struct verdict *v, enum detail detail, uint32_t proof)
{
    bool before = verdict_blames(v, MAKER_BOX);

    if (before && v->confidence == CONFIDENCE_LIKELY)
        answers_prefer(v->answers.maker, MAKERS, MAKER_BOX, FIT_PROVEN, OBJECTION_SIGN);
    if (before && v->by != PARTY_MIDDLEBOX)
        weigh_anew(v, v->detail, proof); /* its sender forged it itself */
    else
        blame_box(v, detail, proof);
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
           !seq_after(later->seq + later->len, v->seq);
}

/* A third party's segment says nothing of the side whose name it bears. */
static bool fits_its_sender(const struct flow *flow, const struct segment *later)
{
    const struct ttls *ttls = &flow->side[later->side].ttls;

    return !later->ttl || !ttls_is_stable(ttls) || ttls_has(ttls, later->ttl);
}

/*
 * A program on a raw socket goes on behind the back of its own kernel, which resets what it knows
 * nothing of.  Such a program writes a bare SYN, and keeps no timestamps.
 * Fooled by: a stack of its own in a program, on the address of the host.
 */
static bool may_be_raw_socket(const struct flow *flow, const struct segment *later)
{
    const struct side *opener = &flow->side[later->side];

    return flow->opener == later->side && !opener->talk.spoken &&
           (opener->syn_options <= LIMIT_BARE_SYN_OPTIONS || !later->has_timestamp);
}

static bool brings_data(const struct side *side, const struct segment *later)
{
    return later->len > LIMIT_PROBE_BYTES && side->seen &&
           seq_after(segment_end(later), side->snd_nxt);
}

static bool brings_fin(const struct verdict *v, const struct side *side,
                       const struct segment *later)
{
    return later->flags & SEGMENT_FIN && side->seen && !side->fin_frame &&
           seq_after(segment_end(later), side->snd_nxt) &&
           later->time_ns - v->time_ns > duration_of_ms(LIMIT_RESET_BURST_MS);
}

/* NULL: none that is remembered. */
static const struct step *latest_reset(const struct flow *flow, const struct trail *trail,
                                       unsigned side)
{
    const struct step *step = trail_step(trail, flow->trail);

    for (int i = 0; step && i < LIMIT_LOOK_BACK_STEPS;
         i++, step = trail_step(trail, step->previous))
        if (step->side == side && step->flags & SEGMENT_RST)
            return step;
    return NULL;
}

/* Bytes that the side acknowledges only now; its reset may have acknowledged some. */
static uint32_t acknowledges_more(const struct flow *flow, const struct trail *trail,
                                  const struct segment *later)
{
    const struct side *side = &flow->side[later->side];
    const struct step *rst;

    if (!(later->flags & SEGMENT_ACK) || !side->has_acked || later->flags & SEGMENT_SYN)
        return 0;
    rst = latest_reset(flow, trail, later->side);
    if (!rst)
        return 0;
    return seq_ahead(later->ack, rst->flags & SEGMENT_ACK && seq_after(rst->ack, side->acked)
                                     ? rst->ack
                                     : side->acked);
}

/* The sender of the reset goes on as if it had sent none: notes how. */
static bool goes_on(struct verdict *v, const struct flow *flow, const struct trail *trail,
                    const struct segment *later)
{
    const struct side *side = &flow->side[later->side];
    uint32_t more;

    if (later->flags & SEGMENT_RST || side->fin_frame || left_before(v, later) ||
        !fits_its_sender(flow, later) || may_be_raw_socket(flow, later))
        return false;
    if (brings_data(side, later)) {
        verdict_note(v, CLUE_WENT_ON, later->frame, later->len, 0);
    } else if (brings_fin(v, side, later)) {
        verdict_note(v, CLUE_WENT_ON_FIN, later->frame, later->time_ns - v->time_ns, 0);
    } else {
        more = acknowledges_more(flow, trail, later);
        if (!more)
            return false;
        verdict_note(v, CLUE_WENT_ON_ACK, later->frame, more, 0);
    }
    return true;
}

/* It takes the very SYN that it "refused"; a newer one may find a program that has just begun. */
static bool takes_it(const struct verdict *v, const struct flow *flow, const struct segment *later)
{
    const struct side *opener = &flow->side[!later->side];

    return segment_has(later, SEGMENT_SYN | SEGMENT_ACK) && !flow->side[later->side].seen &&
           opener->syn_frame < v->frame && later->ack == opener->isn + 1 &&
           fits_its_sender(flow, later);
}

/*
 * "<SEQ=SEG.ACK><CTL=RST>"                                         RFC 9293, 3.10.7.1
 * Whoever was refused has nothing to reset but what acknowledges its SYN all the same: the SYN-ACK,
 * though the capture lacks it.  A scanner resets what it likes.
 * Fooled by: a box that resets both ends of a call it does not like.
 */
static bool is_reset_by_refused(const struct verdict *v, const struct flow *flow,
                                const struct segment *later)
{
    const struct side *opener = &flow->side[later->side];

    return later->flags & SEGMENT_RST && later->side != v->sender && opener->syn_frame &&
           !opener->syn_ack && !side_opened_barely(opener) && !flow->side[v->sender].seen &&
           later->seq == opener->isn + 1;
}

/* The same SYN once more, of a full stack: it did not know the answer that it reset. */
static bool asks_again(const struct verdict *v, const struct flow *flow,
                       const struct segment *later)
{
    const struct side *opener = &flow->side[later->side];

    return !verdict_blames(v, MAKER_BOX) && !flow->open_frame && opener->syn_frame &&
           opener->syn_options > LIMIT_BARE_SYN_OPTIONS && flow->side[!later->side].syn_ack &&
           (later->flags & (SEGMENT_SYN | SEGMENT_ACK)) == SEGMENT_SYN;
}

/*
 * "bare" and its neighbour with an ACK flag: whether some segment can have drawn the bare one.  A
 * live socket took what the other one acknowledges; only what came behind that finds nobody.
 */
static bool has_trigger(const struct flow *flow, const struct trail *trail, unsigned receiver,
                        uint32_t bare_seq, uint32_t acked)
{
    const struct step *step = trail_step(trail, flow->trail);
    bool drew = false, drew_behind = true;

    for (int i = 0; step && i < LIMIT_LOOK_BACK_STEPS;
         i++, step = trail_step(trail, step->previous)) {
        if (step->side != receiver || step->flags & SEGMENT_RST)
            continue;
        if (step_end(step) != step->seq && step_end(step) == acked)
            drew_behind = drew;
        drew |= step->flags & SEGMENT_ACK && step->ack == bare_seq;
    }
    return drew_behind;
}

/* Two resets of one side that no single stack makes: the clue says why; CLUE_COUNT: it may. */
static enum clue_kind mixed_how(const struct flow *flow, const struct trail *trail,
                                const struct segment *later)
{
    const struct side *sender = &flow->side[later->side], *receiver = &flow->side[!later->side];
    const struct step *before = latest_reset(flow, trail, later->side);
    int64_t before_ns = flow_reset(flow, later->side)->latest_ns;
    bool acks = later->flags & SEGMENT_ACK, acked;

    if (!before || !sender->seen || !receiver->seen || sender->heard_ns > before_ns ||
        later->time_ns - before_ns > duration_of_ms(LIMIT_RESET_BURST_MS))
        return CLUE_COUNT;
    acked = before->flags & SEGMENT_ACK;
    if (acks != acked)
        return has_trigger(flow, trail, !later->side, acks ? before->seq : later->seq,
                           acks ? later->ack : before->ack)
                   ? CLUE_COUNT
                   : CLUE_MIXED;
    if (acks)
        return CLUE_COUNT;
    if (!later->seq && before->seq &&
        (seq_before(0, sender->isn) || seq_ahead(0, sender->snd_nxt) >= LIMIT_UNSEEN_BYTES))
        return CLUE_MIXED_ZERO;
    if (later->ack && before->ack && later->ack != before->ack && later->ack != later->seq &&
        before->ack != before->seq &&
        (seq_after(later->ack, receiver->snd_nxt) || seq_after(before->ack, receiver->snd_nxt)))
        return CLUE_MIXED_ACKS;
    return CLUE_COUNT;
}

/* The next reset of the same side shows what the first one was. */
static bool look_at_burst(struct verdict *v, const struct flow *flow, const struct trail *trail,
                          const struct segment *later)
{
    enum clue_kind mixed = mixed_how(flow, trail, later);

    if (mixed == CLUE_COUNT) {
        if (!reset_raises_sequence(flow, later))
            return false;
        verdict_note(v, seq_after(later->seq, v->seq) ? CLUE_RAISED : CLUE_REVERSED, later->frame,
                     later->seq, v->seq);
        overturn(v, DETAIL_SEQUENCE, later->frame);
        return true;
    }
    verdict_note(v, mixed, later->frame, later->ack, latest_reset(flow, trail, later->side)->ack);
    blame_box(v, DETAIL_MIXED, later->frame);
    return true;
}

/* One box resets both sides, and does not hit the TTL of both. */
static bool is_second_of_two(const struct verdict *v, const struct flow *flow,
                             const struct segment *later)
{
    const struct side *side = &flow->side[later->side];

    return later->flags & SEGMENT_RST && later->side != v->sender && !side->has_reset &&
           !verdict_blames(v, MAKER_BOX) && flow->open_frame &&
           later->time_ns - v->time_ns <= duration_of_ms(LIMIT_BOTH_WAYS_MS) &&
           !ttls_allow(&side->ttls, later->ttl);
}

/* What the side that is said to have sent it says afterwards. */
static bool look_at_sender(struct verdict *v, const struct flow *flow, const struct trail *trail,
                           const struct segment *later)
{
    if (asks_again(v, flow, later)) {
        verdict_note(v, CLUE_ASKS_AGAIN, later->frame, later->time_ns - v->time_ns, 0);
        verdict_blame(v, MAKER_NOBODY, OBJECTION_ASKED_AGAIN);
        answers_prefer(v->answers.stage, STAGES, STAGE_NEVER, FIT_LIKELY, OBJECTION_ASKED_AGAIN);
        /* the SYN-ACK may be forged */
        answer_fits(&v->answers.maker[MAKER_BOX], FIT_POSSIBLE, OBJECTION_OWN_HEADER);
        weigh_anew(v, DETAIL_UNTRANSLATED, later->frame);
        return true;
    }
    if (takes_it(v, flow, later)) {
        verdict_note(v, CLUE_TOOK_IT, later->frame, later->time_ns - v->time_ns, 0);
        overturn(v, v->effect == EFFECT_NONE ? DETAIL_BLIND : DETAIL_CONTINUES, later->frame);
        return true;
    }
    if (!flow->side[later->side].seen) {
        v->overturnable = false; /* what goes on then is a newer try */
        return false;
    }
    if (!goes_on(v, flow, trail, later))
        return false;
    overturn(v, DETAIL_CONTINUES, later->frame);
    return true;
}

/* The receiver acknowledges what the sender has said since; the number of a reflex may be an old
 * one, and says nothing of that. */
static bool lives_on(const struct verdict *v, const struct flow *flow, const struct segment *later)
{
    const struct side *sender = &flow->side[v->sender];

    return v->effect == EFFECT_RESET && v->form == FORM_ACTIVE && later->side != v->sender &&
           sender->seen && (later->flags & (SEGMENT_ACK | SEGMENT_RST)) == SEGMENT_ACK &&
           seq_after(later->ack, v->seq + 1) && !side_fin_acked(sender, &flow->side[!v->sender]);
}

bool judge_reconsider(struct verdict *v, const struct flow *flow, const struct trail *trail,
                      const struct segment *later)
{
    bool by_sender = later->side == v->sender;

    if (verdict_is_harmless(v) && flow_goes_back(flow, later)) {
        verdict_note(v, CLUE_TWO_CONNECTIONS, 0, 0, 0);
        verdict_limit(v, CONFIDENCE_LIKELY);
        v->may_have_broken = true;
        v->severity = SEVERITY_NOTE;
        return true;
    }
    if (lives_on(v, flow, later)) {
        v->effect = EFFECT_NONE;
        verdict_note(v, CLUE_LIVED_ON, later->frame, later->len, 0);
        return true;
    }
    if (!v->overturnable)
        return false;
    if (is_challenge(v, flow, later)) {
        verdict_note(v, CLUE_CHALLENGED, later->frame, later->ack, 0);
        verdict_prove(v, later->frame);
        return true;
    }
    if (by_sender && later->flags & SEGMENT_RST)
        return flow_reset(flow, later->side)->first_frame == v->frame &&
               look_at_burst(v, flow, trail, later);
    if (is_second_of_two(v, flow, later)) {
        verdict_note(v, CLUE_BOTH_ENDS, later->frame, later->time_ns - v->time_ns, 0);
        overturn(v, DETAIL_BOTH_WAYS, later->frame);
        return true;
    }
    if (is_reset_by_refused(v, flow, later)) {
        verdict_note(v, CLUE_TOOK_UNSEEN, later->frame, later->time_ns - v->time_ns, 0);
        overturn(v, DETAIL_CONTINUES, later->frame);
        return true;
    }
    if (is_unexplained(v)) {
        if (!brings_data(&flow->side[later->side], later) || (by_sender && left_before(v, later)) ||
            judge_overtook(v, flow, trail, later))
            return false;
        verdict_note(v, by_sender ? CLUE_WENT_ON : CLUE_LIVED_ON, later->frame, later->len, 0);
        overturn(v, DETAIL_BLIND, later->frame);
        return true;
    }
    return by_sender && look_at_sender(v, flow, trail, later);
}
