/* Fuzzes the core: the segments of two streams in, a sane verdict on every RST out.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "core.h"

#include "conduct.h"
#include "fuzz.h"
#include "loans.h"
#include "sanity.h"

enum { SEGMENTS_MAX = 300, STREAMS = 2, BYTES_MAX = 1 << 22 };

/* What the fuzzer's two hosts do between the ports of one stream. */
struct stream {
    uint32_t next[2]; /* one past what each host has sent */
    uint16_t ip_id[2];
};

static struct stream streams[STREAMS];
static struct conductor conductor;
static struct loans loans;
static struct segment seen[SEGMENTS_MAX + 1];
static uint32_t connection_of[SEGMENTS_MAX + 1]; /* from 1 */
static struct connection *connections[SEGMENTS_MAX + 1];
static uint32_t connection_count;
static const struct ruled *ruled[SEGMENTS_MAX];
static size_t ruling_count, reset_count;

static void start(uint8_t trail_bits)
{
    const struct memory memory = { .steps = 1U << (4 + (trail_bits & 7)),
                                   .endpoints = 8,
                                   .callers = 8 };
    const struct lender lender = loans_begin(&loans, BYTES_MAX);

    require(conductor_start(&conductor, &lender, &memory), "no memory to begin with");
    for (int i = 0; i < STREAMS; i++)
        streams[i] = (struct stream){ .next = { CORE_FIRST_ISN, CORE_FIRST_ISN } };
    connection_count = 0;
    ruling_count = reset_count = 0;
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
    seg.port[seg.side] = (uint16_t)(49152 + (stream != streams));
    seg.port[!seg.side] = 80;
    return seg;
}

/* Which the conductor told apart. */
static uint32_t number_of(struct connection *connection)
{
    uint32_t number = connection_count;

    while (number && connections[number] != connection)
        number--;
    if (!number)
        connections[number = ++connection_count] = connection;
    return number;
}

static void check_changes(const struct outcome *outcome)
{
    size_t changes = 0;

    for (const struct ruling *ruling = outcome->changed; ruling; ruling = ruling->next_changed)
        require(++changes <= ruling_count, "a change of nothing");
}

static void learn(struct stream *stream, struct segment *seg)
{
    static const uint8_t host[2][4] = { { 192, 0, 2, 1 }, { 198, 51, 100, 1 } };
    unsigned sender = seg->side;
    struct sighting sighting = {
        .segment = *seg,
        .address = { host[sender], host[!sender] },
        .address_bytes = sizeof host[0],
    };
    struct outcome outcome = conductor_hear(&conductor, &sighting, &tuning_default);

    require(outcome.connection != NULL, "a segment of no connection");
    seg->side = sighting.segment.side;
    connection_of[seg->frame] = number_of(outcome.connection);
    if (outcome.ruled) {
        ruled[ruling_count++] = outcome.ruled;
        reset_count += segment_has(seg, SEGMENT_RST);
    }
    check_changes(&outcome);
    stream->ip_id[sender] = seg->ip_id;
    if (!(seg->flags & SEGMENT_RST) && (int32_t)(segment_end(seg) - stream->next[sender]) > 0)
        stream->next[sender] = segment_end(seg);
}

static void check(const struct verdict *verdict, uint32_t last)
{
    const struct sights sights = { .segment = seen, .stream = connection_of, .last = last };
    const char *complaint = sanity_complaint(verdict, &sights, connection_of[verdict->frame]);

    require(!complaint, complaint);
}

static void check_silences(uint32_t last)
{
    conductor_reach(&conductor, seen[last].time_ns + INT64_C(100000000000));
    for (uint32_t i = 1; i <= connection_count; i++)
        for (unsigned side = 0; side < 2; side++) {
            struct rung rungs[LADDER_MAX];
            struct ruling silence;

            if (!conductor_silence(&conductor, connections[i], side, rungs, &silence))
                continue;
            require(silence.verdict.form == FORM_SILENCE && silence.verdict.frame,
                    "a silence without its last frame");
            check(&silence.verdict, last);
        }
}

static void check_all(uint32_t last)
{
    for (size_t i = 0; i < ruling_count; i++) {
        struct verdict verdict = conductor_verdict(&conductor, ruled[i], true);
        uint8_t flag = verdict.form == FORM_FIN ? SEGMENT_FIN : SEGMENT_RST;

        require(!!(seen[verdict.frame].flags & flag), "a verdict on no RST, and on no FIN");
        if (verdict.cause != CAUSE_NONE)
            check(&verdict, last);
        else
            require(flag == SEGMENT_FIN, "a RST without a cause");
    }
    check_silences(last);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = { data, size };
    uint32_t frame = 0;
    size_t resets = 0;

    start(take8(&input));
    while (input.left && frame < SEGMENTS_MAX) {
        struct segment *seg = &seen[++frame];
        struct stream *stream;
        uint8_t *options, *payload;
        size_t taken;

        stream = &streams[*input.at / CORE_OTHER_STREAM];
        *seg = take_segment(&input, frame);
        seg->options = options = take_bytes(&input, seg->option_bytes, &taken);
        seg->option_bytes = (uint8_t)taken;
        seg->payload = payload = take_bytes(&input, seg->captured, &taken);
        seg->captured = (uint32_t)taken;
        resets += segment_has(seg, SEGMENT_RST);
        learn(stream, seg);
        seg->options = seg->payload = NULL;
        free(options);
        free(payload);
    }
    require(reset_count == resets, "a RST without a verdict");
    check_all(frame);
    return 0;
}
