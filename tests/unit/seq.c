/* Sequence arithmetic at and around the wrap (RFC 9293, 3.4).
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "seq.h"

#include "suite.h"

static const struct {
    uint32_t a, b;
    int32_t distance;
    uint32_t ahead;
} rows[] = {
    { 0, 0, 0, 0 },
    { 1, 0, 1, 1 },
    { 0, 1, -1, 0 },
    { 0, UINT32_MAX, 1, 1 },
    { UINT32_MAX, 0, -1, 0 },
    { 5, UINT32_MAX - 4, 10, 10 },
    { UINT32_MAX - 4, 5, -10, 0 },
    { 0x7fffffff, 0, 0x7fffffff, 0x7fffffff },
    { 0, 0x7fffffff, -0x7fffffff, 0 },
    { 0x80000001, 2, 0x7fffffff, 0x7fffffff },
};

START_TEST(distance)
{
    ck_assert_int_eq(seq_distance(rows[_i].a, rows[_i].b), rows[_i].distance);
}
END_TEST

START_TEST(order)
{
    ck_assert(seq_before(rows[_i].a, rows[_i].b) == (rows[_i].distance < 0));
    ck_assert(seq_after(rows[_i].a, rows[_i].b) == (rows[_i].distance > 0));
}
END_TEST

START_TEST(ahead)
{
    ck_assert_uint_eq(seq_ahead(rows[_i].a, rows[_i].b), rows[_i].ahead);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("rows");

    tcase_add_loop_test(tests, distance, 0, ROWS(rows));
    tcase_add_loop_test(tests, order, 0, ROWS(rows));
    tcase_add_loop_test(tests, ahead, 0, ROWS(rows));
    return suite_run_tests(suite_create("seq"), tests);
}
