/* The packets that tell how a connection ended, and what they are to the verdict.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "ladder.h"
#include "links.h"

#include "suite.h"

enum { CAPACITY = 512, MS = 1000000 };

static struct step steps[CAPACITY];
static struct rung rungs[LADDER_MAX];

static struct ladder empty_ladder(void)
{
    return (struct ladder){ .rung = rungs, .room = LADDER_MAX };
}

/* A connection: handshake, then `segments` of 100 bytes from the client; frames from 1. */
static void converse(struct flow *flow, struct trail *trail, unsigned segments)
{
    struct segment seg = { .frame = 1, .flags = SEGMENT_SYN, .window = 1000, .ttl = 64 };

    flow_fold(flow, trail, &seg);
    seg = (struct segment){ .frame = 2,
                            .time_ns = MS,
                            .flags = SEGMENT_SYN | SEGMENT_ACK,
                            .ack = 1,
                            .seq = 500,
                            .side = 1,
                            .window = 1000,
                            .ttl = 64 };
    flow_fold(flow, trail, &seg);
    for (unsigned i = 0; i < segments; i++) {
        seg = (struct segment){ .frame = 3 + i,
                                .time_ns = (2 + i) * (int64_t)MS,
                                .flags = SEGMENT_ACK | SEGMENT_PSH,
                                .seq = 1 + 100 * i,
                                .ack = 501,
                                .len = 100,
                                .window = 1000,
                                .ttl = 64 };
        flow_fold(flow, trail, &seg);
    }
}

static void assert_in_order(const struct ladder *ladder)
{
    for (unsigned i = 1; i < ladder->count; i++)
        ck_assert_uint_lt(ladder->rung[i - 1].frame, ladder->rung[i].frame);
}

static bool is_told(const struct ladder *ladder, uint32_t frame)
{
    for (unsigned i = 0; i < ladder->count; i++)
        if (ladder->rung[i].frame == frame)
            return true;
    return false;
}

START_TEST(a_short_story_is_told_in_full)
{
    struct trail trail = { .steps = steps, .capacity = CAPACITY };
    struct flow flow = { 0 };
    struct ladder ladder = empty_ladder();
    const struct segment rst = { .frame = 6, .flags = SEGMENT_RST, .side = 1 };

    converse(&flow, &trail, 3);
    ladder_collect(&ladder, &flow, &trail, &rst);
    ck_assert_uint_eq(ladder.count, 6);
    assert_in_order(&ladder);
    for (unsigned i = 0; i < ladder.count; i++) {
        ck_assert_uint_eq(ladder.rung[i].frame, i + 1);
        ck_assert(ladder.rung[i].whole);
    }
    ck_assert_uint_eq(ladder.rung[2].len, 100);
    ck_assert_uint_eq(ladder.rung[5].flags, SEGMENT_RST);
}
END_TEST

/* Where the answer began, while the trail remembers; what asked for it, whenever that was. */
START_TEST(what_is_said_last_is_told_from_its_start)
{
    struct trail trail = { .steps = steps, .capacity = CAPACITY };
    struct flow flow = { 0 };
    struct segment answer = { .flags = SEGMENT_ACK, .ack = 101, .len = 100, .side = 1 };

    converse(&flow, &trail, 1);
    for (unsigned i = 0; i < 300; i++) {
        struct ladder ladder = empty_ladder();

        answer.frame = 4 + i;
        answer.seq = 501 + 100 * i;
        flow_fold(&flow, &trail, &answer);
        ladder_collect(&ladder, &flow, &trail, NULL);
        assert_in_order(&ladder);
        ck_assert(is_told(&ladder, 3));
        ck_assert(is_told(&ladder, answer.frame));
        ck_assert(is_told(&ladder, 4) || i >= 256);
        ck_assert(!is_told(&ladder, 5) || i < 10);
    }
}
END_TEST

START_TEST(a_long_story_keeps_its_beginning_and_its_end)
{
    struct trail trail = { .steps = steps, .capacity = CAPACITY };
    struct flow flow = { 0 };
    struct ladder ladder = empty_ladder();
    const struct segment rst = { .frame = 2003, .flags = SEGMENT_RST, .side = 1 };

    converse(&flow, &trail, 2000);
    ladder_collect(&ladder, &flow, &trail, &rst);
    assert_in_order(&ladder);
    ck_assert_uint_le(ladder.count, LADDER_MAX);
    ck_assert_uint_eq(ladder.rung[0].frame, 1);
    ck_assert(!ladder.rung[0].whole); /* overwritten in the trail */
    ck_assert_uint_eq(ladder.rung[0].flags, SEGMENT_SYN);
    ck_assert_uint_eq(ladder.rung[1].flags, SEGMENT_SYN | SEGMENT_ACK);
    ck_assert_uint_eq(ladder.rung[ladder.count - 2].frame, 2002);
    ck_assert(ladder.rung[ladder.count - 2].whole);
}
END_TEST

START_TEST(retransmissions_are_told_by_the_first_and_the_last)
{
    struct trail trail = { .steps = steps, .capacity = CAPACITY };
    struct chains chains = { 0 };
    struct flow flow = { .side[0].chains = &chains };
    struct ladder ladder = empty_ladder();
    struct segment again = { .flags = SEGMENT_ACK | SEGMENT_PSH,
                             .seq = 1,
                             .ack = 501,
                             .len = 100,
                             .window = 1000,
                             .ttl = 64 };

    converse(&flow, &trail, 1);
    for (unsigned i = 0; i < 6; i++) {
        again.frame = 4 + i;
        again.time_ns = (int64_t)MS * 1000 * (1 << i);
        flow_fold(&flow, &trail, &again);
    }
    ladder_collect(&ladder, &flow, &trail, NULL);
    assert_in_order(&ladder);
    ck_assert_uint_eq(ladder.count, 5);
    ck_assert_uint_eq(ladder.rung[3].frame, 4);
    ck_assert_uint_eq(ladder.rung[4].frame, 9);
}
END_TEST

/* A bare ACK among them is no retransmission, and an answer of long ago is not forgotten. */
START_TEST(what_stands_between_is_told)
{
    struct trail trail = { .steps = steps, .capacity = CAPACITY };
    struct chains chains = { 0 };
    struct flow flow = { .side[0].chains = &chains };
    struct ladder ladder = empty_ladder();
    const struct segment answer = { .frame = 4,
                                    .flags = SEGMENT_ACK,
                                    .seq = 501,
                                    .ack = 101,
                                    .len = 10,
                                    .side = 1,
                                    .window = 1000,
                                    .ttl = 64 };
    struct segment again = { .flags = SEGMENT_ACK | SEGMENT_PSH,
                             .seq = 101,
                             .ack = 511,
                             .len = 100,
                             .window = 1000,
                             .ttl = 64 };

    converse(&flow, &trail, 1);
    flow_fold(&flow, &trail, &answer);
    for (again.frame = 5; again.frame < 25; again.frame++) {
        bool bare = again.frame == 20;

        again.time_ns = (int64_t)MS * 1000 * again.frame;
        again.seq = bare ? 201 : 101;
        again.len = bare ? 0 : 100;
        flow_fold(&flow, &trail, &again);
    }
    ladder_collect(&ladder, &flow, &trail, NULL);
    assert_in_order(&ladder);
    ck_assert(is_told(&ladder, 4));
    ck_assert(is_told(&ladder, 20));
    ck_assert(!is_told(&ladder, 21));
}
END_TEST

START_TEST(what_exceeds_the_room_is_dropped)
{
    struct ladder ladder = empty_ladder();
    struct segment seg = { 0 };

    for (unsigned i = 0; i < 2 * LADDER_MAX; i++) {
        seg.frame = 2 * LADDER_MAX - i;
        ladder_add(&ladder, &seg);
        ladder_add(&ladder, &seg);
    }
    ck_assert_uint_eq(ladder.count, LADDER_MAX);
    assert_in_order(&ladder);
}
END_TEST

START_TEST(a_frame_has_the_role_that_tells_most)
{
    const struct verdict verdict = {
        .frame = 9,
        .trigger = 1,
        .syn = 1,
        .fin = 5,
        .fin_peer = 6,
        .retransmission = { 2, 4, 3 },
        .probe = { 7, 8, 2 },
        .proof = { 9, 12, 0 },
    };
    static const enum role roles[] = {
        [1] = ROLE_TRIGGER,     [2] = ROLE_FIRST_RETRANSMISSION,
        [3] = ROLE_NONE,        [4] = ROLE_LAST_RETRANSMISSION,
        [5] = ROLE_FIN,         [6] = ROLE_FIN_PEER,
        [7] = ROLE_FIRST_PROBE, [8] = ROLE_LAST_PROBE,
        [9] = ROLE_NONE,        [12] = ROLE_PROOF,
    };
    struct link links[LINKS_MAX];

    for (unsigned frame = 0; frame < ROWS(roles); frame++)
        ck_assert_int_eq(links_role(&verdict, frame), roles[frame]);
    ck_assert_uint_eq(links_of(&verdict, links), 9);
    ck_assert_uint_eq(links_of(&(struct verdict){ .frame = 1 }, links), 0);
    ck_assert_uint_eq(links_of(&(struct verdict){ .frame = 5, .fin = 5 }, links), 0);
}
END_TEST

/* As far apart as can be, and as near. */
static struct rung rung_at(unsigned i, bool far)
{
    struct rung rung = { .frame = 1 + i, .time_ns = -(int64_t)i, .flags = SEGMENT_ACK };

    rung.side = i % 3 == 1;
    rung.whole = i % 7 != 3;
    if (far) {
        rung.frame = UINT32_MAX - LADDER_ROOM + i;
        rung.time_ns = INT64_C(300000000000000000) * (i % 2 ? 1 : -1);
        rung.flags = UINT8_MAX;
    }
    if (rung.whole) {
        rung.seq = far ? INT32_MAX * i : i;
        rung.len = far ? UINT32_MAX - i : i;
    }
    return rung;
}

START_TEST(what_is_packed_comes_back)
{
    struct rung all[LADDER_ROOM], unpacked[LADDER_ROOM];
    struct ladder ladder = { all, 0, LADDER_ROOM };
    uint8_t packed[LADDER_BYTES];
    struct kept_ladder kept = { .packed = packed };

    for (; ladder.count < LADDER_ROOM; ladder.count++)
        all[ladder.count] = rung_at(ladder.count, _i);
    kept.bytes = ladder_pack(&ladder, packed);
    kept.count = ladder.count;
    ck_assert_uint_le(kept.bytes, _i ? LADDER_BYTES : LADDER_ROOM * 5);
    ladder = ladder_of(&kept, unpacked);
    ck_assert_uint_eq(ladder.count, LADDER_ROOM);
    for (unsigned i = 0; i < LADDER_ROOM; i++) {
        ck_assert_uint_eq(unpacked[i].frame, all[i].frame);
        ck_assert_int_eq(unpacked[i].time_ns, all[i].time_ns);
        ck_assert_uint_eq(unpacked[i].seq, all[i].seq);
        ck_assert_uint_eq(unpacked[i].len, all[i].len);
        ck_assert_uint_eq(unpacked[i].flags, all[i].flags);
        ck_assert_uint_eq(unpacked[i].side, all[i].side);
        ck_assert(unpacked[i].whole == all[i].whole);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ladder");
    TCase *tests = tcase_create("ladder");

    tcase_add_test(tests, a_short_story_is_told_in_full);
    tcase_add_test(tests, what_is_said_last_is_told_from_its_start);
    tcase_add_test(tests, a_long_story_keeps_its_beginning_and_its_end);
    tcase_add_test(tests, retransmissions_are_told_by_the_first_and_the_last);
    tcase_add_test(tests, what_stands_between_is_told);
    tcase_add_test(tests, what_exceeds_the_room_is_dropped);
    tcase_add_test(tests, a_frame_has_the_role_that_tells_most);
    tcase_add_loop_test(tests, what_is_packed_comes_back, 0, 2);
    return suite_run_tests(suite, tests);
}
