/* Whose turn it is to speak, and what a side leaves behind when it closes.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "turns.h"

#include "duration.h"
#include "hear.h"
#include "limit.h"
#include "seq.h"

static uint32_t whole_ms(int64_t ns)
{
    if (ns < 0)
        return 0;
    return ns / DURATION_MS < UINT32_MAX ? (uint32_t)(ns / DURATION_MS) : UINT32_MAX;
}

static void note_firm_word(struct flow *flow, uint8_t speaker, int64_t time_ns)
{
    if (flow->firm_speaker != speaker)
        flow->turned_ms = flow->firm_ms;
    flow->firm_speaker = speaker;
    flow->firm_ms = (uint32_t)(time_ns / DURATION_MS);
}

bool turns_fold_data(struct flow *flow, const struct segment *seg)
{
    struct side *side = FLOW_SIDE(flow, seg->side), *other = FLOW_SIDE(flow, !seg->side);
    enum speech speech;

    if (!seg->len)
        return false;
    if (seg->time_ns - flow->active_ns >= duration_of_ms(LIMIT_PAUSE_MS)) {
        flow->pause_ms = whole_ms(seg->time_ns - flow->active_ns);
        flow->pauser = seg->side != 0;
    }
    flow->active_ns = seg->time_ns;
    if (side->data_segments < UINT16_MAX)
        side->data_segments++;
    if (other->chains && side_probe(other)->count)
        other->chains->probe.ended_frame = seg->frame;
    speech = talk_hear(&side->talk, &other->talk, seg);
    /* what is set up behind a question is no answer (RFC 7918, 1: TLS False Start) */
    if (speech > SPEECH_SETUP || (speech == SPEECH_SETUP && !other->talk.asking)) {
        if (flow->speaker == !seg->side && seg->time_ns - other->word_ns > flow->answer_ns)
            flow->answer_ns = seg->time_ns - other->word_ns;
        if (side->talk.farewell == FAREWELL_NO || seq_after(side->talk.farewell_seq, seg->seq)) {
            note_firm_word(flow, seg->side, seg->time_ns);
        } else if (flow->speaker != seg->side || side->talk.farewell_seq == seg->seq) {
            /* before these words, which may be a farewell: what they answer may be one as well */
            if (flow->speaker == seg->side ||
                (flow->speaker != NOBODY &&
                 (other->talk.farewell == FAREWELL_NO || seq_before(seg->ack, other->talk.next))))
                note_firm_word(flow, flow->speaker, flow->side[flow->speaker].word_ns);
        }
        if (flow->speaker != seg->side)
            side->turn_seq = seg->seq;
        flow->speaker = seg->side;
        side->word_ns = seg->time_ns;
        side->word_frame = seg->frame;
    }
    return speech == SPEECH_FAREWELL;
}

/* From the last word, farewells apart, or else from the handshake on, to the FIN of `who`.  A word
 * that crosses the FIN had not been said when it left. */
static uint32_t waited_ms(const struct flow *flow, unsigned who)
{
    const struct side *side = FLOW_SIDE(flow, who);
    bool parted = flow->speaker != NOBODY && flow_says_farewell(flow, flow->speaker);
    bool crossed = flow->speaker == !who && side->word_frame && flow_outstanding(flow, !who);
    int64_t since_ns = flow->speaker == NOBODY ? flow->active_ns
                                               : flow->side[crossed ? who : flow->speaker].word_ns;
    int64_t ns = side->fin_ns - since_ns;

    if (parted && !crossed) /* the words before the farewell may have crossed it, too */
        return (uint32_t)(side->fin_ns / DURATION_MS) -
               (flow->firm_speaker == !who && flow_outstanding(flow, !who) ? flow->turned_ms
                                                                           : flow->firm_ms);
    return whole_ms(ns);
}

/* What a side leaves behind when it closes: what comes later cannot change it, unless the capture
 * shows the FIN before the data that it follows. */
static void leave(struct flow *flow, unsigned who)
{
    struct side *side = FLOW_SIDE(flow, who), *other = FLOW_SIDE(flow, !who);

    /* with the FIN in place: it may turn the peer's last words into a farewell; of what is sealed
     * close_notify may be the answer, and a program that dies says none */
    side->owed_at_fin = side->has_acked && seq_after(side->acked, other->turn_seq) &&
                        !talk_may_part(&side->talk) && flow_owes(flow, who);
    side->mute_at_fin = !side->talk.conversed;
    if (!other->fin_frame)
        flow->waited_ms = waited_ms(flow, who);
}

void turns_fold_fin(struct flow *flow, const struct segment *seg)
{
    struct side *side = FLOW_SIDE(flow, seg->side);

    if (side->fin_frame && seg->len && segment_end(seg) == side->fin_seq &&
        seg->time_ns - side->fin_ns <= duration_of_ms(LIMIT_OVERTAKEN_MS))
        leave(flow, seg->side);
    if (!(seg->flags & SEGMENT_FIN) || side->fin_frame)
        return;
    side->fin_frame = seg->frame;
    side->fin_ns = seg->time_ns;
    side->fin_seq = seg->seq + seg->len;
    leave(flow, seg->side);
}
