/* One reset in its context: what every rule looks at.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "reset.h"

#include "duration.h"
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

bool reset_answers_ack_of_fin(const struct reset *r)
{
    int64_t soon_ns =
        LIMIT_KERNEL_ANSWER_RTTS * flow_rtt_ns(r->flow) + duration_of_ms(LIMIT_DELAYED_ACK_MS);

    return reset_trigger_is_bare(r, SEGMENT_ACK) && r->sender->fin_frame &&
           !r->receiver->fin_frame && r->trigger->ack == r->sender->fin_seq + 1 &&
           r->trigger->seq != r->receiver->snd_nxt - 1 &&
           r->seg->time_ns - r->sender->fin_ns <= soon_ns;
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
    opening = trigger->flags & SEGMENT_SYN || trigger->frame == r->flow->open_frame;
    return opening &&
           (!seq_after(trigger->ack, sender->isn) || seq_after(trigger->ack, sender->snd_nxt));
}

bool reset_answers_second_syn(const struct reset *r)
{
    return r->trigger && r->trigger->flags & SEGMENT_SYN && r->flow->open_frame;
}

bool reset_blames_protocol(const struct reset *r)
{
    return reset_answers_bad_ack(r) || reset_answers_second_syn(r) || reason_is_mptcp_error(r->seg);
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

bool reset_raises_sequence(const struct flow *flow, const struct segment *rst)
{
    const struct side *sender = &flow->side[rst->side], *receiver = &flow->side[!rst->side];

    return sender->reset_frame && sender->heard_ns <= sender->reset_ns &&
           rst->time_ns - sender->reset_ns <= duration_of_ms(LIMIT_RESET_BURST_MS) &&
           seq_after(rst->seq, sender->reset_seq) && seq_after(rst->seq, sender->snd_nxt) &&
           !(receiver->has_acked && receiver->acked == rst->seq);
}

/*
 * "If the incoming segment has an ACK field, the reset takes its sequence number from the ACK
 *  field of the segment; otherwise, the reset has sequence number zero and the ACK field is set
 *  to the sum of the sequence number and segment length of the incoming segment."
 *                                                                         RFC 9293, 3.5.2
 */
static bool answers(const struct reset *r, const struct step *step)
{
    const struct segment *rst = r->seg;

    if (step->flags & SEGMENT_RST)
        return false;
    if (!(step->flags & SEGMENT_ACK))
        return rst->flags & SEGMENT_ACK && rst->ack == step_end(step);
    if (rst->flags & SEGMENT_ACK) /* lwIP always acknowledges; nothing else may have come before */
        return !r->sender->seen && !step->previous && rst->seq == step->ack &&
               rst->ack == step_end(step);
    return rst->seq == step->ack;
}

/* Data the sender never acknowledged. */
static bool brings_unacked(const struct reset *r, const struct step *step)
{
    return step_end(step) != step->seq &&
           (!r->sender->has_acked || seq_after(step_end(step), r->sender->acked));
}

bool reset_answers_news(const struct reset *r)
{
    return r->trigger && r->trigger->len && brings_unacked(r, r->trigger);
}

/* A segment the sender has acknowledged, or that came before its last sign of life, drew no reset.
 */
static bool unanswered(const struct reset *r, const struct step *step)
{
    if (step->spent)
        return false;
    return !r->sender->seen || brings_unacked(r, step) || step->frame > r->sender->heard_frame;
}

/* A closed Windows socket acknowledges the data it throws away. */
static bool covered_by_closed_socket(const struct reset *r, const struct step *step)
{
    return step->len && !(step->flags & SEGMENT_RST) && unanswered(r, step) &&
           !seq_after(step->seq + step->len, r->seg->ack);
}

typedef bool fits_fn(const struct reset *r, const struct step *step);

static bool is_answered_by(const struct reset *r, const struct step *step)
{
    return answers(r, step) && unanswered(r, step);
}

/* Whether the segment came later than `quarters` of the sender's shortest round trip before. */
static bool came_within(const struct reset *r, const struct step *step, int quarters)
{
    int64_t since_ns = r->seg->time_ns - step->time_ns;

    return r->sender->rtt_us >= LIMIT_MEASURABLE_RTT_US && since_ns >= 0 &&
           since_ns < duration_quarters(duration_of_us(r->sender->rtt_us), quarters);
}

/*
 * First in, first out within a burst; of what lies further back, the latest.  A bare ACK or an old
 * duplicate draws a reset from a socket that is gone, but new data does it always.
 * What is too new to have been seen is taken only when nothing else fits.
 */
static void find_trigger(struct reset *r, const struct trail *trail, fits_fn *fits)
{
    const struct step *step = trail_step(trail, r->flow->trail);
    const struct step *nothing_new = NULL, *too_new = NULL;
    int64_t rtt_ns = flow_rtt_ns(r->flow), burst_ns;

    burst_ns = rtt_ns ? LIMIT_BURST_RTTS * rtt_ns : duration_of_ms(LIMIT_BURST_BLIND_MS);
    if (burst_ns < duration_of_ms(LIMIT_BURST_MS))
        burst_ns = duration_of_ms(LIMIT_BURST_MS);
    for (int i = 0; step && i < LIMIT_LOOK_BACK_STEPS;
         i++, step = trail_step(trail, step->previous)) {
        if (step->side != r->receiver_side || !fits(r, step))
            continue;
        if (r->seg->time_ns - step->time_ns > burst_ns && (r->trigger || nothing_new || too_new))
            break;
        if (came_within(r, step, LIMIT_TOO_NEW_QUARTERS)) {
            too_new = step;
        } else if (!brings_unacked(r, step)) {
            if (!rtt_ns ||
                r->seg->time_ns - step->time_ns <=
                    LIMIT_KERNEL_ANSWER_RTTS * rtt_ns + duration_of_ms(LIMIT_KERNEL_ANSWER_MS))
                nothing_new = step;
        } else {
            r->trigger = step;
            r->fitting++;
        }
    }
    if (r->trigger)
        return;
    if (!nothing_new && too_new && too_new->len && came_within(r, too_new, LIMIT_TOO_SOON_QUARTERS))
        r->too_soon = too_new;
    r->trigger = nothing_new ? nothing_new : too_new;
    r->fitting = r->trigger != NULL;
}

static bool is_closed_socket(const struct reset *r)
{
    const struct segment *rst = r->seg;

    return rst->flags & SEGMENT_ACK && r->sender->fin_frame && rst->window == 0 &&
           rst->seq == r->sender->fin_seq + 1 && r->sender->has_acked && r->receiver->seen &&
           seq_after(rst->ack, r->sender->acked) && flow_outstanding(r->flow, r->receiver_side);
}

static void find_form(struct reset *r, const struct trail *trail)
{
    const struct segment *rst = r->seg;
    const struct side *sender = r->sender;

    if (is_closed_socket(r)) {
        find_trigger(r, trail, covered_by_closed_socket);
        r->closed_socket = r->trigger != NULL;
        if (r->closed_socket) {
            r->form = FORM_REFLEX;
            return;
        }
    }
    find_trigger(r, trail, is_answered_by);
    if (r->trigger) {
        r->form = FORM_REFLEX;
        return;
    }
    if (!sender->seen)
        return;
    /* macOS resets with the number of its own FIN */
    if (rst->seq == sender->snd_nxt || (sender->fin_frame && rst->seq == sender->fin_seq)) {
        r->form = FORM_ACTIVE;
        r->bare = !(rst->flags & SEGMENT_ACK);
    } else if (rst->flags & SEGMENT_ACK && r->receiver->seen &&
               seq_after(rst->seq, sender->snd_nxt) &&
               (sender->lost_segments || seq_after(rst->ack, r->receiver->snd_nxt))) {
        r->form = FORM_ACTIVE;
        r->ahead = true;
    }
}

/* Whether the answer of `server` stops where its own framing, or a closed window, stops it. */
static bool answer_is_open(const struct side *server, const struct side *client)
{
    struct ending ending = talk_ending(&server->talk);

    if (ending.entirety == ENTIRE_CUT || (client->window_max && !client->window))
        return true;
    return ending.entirety == ENTIRE_BY_CLOSE && !server->fin_frame;
}

/* Whether the reset acknowledges data that its sender cannot have received yet. */
static void find_haste(struct reset *r, const struct trail *trail)
{
    const struct step *step = trail_step(trail, r->flow->trail);

    if (!r->acks_more)
        return;
    for (int i = 0; step && i < LIMIT_LOOK_BACK_STEPS;
         i++, step = trail_step(trail, step->previous))
        if (step->side == r->receiver_side && step->len && step_end(step) == r->seg->ack) {
            if (came_within(r, step, LIMIT_TOO_SOON_QUARTERS))
                r->too_soon = step;
            return;
        }
}

/* A fatal TLS alert never finishes an exchange, nor does a handshake that has not finished. */
static bool is_broken_off(const struct talk *one, const struct talk *other)
{
    return one->fatal || other->fatal || talk_is_in_handshake(one, other);
}

/*
 * An exchange is finished when nothing is outstanding, FIN and farewell aside, and whoever was last
 * asked has answered.
 */
static void find_exchange(struct reset *r)
{
    const struct flow *flow = r->flow;
    unsigned asker = flow_asker(flow);
    const struct talk *question = &flow->side[asker].talk, *answer = &flow->side[!asker].talk;
    bool answered;

    r->speaker = flow_last_speaker(flow);
    r->sender_out = flow_outstanding(flow, r->sender_side);
    r->receiver_out = flow_outstanding(flow, r->receiver_side);
    if (r->seg->flags & SEGMENT_ACK && r->sender->has_acked)
        r->acks_more = seq_ahead(r->seg->ack, r->sender->acked);
    answered = !talk_is_cut(question) && !flow_question(flow).is_open &&
               !answer_is_open(&flow->side[!asker], &flow->side[asker]) &&
               !is_broken_off(question, answer);
    r->finished = answered && !r->sender_out && !r->receiver_out;
    r->finished_by_reset = answered && !r->sender_out && r->acks_more >= r->receiver_out &&
                           r->sender_side == asker && talk_ending(answer).entirety == ENTIRE_WHOLE;
}

/* The pause that the trigger ended, or the reset where nothing triggered it. */
static void find_idle(struct reset *r, const struct trail *trail)
{
    const struct step *step;

    if (!r->trigger) {
        r->idle_ns = r->seg->time_ns - r->flow->active_ns;
        return;
    }
    step = trail_step(trail, r->trigger->previous);
    for (int i = 0; step && i < LIMIT_LOOK_BACK_STEPS;
         i++, step = trail_step(trail, step->previous)) {
        if (step->side == r->receiver_side && (!step->len || step->probe || unanswered(r, step)))
            continue;
        r->idle_ns = r->trigger->time_ns - step->time_ns;
        return;
    }
}

struct reset reset_in_context(const struct flow *flow, const struct trail *trail,
                              const struct segment *rst, const struct tuning *tuning)
{
    struct reset r = { .seg = rst, .flow = flow, .tuning = tuning };

    r.sender_side = rst->side;
    r.receiver_side = !rst->side;
    r.sender = &flow->side[r.sender_side];
    r.receiver = &flow->side[r.receiver_side];
    r.sender_is_client = flow->started ? flow->opener == rst->side : rst->port[0] > rst->port[1];
    r.speaker = NOBODY;
    if (!flow->started)
        return r;
    find_form(&r, trail);
    find_exchange(&r);
    find_haste(&r, trail);
    find_idle(&r, trail);
    if (r.receiver->seen)
        r.quiet_ns = rst->time_ns - r.receiver->heard_ns;
    r.kept = reset_kept(&r, trail);
    return r;
}
