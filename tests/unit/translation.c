/* What came from an address that was never asked, and belongs to another connection.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "calls.h"

/* A caller, the service it asks, and the program behind that, which it does not know. */
enum { CALLER = CLIENT, SERVICE = PROXY, INNER = SERVER };

static uint16_t port[] = { 40000, 80, 8080, 443 };

/* Ten milliseconds behind the segment before. */
static struct connection *tell(int from, int to, uint8_t flags, uint32_t seq, uint32_t ack,
                               uint32_t len)
{
    const struct call call = { from, port[from], to, port[to] };

    clock_ns = (int64_t)(frame + 1) * 10 * ms_ns;
    return say(&call, true, flags, seq, ack, len);
}

static struct connection *call(uint32_t seq)
{
    return tell(CALLER, SERVICE, SEGMENT_SYN, seq, 0, 0);
}

static void expect_untranslated(const struct connection *related, uint32_t proof)
{
    ck_assert_uint_eq(ruling_count, 1);
    ck_assert_int_eq(ruling[0]->verdict.detail, DETAIL_UNTRANSLATED);
    ck_assert_int_eq(ruling[0]->verdict.confidence, CONFIDENCE_LIKELY);
    ck_assert(!verdict_is_harmless(&ruling[0]->verdict));
    ck_assert_ptr_eq(ruling[0]->related, related);
    ck_assert_uint_eq(ruling[0]->verdict.proof[0], proof);
}

START_TEST(an_answer_comes_from_elsewhere)
{
    struct connection *asked;

    start();
    asked = call(1000);
    tell(INNER, CALLER, SEGMENT_SYN | SEGMENT_ACK, 5000, 1001, 0);
    tell(CALLER, INNER, SEGMENT_RST, 1001, 0, 0);
    expect_untranslated(asked, 1);
}
END_TEST

/* A scanner asks many ports with one number, and its kernel resets each answer. */
START_TEST(a_scan_with_one_number_is_no_translation)
{
    const struct call calls[] = { { CALLER, 40000, SERVICE, 80 }, { CALLER, 40000, SERVICE, 443 } };

    start();
    options = 1;
    for (size_t i = 0; i < ROWS(calls); i++)
        say(&calls[i], true, SEGMENT_SYN, 1000, 0, 0);
    for (size_t i = 0; i < ROWS(calls); i++) {
        clock_ns += 10 * ms_ns;
        say(&calls[i], false, SEGMENT_SYN | SEGMENT_ACK, 5000 + (uint32_t)i, 1001, 0);
        say(&calls[i], true, SEGMENT_RST, 1001, 0, 0);
    }
    options = FULL_STACK;
    ck_assert_uint_eq(ruling_count, ROWS(calls));
    for (size_t i = 0; i < ROWS(calls); i++)
        ck_assert_int_eq(ruling[i]->verdict.cause, CAUSE_PROBE);
}
END_TEST

/* Where the translated call is shown, too: on the bridge behind the translator. */
START_TEST(a_call_is_shown_before_and_behind_its_translation)
{
    struct connection *asked;

    start();
    asked = call(1000);
    tell(CALLER, INNER, SEGMENT_SYN, 1000, 0, 0);
    tell(INNER, CALLER, SEGMENT_SYN | SEGMENT_ACK, 5000, 1001, 0);
    tell(CALLER, INNER, SEGMENT_RST, 1001, 0, 0);
    expect_untranslated(asked, 1);
}
END_TEST

/* The caller asked both, each with a number of its own. */
START_TEST(a_call_of_its_own_is_no_translation)
{
    start();
    call(1000);
    tell(CALLER, INNER, SEGMENT_SYN, 900000, 0, 0);
    tell(INNER, CALLER, SEGMENT_SYN | SEGMENT_ACK, 5000, 900001, 0);
    tell(CALLER, INNER, SEGMENT_RST, 900001, 0, 0);
    ck_assert_uint_eq(ruling_count, 1);
    ck_assert_int_ne(ruling[0]->verdict.detail, DETAIL_UNTRANSLATED);
    ck_assert_ptr_null(ruling[0]->related);
}
END_TEST

static struct connection *converse(void)
{
    struct connection *asked = call(1000);

    tell(SERVICE, CALLER, SEGMENT_SYN | SEGMENT_ACK, 5000, 1001, 0);
    tell(CALLER, SERVICE, SEGMENT_ACK, 1001, 5001, 0);
    tell(CALLER, SERVICE, SEGMENT_ACK | SEGMENT_PSH, 1001, 5001, 100);
    tell(SERVICE, CALLER, SEGMENT_ACK | SEGMENT_PSH, 5001, 1101, 1000);
    tell(CALLER, SERVICE, SEGMENT_ACK, 1101, 6001, 0);
    return asked;
}

/* One segment in the middle of an answer slips through; its reset kills the other end. */
START_TEST(a_segment_slips_through)
{
    struct connection *asked;

    start();
    asked = converse();
    tell(INNER, CALLER, SEGMENT_ACK | SEGMENT_PSH, 6001, 1101, 1000);
    tell(CALLER, INNER, SEGMENT_RST, 1101, 0, 0);
    expect_untranslated(asked, 1);
    tell(CALLER, SERVICE, SEGMENT_ACK | SEGMENT_PSH, 1101, 6001, 100);
    tell(SERVICE, CALLER, SEGMENT_RST, 6001, 0, 0);
    ck_assert_uint_eq(ruling_count, 2);
    ck_assert_int_eq(ruling[1]->verdict.detail, DETAIL_CONSEQUENCE);
    ck_assert_uint_eq(ruling[1]->verdict.killed_by, 8);
    ck_assert_ptr_eq(ruling[1]->related, ruling[0]->connection);
}
END_TEST

static void expect_as_ever(enum detail detail)
{
    ck_assert_uint_eq(ruling_count, 1);
    ck_assert_int_eq(ruling[0]->verdict.detail, detail);
    ck_assert_ptr_null(ruling[0]->related);
}

/* The caller resets what answers that number of it. */
static void expect_unsolicited(uint32_t number)
{
    tell(INNER, CALLER, SEGMENT_SYN | SEGMENT_ACK, 6001, number, 0);
    tell(CALLER, INNER, SEGMENT_RST, number, 0, 0);
    expect_as_ever(DETAIL_UNSOLICITED);
}

START_TEST(a_number_that_fits_no_call_is_nobody_s)
{
    start();
    converse();
    expect_unsolicited(77001101);
}
END_TEST

/* Where all share one slot. */
START_TEST(another_port_is_another_caller)
{
    static const struct memory memory = { .steps = 1 << 10, .endpoints = 1 << 6, .callers = 1 };
    const struct lender lender = loans_begin(&loans, BYTES_MAX);

    ruling_count = frame = 0;
    ck_assert(conductor_start(&conductor, &lender, &memory));
    call(1000);
    port[CALLER]++;
    tell(INNER, CALLER, SEGMENT_SYN | SEGMENT_ACK, 5000, 1001, 0);
    tell(CALLER, INNER, SEGMENT_RST, 1001, 0, 0);
    port[CALLER]--;
    expect_as_ever(DETAIL_UNSOLICITED);
}
END_TEST

START_TEST(a_number_of_long_ago_is_nobody_s)
{
    start();
    converse();
    tell(CALLER, SERVICE, SEGMENT_ACK | SEGMENT_PSH, 20001101, 6001, 100);
    expect_unsolicited(1050);
}
END_TEST

START_TEST(a_number_before_the_first_is_nobody_s)
{
    start();
    converse();
    expect_unsolicited(990);
}
END_TEST

static void converse_with_inner(uint32_t seq)
{
    tell(CALLER, INNER, SEGMENT_SYN, 1000, 0, 0);
    tell(INNER, CALLER, SEGMENT_SYN | SEGMENT_ACK, seq, 1001, 0);
    tell(CALLER, INNER, SEGMENT_ACK, 1001, seq + 1, 0);
    tell(CALLER, INNER, SEGMENT_ACK | SEGMENT_PSH, 1001, seq + 1, 100);
}

/* The caller did open both, though with the same number. */
START_TEST(an_open_connection_is_its_own)
{
    start();
    converse();
    converse_with_inner(900000);
    tell(INNER, CALLER, SEGMENT_ACK | SEGMENT_PSH, 900001, 1101, 1000);
    tell(CALLER, INNER, SEGMENT_ACK | SEGMENT_FIN, 1101, 901001, 0);
    tell(INNER, CALLER, SEGMENT_ACK | SEGMENT_PSH, 901001, 1102, 1000);
    tell(CALLER, INNER, SEGMENT_RST, 1102, 0, 0);
    ck_assert_uint_eq(ruling_count, 1);
    ck_assert_int_ne(ruling[0]->verdict.detail, DETAIL_UNTRANSLATED);
}
END_TEST

START_TEST(a_reset_in_an_open_connection_is_not_lone)
{
    start();
    converse();
    converse_with_inner(5000);
    tell(INNER, CALLER, SEGMENT_RST, 5001, 0, 0);
    ck_assert_uint_eq(ruling_count, 1);
    ck_assert_int_ne(ruling[0]->verdict.detail, DETAIL_UNTRANSLATED);
}
END_TEST

static void let_slip(void)
{
    tell(INNER, CALLER, SEGMENT_ACK | SEGMENT_PSH, 6001, 1101, 1000);
    tell(CALLER, INNER, SEGMENT_RST, 1101, 0, 0);
}

/* Whose other end forgets it. */
static void converse_with_other(void)
{
    tell(CALLER, OTHER, SEGMENT_SYN, 70000, 0, 0);
    tell(OTHER, CALLER, SEGMENT_SYN | SEGMENT_ACK, 80000, 70001, 0);
    tell(CALLER, OTHER, SEGMENT_ACK, 70001, 80001, 0);
    tell(CALLER, OTHER, SEGMENT_ACK | SEGMENT_PSH, 70001, 80001, 100);
    tell(OTHER, CALLER, SEGMENT_ACK, 80001, 70101, 0);
    tell(CALLER, OTHER, SEGMENT_ACK | SEGMENT_PSH, 70101, 80001, 100);
    tell(OTHER, CALLER, SEGMENT_RST, 80001, 0, 0);
}

START_TEST(who_had_closed_was_not_killed)
{
    start();
    converse();
    let_slip();
    tell(SERVICE, CALLER, SEGMENT_ACK | SEGMENT_FIN, 6001, 1101, 0);
    tell(CALLER, SERVICE, SEGMENT_ACK | SEGMENT_PSH, 1101, 6002, 100);
    tell(SERVICE, CALLER, SEGMENT_RST, 6002, 0, 0);
    ck_assert_uint_ge(ruling_count, 2);
    ck_assert_int_ne(ruling[ruling_count - 1]->verdict.detail, DETAIL_CONSEQUENCE);
}
END_TEST

/* Of two calls of the same port the one was killed, not the other. */
START_TEST(another_call_was_not_killed)
{
    start();
    converse();
    let_slip();
    converse_with_other();
    ck_assert_uint_eq(ruling_count, 2);
    ck_assert_int_ne(ruling[1]->verdict.detail, DETAIL_CONSEQUENCE);
}
END_TEST

/* The translator forgot the connection, and its reset shows whom it hid. */
START_TEST(a_reset_leaks_the_inner_address)
{
    struct connection *asked;

    start();
    asked = converse();
    tell(INNER, CALLER, SEGMENT_RST, 6001, 0, 0);
    expect_untranslated(asked, 1);
}
END_TEST

START_TEST(a_lone_reset_of_a_stranger_is_lone)
{
    start();
    converse();
    tell(INNER, CALLER, SEGMENT_RST, 3006001, 0, 0);
    expect_as_ever(DETAIL_LONE);
}
END_TEST

/* The caller hears nothing from whom it asked, for the answers come from elsewhere. */
START_TEST(a_call_without_an_answer_had_one)
{
    struct rung rungs[LADDER_MAX];
    struct ruling silence;
    struct connection *asked;

    start();
    asked = call(1000);
    tell(INNER, CALLER, SEGMENT_SYN | SEGMENT_ACK, 5000, 1001, 0);
    tell(CALLER, INNER, SEGMENT_RST, 1001, 0, 0);
    for (int i = 0; i < 3; i++) {
        frame += 300;
        call(1000);
    }
    conductor_reach(&conductor, (int64_t)frame * 20 * ms_ns);
    ck_assert(conductor_silence(&conductor, asked, 0, rungs, &silence));
    ck_assert_int_eq(silence.verdict.detail, DETAIL_UNTRANSLATED);
    ck_assert_uint_eq(silence.verdict.proof[0], 2);
    ck_assert_ptr_eq(silence.related, ruling[0]->connection);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("translation");

    tcase_add_test(tests, an_answer_comes_from_elsewhere);
    tcase_add_test(tests, a_scan_with_one_number_is_no_translation);
    tcase_add_test(tests, a_call_is_shown_before_and_behind_its_translation);
    tcase_add_test(tests, a_call_of_its_own_is_no_translation);
    tcase_add_test(tests, a_segment_slips_through);
    tcase_add_test(tests, a_number_that_fits_no_call_is_nobody_s);
    tcase_add_test(tests, another_port_is_another_caller);
    tcase_add_test(tests, a_number_of_long_ago_is_nobody_s);
    tcase_add_test(tests, a_number_before_the_first_is_nobody_s);
    tcase_add_test(tests, an_open_connection_is_its_own);
    tcase_add_test(tests, a_reset_in_an_open_connection_is_not_lone);
    tcase_add_test(tests, who_had_closed_was_not_killed);
    tcase_add_test(tests, another_call_was_not_killed);
    tcase_add_test(tests, a_reset_leaks_the_inner_address);
    tcase_add_test(tests, a_lone_reset_of_a_stranger_is_lone);
    tcase_add_test(tests, a_call_without_an_answer_had_one);
    return suite_run_tests(suite_create("translation"), tests);
}
