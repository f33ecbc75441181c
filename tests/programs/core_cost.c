/* Runs segments through the core and nothing else, so that its instructions can be counted.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRAIL = 1 << 16, FLOWS = 1 << 10, TURNS = 12 };

static struct step steps[TRAIL];
static struct trail trail = { .steps = steps, .capacity = TRAIL };
static struct flow flows[FLOWS];
static struct chains chains[FLOWS][2];
static struct verdict first[FLOWS];
static uint32_t causes_met;

static void learn(size_t flow, const struct segment *seg)
{
    if (seg->flags & SEGMENT_RST) {
        struct verdict verdict = verdict_reach(
            &flows[flow], &trail, seg, first[flow].cause ? &first[flow] : NULL, &tuning_default);

        causes_met |= UINT32_C(1) << verdict.cause;
        if (!verdict.repeat_of)
            first[flow] = verdict;
    } else if (first[flow].cause) {
        verdict_reconsider(&first[flow], &flows[flow], seg);
    }
    if (flow_wants_chains(&flows[flow], seg))
        flows[flow].side[seg->side].chains = &chains[flow][seg->side];
    flow_fold(&flows[flow], &trail, seg);
}

static struct segment next_segment(uint32_t frame)
{
    return (struct segment){
        .frame = frame,
        .time_ns = INT64_C(3000000) * frame,
        .flags = SEGMENT_ACK,
        .seq = 1000,
        .ack = 1000,
        .window = 512,
        .ttl = 64,
        .header_bytes = 20,
        .port = { 49152, 80 },
        .window_shift = SEGMENT_NO_SHIFT,
    };
}

/* Both sides talk in turn on many connections. */
static void exchange(uint32_t frame)
{
    static const uint8_t text[] = "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n";
    struct segment seg = next_segment(frame);
    uint32_t turn = frame / FLOWS;

    seg.side = turn & 1;
    seg.seq += turn / 2 * 100;
    seg.ack += (turn + 1) / 2 * 100;
    seg.len = 100;
    seg.payload = text;
    seg.captured = turn < 2 ? sizeof text - 1 : 0;
    learn(frame % FLOWS, &seg);
}

static void syn_flood(uint32_t frame)
{
    struct segment seg = next_segment(frame);

    memset(&flows[frame % FLOWS], 0, sizeof *flows); /* a stream of its own */
    seg.flags = SEGMENT_SYN;
    learn(frame % FLOWS, &seg);
}

static void resets(uint32_t frame)
{
    struct segment seg = next_segment(frame);

    if (frame < TURNS) {
        exchange(frame * FLOWS);
        return;
    }
    seg.flags = SEGMENT_RST;
    seg.seq += TURNS / 2 * 100;
    learn(0, &seg);
}

static void retransmissions(uint32_t frame)
{
    struct segment seg = next_segment(frame);

    seg.len = 100;
    learn(0, &seg);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*send)(uint32_t frame);
    } kinds[] = { { "exchange", exchange },
                  { "syn-flood", syn_flood },
                  { "resets", resets },
                  { "retransmissions", retransmissions } };

    for (size_t i = 0; argc == 3 && i < sizeof kinds / sizeof kinds[0]; i++) {
        uint32_t count = (uint32_t)strtoul(argv[2], NULL, 10);

        if (strcmp(kinds[i].name, argv[1]) != 0)
            continue;
        for (uint32_t frame = 1; frame <= count; frame++)
            kinds[i].send(frame);
        printf("%u segments, causes %#x\n", count, causes_met);
        return EXIT_SUCCESS;
    }
    fprintf(stderr, "usage: core_cost exchange|syn-flood|resets|retransmissions SEGMENTS\n");
    return 2;
}
