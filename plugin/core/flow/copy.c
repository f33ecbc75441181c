/* Segments that the capture holds twice.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "duration.h"
#include "flow.h"
#include "limit.h"

#include <stddef.h>

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
