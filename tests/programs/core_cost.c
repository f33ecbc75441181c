/* Runs segments through the core and nothing else, so that its instructions can be counted.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "conduct.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECTIONS = 1 << 10, TURNS = 12 };

static struct conductor conductor;
static uint32_t causes_met;

/* Never given back: the program is short. */
static void *lend(void *context, size_t bytes)
{
    (void)context;
    return malloc(bytes);
}

/* From, or to, the host that opens the connection of that number. */
static void learn(uint32_t connection, const struct segment *seg)
{
    const uint8_t host[2][4] = {
        { 192, 0, 2, 1 },
        { 198, (uint8_t)(connection >> 16), (uint8_t)(connection >> 8), (uint8_t)connection },
    };
    struct sighting sighting = {
        .segment = *seg,
        .address = { host[seg->side], host[!seg->side] },
        .address_bytes = sizeof host[0],
    };
    struct outcome outcome = conductor_hear(&conductor, &sighting, &tuning_default);

    if (outcome.ruled)
        causes_met |= UINT32_C(1) << ruled_ruling(outcome.ruled)->verdict.cause;
}

static struct segment next_segment(uint32_t frame, uint8_t side)
{
    return (struct segment){
        .frame = frame,
        .time_ns = INT64_C(3000000) * frame,
        .flags = SEGMENT_ACK,
        .side = side,
        .seq = 1000,
        .ack = 1000,
        .window = 512,
        .ttl = 64,
        .header_bytes = 20,
        .port = { side ? 80 : 49152, side ? 49152 : 80 },
        .window_shift = SEGMENT_NO_SHIFT,
    };
}

/* Both sides talk in turn on many connections. */
static void exchange(uint32_t frame)
{
    static const uint8_t text[] = "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n";
    uint32_t turn = frame / CONNECTIONS;
    struct segment seg = next_segment(frame, turn & 1);

    seg.seq += turn / 2 * 100;
    seg.ack += (turn + 1) / 2 * 100;
    seg.len = 100;
    seg.payload = text;
    seg.captured = turn < 2 ? sizeof text - 1 : 0;
    learn(frame % CONNECTIONS, &seg);
}

/* An answer of HTTP without end on one connection; every third segment acknowledges the two before.
 */
static void bulk(uint32_t frame)
{
    static const uint8_t head[] = "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n";
    enum { SEGMENT = 1000, ROUND = 3 };
    uint32_t sent = frame / ROUND * (ROUND - 1) + (frame % ROUND ? frame % ROUND - 1 : 0);
    struct segment seg = next_segment(frame, frame % ROUND != 0);

    if (seg.side) {
        seg.seq += sent * SEGMENT;
        seg.len = SEGMENT;
        seg.payload = head;
        seg.captured = sizeof head - 1;
    } else {
        seg.ack += sent * SEGMENT;
    }
    learn(0, &seg);
}

/* A connection each. */
static void syn_flood(uint32_t frame)
{
    struct segment seg = next_segment(frame, 0);

    seg.flags = SEGMENT_SYN;
    learn(frame, &seg);
}

static void resets(uint32_t frame)
{
    struct segment seg = next_segment(frame, 0);

    if (frame < TURNS) {
        exchange(frame * CONNECTIONS);
        return;
    }
    seg.flags = SEGMENT_RST;
    seg.seq += TURNS / 2 * 100;
    learn(0, &seg);
}

static void retransmissions(uint32_t frame)
{
    struct segment seg = next_segment(frame, 0);

    seg.len = 100;
    learn(0, &seg);
}

int main(int argc, char **argv)
{
    static const struct lender lender = { lend, NULL };
    static const struct {
        const char *name;
        void (*send)(uint32_t frame);
    } kinds[] = { { "exchange", exchange },
                  { "bulk", bulk },
                  { "syn-flood", syn_flood },
                  { "resets", resets },
                  { "retransmissions", retransmissions } };

    for (size_t i = 0; argc == 3 && i < sizeof kinds / sizeof kinds[0]; i++) {
        uint32_t count = (uint32_t)strtoul(argv[2], NULL, 10);

        if (strcmp(kinds[i].name, argv[1]) != 0)
            continue;
        if (!conductor_start(&conductor, &lender, &memory_default))
            return EXIT_FAILURE;
        for (uint32_t frame = 1; frame <= count; frame++)
            kinds[i].send(frame);
        printf("%u segments, causes %#x\n", count, causes_met);
        return EXIT_SUCCESS;
    }
    fprintf(stderr, "usage: core_cost exchange|bulk|syn-flood|resets|retransmissions SEGMENTS\n");
    return 2;
}
