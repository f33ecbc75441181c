/* FINs that came too soon: told at once, taken over, withdrawn, and by what other connections say.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "conducted.h"

#define OPENS "+0 A S 0:0(0) win 64240\n+0.010 B S. 0:0(0) ack 1 win 65160\n+0 A . 1:1(0) ack 1\n"
#define ASKS  OPENS "+0.010 A P. 1:28(27) ack 1 data \"GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n\"\n"
#define CUT                                                                                        \
    ASKS "+0.010 B P. 1:47(46) ack 28 data \"HTTP/1.1 200 OK\\r\\nContent-Length: "                \
         "5000\\r\\n\\r\\nhello\"\n+0.010 A . 28:28(0) ack 47\n+0.050 B F. 47:47(0) ack 28\n"
#define ASKS_ON "A P. 28:55(27) ack 48 data \"GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n\"\n"
#define RESETS  "B R 48:48(0) win 0 id 0\n"

enum { FIN_OF_CUT = 7 };

static struct verdict shown(unsigned i, bool is_over)
{
    return conductor_verdict(&conductor, ruled[i], is_over);
}

START_TEST(it_is_told_at_once)
{
    start();
    play(50000, 0, CUT);
    ck_assert_uint_eq(ruling_count, 1);
    ck_assert_int_eq(shown(0, false).detail, DETAIL_TRUNCATED_ANSWER);
    ck_assert_uint_eq(shown(0, false).frame, FIN_OF_CUT);
    ck_assert_int_eq(shown(0, false).missing, 4995);
    ck_assert(shown(0, false).provisional);
    ck_assert_ptr_eq(latest.changed, ruling[0]);
}
END_TEST

START_TEST(the_same_fin_again_is_no_other)
{
    start();
    play(50000, 0,
         CUT "+0.200 B F. 47:47(0) ack 28\n+0.010 A F. 28:28(0) ack 48\n"
             "+0.200 A F. 28:28(0) ack 48\n");
    ck_assert_uint_eq(ruling_count, 1);
    ck_assert_int_eq(shown(0, true).detail, DETAIL_TRUNCATED_ANSWER);
}
END_TEST

START_TEST(a_reset_of_its_sender_takes_its_place)
{
    start();
    play(50000, 0, CUT "+0.010 " ASKS_ON "+0.010 " RESETS);
    ck_assert_uint_eq(ruling_count, 2);
    ck_assert_int_eq(shown(0, true).cause, CAUSE_NONE);
    ck_assert_int_eq(shown(1, true).detail, DETAIL_TRUNCATED_ANSWER);
    ck_assert_uint_eq(shown(1, true).fin, FIN_OF_CUT);
    ck_assert_uint_eq(shown(1, true).repeat_of, 0);
}
END_TEST

START_TEST(a_reset_of_the_other_side_repeats_it)
{
    start();
    play(50000, 0, CUT "+0.010 A R. 28:28(0) ack 48\n");
    ck_assert_uint_eq(ruling_count, 2);
    ck_assert_ptr_eq(ruled_ruling(ruled[1]), ruling[0]);
    ck_assert_uint_eq(shown(1, true).repeat_of, FIN_OF_CUT);
    ck_assert_int_eq(shown(1, true).detail, DETAIL_TRUNCATED_ANSWER);
}
END_TEST

/* Each has a say in it. */
#define READS_ON(n) "+0.010 B . 48:48(0) ack " n "\n"

START_TEST(its_ladder_goes_on_for_a_few_rungs)
{
    unsigned count;

    start();
    play(50000, 0, CUT);
    count = ruling[0]->ladder.count;
    ck_assert_uint_eq(ruling[0]->ladder.later, 0);
    start();
    play(50000, 0, CUT "+0.010 " ASKS_ON READS_ON("50"));
    ck_assert_uint_eq(ruling[0]->ladder.count, count + 1);
    start();
    play(50000, 0,
         CUT "+0.010 " ASKS_ON READS_ON("50") READS_ON("51") READS_ON("52") READS_ON("53")
             READS_ON("54") READS_ON("55"));
    ck_assert_uint_eq(ruling[0]->ladder.count, count + LADDER_LATER);
}
END_TEST

START_TEST(the_end_of_the_capture_may_decide)
{
    start();
    play(50000, 0, ASKS "+0.010 A F. 28:28(0) ack 1\n");
    ck_assert_uint_eq(ruling_count, 1);
    ck_assert_int_eq(shown(0, false).cause, CAUSE_NONE);
    conductor_reach(&conductor, 500 * ms_ns);
    ck_assert_int_eq(shown(0, true).detail, DETAIL_BEFORE_ANSWER);
    ck_assert_int_eq(shown(0, true).confidence, CONFIDENCE_POSSIBLE);
    ck_assert_uint_ne(shown(0, true).clue_count, 0);
    ck_assert_uint_eq(shown(0, true).own_clues, shown(0, true).clue_count); /* no other tells */
    conductor_reach(&conductor, 2000 * ms_ns);
    ck_assert_int_eq(shown(0, true).confidence, CONFIDENCE_LIKELY);
    ck_assert_int_eq(shown(0, false).cause, CAUSE_NONE);
}
END_TEST

START_TEST(the_fin_of_the_other_side_may_decide)
{
    start();
    play(50000, 0, ASKS "+0.010 A F. 28:28(0) ack 1\n+0.010 B F. 1:1(0) ack 29\n");
    ck_assert_int_eq(shown(0, false).detail, DETAIL_BEFORE_ANSWER);
    ck_assert_int_eq(shown(0, false).confidence, CONFIDENCE_LIKELY);
    start();
    play(50000, 0,
         ASKS "+0.010 A F. 28:28(0) ack 1\n+0.010 B P. 1:44(43) ack 29 data \"HTTP/1.1 200 "
              "OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello\"\n+0 B F. 44:44(0) ack 29\n");
    ck_assert_int_eq(shown(0, true).cause, CAUSE_NONE);
}
END_TEST

/* The way out alone was closed. */
START_TEST(what_is_read_behind_it_withdraws_it)
{
    static const char half[] = OPENS "+0.010 A P. 1:201(200) ack 1\n+0 B F. 1:1(0) ack 201\n"
                                     "+0 A P. 201:301(100) ack 2\n";

    start();
    play_to(9000, 50000, 0, half);
    ck_assert_int_eq(shown(0, true).detail, DETAIL_CLOSED_WITHOUT_A_WORD);
    start();
    play_to(9000, 50000, 0,
            OPENS "+0.010 A P. 1:201(200) ack 1\n+0 B F. 1:1(0) ack 201\n"
                  "+0 A P. 201:301(100) ack 2\n+0.001 B . 2:2(0) ack 301\n");
    ck_assert_int_eq(shown(0, true).cause, CAUSE_NONE);
    ck_assert_ptr_eq(latest.changed, ruling[0]);
}
END_TEST

START_TEST(a_fin_that_acknowledges_a_fin_is_not_read_on)
{
    start();
    play_to(9000, 50000, 0,
            OPENS "+0.010 A P. 1:201(200) ack 1\n+0 B F. 1:1(0) ack 201\n"
                  "+0.010 A F. 201:201(0) ack 2\n+0 B . 2:2(0) ack 202\n");
    ck_assert_int_eq(shown(0, true).detail, DETAIL_CLOSED_WITHOUT_A_WORD);
}
END_TEST

START_TEST(an_empty_transfer_is_not_turned_away)
{
    static const char nothing[] = OPENS "+0 B F. 1:1(0) ack 1\n";

    start();
    play_to(40000, 50000, 0, nothing);
    ck_assert_int_eq(shown(0, true).detail, DETAIL_CLOSED_WITHOUT_A_WORD);
    play_to(21, 50001, 1000 * ms_ns,
            OPENS "+0 B P. 1:8(7) ack 1 data \"220 a\\r\\n\"\n"
                  "+0 A P. 1:7(6) ack 8 data \"PASV\\r\\n\"\n"
                  "+0 B P. 8:35(27) ack 7 data \"227 (198,51,100,1,156,65)\\r\\n\"\n");
    play_to(40001, 50002, 2000 * ms_ns, nothing);
    for (unsigned i = 1; i < ruling_count; i++)
        ck_assert_int_eq(shown(i, true).cause, CAUSE_NONE);
}
END_TEST

START_TEST(three_at_once_are_one_death)
{
    start();
    for (uint16_t i = 0; i < 3; i++)
        play(50000 + i, i * ms_ns, CUT);
    ck_assert_uint_eq(ruling_count, 3);
    for (unsigned i = 0; i < 3; i++)
        ck_assert_int_eq(shown(i, false).detail, DETAIL_KILLED);
}
END_TEST

START_TEST(who_refuses_behind_it_was_killed)
{
    start();
    play(50000, 0, CUT);
    play(50001, 1000 * ms_ns, "+0 A S 0:0(0) win 64240\n+0.010 B R. =0:0(0) ack 1 win 0\n");
    ck_assert_uint_eq(ruling_count, 2);
    ck_assert_int_eq(shown(0, false).detail, DETAIL_KILLED);
    ck_assert_int_eq(shown(1, false).detail, DETAIL_SERVICE_DOWN);
}
END_TEST

/* The habit of the server in TLS 1.2: what it says before its FIN on one connection, and on the
 * next so long behind its answer. */
static void play_tls(uint16_t port, int64_t from_ns, const char *end)
{
    char lines[1200];

    snprintf(lines, sizeof lines,
             OPENS "+0 A P. 1:106(105) ack 1 hex 160301006401\n"
                   "+0 B P. 1:106(105) ack 106 hex 160303006402\n"
                   "+0 A P. 106:175(69) ack 106 hex 160303004010\n"
                   "+0 A P. 175:181(6) ack 106 hex 140303000101\n"
                   "+0 A P. 181:226(45) ack 106 hex 1603030028\n"
                   "+0 B P. 106:112(6) ack 226 hex 140303000101\n"
                   "+0 B P. 112:157(45) ack 226 hex 1603030028\n"
                   "+0 A P. 226:381(155) ack 157 hex 1703030096\n"
                   "+0 B P. 157:557(400) ack 381 hex 170303018b\n%s",
             end);
    play_to(443, port, from_ns, lines);
}

#define NOTIFIED "+0 B P. 557:581(24) ack 381 hex 1503030013\n+0 B F. 581:581(0) ack 381\n"

START_TEST(who_always_says_close_notify_was_cut_off)
{
    start();
    play_tls(50000, 0, "+0.1 B F. 557:557(0) ack 381\n");
    ck_assert_uint_eq(ruling_count, 0); /* it may be the server's habit */
    play_tls(50001, 1000 * ms_ns, NOTIFIED);
    ck_assert_uint_eq(ruling_count, 0);
    play_tls(50002, 2000 * ms_ns, "+0.1 B F. 557:557(0) ack 381\n");
    ck_assert_uint_eq(ruling_count, 1);
    ck_assert_int_eq(shown(0, false).detail, DETAIL_TRUNCATED_ANSWER);
    ck_assert_int_eq(shown(0, false).confidence, CONFIDENCE_LIKELY);
    play_tls(50003, 3000 * ms_ns, "+60 B F. 557:557(0) ack 381\n");
    ck_assert_uint_eq(ruling_count, 1); /* idle, and cleared away */
}
END_TEST

/* Whatever is refused, nothing breaks. */
START_TEST(without_memory_it_goes_on)
{
    for (size_t bytes = 0; bytes < 300000; bytes += 997) {
        start_with(bytes);
        play(50000, 0, CUT "+0.010 " ASKS_ON "+0.010 " RESETS);
        play(50001, 0, CUT "+0.010 A R. 28:28(0) ack 48\n");
        play(50002, 0, ASKS "+0.010 A F. 28:28(0) ack 1\n");
        for (unsigned i = 0; i < ruling_count; i++)
            shown(i, true);
    }
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("conduct_fin");

    tcase_add_test(tests, it_is_told_at_once);
    tcase_add_test(tests, the_same_fin_again_is_no_other);
    tcase_add_test(tests, a_reset_of_its_sender_takes_its_place);
    tcase_add_test(tests, a_reset_of_the_other_side_repeats_it);
    tcase_add_test(tests, its_ladder_goes_on_for_a_few_rungs);
    tcase_add_test(tests, the_end_of_the_capture_may_decide);
    tcase_add_test(tests, the_fin_of_the_other_side_may_decide);
    tcase_add_test(tests, what_is_read_behind_it_withdraws_it);
    tcase_add_test(tests, a_fin_that_acknowledges_a_fin_is_not_read_on);
    tcase_add_test(tests, an_empty_transfer_is_not_turned_away);
    tcase_add_test(tests, three_at_once_are_one_death);
    tcase_add_test(tests, who_refuses_behind_it_was_killed);
    tcase_add_test(tests, who_always_says_close_notify_was_cut_off);
    tcase_add_test(tests, without_memory_it_goes_on);
    return suite_run_tests(suite_create("conduct_fin"), tests);
}
