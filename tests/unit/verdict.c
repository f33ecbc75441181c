/* What a verdict can hold, and what the user's tuning changes in it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict.h"

#include "replay.h"
#include "scenario.h"
#include "suite.h"

#include <stdio.h>

static struct scenario scenario;
static struct replay replay;

START_TEST(surplus_clues_are_dropped)
{
    struct verdict verdict = { .cause = CAUSE_CRASH };

    for (uint32_t frame = 1; frame <= CLUE_MAX + 5; frame++)
        verdict_note(&verdict, CLUE_FIN, frame, 2, 3);
    ck_assert_uint_eq(verdict.clue_count, CLUE_MAX);
    ck_assert_uint_eq(verdict_clue(&verdict, CLUE_MAX - 1).frame, CLUE_MAX);
    ck_assert_int_eq(verdict_clue(&verdict, 0).n, 2);
    ck_assert_int_eq(verdict_clue(&verdict, 0).m, 3);
}
END_TEST

START_TEST(surplus_numbers_are_dropped_with_their_clues)
{
    struct verdict verdict = { .cause = CAUSE_CRASH };

    for (int64_t n = 1; n <= NUMBER_MAX; n += 2)
        verdict_note(&verdict, CLUE_FIN, 1, n, -n - 1);
    ck_assert_uint_eq(verdict.clue_count, NUMBER_MAX / 2);
    verdict_note(&verdict, CLUE_FIN, 2, 1, 99);
    verdict_note(&verdict, CLUE_FIN, 3, 99, 0);
    ck_assert_uint_eq(verdict.clue_count, NUMBER_MAX / 2);
    verdict_note(&verdict, CLUE_FIN, 4, -2, 3); /* both stand there */
    verdict_note(&verdict, CLUE_FIN, 5, 0, -NUMBER_MAX);
    for (unsigned i = 0; i < NUMBER_MAX / 2; i++) {
        ck_assert_int_eq(verdict_clue(&verdict, i).n, 2 * i + 1);
        ck_assert_int_eq(verdict_clue(&verdict, i).m, -2 * (int64_t)i - 2);
    }
    ck_assert_uint_eq(verdict_clue(&verdict, NUMBER_MAX / 2).frame, 4);
    ck_assert_int_eq(verdict_clue(&verdict, NUMBER_MAX / 2).n, -2);
    ck_assert_int_eq(verdict_clue(&verdict, NUMBER_MAX / 2).m, 3);
    ck_assert_int_eq(verdict_clue(&verdict, NUMBER_MAX / 2 + 1).n, 0);
    ck_assert_int_eq(verdict_clue(&verdict, NUMBER_MAX / 2 + 1).m, -NUMBER_MAX);
}
END_TEST

START_TEST(surplus_proofs_are_dropped)
{
    struct verdict verdict = { .cause = CAUSE_UNKNOWN };

    for (uint32_t frame = 1; frame <= PROOF_MAX + 2; frame++) {
        verdict_prove(&verdict, frame);
        verdict_prove(&verdict, frame);
    }
    ck_assert_uint_eq(verdict.proof[0], 1);
    ck_assert_uint_eq(verdict.proof[PROOF_MAX - 1], PROOF_MAX);
}
END_TEST

START_TEST(a_repeat_inherits_what_is_said_of_the_abort)
{
    const struct verdict first = {
        .frame = 5,
        .cause = CAUSE_STALE_REUSE,
        .detail = DETAIL_LATE_WRITE,
        .confidence = CONFIDENCE_CERTAIN,
        .severity = SEVERITY_WARN,
        .by = PARTY_SERVER,
        .trigger = 4,
        .alternative = { CAUSE_CRASH },
        .against = { OBJECTION_IN_ORDER },
        .ceiling = CONFIDENCE_LIKELY,
        .answers = { .maker = { [MAKER_BOX] = { .fit = FIT_LIKELY } } },
    };
    struct verdict repeat = { .frame = 7, .trigger = 6, .form = FORM_REFLEX, .repeat_of = 5 };

    verdict_inherit(&repeat, &first);
    ck_assert_int_eq(repeat.cause, CAUSE_STALE_REUSE);
    ck_assert_int_eq(repeat.detail, DETAIL_LATE_WRITE);
    ck_assert_int_eq(repeat.confidence, CONFIDENCE_CERTAIN);
    ck_assert_int_eq(repeat.by, PARTY_SERVER);
    ck_assert_int_eq(repeat.alternative[0], CAUSE_CRASH);
    ck_assert_int_eq(repeat.against[0], OBJECTION_IN_ORDER);
    ck_assert_int_eq(repeat.ceiling, CONFIDENCE_LIKELY);
    ck_assert(verdict_blames(&repeat, MAKER_BOX));
    ck_assert_uint_eq(repeat.frame, 7);
    ck_assert_uint_eq(repeat.trigger, 6);
    ck_assert_uint_eq(repeat.repeat_of, 5);
}
END_TEST

START_TEST(a_reset_tells_what_was_noted_of_its_fin)
{
    struct verdict of_fin = { .frame = 5, .cause = CAUSE_CRASH }, reset = { .frame = 7 };

    verdict_note(&of_fin, CLUE_CUT_INSIDE, 5, 1, 2);
    verdict_prove(&of_fin, 4);
    verdict_take_over(&reset, &of_fin);
    ck_assert_int_eq(reset.cause, CAUSE_CRASH);
    ck_assert_uint_eq(reset.frame, 7);
    ck_assert_uint_eq(reset.clue_count, 1);
    ck_assert_int_eq(verdict_clue(&reset, 0).kind, CLUE_CUT_INSIDE);
    ck_assert_int_eq(verdict_clue(&reset, 0).m, 2);
    ck_assert_uint_eq(reset.proof[0], 4);
}
END_TEST

START_TEST(harmless_is_what_is_worth_no_more_than_a_chat)
{
    for (int severity = SEVERITY_CHAT; severity <= SEVERITY_WARN; severity++) {
        const struct verdict verdict = { .severity = (enum severity)severity };

        ck_assert(verdict_is_harmless(&verdict) == (severity == SEVERITY_CHAT));
    }
}
END_TEST

/* An exchange, a pause, a request that meets nobody. */
static struct verdict judge_after_pause(unsigned seconds, const struct tuning *tuning)
{
    char text[1000];
    const uint32_t isn[2] = { 0, 0 };

    snprintf(
        text, sizeof text,
        "expect idle_timeout >=possible\n"
        "+0 A S 0:0(0)\n+0.02 B S. 0:0(0) ack 1\n+0 A . 1:1(0) ack 1\n"
        "+0 A P. 1:101(100) ack 1\n+0.02 B P. 1:101(100) ack 101\n+0.02 A . 101:101(0) ack 101\n"
        "+%u A P. 101:201(100) ack 101\n+0.02 B R 101:101(0)\n",
        seconds);
    ck_assert_msg(scenario_parse(&scenario, "pause", text), "%s", scenario.error);
    replay_start(&replay);
    for (size_t i = 0; i < scenario.step_count; i++) {
        struct segment segment = scenario_segment(&scenario, i, isn);

        replay_tuned(&replay, &segment, tuning);
    }
    scenario_free(&scenario);
    return replay_verdict(&replay, 0);
}

START_TEST(the_user_says_from_when_on_a_pause_is_idle)
{
    const struct tuning patient = { .idle_ns = INT64_C(100000000000) };

    ck_assert_int_eq(judge_after_pause(60, &tuning_default).cause, CAUSE_IDLE_TIMEOUT);
    ck_assert_int_ne(judge_after_pause(60, &patient).cause, CAUSE_IDLE_TIMEOUT);
    ck_assert_int_eq(judge_after_pause(101, &patient).cause, CAUSE_IDLE_TIMEOUT);
    ck_assert_int_ne(judge_after_pause(1, &tuning_default).cause, CAUSE_IDLE_TIMEOUT);
}
END_TEST

START_TEST(figures_are_given)
{
    const struct verdict verdict = judge_after_pause(60, &tuning_default);

    ck_assert_int_eq(verdict.idle_ns, INT64_C(60020000000));
    ck_assert_int_eq(verdict.since_trigger_ns, INT64_C(20000000));
    ck_assert_int_lt(verdict.since_fin_ns, 0);
    ck_assert_uint_eq(verdict.lost_receiver, 100);
    ck_assert_uint_eq(verdict.lost_sender, 0);
    ck_assert(verdict.client_known && !verdict.sender_is_client);
    ck_assert_uint_eq(verdict.sender, 1);
    ck_assert_uint_eq(verdict.frame, 8);
}
END_TEST

/* Words, perhaps of both sides, and a reset without the ACK flag, perhaps with timestamps. */
static enum form form_over_ipv6(bool heard_other, bool with_timestamp)
{
    char text[500];
    const uint32_t isn[2] = { 0, 0 };

    snprintf(text, sizeof text,
             "expect unknown >=possible\n"
             "+0 A P. 1:101(100) ack 1 <ts 900 100>\n%s"
             "+3 A R 101:101(0) win 0%s\n",
             heard_other ? "+0 B P. 1:28(27) ack 101 <ts 100 900>\n" : "",
             with_timestamp ? " <ts 3900 100>" : "");
    ck_assert_msg(scenario_parse(&scenario, "IPv6", text), "%s", scenario.error);
    replay_start(&replay);
    for (size_t i = 0; i < scenario.step_count; i++) {
        struct segment segment = scenario_segment(&scenario, i, isn);

        segment.has_ip_id = false;
        replay_segment(&replay, &segment);
    }
    scenario_free(&scenario);
    return replay_verdict(&replay, 0).form;
}

START_TEST(without_ip_ids_what_is_not_seen_may_have_drawn_a_reset)
{
    ck_assert_int_eq(form_over_ipv6(false, false), FORM_REFLEX);
    ck_assert_int_eq(form_over_ipv6(false, true), FORM_ACTIVE);
    ck_assert_int_eq(form_over_ipv6(true, false), FORM_ACTIVE);
}
END_TEST

START_TEST(a_call_just_made_is_not_yet_unanswered)
{
    const struct segment syn = { .flags = SEGMENT_SYN, .frame = 1 };

    replay_start(&replay);
    replay_segment(&replay, &syn);
    replay_end(&replay, INT64_C(500000000));
    ck_assert_uint_eq(replay.silence_count, 0);
    replay_end(&replay, INT64_C(5000000000));
    ck_assert_uint_eq(replay.silence_count, 1);
}
END_TEST

/* The second SYN says by itself that the timer of the first had run out. */
START_TEST(a_call_made_twice_is_unanswered)
{
    struct segment syn = { .flags = SEGMENT_SYN, .frame = 1 };

    replay_start(&replay);
    replay_segment(&replay, &syn);
    syn.frame++;
    syn.time_ns = INT64_C(1000000000);
    replay_segment(&replay, &syn);
    replay_end(&replay, INT64_C(1200000000));
    ck_assert_uint_eq(replay.silence_count, 1);
}
END_TEST

/* Two keep-alives, a second apart; the capture must go on for longer than another would take. */
START_TEST(a_prober_is_given_time)
{
    struct segment client = { .flags = SEGMENT_ACK, .seq = 100, .ack = 500, .len = 10, .frame = 1 };
    const struct segment server = {
        .flags = SEGMENT_ACK, .seq = 500, .ack = 110, .side = 1, .frame = 2, .time_ns = 1000
    };

    replay_start(&replay);
    replay_segment(&replay, &client);
    replay_segment(&replay, &server);
    client.len = 0;
    client.seq = 109;
    for (client.frame = 3; client.frame < 5; client.frame++) {
        client.time_ns += INT64_C(1000000000);
        replay_segment(&replay, &client);
    }
    replay_end(&replay, client.time_ns + INT64_C(1500000000));
    ck_assert_uint_eq(replay.silence_count, 0);
    replay_end(&replay, client.time_ns + INT64_C(2500000000));
    ck_assert_uint_eq(replay.silence_count, 1);
}
END_TEST

START_TEST(multipath_tcp_says_that_it_broke_its_own_rules)
{
    static const uint8_t option[] = { 0x1e, 4, 0x80, 1 }; /* RFC 8684, 3.6 and 8.4 */
    const struct segment rst = { .flags = SEGMENT_RST | SEGMENT_ACK,
                                 .frame = 1,
                                 .window = 100,
                                 .options = option,
                                 .option_bytes = sizeof option };
    struct verdict verdict;

    replay_start(&replay);
    replay_segment(&replay, &rst);
    verdict = replay_verdict(&replay, 0);
    ck_assert_int_eq(verdict.cause, CAUSE_PROTOCOL_ERROR);
    ck_assert_int_eq(verdict.detail, DETAIL_MPTCP);
}
END_TEST

/* Advice for Linux is of no use to others: Windows starts at 128, lwIP and many boxes at 255. */
START_TEST(the_ttl_tells_what_cannot_be_linux)
{
    ck_assert(verdict_ttl_may_be_linux(64));
    ck_assert(verdict_ttl_may_be_linux(33));
    ck_assert(verdict_ttl_may_be_linux(0));
    ck_assert(!verdict_ttl_may_be_linux(32));
    ck_assert(!verdict_ttl_may_be_linux(65));
    ck_assert(!verdict_ttl_may_be_linux(128));
    ck_assert(!verdict_ttl_may_be_linux(255));
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("verdict");

    tcase_add_test(tests, surplus_clues_are_dropped);
    tcase_add_test(tests, surplus_numbers_are_dropped_with_their_clues);
    tcase_add_test(tests, surplus_proofs_are_dropped);
    tcase_add_test(tests, a_repeat_inherits_what_is_said_of_the_abort);
    tcase_add_test(tests, a_reset_tells_what_was_noted_of_its_fin);
    tcase_add_test(tests, harmless_is_what_is_worth_no_more_than_a_chat);
    tcase_add_test(tests, the_user_says_from_when_on_a_pause_is_idle);
    tcase_add_test(tests, figures_are_given);
    tcase_add_test(tests, the_ttl_tells_what_cannot_be_linux);
    tcase_add_test(tests, without_ip_ids_what_is_not_seen_may_have_drawn_a_reset);
    tcase_add_test(tests, a_call_just_made_is_not_yet_unanswered);
    tcase_add_test(tests, a_call_made_twice_is_unanswered);
    tcase_add_test(tests, a_prober_is_given_time);
    tcase_add_test(tests, multipath_tcp_says_that_it_broke_its_own_rules);
    return suite_run_tests(suite_create("verdict"), tests);
}
