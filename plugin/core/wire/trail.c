/* The latest segments of the whole capture, linked per stream.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "trail.h"

#include <stddef.h>

struct step *trail_add(struct trail *trail, uint32_t previous, const struct segment *seg)
{
    uint32_t serial = ++trail->latest;
    struct step *step = &trail->steps[serial & (trail->capacity - 1)];

    *step = (struct step){
        .time_ns = seg->time_ns,
        .serial = serial,
        .previous = previous,
        .frame = seg->frame,
        .seq = seg->seq,
        .ack = seg->ack,
        .len = seg->len,
        .tsval = seg->tsval,
        .window = seg->window,
        .ip_id = seg->ip_id,
        .flags = seg->flags,
        .side = seg->side,
        .ttl = seg->ttl,
    };
    return step;
}

struct step *trail_step(const struct trail *trail, uint32_t serial)
{
    struct step *step;

    if (!serial)
        return NULL;
    step = &trail->steps[serial & (trail->capacity - 1)];
    return step->serial == serial ? step : NULL;
}
