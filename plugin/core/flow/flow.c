/* What each side of one connection has shown of itself.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "flow.h"

#include "duration.h"
#include "limit.h"
#include "seq.h"
#include "turns.h"

#include <stddef.h>

int64_t flow_rtt_ns(const struct flow *flow)
{
    if (!flow->side[0].rtt_us || !flow->side[1].rtt_us)
        return 0;
    return duration_of_us((int64_t)flow->side[0].rtt_us + flow->side[1].rtt_us);
}

const struct oddities flow_without_oddities;

bool flow_wants_chains(const struct flow *flow, const struct segment *seg)
{
    const struct side *side = FLOW_SIDE(flow, seg->side);

    return !side->chains && seg->seq != side->snd_nxt && !(seg->flags & SEGMENT_RST) &&
           (side_repeats_with(side, seg) || side_probes_with(side, seg) ||
            side_skips_with(side, seg));
}

/* Two sides have spoken, and it is still the time of the first frame: there are no times. */
static bool stands_still(const struct flow *flow, const struct segment *seg)
{
    return !seg->time_ns && flow->side[0].seen && flow->side[1].seen;
}

bool flow_goes_back(const struct flow *flow, const struct segment *seg)
{
    int64_t back_ns = seg->time_ns + duration_of_ms(LIMIT_WENT_BACK_MS);

    return stands_still(flow, seg) || (flow->side[0].seen && back_ns < flow->side[0].heard_ns) ||
           (flow->side[1].seen && back_ns < flow->side[1].heard_ns);
}

/*
 * "If the SYN-ACK acknowledges only the SYN, [...] the client must retransmit the data"
 *                                                                         RFC 7413, 4.1.2
 */
static void take_back_early_data(struct flow *flow, unsigned who)
{
    struct side *side = FLOW_SIDE(flow, who);

    if (side->snd_nxt == side->isn + 1)
        return;
    side->snd_nxt = side->isn + 1;
    side->talk = (struct talk){ .next = side->snd_nxt };
    side->data_segments = 0;
    flow->speaker = flow->firm_speaker = NOBODY;
}

/*
 * "If SND.UNA > ISS (our SYN has been ACKed), change the connection state to ESTABLISHED"
 *                                                                         RFC 9293, 3.10.7.3
 *
 * Whose ACK of the SYN-ACK was seen does not ask again: the capture shows the connection twice.
 */
static bool opens_again(const struct flow *flow, const struct segment *seg)
{
    return flow->open_frame && seg->side == flow->opener && !(seg->flags & SEGMENT_ACK) &&
           flow->side[seg->side].isn == seg->seq;
}

static void fold_syn(struct flow *flow, const struct segment *seg)
{
    struct side *side = FLOW_SIDE(flow, seg->side), *other = FLOW_SIDE(flow, !seg->side);

    side->two_isns |= side->syn_count && side->isn != seg->seq;
    flow->went_back |= opens_again(flow, seg);
    side->syn_frame = seg->frame;
    side->syn_ns = seg->time_ns;
    side->isn = seg->seq;
    side->syn_ack = seg->flags & SEGMENT_ACK;
    if (side->syn_ack && other->syn_frame && seg->ack == other->isn + 1)
        take_back_early_data(flow, !seg->side);
    if (side->syn_ack && other->syn_count == 1 && !side->syn_count)
        side_note_rtt(side, seg->time_ns - other->syn_ns);
    if (!side->talk.spoken)
        side->talk.next = seg->seq + 1;
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
    struct side *side = FLOW_SIDE(flow, seg->side);
    const struct side *other = FLOW_SIDE(flow, !seg->side);

    if (flow->open_frame || seg->side != flow->opener || !other->syn_ack ||
        !(seg->flags & SEGMENT_ACK) || seg->flags & SEGMENT_SYN)
        return;
    flow->open_frame = seg->frame;
    flow->open_ns = flow->active_ns = seg->time_ns;
    flow->firm_ms = (uint32_t)(seg->time_ns / DURATION_MS);
    side_note_rtt(side, seg->time_ns - other->syn_ns);
}

/* The segment of the other side that this one is the first to acknowledge, if it is a recent one.
 * Where that side has sent all in order, none before what is acknowledged ends there. */
static void fold_rtt(const struct flow *flow, struct side *side, const struct trail *trail,
                     const struct segment *seg)
{
    const struct step *step = trail_step(trail, flow->trail);
    bool in_order = !FLOW_SIDE(flow, !seg->side)->chains;

    for (int i = 0; step && i < LIMIT_RTT_STEPS; i++, step = trail_step(trail, step->previous)) {
        if (step->side == seg->side)
            continue;
        if (step_end(step) == seg->ack && step->len) {
            side_note_rtt(side, seg->time_ns - step->time_ns);
            return;
        }
        if (in_order && !(step->flags & SEGMENT_RST) && seq_before(step_end(step), seg->ack))
            return;
    }
}

static inline void note_ack(const struct flow *flow, struct side *side, const struct trail *trail,
                            const struct segment *seg)
{
    if (side->has_acked && !seq_after(seg->ack, side->acked))
        return;
    if (side->has_acked && side->rtt_us)
        fold_rtt(flow, side, trail, seg);
    side->acked = seg->ack;
    side->has_acked = true;
}

static void fold_ack(struct flow *flow, const struct trail *trail, const struct segment *seg)
{
    struct side *side = FLOW_SIDE(flow, seg->side), *other = FLOW_SIDE(flow, !seg->side);
    bool open = flow->open_frame && flow->open_frame != seg->frame;
    bool synchronised =
        other->seen && (open || !other->syn_frame || other->snd_nxt != other->isn + 1 ||
                        seg->ack == other->snd_nxt);

    if (!(seg->flags & SEGMENT_ACK))
        return;
    if (!other->seen && side->has_acked && seq_after(seg->ack, side->acked))
        flow->speaker = flow->firm_speaker = !seg->side; /* words the capture does not show */
    note_ack(flow, side, trail, seg);
    if (side_probe(other)->count && seg->time_ns > side_probe(other)->last_ns)
        flow->active_ns = seg->time_ns;
    if (synchronised && seq_after(seg->ack, other->snd_nxt) &&
        seq_ahead(seg->ack, other->snd_nxt) < LIMIT_UNSEEN_BYTES) {
        other->fin_unseen = !other->fin_frame && seg->ack == other->snd_nxt + 1;
        other->snd_nxt = seg->ack;
        other->lost_segments = true;
    }
}

/* What is kept of the latest segment of a side, whatever was before. */
static inline void fold_latest(struct side *side, const struct segment *seg)
{
    side->stamps = seg->has_timestamp;
    side->has_ip_id = seg->has_ip_id;
    side->ip_id = seg->ip_id;
    side->heard_ns = seg->time_ns;
    side->heard_frame = seg->frame;
    side->window = side_window(side, seg);
    if (!(seg->flags & SEGMENT_SYN) && side->window > side->window_max)
        side->window_max = side->window;
}

static void fold_identity(struct side *side, const struct segment *seg)
{
    if (!side->seen)
        side->snd_nxt = seg->seq;
    side->seen = true;
    ttls_show(&side->ttls, seg->ttl);
    if (segment_lacks_options(seg))
        side->options_cut = true;
    if (seg->is_signed)
        side->is_signed = true;
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

static void extend(struct side *side, uint32_t end)
{
    side->snd_nxt = end;
    side->fin_unseen = false;
}

/* What is sent again has another timestamp or IP ID, unless a stack keeps both: it is shown again,
 * too late for a copy. */
static bool is_shown_again(const struct step *original, const struct segment *seg)
{
    return original && seg->has_timestamp && original->tsval == seg->tsval && seg->ip_id &&
           original->ip_id == seg->ip_id;
}

static void fold_sequence(struct flow *flow, const struct trail *trail, const struct segment *seg)
{
    struct side *side = FLOW_SIDE(flow, seg->side);
    uint32_t end = segment_end(seg);

    side_fill_hole(side, seg);
    if (side_repeats_with(side, seg)) {
        const struct step *original = find_original(flow, trail, seg);

        flow->went_back |= is_shown_again(original, seg);
        side_fold_retransmission(side, FLOW_SIDE(flow, !seg->side), original, seg);
    } else if (seq_after(end, side->snd_nxt)) {
        if (side->chains)
            *side->chains = (struct chains){ .hole = side->chains->hole };
        if (side_skips_with(side, seg))
            side_open_hole(side, seg);
        extend(side, end);
    }
}

/* The probe before was answered, though the capture may lack it. */
static void note_echo(struct flow *flow, const struct segment *seg)
{
    const struct chain *probe = side_probe(FLOW_SIDE(flow, seg->side));

    if (chain_is_heard(probe, seg) && probe->last_ns > flow->active_ns)
        flow->active_ns = probe->last_ns;
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

void flow_quote(struct flow *flow, const struct sighting *quote)
{
    const struct segment *quoted = &quote->segment;
    const struct side *caller = &flow->side[quoted->side];
    enum icmp_meaning meaning = icmp_meaning(quote->error, quote->address_bytes > IPV4_BYTES);

    if (!flow->oddities || !flow->started || !caller->syn_frame || quoted->seq != caller->isn ||
        meaning == ICMP_NOTHING)
        return;
    flow->oddities->icmp = (struct icmp_refusal){ quoted->frame, quote->error, (uint8_t)meaning };
}

static void fold_reset(struct flow *flow, const struct segment *seg)
{
    struct resetting *reset = flow->oddities ? &flow->oddities->reset[seg->side] : NULL;

    FLOW_SIDE(flow, seg->side)->has_reset = true;
    if (!reset)
        return;
    if (!reset->first_frame)
        reset->first_frame = seg->frame;
    reset->latest_seq = seg->seq;
    reset->latest_ns = seg->time_ns;
}

/* Where the numbers of each side begin, as far as the capture tells. */
static void fold_isn(struct flow *flow, const struct segment *seg)
{
    struct side *side = FLOW_SIDE(flow, seg->side), *other = FLOW_SIDE(flow, !seg->side);

    if (!side->has_isn)
        side->isn = seg->flags & SEGMENT_SYN ? seg->seq : seg->seq - 1;
    side->has_isn = true;
    if (!other->has_isn && seg->flags & SEGMENT_ACK) {
        other->isn = seg->ack - 1;
        other->has_isn = true;
    }
}

/* Whether nothing was seen yet that makes the next segment in order more than that. */
static bool is_steady(const struct flow *flow)
{
    const struct side *side = flow->side;

    for (int i = 0; i < 2; i++)
        if (!side[i].seen || side[i].chains || side[i].fin_frame || side[i].has_reset)
            return false;
    return flow->open_frame || !side[!flow->opener].syn_ack;
}

/* Whether the segment goes on where its side has stopped, acknowledges what was seen, and is no
 * copy: a byte or an acknowledgement of it is new. */
static inline bool is_in_order(const struct side *side, const struct side *other,
                               const struct segment *seg)
{
    uint8_t flags = seg->flags & (SEGMENT_SYN | SEGMENT_FIN | SEGMENT_RST | SEGMENT_ACK);

    return flags == SEGMENT_ACK && seg->seq == side->snd_nxt && seg->len <= INT32_MAX &&
           !seq_after(seg->ack, other->snd_nxt) &&
           (seg->len > LIMIT_PROBE_BYTES || (side->has_acked && seq_after(seg->ack, side->acked)));
}

/* Whether neither its time nor its form tells anything of its side that was not known. */
static inline bool is_ordinary(const struct side *side, const struct side *other,
                               const struct segment *seg)
{
    return seg->time_ns && seg->time_ns >= side->heard_ns && seg->time_ns >= other->heard_ns &&
           !seg->is_signed && !segment_lacks_options(seg);
}

bool flow_go_on(struct flow *flow, struct trail *trail, const struct segment *seg)
{
    struct side *side = FLOW_SIDE(flow, seg->side);
    const struct side *other = FLOW_SIDE(flow, !seg->side);
    bool farewell = false;

    if (!flow->steady || !is_in_order(side, other, seg) || !is_ordinary(side, other, seg))
        return false;
    ttls_show(&side->ttls, seg->ttl);
    fold_latest(side, seg);
    note_ack(flow, side, trail, seg);
    if (seg->len) {
        extend(side, seg->seq + seg->len);
        farewell = turns_fold_data(flow, seg);
    }
    flow->trail = trail_add(trail, flow->trail, seg, farewell, false);
    return true;
}

void flow_fold(struct flow *flow, struct trail *trail, const struct segment *seg)
{
    bool farewell = false, probe = false;

    if (!flow->started)
        begin(flow, seg);
    flow->went_back |= flow_goes_back(flow, seg);
    fold_isn(flow, seg);
    if (seg->flags & SEGMENT_RST) {
        fold_reset(flow, seg);
    } else {
        if (seg->flags & SEGMENT_SYN)
            fold_syn(flow, seg);
        fold_identity(FLOW_SIDE(flow, seg->side), seg);
        fold_latest(FLOW_SIDE(flow, seg->side), seg);
        fold_open(flow, seg);
        fold_ack(flow, trail, seg);
        probe = side_probes_with(FLOW_SIDE(flow, seg->side), seg);
        if (probe) {
            note_echo(flow, seg);
            side_fold_probe(FLOW_SIDE(flow, seg->side), FLOW_SIDE(flow, !seg->side), seg);
        } else {
            fold_sequence(flow, trail, seg);
            farewell = turns_fold_data(flow, seg);
            turns_fold_fin(flow, seg);
        }
    }
    flow->trail = trail_add(trail, flow->trail, seg, farewell, probe);
    flow->steady = is_steady(flow);
}
