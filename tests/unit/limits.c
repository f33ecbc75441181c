/* The table of numbers that decide: each with a unit, a meaning and a source.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "limit.h"

#include "suite.h"

#include <stdbool.h>
#include <string.h>

static const struct {
    const char *name;
    int value;
    const char *means, *source;
} limits[] = {
#define LIMIT(NAME, value, means, source) { #NAME, value, means, source },
#include "limits.def"
};

static bool ends_in(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);

    return length >= tail && !strcmp(text + length - tail, end);
}

/* A unit, or the plural of what is counted. */
START_TEST(a_limit_has_a_unit)
{
    static const char *const units[] = { "_MS", "_US", "_PART", "S", "_SURE", "_SILENT" };
    bool known = false;

    for (int i = 0; i < ROWS(units); i++)
        known |= ends_in(limits[_i].name, units[i]);
    ck_assert_msg(known, "%s: of what?", limits[_i].name);
    ck_assert_int_gt(limits[_i].value, 0);
}
END_TEST

START_TEST(a_limit_has_a_source)
{
    static const char *const kinds[] = { "RFC ", "Linux, ", "chosen: " };
    const char *source = limits[_i].source;
    bool known = false;

    for (int i = 0; i < ROWS(kinds); i++)
        known |= !strncmp(source, kinds[i], strlen(kinds[i])) && strlen(source) > 12;
    ck_assert_msg(known, "%s: %s", limits[_i].name, source);
    ck_assert_uint_gt(strlen(limits[_i].means), 12);
    for (int i = 0; i < _i; i++)
        ck_assert_str_ne(limits[i].means, limits[_i].means);
}
END_TEST

/* What one row says in words, another must not make untrue. */
START_TEST(limits_agree)
{
    ck_assert_int_lt(LIMIT_RETRANSMISSIONS, LIMIT_RETRANSMISSIONS_SURE);
    ck_assert_int_le(LIMIT_RETRANSMISSIONS, LIMIT_RETRANSMISSIONS_SILENT);
    ck_assert_int_lt(LIMIT_TOO_SOON_QUARTERS, LIMIT_TOO_NEW_QUARTERS);
    ck_assert_int_le(LIMIT_TOO_NEW_QUARTERS, 4);
    ck_assert_int_lt(LIMIT_IP_ID_NEAR_STEPS, LIMIT_IP_ID_OFF_STEPS);
    ck_assert_int_lt(LIMIT_KERNEL_ANSWER_MS, LIMIT_BURST_MS);
    ck_assert_int_lt(LIMIT_BURST_MS, LIMIT_BURST_BLIND_MS);
    ck_assert_int_le(LIMIT_PAUSE_MS, LIMIT_IDLE_MS);
    ck_assert_int_lt(LIMIT_COPY_STEPS, LIMIT_LOOK_BACK_STEPS);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("limits");

    tcase_add_loop_test(tests, a_limit_has_a_unit, 0, ROWS(limits));
    tcase_add_loop_test(tests, a_limit_has_a_source, 0, ROWS(limits));
    tcase_add_test(tests, limits_agree);
    return suite_run_tests(suite_create("limits"), tests);
}
