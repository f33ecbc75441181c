/* How far away the side is that a reset claims to come from.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "distance.h"

#include "duration.h"
#include "limit.h"

#include <stddef.h>

/* From the end of what the sender acknowledged last to the first ACK of it.  With much in flight it
 * lies beyond what a flow looks back for with each ACK, and the handshake may have been slow. */
static int64_t latest_ns(const struct reset *r, const struct trail *trail)
{
    const struct step *step = trail_step(trail, r->flow->trail), *ack = NULL;

    for (int i = 0; step && i < LIMIT_LOOK_BACK_STEPS;
         i++, step = trail_step(trail, step->previous)) {
        if (step->side == r->sender_side && (!ack || step->ack == ack->ack))
            ack = step->flags & SEGMENT_RST ? ack : step;
        else if (step->side == r->receiver_side && ack && step->len && step_end(step) == ack->ack)
            return ack->time_ns - step->time_ns;
    }
    return 0;
}

int64_t distance_find_ns(const struct reset *r, const struct trail *trail)
{
    int64_t shortest_ns = duration_of_us(r->sender->rtt_us), ns = latest_ns(r, trail);

    return ns > 0 && ns < shortest_ns ? ns : shortest_ns;
}

bool distance_is_steady(const struct reset *r)
{
    int64_t until_ns = r->sender->syn_ack ? r->sender->syn_ns : r->flow->open_ns;

    return until_ns - r->receiver->syn_ns <= LIMIT_STEADY_RTT_TIMES * r->rtt_ns;
}
