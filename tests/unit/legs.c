/* A proxy's two connections: which of them ended first.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "calls.h"

static const struct call down = { CLIENT, 40000, PROXY, 80 };
static const struct call up = { PROXY, 50000, SERVER, 8080 };

static struct connection *lower, *upper;

static void begin_with(const struct call *second)
{
    start();
    clock_ns = 0;
    lower = ask(&down, ms_ns, ms_ns);
    acknowledge(&down);
    upper = ask(second, ms_ns, ms_ns);
    acknowledge(second);
    clock_ns += 100 * ms_ns;
}

/* The latest ruling, as it is shown at the end. */
static struct verdict shown(void)
{
    return conductor_verdict(&conductor, ruled[ruling_count - 1], true);
}

static bool tells(enum clue_kind kind, uint32_t of_frame)
{
    const struct verdict v = shown();

    for (unsigned i = 0; i < v.clue_count; i++)
        if (verdict_clue(&v, i).kind == kind && verdict_clue(&v, i).frame == of_frame)
            return true;
    return false;
}

static struct leg leg(void)
{
    return ruling_leg(ruling[ruling_count - 1]);
}

START_TEST(the_leg_that_was_reset_first_is_named)
{
    begin_with(&up);
    end(&up, SEGMENT_RST);
    clock_ns += ms_ns;
    end(&down, SEGMENT_RST);
    ck_assert_uint_eq(ruling_count, 2);
    ck_assert_ptr_null(ruling[0]->leg);
    ck_assert_ptr_eq(leg().connection, upper);
    ck_assert_int_eq(leg().before_ns, ms_ns);
    ck_assert(leg().passes_on);
    ck_assert(tells(CLUE_LEG_RESET, frame - 1));
    ck_assert_uint_eq(shown().own_clues + 1, shown().clue_count);
    ck_assert_ptr_eq(ruled_related(ruled[1], RELATED_AS_LEG), upper);
    ck_assert_ptr_null(ruled_related(ruled[0], RELATED_AS_LEG));
}
END_TEST

START_TEST(a_leg_may_be_closed)
{
    begin_with(&up);
    end(&up, SEGMENT_FIN);
    end(&down, SEGMENT_RST);
    ck_assert(tells(CLUE_LEG_CLOSED, frame - 1));
}
END_TEST

/* A FIN came first, and what was sent behind it draws the reset: the FIN counts. */
START_TEST(the_fin_before_a_reset_is_its_end)
{
    begin_with(&up);
    end(&up, SEGMENT_FIN);
    end(&down, SEGMENT_FIN);
    clock_ns += 500 * ms_ns;
    say(&down, true, SEGMENT_ACK | SEGMENT_PSH, OPENER_ISN + 101, ACCEPTOR_ISN + 2, 10);
    say(&down, false, SEGMENT_RST, ACCEPTOR_ISN + 2, 0, 0);
    ck_assert_ptr_eq(leg().connection, upper);
    ck_assert_int_eq(leg().before_ns, 0);
}
END_TEST

START_TEST(what_ended_behind_its_fin_is_no_leg)
{
    begin_with(&up);
    end(&down, SEGMENT_FIN);
    end(&up, SEGMENT_RST);
    say(&down, true, SEGMENT_ACK | SEGMENT_PSH, OPENER_ISN + 101, ACCEPTOR_ISN + 2, 10);
    say(&down, false, SEGMENT_RST, ACCEPTOR_ISN + 2, 0, 0);
    ck_assert_ptr_null(leg().connection);
}
END_TEST

/* A box ended it in the proxy's name. */
START_TEST(who_forges_has_no_other_leg)
{
    begin_with(&up);
    end(&up, SEGMENT_RST);
    ttl = 200;
    end(&down, SEGMENT_RST);
    ttl = 64;
    ck_assert_int_eq(shown().by, PARTY_MIDDLEBOX);
    ck_assert_ptr_eq(leg().connection, upper);
    ck_assert_ptr_null(ruled_related(ruled[ruling_count - 1], RELATED_AS_LEG));
    ck_assert(!tells(CLUE_LEG_RESET, frame - 1));
}
END_TEST

START_TEST(the_proxy_may_have_ended_both)
{
    begin_with(&up);
    say(&up, true, SEGMENT_FIN | SEGMENT_ACK, OPENER_ISN + 101, ACCEPTOR_ISN + 1, 0);
    end(&down, SEGMENT_RST);
    ck_assert(!leg().passes_on);
    ck_assert(tells(CLUE_LEG_OWN, frame - 1));
}
END_TEST

START_TEST(the_client_may_have_left_first)
{
    begin_with(&up);
    say(&down, true, SEGMENT_RST | SEGMENT_ACK, OPENER_ISN + 101, ACCEPTOR_ISN + 1, 0);
    say(&up, true, SEGMENT_RST | SEGMENT_ACK, OPENER_ISN + 101, ACCEPTOR_ISN + 1, 0);
    ck_assert_ptr_eq(leg().connection, lower);
    ck_assert(tells(CLUE_LEG_RESET, frame - 1));
}
END_TEST

START_TEST(what_ended_long_before_is_no_leg)
{
    begin_with(&up);
    end(&up, SEGMENT_RST);
    clock_ns += 5 * ms_ns; /* a round trip takes 2 */
    end(&down, SEGMENT_RST);
    ck_assert_ptr_null(leg().connection);
    ck_assert(!leg().passes_on);
}
END_TEST

START_TEST(on_a_long_way_half_a_round_trip_is_allowed)
{
    start();
    clock_ns = 0;
    lower = ask(&down, ms_ns, ms_ns);
    acknowledge(&down);
    upper = ask(&up, 100 * ms_ns, ms_ns);
    end(&up, SEGMENT_RST);
    clock_ns += 50 * ms_ns;
    end(&down, SEGMENT_RST);
    ck_assert_ptr_eq(leg().connection, upper);
}
END_TEST

/* Only the first end of a connection is its end. */
START_TEST(a_connection_ends_once)
{
    begin_with(&up);
    say(&up, true, SEGMENT_FIN | SEGMENT_ACK, OPENER_ISN + 101, ACCEPTOR_ISN + 1, 0);
    clock_ns += 100 * ms_ns;
    end(&up, SEGMENT_FIN);
    end(&down, SEGMENT_RST);
    ck_assert_ptr_null(leg().connection);
}
END_TEST

START_TEST(of_two_that_fit_none_is_named)
{
    static const struct call another = { PROXY, 50001, SERVER, 8080 };

    begin_with(&up);
    ask(&another, ms_ns, ms_ns);
    end(&up, SEGMENT_RST);
    end(&another, SEGMENT_RST);
    end(&down, SEGMENT_RST);
    ck_assert_ptr_null(leg().connection);
    ck_assert(leg().passes_on);
    ck_assert(!tells(CLUE_LEG_RESET, frame - 1));
}
END_TEST

/* Two clients of one server are no legs, nor are two servers of one client. */
START_TEST(the_same_role_twice_is_no_proxy)
{
    static const struct call another = { OTHER, 50001, PROXY, 80 };

    begin_with(&another);
    end(&another, SEGMENT_RST);
    end(&down, SEGMENT_RST);
    ck_assert_ptr_null(leg().connection);
}
END_TEST

START_TEST(who_talks_to_itself_is_no_proxy)
{
    static const struct call own = { PROXY, 50001, PROXY, 8080 };

    begin_with(&own);
    end(&own, SEGMENT_RST);
    end(&down, SEGMENT_RST);
    ck_assert_ptr_null(leg().connection);
}
END_TEST

/* The capture was taken on it: it answers at once on both legs, the far ends do not. */
static void end_behind_another_door(int64_t door_ns)
{
    static const struct call behind = { DOOR, 50000, SERVER, 8080 };

    start();
    clock_ns = 0;
    ask(&down, door_ns, ms_ns);
    acknowledge(&down);
    upper = ask(&behind, ms_ns, door_ns);
    end(&behind, SEGMENT_RST);
    clock_ns += ms_ns;
    end(&down, SEGMENT_RST);
}

START_TEST(another_address_of_it_is_known_by_its_place)
{
    end_behind_another_door(ms_ns / 10);
    ck_assert_ptr_eq(leg().connection, upper);
    end_behind_another_door(ms_ns / 2);
    ck_assert_ptr_null(leg().connection);
}
END_TEST

/* It answers, and resets the next question as soon as it has it. */
static void go_on(const struct call *call)
{
    say(call, false, SEGMENT_ACK | SEGMENT_PSH, ACCEPTOR_ISN + 1, OPENER_ISN + 101, 200);
    say(call, true, SEGMENT_ACK | SEGMENT_PSH, OPENER_ISN + 101, ACCEPTOR_ISN + 201, 100);
    say(call, false, SEGMENT_ACK, ACCEPTOR_ISN + 201, OPENER_ISN + 201, 0);
}

static void break_off(const struct call *call)
{
    say(call, false, SEGMENT_RST | SEGMENT_ACK, ACCEPTOR_ISN + 201, OPENER_ISN + 201, 0);
}

/* Three exchanges end at one moment; but for the servers behind it that would be its own end. */
static const struct verdict *end_three(bool with_servers)
{
    static struct call lower_calls[3], upper_calls[3];

    start();
    clock_ns = 0;
    for (uint16_t i = 0; i < 3; i++) {
        shift = i;
        lower_calls[i] = (struct call){ CLIENT, (uint16_t)(40000 + i), PROXY, 80 };
        upper_calls[i] = (struct call){ PROXY, (uint16_t)(50000 + i), SERVER, 8080 };
        ask(&lower_calls[i], ms_ns, ms_ns);
        go_on(&lower_calls[i]);
        ask(&upper_calls[i], ms_ns, ms_ns);
        go_on(&upper_calls[i]);
    }
    for (shift = 0; shift < 3; shift++) {
        if (with_servers)
            break_off(&upper_calls[shift]);
        break_off(&lower_calls[shift]);
    }
    shift = 0;
    return &ruling[ruling_count - 1]->verdict;
}

START_TEST(who_passes_on_that_others_died_was_not_killed)
{
    ck_assert_int_eq(end_three(false)->detail, DETAIL_KILLED);
    ck_assert_int_ne(end_three(true)->detail, DETAIL_KILLED);
    ck_assert_int_eq(ruling[ruling_count - 2]->verdict.detail, DETAIL_KILLED);
}
END_TEST

static void answer(const struct call *call)
{
    say(call, false, SEGMENT_ACK | SEGMENT_PSH, ACCEPTOR_ISN + 1, OPENER_ISN + 101, 200);
    say(call, true, SEGMENT_ACK, OPENER_ISN + 101, ACCEPTOR_ISN + 201, 0);
}

static void let_go(const struct call *call)
{
    say(call, false, SEGMENT_RST | SEGMENT_ACK, ACCEPTOR_ISN + 201, OPENER_ISN + 101, 0);
}

START_TEST(nothing_is_harmless_just_behind_a_leg_that_broke)
{
    begin_with(&up);
    answer(&down);
    answer(&up);
    clock_ns += 100 * ms_ns;
    let_go(&up);
    ck_assert(verdict_is_harmless(&ruling[0]->verdict));
    let_go(&down);
    ck_assert_ptr_eq(leg().connection, upper);
    ck_assert(verdict_is_harmless(&ruling[1]->verdict));
    begin_with(&up);
    answer(&down);
    clock_ns += 100 * ms_ns;
    end(&up, SEGMENT_RST);
    let_go(&down);
    ck_assert_int_eq(ruling[0]->verdict.severity, SEVERITY_WARN);
    ck_assert_ptr_eq(leg().connection, upper);
    ck_assert_int_eq(ruling[1]->verdict.severity, SEVERITY_NOTE);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("legs");

    tcase_add_test(tests, the_leg_that_was_reset_first_is_named);
    tcase_add_test(tests, a_leg_may_be_closed);
    tcase_add_test(tests, the_fin_before_a_reset_is_its_end);
    tcase_add_test(tests, what_ended_behind_its_fin_is_no_leg);
    tcase_add_test(tests, who_forges_has_no_other_leg);
    tcase_add_test(tests, the_proxy_may_have_ended_both);
    tcase_add_test(tests, the_client_may_have_left_first);
    tcase_add_test(tests, what_ended_long_before_is_no_leg);
    tcase_add_test(tests, on_a_long_way_half_a_round_trip_is_allowed);
    tcase_add_test(tests, a_connection_ends_once);
    tcase_add_test(tests, of_two_that_fit_none_is_named);
    tcase_add_test(tests, the_same_role_twice_is_no_proxy);
    tcase_add_test(tests, who_talks_to_itself_is_no_proxy);
    tcase_add_test(tests, another_address_of_it_is_known_by_its_place);
    tcase_add_test(tests, who_passes_on_that_others_died_was_not_killed);
    tcase_add_test(tests, nothing_is_harmless_just_behind_a_leg_that_broke);
    return suite_run_tests(suite_create("legs"), tests);
}
