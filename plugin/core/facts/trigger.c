/* Which segment drew a reset.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "trigger.h"

#include "duration.h"
#include "limit.h"
#include "seq.h"

#include <stddef.h>

/* Data the sender never acknowledged. */
static bool brings_unacked(const struct reset *r, const struct step *step)
{
    return step_end(step) != step->seq &&
           (!r->sender->has_acked || seq_after(step_end(step), r->sender->acked));
}

/* A segment the sender has acknowledged, or that came before its last sign of life, drew no reset.
 */
bool trigger_is_unanswered(const struct reset *r, const struct step *step)
{
    if (step->spent)
        return false;
    return !r->sender->seen || brings_unacked(r, step) || step->frame > r->sender->heard_frame;
}

bool trigger_is_within(const struct reset *r, const struct step *step, int quarters)
{
    int64_t since_ns = r->seg->time_ns - step->time_ns;

    return r->rtt_ns >= duration_of_us(LIMIT_MEASURABLE_RTT_US) && since_ns >= 0 &&
           since_ns < duration_quarters(r->rtt_ns, quarters);
}

/*
 * "If the incoming segment has an ACK field, the reset takes its sequence number from the ACK
 *  field of the segment; otherwise, the reset has sequence number zero and the ACK field is set
 *  to the sum of the sequence number and segment length of the incoming segment."
 *                                                                         RFC 9293, 3.5.2
 */
bool trigger_is_answered(const struct reset *r, const struct step *step)
{
    const struct segment *rst = r->seg;

    if (!trigger_is_unanswered(r, step))
        return false;
    if (!(step->flags & SEGMENT_ACK))
        return rst->flags & SEGMENT_ACK && rst->ack == step_end(step) &&
               !(step->flags & SEGMENT_RST && rst->seq);
    if (rst->flags & step->flags & SEGMENT_RST) /* else two live sockets reset each other */
        return !(rst->flags & SEGMENT_ACK) && rst->seq == step->ack;
    if (rst->flags & SEGMENT_ACK) /* lwIP always acknowledges; nothing else may have come before */
        return !r->sender->seen && !step->previous && rst->seq == step->ack &&
               rst->ack == step_end(step);
    return rst->seq == step->ack;
}

bool trigger_is_late(const struct reset *r, const struct step *step)
{
    return step->len && !(step->flags & SEGMENT_RST) && !step->spent && brings_unacked(r, step);
}

bool trigger_is_covered(const struct reset *r, const struct step *step)
{
    return trigger_is_late(r, step) && !seq_after(step->seq + step->len, r->seg->ack);
}

/* Of those that fit, within a burst. */
struct hunt {
    const struct step *news;    /* earliest with data the sender never acknowledged */
    const struct step *nothing; /* earliest without */
    const struct step *too_new; /* the sender cannot have seen it: latest, data before a bare ACK */
    const struct step *first;   /* earliest of those */
    const struct step *reset;   /* latest RST: no host answers one, an address translator may */
};

static bool is_copy(const struct step *one, const struct step *other)
{
    return one && one->seq == other->seq && one->ack == other->ack && one->len == other->len &&
           one->flags == other->flags;
}

/* First in, first out; but of identical copies, with no round trip known, the latest. */
static void prefer_earlier(const struct step **known, const struct step *step, int64_t rtt_ns)
{
    if (rtt_ns || !is_copy(*known, step))
        *known = step;
}

/* The number of a SYN proves what it draws; anything else draws it soon. */
static bool is_too_old(const struct reset *r, const struct step *step, int64_t rtt_ns)
{
    int64_t age_ns = r->seg->time_ns - step->time_ns, most_ns = LIMIT_BURST_RTTS * rtt_ns;

    if (step->flags & SEGMENT_SYN)
        return false;
    if (rtt_ns && !brings_unacked(r, step))
        return age_ns > LIMIT_KERNEL_ANSWER_RTTS * rtt_ns + duration_of_ms(LIMIT_KERNEL_ANSWER_MS);
    if (most_ns < duration_of_ms(LIMIT_ANSWER_MS))
        most_ns = duration_of_ms(LIMIT_ANSWER_MS);
    return age_ns > most_ns;
}

static void consider(struct reset *r, struct hunt *hunt, const struct step *step)
{
    int64_t rtt_ns = flow_rtt_ns(r->flow);

    if (step->flags & SEGMENT_RST) {
        if (!hunt->reset)
            hunt->reset = step;
    } else if (trigger_is_within(r, step, LIMIT_TOO_NEW_QUARTERS)) {
        if (!hunt->too_new || (!hunt->too_new->len && step->len))
            hunt->too_new = step;
        hunt->first = step;
    } else if (!brings_unacked(r, step)) {
        prefer_earlier(&hunt->nothing, step, rtt_ns);
    } else {
        r->fitting += rtt_ns || !is_copy(hunt->news, step);
        prefer_earlier(&hunt->news, step, rtt_ns);
    }
}

/* The best of what was found: a bare ACK or an old duplicate draws a reset from a socket that is
 * gone, but new data does it always.  What is too new is taken when nothing else fits; if even the
 * earliest of it is, and there is data in it, something nearer than the sender answered. */
static void settle(struct reset *r, const struct hunt *hunt)
{
    r->trigger = hunt->news ? hunt->news : hunt->nothing ? hunt->nothing : hunt->too_new;
    if (r->trigger && r->trigger == hunt->too_new && hunt->too_new->len &&
        trigger_is_within(r, hunt->first, LIMIT_TOO_SOON_QUARTERS))
        r->too_soon = hunt->too_new;
    if (!r->trigger)
        r->trigger = hunt->reset;
    if (!hunt->news)
        r->fitting = r->trigger != NULL;
}

void trigger_find(struct reset *r, const struct trail *trail, trigger_fits_fn *fits)
{
    const struct step *step = trail_step(trail, r->flow->trail);
    int64_t rtt_ns = flow_rtt_ns(r->flow), burst_ns;
    struct hunt hunt = { 0 };

    burst_ns = rtt_ns ? LIMIT_BURST_RTTS * rtt_ns : duration_of_ms(LIMIT_BURST_BLIND_MS);
    if (burst_ns < duration_of_ms(LIMIT_BURST_MS))
        burst_ns = duration_of_ms(LIMIT_BURST_MS);
    for (int i = 0; step && i < LIMIT_LOOK_BACK_STEPS;
         i++, step = trail_step(trail, step->previous)) {
        if (step->side != r->receiver_side || !fits(r, step) || is_too_old(r, step, rtt_ns))
            continue;
        if (r->seg->time_ns - step->time_ns > burst_ns && (hunt.news || hunt.nothing))
            break;
        consider(r, &hunt, step);
    }
    settle(r, &hunt);
}

bool trigger_is_news(const struct reset *r)
{
    return r->trigger && step_end(r->trigger) != r->trigger->seq &&
           (!r->sender->has_acked || seq_after(step_end(r->trigger), r->sender->acked));
}
