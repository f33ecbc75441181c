/* Verdicts on sides that never got an answer: no reset tells of them.  What each rests on stands in
 * the row of its detail.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge.h"

#include "duration.h"
#include "limit.h"
#include "seq.h"

static bool asked_in_vain(const struct flow *flow, unsigned side, int64_t end_ns, struct verdict *v)
{
    const struct side *asker = &flow->side[side];

    if (asker->syn_ack || flow->side[!side].seen || asker->snd_nxt != asker->isn + 1)
        return false;
    *v = verdict_without_reset(flow, side, FORM_SILENCE);
    verdict_name(v, flow->icmp_frame ? DETAIL_BY_ICMP : DETAIL_CONNECT);
    v->frame = v->syn = asker->syn_frame;
    if (flow->icmp_frame) {
        v->confidence = CONFIDENCE_LIKELY;
        verdict_note(v, CLUE_ICMP, flow->icmp_frame, 0, 0);
        verdict_prove(v, flow->icmp_frame);
        return true;
    }
    if (asker->syn_count < LIMIT_SYNS &&
        end_ns - asker->syn_ns < duration_of_ms(LIMIT_FIRST_BACK_OFF_MS))
        return false;
    v->confidence = CONFIDENCE_LIKELY;
    verdict_note(v, CLUE_ASKED_IN_VAIN, asker->syn_frame, asker->syn_count, end_ns - asker->syn_ns);
    return true;
}

bool judge_silence(const struct flow *flow, unsigned side, int64_t end_ns, struct verdict *v)
{
    const struct side *sender = &flow->side[side], *other = &flow->side[!side];
    const struct chain *chain = side_retransmission(sender);
    int64_t left_ns = end_ns - chain->last_ns;
    bool waited = left_ns > LIMIT_SILENT_TIMES * chain->interval_ns;

    if (!flow->started || sender->reset_frame || other->reset_frame)
        return false;
    if (sender->syn_frame && !other->seen)
        return asked_in_vain(flow, side, end_ns, v);
    if (chain->count < LIMIT_RETRANSMISSIONS_SILENT || !other->has_acked ||
        seq_after(other->acked, chain->seq) || other->heard_ns > chain->last_ns ||
        sender->heard_frame != chain->last_frame)
        return false;
    *v = verdict_without_reset(flow, side, FORM_SILENCE);
    verdict_name(v, DETAIL_SILENT);
    v->frame = chain->last_frame;
    v->confidence = waited ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE;
    v->retransmission = (struct run){ chain->first_frame, chain->last_frame, chain->count };
    v->unanswered_ns = chain->last_ns - chain->first_ns;
    v->lost_sender = flow_outstanding(flow, side);
    verdict_note(v, CLUE_RETRANSMITTED, chain->first_frame, chain->count, v->unanswered_ns);
    verdict_note(v, waited ? CLUE_CAPTURE_GOES_ON : CLUE_CAPTURE_ENDS, chain->last_frame, left_ns,
                 0);
    return true;
}
