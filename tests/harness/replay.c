/* Segments through the core, as the plugin takes them.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay.h"

#include <string.h>

void replay_start(struct replay *replay)
{
    /* What was remembered before is left where it lies: an empty trail must not see it. */
    memset(&replay->flow, 0, sizeof replay->flow);
    memset(replay->chains, 0, sizeof replay->chains);
    for (int side = 0; side < 2; side++) {
        replay->flow.side[side].chains = &replay->chains[side];
        replay->flow.side[side].words = &replay->words[side];
    }
    replay->trail = (struct trail){ .steps = replay->steps, .capacity = REPLAY_TRAIL };
    replay->first[0] = replay->first[1] = NULL;
    replay->ruling_count = replay->silence_count = 0;
}

static void rule(struct replay *replay, const struct segment *rst)
{
    struct ruling *ruling = &replay->ruling[replay->ruling_count++];
    struct ruling *first = replay->first[rst->side];

    ruling->primary = NULL;
    ruling->rst = *rst;
    ruling->verdict = verdict_reach(&replay->flow, &replay->trail, rst,
                                    first ? &first->verdict : NULL, &tuning_default);
    if (ruling->verdict.repeat_of)
        ruling->primary = first;
    else
        replay->first[rst->side] = ruling;
}

static void judge_again(struct replay *replay, const struct segment *segment)
{
    for (int side = 0; side < 2; side++) {
        struct ruling *ruling = replay->first[side];

        if (ruling && verdict_overtook(&ruling->verdict, segment))
            ruling->verdict =
                verdict_reach(&replay->flow, &replay->trail, &ruling->rst, NULL, &tuning_default);
    }
}

void replay_segment(struct replay *replay, const struct segment *segment)
{
    for (int side = 0; side < 2; side++)
        if (replay->first[side])
            verdict_reconsider(&replay->first[side]->verdict, &replay->flow, segment);
    if (segment_has(segment, SEGMENT_RST) && replay->ruling_count < REPLAY_RULINGS)
        rule(replay, segment);
    flow_fold(&replay->flow, &replay->trail, segment);
    judge_again(replay, segment);
}

struct verdict replay_verdict(const struct replay *replay, size_t n)
{
    struct verdict verdict = replay->ruling[n].verdict;

    if (replay->ruling[n].primary)
        verdict_inherit(&verdict, &replay->ruling[n].primary->verdict);
    return verdict;
}

void replay_end(struct replay *replay, int64_t end_ns)
{
    for (unsigned side = 0; side < 2; side++)
        replay->silence_count += verdict_of_silence(&replay->flow, side, end_ns,
                                                    &replay->silence[replay->silence_count]);
}

bool replay_find(const struct replay *replay, uint32_t frame, struct verdict *verdict)
{
    for (size_t i = 0; i < replay->ruling_count; i++) {
        *verdict = replay_verdict(replay, i);
        if (verdict->frame == frame)
            return true;
    }
    for (size_t i = 0; i < replay->silence_count; i++) {
        *verdict = replay->silence[i];
        if (verdict->frame == frame)
            return true;
    }
    return false;
}
