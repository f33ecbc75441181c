/* The latest segments of the whole capture, linked per stream.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "trail.h"

#include <stddef.h>

uint32_t trail_add(struct trail *trail, uint32_t previous, const struct segment *seg, bool farewell,
                   bool probe)
{
    uint32_t serial = ++trail->latest;

    trail->steps[serial & (trail->capacity - 1)] = (struct step){
        .time_ns = seg->time_ns,
        .frame = seg->frame,
        .seq = seg->seq,
        .ack = seg->ack,
        .len = seg->len,
        .tsval = seg->tsval,
        .serial = serial,
        .previous = previous,
        .window = seg->window,
        .ip_id = seg->ip_id,
        .flags = seg->flags,
        .ttl = seg->ttl,
        .side = seg->side,
        .farewell = farewell,
        .probe = probe,
    };
    return serial;
}

struct step *trail_step(const struct trail *trail, uint32_t serial)
{
    struct step *step;

    if (!serial)
        return NULL;
    step = &trail->steps[serial & (trail->capacity - 1)];
    return step->serial == serial ? step : NULL;
}
