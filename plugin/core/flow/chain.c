/* What a side sends again and again: retransmissions, keep-alives and window probes.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "chain.h"

#include "duration.h"
#include "limit.h"

void chain_lengthen(struct chain *chain, const struct segment *seg)
{
    int64_t interval = seg->time_ns - chain->last_ns;

    if (chain->count && chain->interval_ns &&
        duration_distance_ns(interval, chain->interval_ns) >
            chain->interval_ns / LIMIT_CHAIN_PACE_PART)
        chain->uneven = true;
    if (chain->count)
        chain->interval_ns = interval;
    else
        chain->first_frame = seg->frame;
    if (chain->count < UINT16_MAX)
        chain->count++;
    chain->echo_moved |= chain_is_heard(chain, seg);
    chain->stamped = seg->has_timestamp;
    chain->tsecr = seg->tsecr;
    chain->last_frame = seg->frame;
    chain->last_ns = seg->time_ns;
}

/*
 * "TSecr [...] echoes a timestamp value that was sent by the remote TCP in the TSval field"
 *                                                                         RFC 7323, 3.2
 */
bool chain_is_heard(const struct chain *chain, const struct segment *seg)
{
    return chain->count && chain->stamped && seg->has_timestamp && seg->tsecr != chain->tsecr;
}

void chain_add_answer(struct chain *chain)
{
    if (chain->answers < UINT8_MAX)
        chain->answers++;
}
