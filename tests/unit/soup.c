/* Random segments, close enough to each other to mean something: every RST gets a sane verdict.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay.h"
#include "sanity.h"
#include "suite.h"

#include <string.h>

enum { STREAMS = 1000, SEGMENTS_MAX = 60, PAYLOAD_MAX = 80, BATCHES = 10, CAUSES_MIN = 10 };

static struct replay replay;
static struct segment seen[SEGMENTS_MAX + 1]; /* by frame */
static uint64_t dice;
static uint32_t causes_met; /* a bit for each */

/* Knuth's linear congruential generator: the same soup on every machine. */
static uint32_t roll(uint32_t sides)
{
    dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(dice >> 33) % sides;
}

static const char *const openings[] = {
    "",
    "GET / HTTP/1.1\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\n\r\n",
    "HEAD / HTTP/1.1\r\n\r\n",
    "CONNECT a:443 HTTP/1.1\r\n\r\n",
    "HTTP/1.1 200\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "\x16\x03\x01\x01\x01\x01",
    "\x17\x03\x03\x01\x14",
    "\x15\x03\x03\x01\x02\x01",
    "QUIT\r\n",
    "</stream>",
    "\x88\x01",
    "\x30\x05\x02\x01\x01\x42",
};

/* Exactly as large as what was captured, so that reading past its end is noticed. */
static uint8_t *random_payload(const struct segment *segment)
{
    const char *opening = openings[roll(sizeof openings / sizeof openings[0])];
    size_t size = strlen(opening);
    uint8_t *payload = malloc(segment->captured ? segment->captured : 1);

    ck_assert_ptr_nonnull(payload);
    for (uint32_t i = 0; i < segment->captured; i++)
        payload[i] = i < size ? (uint8_t)opening[i] : (uint8_t)roll(256);
    return payload;
}

static uint8_t random_flags(void)
{
    static const uint8_t usual[] = {
        SEGMENT_ACK,
        SEGMENT_ACK,
        SEGMENT_ACK | SEGMENT_PSH,
        SEGMENT_ACK | SEGMENT_FIN,
        SEGMENT_RST,
        SEGMENT_RST | SEGMENT_ACK,
        SEGMENT_SYN,
        SEGMENT_SYN | SEGMENT_ACK,
    };

    return roll(10) ? usual[roll(sizeof usual)] : (uint8_t)roll(64);
}

static struct segment random_segment(uint32_t frame, const struct segment *before)
{
    static const int64_t pauses_ns[] = { 0, 1000, 1500000, 200000000, 10000000000, 400000000000 };
    struct segment segment = {
        .frame = frame,
        .time_ns = before->time_ns + pauses_ns[roll(6)],
        .side = (uint8_t)roll(2),
        .flags = random_flags(),
        .seq = UINT32_MAX - 100 + roll(200),
        .ack = UINT32_MAX - 100 + roll(200),
        .window = (uint16_t)(roll(4) ? roll(65536) : 0),
        .len = roll(2) ? roll(PAYLOAD_MAX) : 0,
        .ttl = (uint8_t)(roll(8) ? 64 : roll(256)),
        .ip_id = (uint16_t)roll(65536),
        .has_ip_id = roll(2),
        .header_bytes = 20,
        .window_shift = roll(2) ? SEGMENT_NO_SHIFT : (uint8_t)roll(15),
        .option_count = (uint8_t)roll(5),
        .has_timestamp = roll(2),
        .tsval = roll(1000),
    };

    if (roll(3) == 0) { /* what the other side has just asked for */
        segment.seq = before->ack;
        segment.ack = segment_end(before);
        segment.side = !before->side;
    }
    segment.port[0] = segment.side ? 80 : 49152;
    segment.port[1] = segment.side ? 49152 : 80;
    segment.captured = roll(2) ? segment.len : roll(segment.len + 1);
    return segment;
}

static void check_verdict(const struct verdict *v, uint32_t last)
{
    const struct sights sights = { .segment = seen, .last = last };
    const char *complaint = sanity_complaint(v, &sights, 0);

    ck_assert_msg(!complaint, "frame %u: %s", v->frame, complaint);
    causes_met |= UINT32_C(1) << v->cause;
}

/* "A one-sided capture is never certain": nothing was seen of the side that the RST would silence.
 */
static void check_doubt(const struct verdict *v)
{
    for (uint32_t frame = 1; frame < v->frame; frame++)
        if (seen[frame].side != v->sender && !segment_has(&seen[frame], SEGMENT_RST))
            return;
    ck_assert_int_ne(v->confidence, CONFIDENCE_CERTAIN);
}

static void check_stream(void)
{
    uint32_t count = 2 + roll(SEGMENTS_MAX - 1);
    size_t resets = 0;

    replay_start(&replay);
    seen[0] = (struct segment){ .frame = 0 };
    for (uint32_t frame = 1; frame <= count; frame++) {
        struct segment *segment = &seen[frame];
        uint8_t *payload;

        *segment = random_segment(frame, &seen[frame - 1]);
        if (frame == 1)
            segment->side = 0;
        payload = random_payload(segment);
        segment->payload = segment->captured ? payload : NULL;
        resets += segment_has(segment, SEGMENT_RST);
        segment->side = replay_segment(&replay, segment);
        free(payload);
        segment->payload = NULL;
    }
    replay_end(&replay, seen[count].time_ns + roll(1000) * INT64_C(1000000000));
    for (size_t i = 0; i < replay.ruling_count; i++) {
        struct verdict verdict = replay_verdict(&replay, i);
        bool of_fin = verdict.form == FORM_FIN;

        ck_assert(segment_has(&seen[verdict.frame], of_fin ? SEGMENT_FIN : SEGMENT_RST));
        resets -= !of_fin;
        if (of_fin && verdict.cause == CAUSE_NONE)
            continue;
        check_verdict(&verdict, count);
        check_doubt(&verdict);
    }
    ck_assert_uint_eq(resets, 0);
    for (size_t i = 0; i < replay.silence_count; i++)
        check_verdict(&replay.silence[i], count);
}

START_TEST(every_reset_gets_a_sane_verdict)
{
    int count = 0;

    dice = (uint64_t)_i * 9293 + 1;
    for (int stream = 0; stream < STREAMS; stream++)
        check_stream();
    for (; causes_met; causes_met &= causes_met - 1)
        count++;
    ck_assert_msg(count >= CAUSES_MIN, "the soup is too thin: %d causes", count);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("soup");

    tcase_add_loop_test(tests, every_reset_gets_a_sane_verdict, 0, BATCHES);
    return suite_run_tests(suite_create("soup"), tests);
}
