/* One reset in its context: what every rule looks at.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "reset.h"

#include "distance.h"
#include "duration.h"
#include "exchange.h"
#include "form.h"
#include "limit.h"
#include "reason.h"
#include "seq.h"

#include <stddef.h>

const struct tuning tuning_default = { .idle_ns = (int64_t)LIMIT_IDLE_MS * DURATION_MS };

bool side_fin_acked(const struct side *side, const struct side *other)
{
    return side->fin_frame && other->has_acked && seq_after(other->acked, side->fin_seq);
}

bool reset_trigger_is_bare(const struct reset *r, uint8_t flags)
{
    uint8_t meant = SEGMENT_SYN | SEGMENT_FIN | SEGMENT_ACK;

    return r->trigger && !r->trigger->len && (r->trigger->flags & meant) == flags;
}

bool reset_finds_all_closed(const struct reset *r)
{
    return side_fin_acked(r->sender, r->receiver) && side_fin_acked(r->receiver, r->sender);
}

bool reset_answers_data(const struct reset *r)
{
    return r->trigger && r->trigger->len;
}

bool reset_is_of_two(const struct reset *r)
{
    const struct side *sender = r->sender;
    bool beyond_fin = sender->fin_frame && seq_after(r->seg->seq, sender->fin_seq + 1);
    bool beyond_nothing = sender->has_isn && !sender->talk.spoken &&
                          seq_ahead(r->seg->seq, sender->isn + 1) > LIMIT_NUMBERS_APART_BYTES;

    return r->flow->went_back || sender->two_isns || r->receiver->two_isns || beyond_fin ||
           (r->form != FORM_UNCLEAR && beyond_nothing) || flow_goes_back(r->flow, r->seg);
}

int64_t reset_delayed_ack_ns(const struct reset *r)
{
    return LIMIT_KERNEL_ANSWER_RTTS * flow_rtt_ns(r->flow) + duration_of_ms(LIMIT_DELAYED_ACK_MS);
}

bool reset_answers_ack_of_fin(const struct reset *r)
{
    return reset_trigger_is_bare(r, SEGMENT_ACK) && r->sender->fin_frame &&
           !r->receiver->fin_frame && r->trigger->ack == r->sender->fin_seq + 1 &&
           r->seg->time_ns - r->sender->fin_ns <= reset_delayed_ack_ns(r);
}

bool reset_follows_another(const struct reset *r)
{
    uint32_t first = flow_reset(r->flow, r->receiver_side)->first_frame;

    return first && first < r->seg->frame;
}

bool reset_only_follows(const struct reset *r)
{
    return r->form == FORM_ACTIVE && r->flow->open_frame && r->speaker == NOBODY &&
           reset_follows_another(r);
}

bool reset_is_lately(const struct reset *r)
{
    return r->trigger->time_ns - r->sender->heard_ns < duration_of_ms(LIMIT_RESTART_MS);
}

int64_t reset_waited_ns(const struct reset *r)
{
    const struct side *sender = r->sender, *receiver = r->receiver;
    bool first =
        sender->fin_frame && (!receiver->fin_frame || sender->fin_frame < receiver->fin_frame);

    return first ? duration_of_ms(r->flow->waited_ms) : -1;
}

static bool lies_near(uint32_t seq, uint32_t end)
{
    return seq_after(seq, end) ? seq - end <= LIMIT_NUMBERS_APART_BYTES
                               : end - seq <= LIMIT_UNSEEN_BYTES;
}

bool reset_is_stray(const struct reset *r)
{
    const struct side *sender = r->sender, *receiver = r->receiver;

    if (!sender->fin_frame || r->form != FORM_REFLEX)
        return false;
    if (!(r->seg->flags & SEGMENT_ACK) && !lies_near(r->seg->seq, sender->fin_seq + 1))
        return true;
    return r->trigger && receiver->fin_frame && receiver->fin_frame < r->trigger->frame &&
           !lies_near(step_end(r->trigger), receiver->fin_seq + 1);
}

bool reset_answers_bad_ack(const struct reset *r)
{
    const struct step *trigger = r->trigger;
    const struct side *sender = r->sender;
    bool opening;

    if (!trigger || !(trigger->flags & SEGMENT_ACK) || !sender->syn_frame)
        return false;
    opening = trigger->flags & SEGMENT_SYN || trigger->frame == r->flow->open_frame ||
              (sender->syn_ack && sender->snd_nxt == sender->isn + 1);
    return opening &&
           (!seq_after(trigger->ack, sender->isn) || seq_after(trigger->ack, sender->snd_nxt));
}

bool reset_answers_second_syn(const struct reset *r)
{
    return r->trigger && r->trigger->flags & SEGMENT_SYN &&
           (r->flow->open_frame || (r->sender->syn_ack && !(r->trigger->flags & SEGMENT_ACK)));
}

bool reset_answers_unsigned(const struct reset *r)
{
    return r->trigger && r->trigger->flags & SEGMENT_SYN && r->sender->is_signed &&
           !r->receiver->is_signed;
}

bool reset_blames_protocol(const struct reset *r)
{
    return reset_answers_bad_ack(r) || reset_answers_second_syn(r) || reset_answers_unsigned(r) ||
           reason_is_mptcp_error(r->seg);
}

/*
 * Linux drains the receive queue of a closed socket before it writes the reset, so the window
 * in the reset grows by what was thrown away; a program that reads shows a window update first.
 * Fooled by: a capture that lacks that update (then the IP ID steps too).
 */
bool reset_window_doubled(const struct reset *r)
{
    uint32_t now = side_window(r->sender, r->seg);

    return r->seg->flags & SEGMENT_ACK && r->sender->window_max && now &&
           now >= LIMIT_WINDOW_JUMP_TIMES * r->sender->window && r->seg->ack == r->sender->acked &&
           (!r->seg->has_ip_id ||
            (uint16_t)(r->seg->ip_id - r->sender->ip_id) <= LIMIT_IP_ID_NEXT_STEPS);
}

/* Ahead by more than its sender may have closed with unseen, and no answer to the receiver. */
static bool is_guessed(const struct flow *flow, unsigned side, uint32_t seq)
{
    const struct side *receiver = &flow->side[!side];

    return seq_ahead(seq, flow->side[side].snd_nxt) > LIMIT_UNSEEN_CLOSE_BYTES &&
           !(receiver->has_acked && receiver->acked == seq);
}

bool reset_raises_sequence(const struct flow *flow, const struct segment *rst)
{
    const struct side *sender = &flow->side[rst->side];
    const struct resetting *before = flow_reset(flow, rst->side);
    bool falls = seq_after(before->latest_seq, rst->seq);

    if (!sender->seen || !before->first_frame || sender->heard_ns > before->latest_ns ||
        rst->seq == before->latest_seq ||
        duration_distance_ns(rst->time_ns, before->latest_ns) >
            duration_of_ms(LIMIT_RESET_BURST_MS))
        return false;
    if (!falls)
        return is_guessed(flow, rst->side, rst->seq);
    /* a pair in reverse order, unless the capture lacks what was between them */
    return !side_lacks_bytes(sender) && is_guessed(flow, rst->side, before->latest_seq) &&
           duration_distance_ns(rst->time_ns, before->latest_ns) <=
               duration_of_ms(LIMIT_OVERTAKEN_MS);
}

struct reset reset_in_context(const struct flow *flow, const struct trail *trail,
                              const struct segment *rst, const struct surroundings *around)
{
    struct reset r = { .seg = rst, .flow = flow, .tuning = around->tuning };

    r.elsewhere = around->elsewhere;
    r.sender_side = rst->side;
    r.receiver_side = !rst->side;
    r.sender = &flow->side[r.sender_side];
    r.receiver = &flow->side[r.receiver_side];
    r.sender_is_client = flow->started ? flow->opener == rst->side : rst->port[0] > rst->port[1];
    r.speaker = NOBODY;
    if (!flow->started)
        return r;
    r.rtt_ns = distance_find_ns(&r, trail);
    form_find(&r, trail);
    exchange_find(&r, trail);
    exchange_find_pause(&r, trail);
    if (r.receiver->seen)
        r.quiet_ns = rst->time_ns - r.receiver->heard_ns;
    return r;
}
