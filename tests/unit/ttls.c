/* What TTLs tell of the distance of a host.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "ttls.h"

#include "suite.h"

static struct ttls of(const char *shown)
{
    struct ttls ttls = { .times = 0 };

    for (; *shown; shown++)
        ttls_show(&ttls, (uint8_t)*shown);
    return ttls;
}

START_TEST(hops_are_counted_from_the_next_default)
{
    static const uint8_t rows[][2] = { { 255, 0 }, { 129, 126 }, { 128, 0 }, { 115, 13 },
                                       { 64, 0 },  { 50, 14 },   { 32, 0 },  { 1, 31 } };

    for (int i = 0; i < ROWS(rows); i++)
        ck_assert_uint_eq(ttls_hops(rows[i][0]), rows[i][1]);
}
END_TEST

START_TEST(a_kernel_takes_a_default_at_the_same_distance)
{
    const struct ttls ttls = of("\x32"); /* 50: 14 hops away */

    ck_assert(ttls_allow(&ttls, 50));
    ck_assert(ttls_allow(&ttls, 18));
    ck_assert(ttls_allow(&ttls, 114));
    ck_assert(ttls_allow(&ttls, 241));
    ck_assert(!ttls_allow(&ttls, 58));
    ck_assert(!ttls_allow(&ttls, 64));
}
END_TEST

START_TEST(what_is_not_known_is_not_held_against_anyone)
{
    const struct ttls nothing = of(""), known = of("\x32\x32");

    ck_assert(ttls_allow(&nothing, 17));
    ck_assert(!ttls_has(&nothing, 17));
    ck_assert(!ttls_is_stable(&nothing));
    ck_assert(ttls_allow(&known, 0)); /* a reassembled segment */
    ck_assert(!ttls_has(&known, 0));
}
END_TEST

START_TEST(a_strange_one_is_not_its_own_at_once)
{
    struct ttls ttls = of("\x32\x32\x3d\x3d\x3d");

    ck_assert(!ttls_has(&ttls, 61));
    ck_assert(ttls_is_stable(&ttls));
    ttls_show(&ttls, 61);
    ck_assert(ttls_has(&ttls, 61)); /* four times */
    ck_assert(!ttls_is_stable(&ttls));
    ttls = of("\x32\x32\x3d\x32");
    ck_assert(ttls_has(&ttls, 61)); /* paths vary */
    ttls = of("\x32\x3d");
    ck_assert(ttls_has(&ttls, 61)); /* the first may have been a box's */
    ttls = of("\x32\x32\x72");
    ck_assert(ttls_has(&ttls, 114)); /* not strange */
}
END_TEST

START_TEST(too_many_tell_nothing)
{
    const struct ttls three = of("\x32\x33\x34"), four = of("\x32\x33\x34\x35");

    ck_assert(!ttls_has(&three, 64));
    ck_assert(!ttls_allow(&three, 65));
    ck_assert(ttls_has(&four, 64));
    ck_assert(ttls_allow(&four, 65));
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("ttls");

    tcase_add_test(tests, hops_are_counted_from_the_next_default);
    tcase_add_test(tests, a_kernel_takes_a_default_at_the_same_distance);
    tcase_add_test(tests, what_is_not_known_is_not_held_against_anyone);
    tcase_add_test(tests, a_strange_one_is_not_its_own_at_once);
    tcase_add_test(tests, too_many_tell_nothing);
    return suite_run_tests(suite_create("ttls"), tests);
}
