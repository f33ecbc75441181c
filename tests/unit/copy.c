/* Which segments are taken for copies that the capture made.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "flow.h"
#include "suite.h"

enum { STEPS = 1 << 8 };
static const int64_t US = 1000; /* ns */

static struct step steps[STEPS];
static struct trail trail;
static struct flow flow;
static uint32_t frame;

/* The frame it is a copy of; 0: of none. */
static uint32_t hear(const struct segment *said)
{
    struct segment segment = *said;
    struct step *original;

    segment.frame = ++frame;
    segment.flags |= segment.len ? SEGMENT_ACK : 0;
    segment.port[segment.side] = 49152;
    segment.port[!segment.side] = 80;
    original = flow_copied(&flow, &trail, &segment);
    if (!original) {
        flow_fold(&flow, &trail, &segment);
        return 0;
    }
    flow_note_copy(&flow, original, &segment);
    return original->frame;
}

/* Data of the client, and its copy that much later and that many hops further. */
static void start(int64_t delay_us, uint8_t hops)
{
    struct segment data = { .seq = 100, .ack = 500, .len = 10, .ttl = 64 };

    trail = (struct trail){ .steps = steps, .capacity = STEPS };
    flow = (struct flow){ .started = false };
    frame = 0;
    ck_assert_uint_eq(hear(&data), 0);
    data.time_ns += delay_us * US;
    data.ttl = (uint8_t)(data.ttl - hops);
    ck_assert_uint_eq(hear(&data), 1);
}

/* A reset of the server's closed port. */
static uint32_t reset_at(int64_t us, uint8_t ttl)
{
    return hear(&(struct segment){
        .time_ns = (1000000 + us) * US, .seq = 500, .flags = SEGMENT_RST, .side = 1, .ttl = ttl });
}

START_TEST(equal_resets_are_answers_where_nothing_is_copied)
{
    struct segment data = { .seq = 100, .ack = 500, .len = 10, .ttl = 64 };

    start(10, 0);
    flow = (struct flow){ .started = false };
    trail.latest = 0;
    hear(&data);
    ck_assert_uint_eq(reset_at(0, 64), 0);
    ck_assert_uint_eq(reset_at(10, 64), 0);
}
END_TEST

/* A copy was taken a router or two apart; what came a longer way is another's. */
START_TEST(equal_resets_of_different_ways_are_two)
{
    struct segment data = { .seq = 100, .ack = 500, .len = 10, .ttl = 64 };

    for (uint8_t hops = 2; hops <= 10; hops += 8) {
        trail = (struct trail){ .steps = steps, .capacity = STEPS };
        flow = (struct flow){ .started = false };
        frame = 0;
        hear(&data);
        ck_assert_uint_eq(reset_at(0, 64), 0);
        ck_assert_uint_eq(reset_at(10, (uint8_t)(64 - hops)), hops == 2 ? 2 : 0);
    }
}
END_TEST

START_TEST(the_first_of_equal_resets_that_wants_a_copy_gets_it)
{
    start(1000, 0);
    ck_assert_uint_eq(reset_at(0, 64), 0);
    ck_assert_uint_eq(reset_at(20, 64), 0); /* sooner than copies come */
    ck_assert_uint_eq(reset_at(1000, 64), 3);
    ck_assert_uint_eq(reset_at(1020, 64), 4);
}
END_TEST

START_TEST(a_reset_long_after_copies_would_come_is_none)
{
    start(10, 0);
    ck_assert_uint_eq(reset_at(0, 64), 0);
    ck_assert_uint_eq(reset_at(70, 64), 0);
    ck_assert_uint_eq(reset_at(80, 64), 4);
}
END_TEST

START_TEST(copies_come_as_many_hops_later_as_others)
{
    start(30, 1);
    ck_assert_uint_eq(reset_at(0, 64), 0);
    ck_assert_uint_eq(reset_at(25, 64), 0);
    ck_assert_uint_eq(reset_at(30, 63), 3);
    ck_assert_uint_eq(reset_at(55, 63), 4);
    start(30, 0);
    ck_assert_uint_eq(reset_at(0, 64), 0);
    ck_assert_uint_eq(reset_at(30, 50), 0); /* another's */
}
END_TEST

START_TEST(many_segments_may_stand_between)
{
    struct segment data = { .seq = 1000, .ack = 500, .len = 10, .ttl = 64, .time_ns = 5000 * US };

    start(1000, 0);
    for (int i = 0; i < 100; i++) {
        ck_assert_uint_eq(hear(&data), 0);
        data.seq += 10;
    }
    data.seq = 1000;
    data.time_ns += 1000 * US;
    for (uint32_t i = 0; i < 100; i++) {
        ck_assert_uint_eq(hear(&data), 3 + i);
        data.seq += 10;
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        equal_resets_are_answers_where_nothing_is_copied,
        equal_resets_of_different_ways_are_two,
        the_first_of_equal_resets_that_wants_a_copy_gets_it,
        a_reset_long_after_copies_would_come_is_none,
        copies_come_as_many_hops_later_as_others,
        many_segments_may_stand_between,
    };
    TCase *all = tcase_create("all");

    for (int i = 0; i < ROWS(tests); i++)
        tcase_add_test(all, tests[i]);
    return suite_run_tests(suite_create("copy"), all);
}
