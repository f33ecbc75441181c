/* Verdicts on sides that never got an answer: no reset tells of them.  What each rests on stands in
 * the row of its detail.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge.h"

#include "duration.h"
#include "limit.h"
#include "seq.h"

bool judge_may_fall_silent(const struct flow *flow, const struct segment *seg)
{
    const struct side *side = &flow->side[seg->side];

    if ((seg->flags & (SEGMENT_SYN | SEGMENT_ACK)) == SEGMENT_SYN)
        return true;
    return side->chains && (side_retransmission(side)->last_frame == seg->frame ||
                            (side_probe(side)->last_frame == seg->frame &&
                             side_probe(side)->count >= LIMIT_PROBES));
}

bool judge_may_still_be_silent(const struct flow *flow, unsigned side, uint32_t frame)
{
    const struct side *sender = &flow->side[side], *other = &flow->side[!side];

    if (sender->has_reset || other->has_reset)
        return false;
    return sender->heard_frame == frame || (sender->syn_frame == frame && !other->seen);
}

/* The first of its SYNs, if they were sent again and again. */
static uint32_t first_syn(const struct side *asker)
{
    const struct chain *chain = side_retransmission(asker);

    return chain->count && chain->last_frame == asker->syn_frame ? chain->origin_frame
                                                                 : asker->syn_frame;
}

/* Who asked is told so; who says it stands in the error's type and code. */
static bool refused_by_icmp(const struct flow *flow, unsigned side, struct verdict *v)
{
    const struct icmp_refusal *icmp = &flow_oddities(flow)->icmp;
    enum clue_kind said = icmp->meaning == ICMP_PORT         ? CLUE_ICMP_PORT
                          : icmp->meaning == ICMP_PROHIBITED ? CLUE_ICMP_PROHIBITED
                                                             : CLUE_ICMP_ROUTE;
    const struct side *asker = &flow->side[side];

    *v = verdict_begin(flow, !side, FORM_SILENCE);
    v->frame = asker->syn_frame;
    v->syn = first_syn(asker);
    v->by = icmp->meaning == ICMP_PORT ? PARTY_SERVER : PARTY_MIDDLEBOX;
    verdict_note(v, said, icmp->frame, icmp->error.type, icmp->error.code);
    verdict_prove(v, icmp->frame);
    verdict_fit(v, MAKER_NOBODY, STAGE_CALLED, DEBT_NOTHING, FIT_LIKELY);
    answer_fits(&v->answers.maker[MAKER_RETRANSMISSION], FIT_POSSIBLE, OBJECTION_TOLD);
    verdict_conclude(v, DETAIL_BY_ICMP);
    return true;
}

static bool asked_in_vain(const struct flow *flow, unsigned side, int64_t end_ns, struct verdict *v)
{
    const struct side *asker = &flow->side[side];
    const struct chain *chain = side_retransmission(asker);
    int64_t first_ns = chain->count ? chain->first_ns : asker->syn_ns;

    if (flow->side[!side].seen || asker->has_acked ||
        !judge_may_still_be_silent(flow, side, asker->syn_frame))
        return false;
    if (flow_oddities(flow)->icmp.frame)
        return refused_by_icmp(flow, side, v);
    *v = verdict_begin(flow, side, FORM_SILENCE);
    v->frame = asker->syn_frame;
    v->syn = first_syn(asker);
    if (asker->syn_count < LIMIT_SYNS &&
        end_ns - asker->syn_ns < duration_of_ms(LIMIT_FIRST_BACK_OFF_MS))
        return false;
    answer_fits(&v->answers.maker[MAKER_RETRANSMISSION], FIT_LIKELY, OBJECTION_NONE);
    verdict_fit(v, MAKER_PROGRAM, STAGE_ASKED, DEBT_NOTHING, FIT_POSSIBLE);
    answer_fits(&v->answers.maker[MAKER_PROGRAM], FIT_POSSIBLE, OBJECTION_NO_RESET);
    verdict_conclude(v, DETAIL_CONNECT);
    verdict_note(v, CLUE_ASKED_IN_VAIN, v->syn, asker->syn_count - 1, end_ns - first_ns);
    return true;
}

static void tell_retransmissions(struct verdict *v, const struct chain *chain)
{
    v->frame = chain->last_frame;
    v->retransmission = (struct run){ chain->first_frame, chain->last_frame, chain->count };
    v->unanswered_ns = chain->last_ns - chain->first_ns;
}

/* "If the connection does not open within the R2 time": RFC 9293, 3.8.3, for a SYN-ACK too. */
static bool answered_in_vain(const struct flow *flow, unsigned side, int64_t end_ns,
                             struct verdict *v)
{
    const struct side *acceptor = &flow->side[side], *opener = &flow->side[!side];
    const struct chain *chain = side_retransmission(acceptor);

    if (!acceptor->syn_ack || opener->has_acked || acceptor->snd_nxt != acceptor->isn + 1 ||
        !judge_may_still_be_silent(flow, side, chain->last_frame) ||
        end_ns - chain->last_ns < duration_of_ms(LIMIT_FIRST_BACK_OFF_MS))
        return false;
    *v = verdict_begin(flow, side, FORM_SILENCE);
    v->syn = first_syn(opener);
    tell_retransmissions(v, chain);
    verdict_note(v, CLUE_SYN_ACKS_IN_VAIN, chain->first_frame, chain->count, v->unanswered_ns);
    answer_fits(&v->answers.maker[MAKER_RETRANSMISSION], FIT_LIKELY, OBJECTION_NONE);
    verdict_fit(v, MAKER_PROGRAM, STAGE_ASKED, DEBT_NOTHING, FIT_POSSIBLE);
    answer_fits(&v->answers.maker[MAKER_PROGRAM], FIT_POSSIBLE, OBJECTION_NO_RESET);
    verdict_conclude(v, DETAIL_CONNECT_BACK);
    return true;
}

/*
 * gVisor resets for none of its timers when they run out, Linux not for that of a closed window.
 * A peer that answers each probe with its window still closed is not alive for the sender's data.
 */
static bool probed_in_vain(const struct flow *flow, unsigned side, int64_t end_ns,
                           struct verdict *v)
{
    const struct side *sender = &flow->side[side], *other = &flow->side[!side];
    const struct chain *probe = side_probe(sender);
    int64_t left_ns = end_ns - probe->last_ns;
    bool closed = probe->closed_window && !other->window;
    bool alone = !probe->closed_window && !probe->uneven && !probe->echo_moved &&
                 other->heard_ns < probe->first_ns;

    if (probe->count < LIMIT_PROBES || !other->seen || (!closed && !alone) ||
        !judge_may_still_be_silent(flow, side, probe->last_frame) ||
        left_ns <= LIMIT_SILENT_TIMES * probe->interval_ns)
        return false;
    *v = verdict_begin(flow, side, FORM_SILENCE);
    answer_fits(&v->answers.maker[closed ? MAKER_PERSIST : MAKER_KEEPALIVE], FIT_LIKELY,
                OBJECTION_NONE);
    verdict_fit(v, MAKER_PROGRAM, STAGE_OPEN, DEBT_SENDER, FIT_POSSIBLE);
    answer_fits(&v->answers.maker[MAKER_PROGRAM], FIT_POSSIBLE, OBJECTION_NO_RESET);
    verdict_conclude(v, DETAIL_SILENT);
    v->frame = probe->last_frame;
    v->probe = (struct run){ probe->first_frame, probe->last_frame, probe->count };
    v->lost_sender = flow_outstanding(flow, side);
    verdict_note(v, closed ? CLUE_WINDOW_PROBED : CLUE_PROBED, probe->first_frame, probe->count,
                 closed ? probe->last_ns - probe->first_ns : probe->interval_ns);
    verdict_note(v, CLUE_CAPTURE_GOES_ON, probe->last_frame, left_ns, 0);
    return true;
}

bool judge_silence(const struct flow *flow, unsigned side, int64_t end_ns, struct verdict *v)
{
    const struct side *sender = &flow->side[side], *other = &flow->side[!side];
    const struct chain *chain = side_retransmission(sender);
    int64_t left_ns = end_ns - chain->last_ns;
    bool waited = left_ns > LIMIT_SILENT_TIMES * chain->interval_ns;

    if (!flow->started)
        return false;
    if (sender->syn_frame && !other->seen)
        return asked_in_vain(flow, side, end_ns, v);
    if (answered_in_vain(flow, side, end_ns, v) || probed_in_vain(flow, side, end_ns, v))
        return true;
    if (chain->count < LIMIT_RETRANSMISSIONS_SILENT || !other->has_acked ||
        seq_after(other->acked, chain->seq) || other->heard_ns > chain->last_ns ||
        !judge_may_still_be_silent(flow, side, chain->last_frame))
        return false;
    *v = verdict_begin(flow, side, FORM_SILENCE);
    tell_retransmissions(v, chain);
    answer_fits(&v->answers.maker[MAKER_RETRANSMISSION], waited ? FIT_LIKELY : FIT_POSSIBLE,
                OBJECTION_NONE);
    verdict_fit(v, MAKER_DEATH, STAGE_OPEN, DEBT_SENDER, waited ? FIT_POSSIBLE : FIT_FAINT);
    v->answers.maker[MAKER_DEATH].objection = OBJECTION_TRIED;
    verdict_conclude(v, DETAIL_SILENT);
    v->lost_sender = flow_outstanding(flow, side);
    verdict_note(v, CLUE_RETRANSMITTED, chain->first_frame, chain->count, v->unanswered_ns);
    verdict_note(v, waited ? CLUE_CAPTURE_GOES_ON : CLUE_CAPTURE_ENDS, chain->last_frame, left_ns,
                 0);
    return true;
}
