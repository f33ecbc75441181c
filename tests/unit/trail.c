/* The ring of segments: links per stream, and what is overwritten is gone.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "trail.h"

#include "suite.h"

enum { CAPACITY = 8 };

static struct step steps[CAPACITY];

static struct trail empty_trail(void)
{
    return (struct trail){ .steps = steps, .capacity = CAPACITY };
}

static uint32_t add(struct trail *trail, uint32_t previous, uint32_t frame)
{
    struct segment segment = { .frame = frame, .seq = frame * 100, .len = 10 };

    return trail_add(trail, previous, &segment, false, false);
}

START_TEST(an_empty_trail_has_no_step)
{
    struct trail trail = empty_trail();

    ck_assert_ptr_null(trail_step(&trail, 0));
}
END_TEST

START_TEST(a_step_remembers_its_segment)
{
    struct trail trail = empty_trail();
    const struct segment segment = {
        .frame = 7,
        .time_ns = 5,
        .seq = 9,
        .ack = 11,
        .len = 13,
        .tsval = 15,
        .window = 17,
        .flags = SEGMENT_ACK | SEGMENT_FIN,
        .side = 1,
    };
    const struct step *step = trail_step(&trail, trail_add(&trail, 0, &segment, true, false));

    ck_assert_ptr_nonnull(step);
    ck_assert_uint_eq(step->frame, 7);
    ck_assert_int_eq(step->time_ns, 5);
    ck_assert_uint_eq(step->seq, 9);
    ck_assert_uint_eq(step->ack, 11);
    ck_assert_uint_eq(step->len, 13);
    ck_assert_uint_eq(step->tsval, 15);
    ck_assert_uint_eq(step->window, 17);
    ck_assert_uint_eq(step->side, 1);
    ck_assert_uint_eq(step->farewell, 1);
    ck_assert_uint_eq(step->probe, 0);
    ck_assert_uint_eq(step->spent, 0);
    ck_assert_uint_eq(step_end(step), 9 + 13 + 1);
}
END_TEST

START_TEST(each_stream_has_a_thread_of_its_own)
{
    struct trail trail = empty_trail();
    uint32_t odd = 0, even = 0;

    for (uint32_t frame = 1; frame <= 6; frame++) {
        if (frame & 1)
            odd = add(&trail, odd, frame);
        else
            even = add(&trail, even, frame);
    }
    for (uint32_t frame = 5; frame; frame -= 2) {
        ck_assert_uint_eq(trail_step(&trail, odd)->frame, frame);
        odd = trail_step(&trail, odd)->previous;
        if (frame == 1)
            break;
    }
    ck_assert_uint_eq(odd, 0);
    ck_assert_uint_eq(trail_step(&trail, even)->frame, 6);
}
END_TEST

START_TEST(the_oldest_steps_are_overwritten)
{
    struct trail trail = empty_trail();
    uint32_t first = add(&trail, 0, 1), last = first;

    for (uint32_t frame = 2; frame <= CAPACITY; frame++)
        last = add(&trail, last, frame);
    ck_assert_uint_eq(trail_step(&trail, first)->frame, 1);

    last = add(&trail, last, CAPACITY + 1);
    ck_assert_ptr_null(trail_step(&trail, first));
    ck_assert_uint_eq(trail_step(&trail, last)->frame, CAPACITY + 1);
    ck_assert_uint_eq(trail_step(&trail, last)->previous, last - 1);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("trail");

    tcase_add_test(tests, an_empty_trail_has_no_step);
    tcase_add_test(tests, a_step_remembers_its_segment);
    tcase_add_test(tests, each_stream_has_a_thread_of_its_own);
    tcase_add_test(tests, the_oldest_steps_are_overwritten);
    return suite_run_tests(suite_create("trail"), tests);
}
