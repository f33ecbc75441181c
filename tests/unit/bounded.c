/* What a hostile capture can cost: steps looked back at, counted; bytes of a connection, measured.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay.h"
#include "suite.h"

enum {
    SEGMENTS = 200000,
    LOOKS_OF_A_SEGMENT = 800, /* three walks of at most 256 steps, and some */
    BYTES_OF_A_CONNECTION = 512,
};

static struct replay replay;
static uint64_t looks;

struct step *__real_trail_step(const struct trail *trail, uint32_t serial);
struct step *__wrap_trail_step(const struct trail *trail, uint32_t serial);

/* Every walk over what came before goes step by step through here. */
struct step *__wrap_trail_step(const struct trail *trail, uint32_t serial)
{
    looks++;
    return __real_trail_step(trail, serial);
}

static struct segment segment_at(uint32_t frame, uint8_t flags)
{
    return (struct segment){
        .frame = frame,
        .time_ns = frame * INT64_C(3000000), /* no copy of the one before */
        .seq = 1000,
        .ack = 1000,
        .flags = flags,
        .window = 512,
        .ttl = 64,
        .header_bytes = 20,
        .port = { 49152, 80 },
        .window_shift = SEGMENT_NO_SHIFT,
    };
}

static struct segment reset(uint32_t frame)
{
    return segment_at(frame, SEGMENT_RST);
}

static struct segment retransmission(uint32_t frame)
{
    struct segment seg = segment_at(frame, SEGMENT_ACK);

    seg.len = 100;
    return seg;
}

/* A new question each time, and a RST that answers none of them: nothing is ever spent. */
static struct segment unfitting(uint32_t frame)
{
    struct segment seg = segment_at(frame, frame & 1 ? SEGMENT_ACK : SEGMENT_RST | SEGMENT_ACK);

    seg.side = frame & 1;
    seg.len = frame & 1;
    seg.seq += frame;
    seg.ack += 77;
    return seg;
}

static struct segment acknowledgement(uint32_t frame)
{
    struct segment seg = segment_at(frame, SEGMENT_ACK);

    seg.side = frame & 1;
    seg.ack += frame;
    return seg;
}

static struct segment (*const kinds[])(uint32_t) = { reset, retransmission, unfitting,
                                                     acknowledgement };

START_TEST(each_segment_costs_a_bounded_look_back)
{
    replay_start(&replay);
    for (uint32_t frame = 1; frame <= SEGMENTS; frame++) {
        struct segment seg = kinds[_i](frame);

        looks = 0;
        replay_segment(&replay, &seg);
        ck_assert_msg(looks <= LOOKS_OF_A_SEGMENT, "kind %d, segment %u looked %u times", _i, frame,
                      (unsigned)looks);
    }
}
END_TEST

START_TEST(a_connection_is_small)
{
    ck_assert_uint_le(sizeof(struct connection), BYTES_OF_A_CONNECTION);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("bounded");

    tcase_add_loop_test(tests, each_segment_costs_a_bounded_look_back, 0, ROWS(kinds));
    tcase_add_test(tests, a_connection_is_small);
    return suite_run_tests(suite_create("bounded"), tests);
}
