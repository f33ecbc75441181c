/* Connections between hosts, segment by segment, for tests of what several tell together.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CALLS_H
#define CALLS_H

#include "conducted.h"

enum { CLIENT, PROXY, SERVER, OTHER, DOOR };

static const uint8_t address[][4] = {
    { 192, 0, 2, 1 }, { 198, 51, 100, 1 }, { 10, 0, 0, 1 }, { 203, 0, 113, 1 }, { 10, 0, 0, 2 }
};

struct call {
    int from;
    uint16_t from_port;
    int to;
    uint16_t to_port;
};

enum { OPENER_ISN = 1000, ACCEPTOR_ISN = 5000, FULL_STACK = 4 /* options */ };

static int64_t clock_ns;
static uint32_t path;
static uint32_t shift;                         /* of all numbers */
static uint8_t ttl = 64, options = FULL_STACK; /* of a SYN */

static inline struct connection *say(const struct call *call, bool by_opener, uint8_t flags,
                                     uint32_t seq, uint32_t ack, uint32_t len)
{
    const uint8_t *ends[2] = { address[call->from], address[call->to] };
    const uint16_t ports[2] = { call->from_port, call->to_port };
    struct sighting sighting = {
        .segment = { .seq = seq + shift,
                     .ack = ack + shift,
                     .len = len,
                     .flags = flags,
                     .option_count = flags & SEGMENT_SYN ? options : 0,
                     .ttl = ttl,
                     .window = flags == SEGMENT_RST ? 0 : 500,
                     .time_ns = clock_ns,
                     .frame = frame + 1,
                     .port = { ports[!by_opener], ports[by_opener] } },
        .address = { ends[!by_opener], ends[by_opener] },
        .address_bytes = sizeof address[0],
        .path = path,
    };

    frame++;
    latest = conductor_hear(&conductor, &sighting, &tuning_default);
    note(&latest);
    return latest.connection;
}

/* The handshake, in which each side takes so long to answer; then a question of 100 bytes. */
static inline struct connection *ask(const struct call *call, int64_t acceptor_ns,
                                     int64_t opener_ns)
{
    say(call, true, SEGMENT_SYN, OPENER_ISN, 0, 0);
    clock_ns += acceptor_ns;
    say(call, false, SEGMENT_SYN | SEGMENT_ACK, ACCEPTOR_ISN, OPENER_ISN + 1, 0);
    clock_ns += opener_ns;
    say(call, true, SEGMENT_ACK, OPENER_ISN + 1, ACCEPTOR_ISN + 1, 0);
    return say(call, true, SEGMENT_ACK | SEGMENT_PSH, OPENER_ISN + 1, ACCEPTOR_ISN + 1, 100);
}

static inline void acknowledge(const struct call *call)
{
    say(call, false, SEGMENT_ACK, ACCEPTOR_ISN + 1, OPENER_ISN + 101, 0);
}

/* The acceptor ends it without an answer. */
static inline void end(const struct call *call, uint8_t how)
{
    say(call, false, how | SEGMENT_ACK, ACCEPTOR_ISN + 1, OPENER_ISN + 101, 0);
}

#endif
