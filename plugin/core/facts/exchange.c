/* How far the conversation had come when it was reset, and how long it had paused.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "exchange.h"

#include "limit.h"
#include "seq.h"
#include "trigger.h"

#include <stddef.h>

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
            if (trigger_is_within(r, step, LIMIT_TOO_SOON_QUARTERS))
                r->too_soon = step;
            return;
        }
}

/* What offends never finishes an exchange, nor does a handshake that has not finished. */
static bool is_broken_off(const struct talk *one, const struct talk *other)
{
    return talk_offends(one) || talk_offends(other) || talk_is_in_handshake(one, other);
}

/*
 * An exchange is finished when nothing is outstanding, FIN and farewell aside, and whoever was last
 * asked has answered.
 */
static void find_debts(struct reset *r)
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
    if (r->acks_more && r->receiver->seen)
        r->acks_unseen = seq_ahead(r->seg->ack, r->receiver->snd_nxt);
    answered = r->acks_unseen <= 1 /* its FIN */ && !talk_is_cut(question) &&
               !flow_question(flow).is_open &&
               !answer_is_open(&flow->side[!asker], &flow->side[asker]) &&
               !is_broken_off(question, answer);
    r->finished = answered && !r->sender_out && !r->receiver_out;
    r->finished_by_reset =
        answered && !r->sender_out && r->acks_more >= r->receiver_out && r->sender_side == asker &&
        (talk_ending(answer).entirety == ENTIRE_WHOLE || talk_is_notified(answer));
}

void exchange_find(struct reset *r, const struct trail *trail)
{
    find_debts(r);
    find_haste(r, trail);
}

/* Whether the segment neither is nor ends a pause: bare, or only asks whether the other lives. */
static bool says_nothing(const struct reset *r, const struct step *step)
{
    return step->side == r->receiver_side && (!step->len || step->probe);
}

/* When the pause before an unprompted reset began: an echo may tell of an answer not captured. */
static int64_t pause_begin_ns(const struct reset *r)
{
    const struct chain *probe = side_probe(r->sender);
    int64_t active_ns = r->flow->active_ns;

    return chain_is_heard(probe, r->seg) && probe->last_ns > active_ns ? probe->last_ns : active_ns;
}

static void find_lull(struct reset *r, const struct trail *trail)
{
    const struct step *step = trail_step(trail, r->trigger->previous);

    r->lull_ns = INT64_MIN;
    for (int i = 0; step && i < LIMIT_LOOK_BACK_STEPS && r->lull_ns == INT64_MIN;
         i++, step = trail_step(trail, step->previous))
        if (step->side == r->receiver_side)
            r->lull_ns = step->time_ns;
}

static void note_probe(struct reset *r, const struct step *step)
{
    if (!step->probe)
        return;
    if (!r->probes_in_pause++)
        r->probed_ns = step->time_ns;
}

/* The pause that an unprompted reset ended. */
static void find_pause_before_reset(struct reset *r, const struct trail *trail)
{
    int64_t begin_ns = pause_begin_ns(r);
    const struct step *step = trail_step(trail, r->flow->trail);

    r->idle_ns = r->seg->time_ns - begin_ns;
    r->lull_ns = r->receiver->seen ? r->receiver->heard_ns : INT64_MIN;
    for (int i = 0; step && i < LIMIT_LOOK_BACK_STEPS && step->time_ns > begin_ns;
         i++, step = trail_step(trail, step->previous))
        note_probe(r, step);
}

/* The pause that the trigger ended, or what was sent into the void before it. */
void exchange_find_pause(struct reset *r, const struct trail *trail)
{
    const struct step *step;
    int64_t end_ns;

    if (!r->trigger) {
        find_pause_before_reset(r, trail);
        return;
    }
    find_lull(r, trail);
    end_ns = r->trigger->time_ns;
    step = trail_step(trail, r->trigger->previous);
    for (int i = 0; step && i < LIMIT_LOOK_BACK_STEPS;
         i++, step = trail_step(trail, step->previous)) {
        if (step->frame == r->seg->frame)
            continue; /* shown before its trigger */
        if (says_nothing(r, step)) {
            note_probe(r, step);
        } else if (step->side == r->receiver_side && trigger_is_unanswered(r, step)) {
            end_ns = step->time_ns;
        } else {
            r->idle_ns = end_ns - step->time_ns;
            return;
        }
    }
}
