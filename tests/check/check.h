/* As much of Check as the tests here use, for systems without it: no processes, no time limits.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A failed assertion ends its test and tells where; the next one goes on.  For one program of one
 * file: all of it is static.
 */
#ifndef CHECK_H
#define CHECK_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CK_ENV, CHECK_TESTS_MAX = 200 };

typedef struct check_test {
    const char *name;
    void (*run)(int);
} TTest;

struct check_loop {
    const TTest *test;
    int from, to;
};

typedef struct check_case {
    const char *name;
    struct check_loop loop[CHECK_TESTS_MAX];
    int count;
    void (*set_up)(void); /* of each test; NULL: nothing */
    void (*tear_down)(void);
    void (*begin)(void); /* of all of them */
    void (*end)(void);
} TCase;

typedef struct check_suite {
    const char *name;
    const TCase *tests;
    int ran, failed;
} Suite, SRunner;

static const char *check_name;
static jmp_buf check_end;

#define START_TEST(name)                                                                           \
    static void name##_run(int _i);                                                                \
    static const TTest name##_test = { #name, name##_run };                                        \
    static const TTest *const name = &name##_test;                                                 \
    static void name##_run(int _i)                                                                 \
    {                                                                                              \
        (void)_i;
#define END_TEST }

#define check_fail(...)                                                                            \
    do {                                                                                           \
        printf("%s:%d: %s: ", __FILE__, __LINE__, check_name);                                     \
        printf(__VA_ARGS__);                                                                       \
        putchar('\n');                                                                             \
        longjmp(check_end, 1);                                                                     \
    } while (0)

#define ck_abort_msg(...) check_fail(__VA_ARGS__)
#define ck_assert_msg(holds, ...)                                                                  \
    do {                                                                                           \
        if (!(holds))                                                                              \
            check_fail(__VA_ARGS__);                                                               \
    } while (0)
#define ck_assert(holds) ck_assert_msg(holds, "%s", "'" #holds "' fails")

#define check_compare(type, format, a, is, b)                                                      \
    do {                                                                                           \
        const type check_a = (a), check_b = (b);                                                   \
        ck_assert_msg(check_a is check_b, "'%s' fails: " format ", " format, #a " " #is " " #b,    \
                      check_a, check_b);                                                           \
    } while (0)
#define check_ints(a, is, b)  check_compare(long long, "%lld", a, is, b)
#define check_uints(a, is, b) check_compare(unsigned long long, "%llu", a, is, b)

#define ck_assert_int_eq(a, b)  check_ints(a, ==, b)
#define ck_assert_int_ne(a, b)  check_ints(a, !=, b)
#define ck_assert_int_lt(a, b)  check_ints(a, <, b)
#define ck_assert_int_le(a, b)  check_ints(a, <=, b)
#define ck_assert_int_gt(a, b)  check_ints(a, >, b)
#define ck_assert_int_ge(a, b)  check_ints(a, >=, b)
#define ck_assert_uint_eq(a, b) check_uints(a, ==, b)
#define ck_assert_uint_ne(a, b) check_uints(a, !=, b)
#define ck_assert_uint_lt(a, b) check_uints(a, <, b)
#define ck_assert_uint_le(a, b) check_uints(a, <=, b)
#define ck_assert_uint_gt(a, b) check_uints(a, >, b)
#define ck_assert_uint_ge(a, b) check_uints(a, >=, b)

#define ck_assert_ptr_eq(a, b)       ck_assert((const void *)(a) == (const void *)(b))
#define ck_assert_ptr_ne(a, b)       ck_assert((const void *)(a) != (const void *)(b))
#define ck_assert_ptr_null(a)        ck_assert_ptr_eq(a, NULL)
#define ck_assert_ptr_nonnull(a)     ck_assert_ptr_ne(a, NULL)
#define ck_assert_mem_eq(a, b, size) ck_assert(memcmp(a, b, size) == 0)

#define check_strings(a, equal, b)                                                                 \
    do {                                                                                           \
        const char *check_a = (a), *check_b = (b);                                                 \
        ck_assert_msg((strcmp(check_a, check_b) == 0) == (equal), "%s and %s: \"%s\", \"%s\"", #a, \
                      #b, check_a, check_b);                                                       \
    } while (0)
#define ck_assert_str_eq(a, b) check_strings(a, true, b)
#define ck_assert_str_ne(a, b) check_strings(a, false, b)
#define ck_assert_pstr_eq(a, b)                                                                    \
    do {                                                                                           \
        const char *check_p = (a), *check_q = (b);                                                 \
        ck_assert(!check_p == !check_q);                                                           \
        if (check_p)                                                                               \
            ck_assert_str_eq(check_p, check_q);                                                    \
    } while (0)

static inline TCase *tcase_create(const char *name)
{
    TCase *tests = calloc(1, sizeof *tests);

    if (!tests)
        exit(EXIT_FAILURE);
    tests->name = name;
    return tests;
}

static inline void tcase_add_loop_test(TCase *tests, const TTest *test, int from, int to)
{
    if (tests->count == CHECK_TESTS_MAX) {
        fputs("check.h: CHECK_TESTS_MAX is too small\n", stderr);
        exit(EXIT_FAILURE);
    }
    tests->loop[tests->count++] = (struct check_loop){ test, from, to };
}

#define tcase_add_test(tests, test)       tcase_add_loop_test(tests, test, 0, 1)
#define tcase_set_timeout(tests, seconds) ((void)(seconds))

static inline void tcase_add_checked_fixture(TCase *tests, void (*set_up)(void),
                                             void (*tear_down)(void))
{
    tests->set_up = set_up;
    tests->tear_down = tear_down;
}

static inline void tcase_add_unchecked_fixture(TCase *tests, void (*begin)(void), void (*end)(void))
{
    tests->begin = begin;
    tests->end = end;
}

static inline Suite *suite_create(const char *name)
{
    Suite *suite = calloc(1, sizeof *suite);

    if (!suite)
        exit(EXIT_FAILURE);
    suite->name = name;
    return suite;
}

static inline void suite_add_tcase(Suite *suite, TCase *tests)
{
    suite->tests = tests;
}

static inline SRunner *srunner_create(Suite *suite)
{
    return suite;
}

static inline bool check_passes(const TCase *tests, const TTest *test, int i)
{
    check_name = test->name;
    if (setjmp(check_end))
        return false;
    if (tests->set_up)
        tests->set_up();
    test->run(i);
    if (tests->tear_down)
        tests->tear_down();
    return true;
}

static inline bool check_begins(const TCase *tests)
{
    check_name = tests->name;
    if (setjmp(check_end))
        return false;
    if (tests->begin)
        tests->begin();
    return true;
}

static inline void srunner_run_all(SRunner *runner, int mode)
{
    (void)mode;
    if (!check_begins(runner->tests))
        return; /* without a test that ran, it has failed */
    for (int at = 0; at < runner->tests->count; at++) {
        const struct check_loop *loop = &runner->tests->loop[at];

        for (int i = loop->from; i < loop->to; i++) {
            runner->ran++;
            runner->failed += !check_passes(runner->tests, loop->test, i);
        }
    }
    if (runner->tests->end)
        runner->tests->end();
    printf("%s: %d of %d failed\n", runner->name, runner->failed, runner->ran);
}

static inline int srunner_ntests_failed(const SRunner *runner)
{
    return runner->ran ? runner->failed : 1;
}

static inline void srunner_free(SRunner *runner)
{
    free((void *)(uintptr_t)runner->tests);
    free(runner);
}

#endif
