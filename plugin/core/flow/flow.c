/* What each side of one connection has shown of itself.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "flow.h"

#include "duration.h"
#include "limit.h"
#include "seq.h"

#include <stddef.h>

int64_t flow_rtt_ns(const struct flow *flow)
{
    if (!flow->side[0].rtt_us || !flow->side[1].rtt_us)
        return 0;
    return duration_of_us((int64_t)flow->side[0].rtt_us + flow->side[1].rtt_us);
}

static bool says_the_same(const struct step *step, const struct segment *seg)
{
    return step->side == seg->side && step->seq == seg->seq && step->ack == seg->ack &&
           step->len == seg->len && step->flags == seg->flags && step->window == seg->window &&
           step->tsval == seg->tsval;
}

/* Numbers that count tell; else how many copies the capture holds of what else it shows. */
static bool is_same_reset(const struct flow *flow, const struct step *step,
                          const struct segment *seg)
{
    if (step->ip_id && seg->ip_id)
        return step->ip_id == seg->ip_id;
    return step->copies < flow->copies;
}

struct step *flow_copied(const struct flow *flow, const struct trail *trail,
                         const struct segment *seg)
{
    struct step *step = trail_step(trail, flow->started ? flow->trail : 0);

    for (int i = 0; step && i < LIMIT_COPY_STEPS; i++, step = trail_step(trail, step->previous)) {
        if (duration_distance_ns(seg->time_ns, step->time_ns) > duration_of_ms(LIMIT_COPY_MS))
            return NULL;
        if (!says_the_same(step, seg))
            continue;
        if (!(seg->flags & SEGMENT_RST) || is_same_reset(flow, step, seg))
            return step;
    }
    return NULL;
}

void flow_note_copy(struct flow *flow, struct step *original)
{
    if (original->copies < UINT8_MAX)
        original->copies++;
    if (step_end(original) != original->seq && original->copies > flow->copies)
        flow->copies = original->copies;
}

bool flow_wants_chains(const struct flow *flow, const struct segment *seg)
{
    const struct side *side = &flow->side[seg->side];

    return !side->chains && !(seg->flags & SEGMENT_RST) &&
           (side_repeats_with(side, seg) || side_probes_with(side, seg));
}

static bool find_farewell(const struct flow *flow, unsigned who, uint32_t *start)
{
    const struct side *side = &flow->side[who];
    bool behind = side->fin_frame && side->fin_seq == side->talk.next && side->data_segments > 1;

    return talk_farewell(&side->talk, behind ? side->fin_ns : TALK_NO_FIN,
                         side->fin_frame || flow->side[!who].fin_frame, start);
}

bool flow_says_farewell(const struct flow *flow, unsigned who)
{
    uint32_t start;

    return find_farewell(flow, who, &start);
}

uint32_t flow_farewell_seq(const struct flow *flow, unsigned who)
{
    uint32_t start;

    find_farewell(flow, who, &start);
    return start;
}

unsigned flow_last_speaker(const struct flow *flow)
{
    if (flow->speaker != NOBODY && flow_says_farewell(flow, flow->speaker))
        return flow->firm_speaker;
    return flow->speaker;
}

uint32_t flow_outstanding(const struct flow *flow, unsigned who)
{
    const struct side *side = &flow->side[who], *other = &flow->side[!who];
    uint32_t end = side->snd_nxt, farewell;

    if (!side->talk.spoken || !other->has_acked)
        return 0;
    if (side->fin_frame)
        end = side->fin_seq;
    if (find_farewell(flow, who, &farewell) && seq_before(farewell, end))
        end = farewell;
    return seq_ahead(end, other->acked);
}

unsigned flow_asker(const struct flow *flow)
{
    const struct talk *first = &flow->side[0].talk, *second = &flow->side[1].talk;
    bool spoken = first->spoken || second->spoken;
    bool decoded = first->protocol != TALK_OPAQUE || second->protocol != TALK_OPAQUE;
    unsigned opened;

    if (!spoken || !flow->side[0].seen || !flow->side[1].seen ||
        (!decoded && !flow->open_frame && !first->tunnel))
        return flow->opener;
    if (first->opened == second->opened) /* of neither the beginning is known */
        return flow->opener;
    opened = first->opened ? 0 : 1;
    return talk_is_asker(&flow->side[opened].talk) ? opened : !opened;
}

struct question flow_question(const struct flow *flow)
{
    unsigned asker = flow_asker(flow);
    const struct side *side = &flow->side[asker], *other = &flow->side[!asker];
    struct question question = { .since_ns = side->word_ns, .frame = side->word_frame };
    bool counted = other->talk.spoken && !side->talk.lost && !other->talk.lost &&
                   (side->talk.protocol == TALK_HTTP1 || side->talk.protocol == TALK_HTTP2);

    if (side->seen && !side->talk.conversed)
        return question;
    /* who says a goodbye that is decoded waits for nothing; TLS says it for the program */
    question.is_open = counted ? side->talk.asked > 0
                               : flow_last_speaker(flow) == asker &&
                                     (side->talk.farewell != FAREWELL_YES || side->talk.alerted);
    question.is_open |= side->talk.asking && talk_is_ticketed(&other->talk);
    question.is_begun = question.is_open && counted && flow->speaker == !asker;
    question.is_acked = other->has_acked && !flow_outstanding(flow, asker);
    return question;
}

bool flow_is_monologue(const struct flow *flow, unsigned who)
{
    return flow->side[who].talk.spoken && !flow->side[!who].talk.spoken;
}

bool flow_turns_away(const struct flow *flow, const struct segment *seg)
{
    const struct side *side = &flow->side[seg->side];

    return side->talk.refused && seg->len && side->word_frame == seg->frame;
}

void flow_keep_words(struct flow *flow, const struct segment *seg)
{
    if (flow->words)
        talk_quote(&flow->side[seg->side].talk, seg, &flow->words[seg->side]);
}

const char *flow_last_words(const struct flow *flow, unsigned who)
{
    const struct side *side = &flow->side[who];

    if (side->talk.fatal)
        return talk_alert(&side->talk);
    return flow->words && side->talk.refused ? flow->words[who].text : NULL;
}

static void note_rtt(struct side *side, int64_t ns)
{
    int64_t most_ns = duration_of_ms(LIMIT_RTT_MAX_MS);
    uint32_t us = ns < DURATION_US ? 1 : (uint32_t)((ns < most_ns ? ns : most_ns) / DURATION_US);

    if (!side->rtt_us || us < side->rtt_us)
        side->rtt_us = us;
}

/*
 * "If the SYN-ACK acknowledges only the SYN, [...] the client must retransmit the data"
 *                                                                         RFC 7413, 4.1.2
 */
static void take_back_early_data(struct flow *flow, unsigned who)
{
    struct side *side = &flow->side[who];

    if (side->snd_nxt == side->isn + 1)
        return;
    side->snd_nxt = side->isn + 1;
    side->talk = (struct talk){ .next = side->snd_nxt };
    side->data_segments = 0;
    flow->speaker = flow->firm_speaker = NOBODY;
}

static void fold_syn(struct flow *flow, const struct segment *seg)
{
    struct side *side = &flow->side[seg->side], *other = &flow->side[!seg->side];

    side->syn_frame = seg->frame;
    side->syn_ns = seg->time_ns;
    side->isn = seg->seq;
    side->syn_ack = seg->flags & SEGMENT_ACK;
    if (side->syn_ack && other->syn_frame && seg->ack == other->isn + 1)
        take_back_early_data(flow, !seg->side);
    if (side->syn_ack && other->syn_count == 1 && !side->syn_count)
        note_rtt(side, seg->time_ns - other->syn_ns);
    side->syn_options = seg->option_count;
    side->window_shift = seg->window_shift;
    /* "both sides MUST send Window Scale options in their <SYN> segments to enable window
     *  scaling in either direction"                                  RFC 7323, 2.2 */
    if (side->syn_ack && other->syn_count &&
        (side->window_shift == SEGMENT_NO_SHIFT || other->window_shift == SEGMENT_NO_SHIFT))
        side->window_shift = other->window_shift = SEGMENT_NO_SHIFT;
    if (side->syn_count < UINT8_MAX)
        side->syn_count++;
    flow->opener = side->syn_ack ? !seg->side : seg->side;
    flow->opener_known = true;
}

static void fold_open(struct flow *flow, const struct segment *seg)
{
    struct side *side = &flow->side[seg->side];
    const struct side *other = &flow->side[!seg->side];

    if (flow->open_frame || seg->side != flow->opener || !other->syn_ack ||
        !(seg->flags & SEGMENT_ACK) || seg->flags & SEGMENT_SYN)
        return;
    flow->open_frame = seg->frame;
    flow->open_ns = flow->active_ns = seg->time_ns;
    note_rtt(side, seg->time_ns - other->syn_ns);
}

/* The segment of the other side that this one is the first to acknowledge, if it is a recent one.
 */
static void fold_rtt(struct flow *flow, const struct trail *trail, const struct segment *seg)
{
    const struct step *step = trail_step(trail, flow->trail);

    for (int i = 0; step && i < LIMIT_RTT_STEPS; i++, step = trail_step(trail, step->previous))
        if (step->side != seg->side && step_end(step) == seg->ack && step->len) {
            note_rtt(&flow->side[seg->side], seg->time_ns - step->time_ns);
            return;
        }
}

static void fold_ack(struct flow *flow, const struct trail *trail, const struct segment *seg)
{
    struct side *side = &flow->side[seg->side], *other = &flow->side[!seg->side];
    bool synchronised = other->seen && (!other->syn_frame || other->snd_nxt != other->isn + 1 ||
                                        seg->ack == other->snd_nxt);

    if (!(seg->flags & SEGMENT_ACK))
        return;
    if (!other->seen && side->has_acked && seq_after(seg->ack, side->acked))
        flow->speaker = flow->firm_speaker = !seg->side; /* words the capture does not show */
    if (side->rtt_us && seq_after(seg->ack, side->acked))
        fold_rtt(flow, trail, seg);
    if (!side->has_acked || seq_after(seg->ack, side->acked))
        side->acked = seg->ack;
    side->has_acked = true;
    if (side_probe(other)->count && seg->time_ns > side_probe(other)->last_ns)
        flow->active_ns = seg->time_ns;
    if (synchronised && seq_after(seg->ack, other->snd_nxt) &&
        seq_ahead(seg->ack, other->snd_nxt) < LIMIT_UNSEEN_BYTES) {
        other->snd_nxt = seg->ack;
        other->lost_segments = true;
    }
}

/* Returns whether the new bytes are nothing but a farewell. */
static bool fold_data(struct flow *flow, const struct segment *seg)
{
    struct side *side = &flow->side[seg->side], *other = &flow->side[!seg->side];
    enum speech speech;

    if (!seg->len)
        return false;
    if (seg->time_ns - flow->active_ns >= duration_of_ms(LIMIT_PAUSE_MS)) {
        flow->pause_ns = seg->time_ns - flow->active_ns;
        flow->pauser = seg->side;
    }
    flow->active_ns = seg->time_ns;
    if (side->data_segments < UINT16_MAX)
        side->data_segments++;
    if (other->chains)
        other->chains->probe = (struct chain){ 0 };
    speech = talk_hear(&side->talk, &other->talk, seg);
    if (speech >= SPEECH_SETUP) {
        if (flow->speaker == !seg->side && seg->time_ns - other->word_ns > flow->answer_ns)
            flow->answer_ns = seg->time_ns - other->word_ns;
        if (side->talk.farewell == FAREWELL_NO || seq_after(side->talk.farewell_seq, seg->seq))
            flow->firm_speaker = seg->side;
        else if (flow->speaker != seg->side || side->talk.farewell_seq == seg->seq)
            flow->firm_speaker = flow->speaker; /* before these words, which may be a farewell */
        if (flow->speaker != seg->side)
            side->turn_seq = seg->seq;
        flow->speaker = seg->side;
        side->word_ns = seg->time_ns;
        side->word_frame = seg->frame;
    }
    return speech == SPEECH_FAREWELL;
}

static void fold_identity(struct flow *flow, const struct segment *seg)
{
    struct side *side = &flow->side[seg->side];

    if (!side->seen) {
        side->snd_nxt = seg->seq;
        side->ttl = seg->ttl;
        if (!side->syn_count)
            side->window_shift = SEGMENT_NO_SHIFT;
    }
    side->seen = true;
    side->ttl_varies |= seg->ttl != side->ttl;
    side->is_signed |= seg->is_signed;
    side->has_ip_id = seg->has_ip_id;
    side->ip_id = seg->ip_id;
    side->heard_ns = seg->time_ns;
    side->heard_frame = seg->frame;
}

static void fold_window(struct flow *flow, const struct segment *seg)
{
    struct side *side = &flow->side[seg->side];

    side->window = side_window(side, seg);
    if (!(seg->flags & SEGMENT_SYN) && side->window > side->window_max)
        side->window_max = side->window;
}

/* The earliest copy of the segment among what is remembered of its side. */
static const struct step *find_original(const struct flow *flow, const struct trail *trail,
                                        const struct segment *seg)
{
    const struct step *step = trail_step(trail, flow->trail);

    for (int i = 0; step && i < LIMIT_ORIGINAL_STEPS; i++, step = trail_step(trail, step->previous))
        if (step->side == seg->side && step->seq == seg->seq && step_end(step) != step->seq &&
            !(step->flags & SEGMENT_RST))
            return step;
    return NULL;
}

static void fold_sequence(struct flow *flow, const struct trail *trail, const struct segment *seg)
{
    struct side *side = &flow->side[seg->side];
    uint32_t end = segment_end(seg);

    if (side_repeats_with(side, seg)) {
        side_fold_retransmission(side, &flow->side[!seg->side], find_original(flow, trail, seg),
                                 seg);
    } else if (seq_after(end, side->snd_nxt)) {
        side->snd_nxt = end;
        if (side->chains)
            *side->chains = (struct chains){ 0 };
    }
}

/* What a side leaves behind when it closes: judged once, for what comes later cannot change it. */
static void fold_fin(struct flow *flow, const struct segment *seg)
{
    struct side *side = &flow->side[seg->side], *other = &flow->side[!seg->side];

    if (!(seg->flags & SEGMENT_FIN) || side->fin_frame)
        return;
    side->fin_frame = seg->frame;
    side->fin_ns = seg->time_ns;
    side->fin_seq = seg->seq + seg->len;
    /* with the FIN in place: it may turn the peer's last words into a farewell */
    side->owed_at_fin = flow_asker(flow) == !seg->side && flow_question(flow).is_open &&
                        side->has_acked && seq_after(side->acked, other->turn_seq);
    side->mute_at_fin = !side->talk.conversed;
}

static void begin(struct flow *flow, const struct segment *seg)
{
    flow->started = true;
    flow->speaker = flow->firm_speaker = NOBODY;
    flow->opener = seg->port[0] >= seg->port[1] ? seg->side : !seg->side;
    flow->active_ns = seg->time_ns;
    flow->port[seg->side] = seg->port[0];
    flow->port[!seg->side] = seg->port[1];
}

void flow_quote(struct flow *flow, uint32_t frame, const struct segment *quoted)
{
    const struct side *caller = &flow->side[quoted->side];

    if (flow->started && caller->syn_frame && quoted->seq == caller->isn)
        flow->icmp_frame = frame;
}

static void fold_reset(struct side *side, const struct segment *seg)
{
    if (!side->reset_frame)
        side->reset_frame = seg->frame;
    side->reset_seq = seg->seq;
    side->reset_ns = seg->time_ns;
}

/* Where the numbers of each side begin, as far as the capture tells. */
static void fold_isn(struct flow *flow, const struct segment *seg)
{
    struct side *side = &flow->side[seg->side], *other = &flow->side[!seg->side];

    if (!side->has_isn)
        side->isn = seg->flags & SEGMENT_SYN ? seg->seq : seg->seq - 1;
    side->has_isn = true;
    if (!other->has_isn && seg->flags & SEGMENT_ACK) {
        other->isn = seg->ack - 1;
        other->has_isn = true;
    }
}

void flow_fold(struct flow *flow, struct trail *trail, const struct segment *seg)
{
    bool farewell = false, probe = false;
    struct step *step;

    if (!flow->started)
        begin(flow, seg);
    fold_isn(flow, seg);
    if (seg->flags & SEGMENT_RST) {
        fold_reset(&flow->side[seg->side], seg);
    } else {
        if (seg->flags & SEGMENT_SYN)
            fold_syn(flow, seg);
        fold_identity(flow, seg);
        fold_open(flow, seg);
        fold_ack(flow, trail, seg);
        fold_window(flow, seg);
        probe = side_probes_with(&flow->side[seg->side], seg);
        if (probe) {
            side_fold_probe(&flow->side[seg->side], &flow->side[!seg->side], seg);
        } else {
            fold_sequence(flow, trail, seg);
            farewell = fold_data(flow, seg);
            fold_fin(flow, seg);
        }
    }
    step = trail_add(trail, flow->trail, seg);
    flow->trail = step->serial;
    step->farewell = farewell;
    step->probe = probe;
}
