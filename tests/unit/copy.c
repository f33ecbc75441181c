/* Which segments are taken for copies that the capture made.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "flow.h"
#include "suite.h"

enum { STEPS = 1 << 8 };
static const int64_t US = 1000; /* ns */

static struct step steps[STEPS];
static struct trail trail;
static struct oddities oddities;
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
    oddities = (struct oddities){ .words = NULL };
    flow = (struct flow){ .oddities = &oddities };
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

/* The client's question again, so much later, with that timestamp and that IP ID. */
static uint32_t ask_again(int64_t us, uint32_t tsval, uint16_t ip_id)
{
    struct segment data = { .seq = 100,
                            .ack = 500,
                            .len = 10,
                            .ttl = 64,
                            .has_timestamp = tsval != 0,
                            .tsval = tsval,
                            .ip_id = ip_id };

    trail = (struct trail){ .steps = steps, .capacity = STEPS };
    oddities = (struct oddities){ .words = NULL };
    flow = (struct flow){ .oddities = &oddities };
    frame = 0;
    hear(&data);
    data.time_ns += us * US;
    return hear(&data);
}

START_TEST(a_copy_may_be_as_late_as_nothing_is_sent_again)
{
    struct segment again = {
        .seq = 100, .ack = 500, .len = 10, .has_timestamp = true, .tsval = 7, .time_ns = 5000 * US
    };

    ck_assert_uint_eq(ask_again(200000, 7, 9), 1);
    ck_assert_uint_eq(ask_again(200000, 7, 0), 1); /* IPv6 */
    ck_assert_uint_eq(ask_again(200001, 7, 9), 0);
    ck_assert_uint_eq(ask_again(3000, 0, 9), 0); /* it may have been sent again */
    ask_again(0, 7, 9);
    again.ip_id = 10;
    ck_assert_uint_eq(hear(&again), 0);
}
END_TEST

START_TEST(copies_of_resets_come_as_late_as_others)
{
    ck_assert_uint_eq(ask_again(10000, 7, 9), 1);
    ck_assert_uint_eq(reset_at(0, 64), 0);
    ck_assert_uint_eq(reset_at(5000, 64), 0);
    ck_assert_uint_eq(reset_at(10000, 64), 3);
    ck_assert_uint_eq(ask_again(1000, 7, 9), 1);
    ck_assert_uint_eq(reset_at(0, 64), 0);
    ck_assert_uint_eq(reset_at(3000, 64), 0);
}
END_TEST

/* Whether the clocks of two places differ, if a question that came in time elsewhere, and was
 * acknowledged then, passes a third place so much later. */
static bool clocks_differ(int64_t later_us)
{
    struct segment data = {
        .seq = 100, .ack = 500, .len = 10, .ttl = 64, .has_timestamp = true, .tsval = 7, .ip_id = 9
    };
    struct segment ack = { .seq = 500, .ack = 110, .flags = SEGMENT_ACK, .side = 1 };

    ck_assert_uint_eq(ask_again(10000, 7, 9), 1);
    ack.time_ns = 10000 * US;
    hear(&ack);
    data.time_ns = (10000 + later_us) * US;
    ck_assert_uint_eq(hear(&data), 1);
    return flow.went_back;
}

START_TEST(what_was_acknowledged_does_not_pass_any_more)
{
    ck_assert(!clocks_differ(1000)); /* a copy of the copy */
    ck_assert(clocks_differ(3000));
}
END_TEST

START_TEST(what_was_acknowledged_may_be_sent_again_and_copied)
{
    struct segment again = { .seq = 100,
                             .ack = 500,
                             .len = 10,
                             .has_timestamp = true,
                             .tsval = 8,
                             .time_ns = 1000000 * US };

    ck_assert(!clocks_differ(1000));
    ck_assert_uint_eq(hear(&again), 0);
    again.time_ns += 10 * US;
    ck_assert_uint_eq(hear(&again), 5);
    ck_assert(!flow.went_back);
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
        a_copy_may_be_as_late_as_nothing_is_sent_again,
        copies_of_resets_come_as_late_as_others,
        what_was_acknowledged_does_not_pass_any_more,
        what_was_acknowledged_may_be_sent_again_and_copied,
        many_segments_may_stand_between,
    };
    TCase *all = tcase_create("all");

    for (int i = 0; i < ROWS(tests); i++)
        tcase_add_test(all, tests[i]);
    return suite_run_tests(suite_create("copy"), all);
}
