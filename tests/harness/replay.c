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

static void rule(struct replay *replay, const struct segment *rst)
{
    struct ruling *ruling = &replay->ruling[replay->ruling_count++];
    struct ruling *first = replay->first[rst->side];

    ruling->verdict = verdict_reach(&replay->flow, &replay->trail, rst,
                                    first ? &first->verdict : NULL, &tuning_default);
    if (ruling->verdict.repeat_of)
        ruling->primary = first;
    else
        replay->first[rst->side] = ruling;
}

void replay_segment(struct replay *replay, const struct segment *segment)
{
    for (int side = 0; side < 2; side++)
        if (replay->first[side])
            verdict_reconsider(&replay->first[side]->verdict, &replay->flow, segment);
    if (segment_has(segment, SEGMENT_RST) && replay->ruling_count < REPLAY_RULINGS)
        rule(replay, segment);
    flow_fold(&replay->flow, &replay->trail, segment);
}

struct verdict replay_verdict(const struct replay *replay, size_t n)
{
    struct verdict verdict = replay->ruling[n].verdict;

    if (replay->ruling[n].primary)
        verdict_inherit(&verdict, &replay->ruling[n].primary->verdict);
    return verdict;
}
