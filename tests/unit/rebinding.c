/* A connection that goes on from another address or port.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "calls.h"

static const struct call before = { CLIENT, 40000, SERVER, 80 };
static struct connection *old;

static void begin(void)
{
    start();
    clock_ns = 0;
    old = ask(&before, ms_ns, ms_ns);
    say(&before, false, SEGMENT_ACK | SEGMENT_PSH, ACCEPTOR_ISN + 1, OPENER_ISN + 101, 200);
    say(&before, true, SEGMENT_ACK, OPENER_ISN + 101, ACCEPTOR_ISN + 201, 0);
    clock_ns += 5000 * ms_ns;
}

/* Its next words come so far off from there, and are reset. */
static void go_on(const struct call *call, uint32_t seq_off, uint32_t ack_off)
{
    const uint32_t ack = ACCEPTOR_ISN + 201 + ack_off;

    say(call, true, SEGMENT_ACK | SEGMENT_PSH, OPENER_ISN + 101 + seq_off, ack, 50);
    say(call, false, SEGMENT_RST, ack, 0, 0);
}

static bool is_related(void)
{
    return ruled_related(ruled[ruling_count - 1], RELATED_BY_NUMBERS) == old;
}

START_TEST(it_goes_on_from_another_port)
{
    static const struct call call = { CLIENT, 40001, SERVER, 80 };
    const struct verdict *v;

    begin();
    go_on(&call, 0, 0);
    v = &ruling[0]->verdict;
    ck_assert(is_related());
    ck_assert_int_eq(v->cause, CAUSE_NO_CONNECTION);
    ck_assert_int_eq(verdict_clue(v, v->clue_count - 1).kind, CLUE_REBOUND);
    ck_assert_int_eq(verdict_clue(v, v->clue_count - 1).n, 40000);
    ck_assert_int_eq(verdict_clue(v, v->clue_count - 1).m, 5000 * ms_ns);
    ck_assert_uint_eq(verdict_clue(v, v->clue_count - 1).frame, 6);
}
END_TEST

START_TEST(it_goes_on_from_another_address)
{
    static const struct call call = { OTHER, 40000, SERVER, 80 };

    begin();
    go_on(&call, 0, 0);
    ck_assert(is_related());
}
END_TEST

/* What was sent, and what was acknowledged, may have got lost. */
START_TEST(it_may_repeat_its_last_words)
{
    static const struct call call = { CLIENT, 40001, SERVER, 80 };

    begin();
    go_on(&call, (uint32_t)-100, (uint32_t)-200);
    ck_assert(is_related());
}
END_TEST

START_TEST(other_numbers_are_another_connection)
{
    static const struct call call = { CLIENT, 40001, SERVER, 80 };
    static const uint32_t off[][2] = {
        { 1, 0 }, { 0, 1 }, { (uint32_t)-70000, 0 }, { 0, (uint32_t)-70000 }
    };

    for (int i = 0; i < ROWS(off); i++) {
        begin();
        go_on(&call, off[i][0], off[i][1]);
        ck_assert(!is_related());
    }
}
END_TEST

/* The capture shows the same ends in other VLANs as well, where they are others'. */
START_TEST(the_same_ends_are_not_rebound)
{
    begin();
    path = 7;
    say(&before, true, SEGMENT_SYN, 0x40000000, 0, 0);
    path = 9;
    go_on(&before, 0, 0);
    path = 0;
    ck_assert_ptr_ne(ruling[0]->connection, old);
    ck_assert(!is_related());
}
END_TEST

START_TEST(another_port_of_the_server_is_another_service)
{
    static const struct call call = { CLIENT, 40001, SERVER, 81 };

    begin();
    go_on(&call, 0, 0);
    ck_assert(!is_related());
}
END_TEST

/* With a SYN of its own it is no other's, whatever its numbers. */
START_TEST(who_asks_is_new)
{
    static const struct call call = { CLIENT, 40001, SERVER, 80 };

    begin();
    say(&call, true, SEGMENT_SYN, OPENER_ISN + 100, 0, 0);
    go_on(&call, 0, 0);
    ck_assert(!is_related());
}
END_TEST

/* A merged capture shows one segment on both sides of a translator. */
START_TEST(what_goes_on_meanwhile_is_not_rebound)
{
    static const struct call call = { CLIENT, 40001, SERVER, 80 };

    begin();
    say(&call, true, SEGMENT_ACK | SEGMENT_PSH, OPENER_ISN + 101, ACCEPTOR_ISN + 201, 50);
    say(&before, true, SEGMENT_ACK | SEGMENT_PSH, OPENER_ISN + 101, ACCEPTOR_ISN + 201, 50);
    say(&call, false, SEGMENT_RST, ACCEPTOR_ISN + 201, 0, 0);
    ck_assert(!is_related());
}
END_TEST

/* What a live socket of the server says is no answer to a stranger, nor does the caller tell. */
START_TEST(only_what_the_server_does_not_know_is_rebound)
{
    static const struct call call = { CLIENT, 40001, SERVER, 80 };

    begin();
    say(&call, true, SEGMENT_ACK | SEGMENT_PSH, OPENER_ISN + 101, ACCEPTOR_ISN + 201, 50);
    say(&call, false, SEGMENT_ACK, ACCEPTOR_ISN + 201, OPENER_ISN + 151, 0);
    say(&call, false, SEGMENT_RST | SEGMENT_ACK, ACCEPTOR_ISN + 201, OPENER_ISN + 151, 0);
    ck_assert_int_ne(ruling[0]->verdict.form, FORM_REFLEX);
    ck_assert(!is_related());
    begin();
    say(&call, true, SEGMENT_ACK, OPENER_ISN + 101, ACCEPTOR_ISN + 201, 0);
    say(&call, false, SEGMENT_ACK | SEGMENT_PSH, ACCEPTOR_ISN + 201, OPENER_ISN + 101, 50);
    say(&call, true, SEGMENT_RST, OPENER_ISN + 101, 0, 0);
    ck_assert_int_eq(ruling[0]->verdict.form, FORM_REFLEX);
    ck_assert(!is_related());
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("rebinding");

    tcase_add_test(tests, it_goes_on_from_another_port);
    tcase_add_test(tests, it_goes_on_from_another_address);
    tcase_add_test(tests, it_may_repeat_its_last_words);
    tcase_add_test(tests, other_numbers_are_another_connection);
    tcase_add_test(tests, the_same_ends_are_not_rebound);
    tcase_add_test(tests, another_port_of_the_server_is_another_service);
    tcase_add_test(tests, who_asks_is_new);
    tcase_add_test(tests, what_goes_on_meanwhile_is_not_rebound);
    tcase_add_test(tests, only_what_the_server_does_not_know_is_rebound);
    return suite_run_tests(suite_create("rebinding"), tests);
}
