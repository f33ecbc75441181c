/* What an ICMP error says to who asked for a connection.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "icmp.h"

#include "suite.h"

static const struct {
    struct icmp_error error;
    bool is_ipv6;
    enum icmp_meaning meaning;
} rows[] = {
    { { 0, 0 }, false, ICMP_NOTHING },    { { 0, 0 }, true, ICMP_NOTHING },
    { { 3, 0 }, false, ICMP_ROUTE },      { { 3, 1 }, false, ICMP_ROUTE },
    { { 3, 2 }, false, ICMP_PORT },       { { 3, 3 }, false, ICMP_PORT },
    { { 3, 4 }, false, ICMP_NOTHING },    { { 3, 7 }, false, ICMP_ROUTE },
    { { 3, 9 }, false, ICMP_PROHIBITED }, { { 3, 10 }, false, ICMP_PROHIBITED },
    { { 3, 12 }, false, ICMP_ROUTE },     { { 3, 13 }, false, ICMP_PROHIBITED },
    { { 5, 1 }, false, ICMP_NOTHING },    { { 11, 0 }, false, ICMP_ROUTE },
    { { 12, 0 }, false, ICMP_NOTHING },   { { 1, 0 }, true, ICMP_ROUTE },
    { { 1, 1 }, true, ICMP_PROHIBITED },  { { 1, 3 }, true, ICMP_ROUTE },
    { { 1, 4 }, true, ICMP_PORT },        { { 1, 5 }, true, ICMP_PROHIBITED },
    { { 1, 6 }, true, ICMP_PROHIBITED },  { { 2, 0 }, true, ICMP_NOTHING },
    { { 3, 0 }, true, ICMP_ROUTE },       { { 4, 1 }, true, ICMP_NOTHING },
};

START_TEST(an_error_has_a_meaning)
{
    ck_assert_int_eq(icmp_meaning(rows[_i].error, rows[_i].is_ipv6), rows[_i].meaning);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("icmp");

    tcase_add_loop_test(tests, an_error_has_a_meaning, 0, ROWS(rows));
    return suite_run_tests(suite_create("icmp"), tests);
}
