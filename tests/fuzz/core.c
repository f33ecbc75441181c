/* Fuzzes the core: the segments of two streams in, a sane verdict on every RST out.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "core.h"

#include "endpoint.h"
#include "fuzz.h"
#include "sanity.h"

enum { SEGMENTS_MAX = 300, STREAMS = 2, ENDPOINTS = 8, TRAIL_MAX = 1 << 11 };

static const uint32_t server_key = 1, address_key = 2, checker_key = 3;

struct stream {
    struct flow flow;
    struct chains chains[2];
    uint32_t next[2]; /* one past what each side has sent */
    uint16_t ip_id[2];
    struct verdict *first[2];
    struct segment first_rst[2];
};

static struct segment seen[SEGMENTS_MAX + 1];
static uint8_t stream_of[SEGMENTS_MAX + 1];
static struct verdict verdicts[SEGMENTS_MAX];
static struct verdict *primary[SEGMENTS_MAX]; /* of each verdict, when it repeats one */
static size_t verdict_count;
static struct step steps[TRAIL_MAX];
static struct trail trail;
static struct endpoint slots[ENDPOINTS];
static struct endpoints endpoints;
static struct stream streams[STREAMS];

static void start(uint8_t trail_bits)
{
    trail = (struct trail){ .steps = steps, .capacity = 1U << (4 + (trail_bits & 7)) };
    memset(slots, 0, sizeof slots);
    memset(streams, 0, sizeof streams);
    endpoints = (struct endpoints){ .slots = slots, .capacity = ENDPOINTS };
    for (int i = 0; i < STREAMS; i++)
        streams[i].next[0] = streams[i].next[1] = CORE_FIRST_ISN;
    verdict_count = 0;
}

/* `offset` is signed. */
static uint32_t behind(uint32_t next, uint16_t offset)
{
    return next + offset - (offset & 0x8000 ? 0x10000U : 0);
}

static struct segment take_segment(struct input *input, uint32_t frame)
{
    uint8_t flags = take8(input), kind = take8(input), time;
    uint16_t seq = take16(input), ack = take16(input);
    struct stream *stream = &streams[flags / CORE_OTHER_STREAM];
    struct segment seg = {
        .frame = frame,
        .flags = flags & 0x3f,
        .side = (flags & CORE_OTHER_SIDE) != 0,
        .option_count = kind & 0x0f,
        .has_timestamp = !!(kind & CORE_TIMESTAMP),
        .has_ip_id = !(kind & CORE_NO_IP_ID),
        .is_signed = !!(kind & CORE_SIGNED),
        .tsval = frame,
        .seq = seq,
        .ack = ack,
    };

    if (!(kind & CORE_RAW)) {
        seg.seq = behind(stream->next[seg.side], seq);
        seg.ack = behind(stream->next[!seg.side], ack);
    }
    time = take8(input);
    seg.time_ns = seen[frame - 1].time_ns + (INT64_C(1000) * (time & 15) << 2 * (time >> 4));
    seg.window = (uint16_t)(take8(input) * 257);
    seg.ttl = take8(input);
    seg.ip_id = (uint16_t)(stream->ip_id[seg.side] + (int8_t)take8(input));
    seg.window_shift = take8(input);
    seg.option_bytes = (uint8_t)((seg.window_shift >> 4) % 11 * 4);
    seg.window_shift = (seg.window_shift & 15) == 15 ? SEGMENT_NO_SHIFT : seg.window_shift & 15;
    seg.len = take16(input);
    seg.captured = take8(input);
    if (seg.captured > seg.len)
        seg.captured = seg.len;
    seg.header_bytes = (uint8_t)(20 + seg.option_bytes);
    seg.port[seg.side] = 49152;
    seg.port[!seg.side] = 80;
    return seg;
}

/* As state.c does it. */
static void rule(struct stream *stream, const struct segment *rst)
{
    struct verdict *v = &verdicts[verdict_count], *first = stream->first[rst->side];

    *v = verdict_reach(&stream->flow, &trail, rst, first, &tuning_default);
    primary[verdict_count++] = v->repeat_of ? first : NULL;
    if (v->repeat_of)
        return;
    stream->first[rst->side] = v;
    stream->first_rst[rst->side] = *rst;
    stream->first_rst[rst->side].payload = stream->first_rst[rst->side].options = NULL;
    if (stream->flow.started)
        endpoint_judge(&endpoints, endpoint_find(&endpoints, server_key),
                       endpoint_find(&endpoints, address_key), checker_key, rst, v);
}

static void show_endpoint(struct flow *flow, const struct segment *seg)
{
    if (segment_has(seg, SEGMENT_SYN | SEGMENT_ACK)) {
        endpoint_accept(endpoint_find(&endpoints, server_key), seg->frame);
        endpoint_show_ttl(endpoint_find(&endpoints, address_key), seg->ttl);
    }
    if (flow->pause_ns && seg->side != flow->pauser && !(seg->flags & SEGMENT_RST)) {
        endpoint_survive(endpoint_find(&endpoints, server_key), flow->pause_ns);
        flow->pause_ns = 0;
    }
}

static void learn(struct stream *stream, const struct segment *seg)
{
    for (int side = 0; side < 2; side++)
        if (stream->first[side])
            verdict_reconsider(stream->first[side], &stream->flow, seg);
    if (seg->flags & SEGMENT_RST)
        rule(stream, seg);
    if (flow_wants_chains(&stream->flow, seg))
        stream->flow.side[seg->side].chains = &stream->chains[seg->side];
    flow_fold(&stream->flow, &trail, seg);
    for (int side = 0; side < 2; side++)
        if (stream->first[side] && verdict_overtook(stream->first[side], seg))
            *stream->first[side] = verdict_reach(&stream->flow, &trail, &stream->first_rst[side],
                                                 NULL, &tuning_default);
    show_endpoint(&stream->flow, seg);
    stream->ip_id[seg->side] = seg->ip_id;
    if (!(seg->flags & SEGMENT_RST) && (int32_t)(segment_end(seg) - stream->next[seg->side]) > 0)
        stream->next[seg->side] = segment_end(seg);
}

static void check(const struct verdict *verdict, uint32_t last)
{
    const struct sights sights = { .segment = seen, .stream = stream_of, .last = last };
    const char *complaint = sanity_complaint(verdict, &sights, stream_of[verdict->frame]);

    require(!complaint, complaint);
}

static void check_all(uint32_t last)
{
    for (size_t i = 0; i < verdict_count; i++) {
        struct verdict verdict = verdicts[i];

        require(!!(seen[verdict.frame].flags & SEGMENT_RST), "a verdict on no RST");
        if (primary[i])
            verdict_inherit(&verdict, primary[i]);
        check(&verdict, last);
    }
    for (int i = 0; i < STREAMS; i++)
        for (unsigned side = 0; side < 2; side++) {
            struct verdict verdict;

            if (!verdict_of_silence(&streams[i].flow, side,
                                    seen[last].time_ns + INT64_C(100000000000), &verdict))
                continue;
            require(verdict.silent && verdict.frame, "a silence without its last frame");
            check(&verdict, last);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = { data, size };
    uint32_t frame = 0;
    size_t resets = 0;

    start(take8(&input));
    while (input.left && frame < SEGMENTS_MAX) {
        struct segment *seg = &seen[++frame];
        uint8_t *options, *payload;
        size_t taken;

        stream_of[frame] = *input.at / CORE_OTHER_STREAM;
        *seg = take_segment(&input, frame);
        seg->options = options = take_bytes(&input, seg->option_bytes, &taken);
        seg->option_bytes = (uint8_t)taken;
        seg->payload = payload = take_bytes(&input, seg->captured, &taken);
        seg->captured = (uint32_t)taken;
        resets += segment_has(seg, SEGMENT_RST);
        learn(&streams[stream_of[frame]], seg);
        seg->options = seg->payload = NULL;
        free(options);
        free(payload);
    }
    require(verdict_count == resets, "a RST without a verdict");
    check_all(frame);
    return 0;
}
