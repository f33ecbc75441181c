/* Segments through the core, as the plugin takes them.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay.h"

#include <string.h>

void replay_start(struct replay *replay)
{
    memset(replay, 0, sizeof *replay);
    replay->trail.steps = replay->steps;
    replay->trail.capacity = REPLAY_TRAIL;
}

/* The latest RST of that side which repeats no other. */
static const struct verdict *first_of(const struct replay *replay, uint8_t side)
{
    for (size_t i = replay->ruling_count; i--;)
        if (replay->ruling[i].side == side && !replay->ruling[i].verdict.repeat_of)
            return &replay->ruling[i].verdict;
    return NULL;
}

void replay_segment(struct replay *replay, const struct segment *segment)
{
    struct ruling *ruling = &replay->ruling[replay->ruling_count];

    for (size_t i = 0; i < replay->ruling_count; i++)
        verdict_reconsider(&replay->ruling[i].verdict, &replay->flow, segment);
    if (segment_has(segment, SEGMENT_RST) && replay->ruling_count < REPLAY_RULINGS) {
        ruling->frame = segment->frame;
        ruling->side = segment->side;
        ruling->verdict = verdict_reach(&replay->flow, &replay->trail, segment,
                                        first_of(replay, segment->side), &tuning_default);
        replay->ruling_count++;
    }
    flow_fold(&replay->flow, &replay->trail, segment);
}
