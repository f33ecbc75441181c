/* The segments of two hosts through the conductor.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay.h"

enum { BYTES_MAX = 1 << 25 };

static const struct memory memory = { .steps = 1 << 12, .endpoints = 1 << 4, .callers = 1 << 4 };

void replay_start(struct replay *replay)
{
    const struct lender lender = loans_begin(&replay->loans, BYTES_MAX);

    conductor_start(&replay->conductor, &lender, &memory);
    replay->connection_count = replay->ruling_count = replay->silence_count = 0;
    replay->is_over = false;
}

uint8_t replay_tuned(struct replay *replay, const struct segment *segment,
                     const struct tuning *tuning)
{
    static const uint8_t host[2][4] = { { 192, 0, 2, 1 }, { 198, 51, 100, 1 } };
    struct sighting sighting = {
        .segment = *segment,
        .address = { host[segment->side], host[!segment->side] },
        .address_bytes = sizeof host[0],
    };
    struct outcome outcome = conductor_hear(&replay->conductor, &sighting, tuning);

    if (outcome.is_new && replay->connection_count < REPLAY_CONNECTIONS)
        replay->connection[replay->connection_count++] = outcome.connection;
    if (outcome.ruled && replay->ruling_count < REPLAY_RULINGS)
        replay->ruled[replay->ruling_count++] = outcome.ruled;
    return sighting.segment.side;
}

uint8_t replay_segment(struct replay *replay, const struct segment *segment)
{
    return replay_tuned(replay, segment, &tuning_default);
}

struct verdict replay_verdict(const struct replay *replay, size_t n)
{
    return conductor_verdict(&replay->conductor, replay->ruled[n], replay->is_over);
}

size_t replay_count(const struct replay *replay)
{
    size_t count = replay->silence_count;

    for (size_t i = 0; i < replay->ruling_count; i++)
        count += replay_verdict(replay, i).cause != CAUSE_NONE;
    return count;
}

void replay_end(struct replay *replay, int64_t end_ns)
{
    conductor_reach(&replay->conductor, end_ns);
    replay->is_over = true;
    for (size_t i = 0; i < replay->connection_count; i++)
        for (unsigned side = 0; side < 2; side++) {
            struct rung rungs[LADDER_MAX];
            struct ruling silence;

            if (conductor_silence(&replay->conductor, replay->connection[i], side, rungs, &silence))
                replay->silence[replay->silence_count++] = silence.verdict;
        }
}

bool replay_find(const struct replay *replay, uint32_t frame, struct verdict *verdict)
{
    for (size_t i = 0; i < replay->ruling_count; i++) {
        *verdict = replay_verdict(replay, i);
        if (verdict->frame == frame && verdict->cause != CAUSE_NONE)
            return true;
    }
    for (size_t i = 0; i < replay->silence_count; i++) {
        *verdict = replay->silence[i];
        if (verdict->frame == frame)
            return true;
    }
    return false;
}
