/* What every Check program here ends with.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SUITE_H
#define SUITE_H

#include <check.h>
#include <stdlib.h>

/** Run one suite of one test case; the exit status of the program. */
static inline int suite_run_tests(Suite *suite, TCase *tests)
{
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 120);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/** Rows of a static table, for tcase_add_loop_test(). */
#define ROWS(table) ((int)(sizeof(table) / sizeof(table)[0]))

#endif
