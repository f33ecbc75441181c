/* What a flow tells of the end of a side: who asks, what stands open, what was said last.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "flow.h"

#include "scenario.h"
#include "suite.h"

#include <stdio.h>
#include <string.h>

#define MS INT64_C(1000000)

#define HANDSHAKE                                                                                  \
    "+0 A S 0:0(0) win 64240 <mss 1460,sack,ts 1,ws 7>\n"                                          \
    "+0.020 B S. 0:0(0) ack 1 win 65160 <mss 1460,sack,ts 1,ws 6>\n"                               \
    "+0.001 A . 1:1(0) ack 1 win 502\n"
#define GET "data \"GET / HTTP/1.1\\r\\n\\r\\n\"\n"

static struct scenario scenario;
static struct step steps[1 << 12];
static struct trail trail;
static struct chains chains[2];
static struct last_words words[2];
static struct oddities oddities;
static struct flow flow;

static void fold(const char *timeline)
{
    static const uint32_t isn[2] = { 1000, UINT32_MAX - 20 };
    char text[4096];

    snprintf(text, sizeof text, "expect none\n%s", timeline);
    ck_assert_msg(scenario_parse(&scenario, "timeline", text), "%s", scenario.error);
    trail = (struct trail){ .steps = steps, .capacity = sizeof steps / sizeof *steps };
    memset(chains, 0, sizeof chains);
    oddities = (struct oddities){ .words = NULL };
    flow = (struct flow){ .side = { { .chains = &chains[0] }, { .chains = &chains[1] } },
                          .oddities = &oddities };
    for (size_t i = 0; i < scenario.step_count; i++) {
        struct segment segment = scenario_segment(&scenario, i, isn);

        flow_fold(&flow, &trail, &segment);
        if (flow_turns_away(&flow, &segment)) {
            oddities.words = words;
            flow_keep_words(&flow, &segment);
        }
    }
    scenario_free(&scenario);
}

/* Timelines, and who asks in them. */
static const struct asker {
    const char *timeline;
    unsigned who;
} askers[] = {
    { HANDSHAKE, 0 },
    { HANDSHAKE "+1 B P. 1:4(3) ack 1 data \"id\\n\"\n", 1 },
    { HANDSHAKE "+1 B P. 1:8(7) ack 1 data \"220 a\\r\\n\"\n", 0 },
    { HANDSHAKE "+1 A P. 1:4(3) ack 1 data \"id\\n\"\n", 0 },
    { "ports 49152 80\n+0 A . 1:1(0) ack 1\n+0 B P. 1:4(3) ack 1 data \"abc\"\n+0 A . 1:1(0) ack "
      "4\n",
      0 },
    { "ports 80 49152\n+0 A P. 1:39(38) ack 1 "
      "data \"HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n\"\n+0 B . 1:1(0) ack 39\n",
      1 },
};

START_TEST(it_is_known_who_asks)
{
    fold(askers[_i].timeline);
    ck_assert_uint_eq(flow_asker(&flow), askers[_i].who);
}
END_TEST

/* Timelines, and the question at their end. */
static const struct row {
    const char *name, *timeline;
    bool open, begun, acked;
    uint32_t frame;
    int64_t since_ms;
} questions[] = {
    { "nothing said", HANDSHAKE, false, false, false, 0, 0 },
    { "asked", HANDSHAKE "+0.009 A P. 1:19(18) ack 1 " GET, true, false, false, 4, 30 },
    { "acknowledged", HANDSHAKE "+0.009 A P. 1:19(18) ack 1 " GET "+0.010 B . 1:1(0) ack 19\n",
      true, false, true, 4, 30 },
    { "half of it answered",
      HANDSHAKE
      "+0.009 A P. 1:19(18) ack 1 " GET
      "+0.010 B P. 1:40(39) ack 19 data \"HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\na\"\n",
      true, true, true, 4, 30 },
    { "answered",
      HANDSHAKE
      "+0.009 A P. 1:19(18) ack 1 " GET
      "+0.010 B P. 1:40(39) ack 19 data \"HTTP/1.1 200 OK\\r\\nContent-Length: 1\\r\\n\\r\\na\"\n",
      false, false, true, 4, 30 },
    { "two asked, one answered",
      HANDSHAKE
      "+0.009 A P. 1:19(18) ack 1 " GET "+0.001 A P. 19:37(18) ack 1 " GET
      "+0.010 B P. 1:40(39) ack 37 data \"HTTP/1.1 200 OK\\r\\nContent-Length: 1\\r\\n\\r\\na\"\n",
      true, true, true, 5, 31 },
    { "undecoded, asked", HANDSHAKE "+0.009 A P. 1:101(100) ack 1\n+0 B . 1:1(0) ack 101\n", true,
      false, true, 4, 30 },
    { "undecoded, answered",
      HANDSHAKE "+0.009 A P. 1:101(100) ack 1\n+0.010 B P. 1:101(100) ack 101\n", false, false,
      true, 4, 30 },
    { "a goodbye asks nothing",
      HANDSHAKE "+0.009 A P. 1:101(100) ack 1\n+0.010 B P. 1:101(100) ack 101\n"
                "+0.010 A P. 101:107(6) ack 101 data \"QUIT\\r\\n\"\n",
      false, false, true, 4, 30 },
};

START_TEST(a_question_stands_until_it_is_answered)
{
    const struct row *row = &questions[_i];
    struct question question;

    fold(row->timeline);
    question = flow_question(&flow);
    ck_assert_msg(question.is_open == row->open, "%s: open", row->name);
    ck_assert_msg(question.is_begun == row->begun, "%s: begun", row->name);
    ck_assert_msg(question.is_acked == row->acked, "%s: acked", row->name);
    ck_assert_msg(question.frame == row->frame, "%s: frame %u", row->name, question.frame);
    ck_assert_msg(question.since_ns == row->since_ms * MS, "%s: since %lld", row->name,
                  (long long)question.since_ns);
}
END_TEST

START_TEST(a_side_that_never_answered_owes_nothing_by_its_fin_unless_asked)
{
    fold(HANDSHAKE "+0 A P. 1:101(100) ack 1\n+0.010 B . 1:1(0) ack 101\n+0 B F. 1:1(0) ack 101\n");
    ck_assert(flow.side[1].owed_at_fin && !flow.side[1].talk.answered);
    fold(HANDSHAKE "+0 A P. 1:101(100) ack 1\n+0.010 B P. 1:9(8) ack 101\n"
                   "+0 B F. 9:9(0) ack 101\n");
    ck_assert_msg(!flow.side[1].owed_at_fin, "a short answer is one");
    ck_assert(flow.side[1].talk.answered);
    fold(HANDSHAKE "+0 A P. 1:101(100) ack 1\n+0.010 B F. 1:1(0) ack 1\n");
    ck_assert_msg(!flow.side[1].owed_at_fin, "it had not received the question");
}
END_TEST

START_TEST(a_monologue_is_known)
{
    fold(HANDSHAKE "+0 A P. 1:101(100) ack 1\n+0.010 B . 1:1(0) ack 101\n");
    ck_assert(flow_is_monologue(&flow, 0) && !flow_is_monologue(&flow, 1));
    fold(HANDSHAKE "+0 A P. 1:101(100) ack 1\n+0.010 B P. 1:9(8) ack 101\n");
    ck_assert(!flow_is_monologue(&flow, 0) && !flow_is_monologue(&flow, 1));
}
END_TEST

START_TEST(last_words_are_kept_until_others_are_said)
{
    fold(HANDSHAKE "+0 B P. 1:12(11) ack 1 data \"421 full\\r\\n\\n\"\n");
    ck_assert(flow.side[1].talk.refused && flow.side[1].talk.refused_first);
    ck_assert_str_eq(oddities.words[1].text, "421 full");
    ck_assert_uint_eq(oddities.words[1].frame, 4);
    fold(HANDSHAKE "+0 B P. 1:11(10) ack 1 data \"220 full\\r\\n\"\n");
    ck_assert(!oddities.words && !flow.side[1].talk.refused);
    fold(HANDSHAKE "+0 B P. 1:11(10) ack 1 data \"421 full\\r\\n\"\n"
                   "+0 B P. 11:101(90) ack 1\n");
    ck_assert(!flow.side[1].talk.refused);
}
END_TEST

START_TEST(a_syns_payload_that_was_not_taken_was_not_sent)
{
    fold("+0 A S 0:18(18) win 64240 <mss 1460> " GET
         "+0.020 B S. 0:0(0) ack 1 win 65160 <mss 1460>\n"
         "+0.001 A . 1:1(0) ack 1 win 502\n");
    ck_assert(!flow.side[0].talk.spoken && flow.side[0].data_segments == 0);
    ck_assert_uint_eq(flow.speaker, NOBODY);
    ck_assert_uint_eq(flow.side[0].snd_nxt, flow.side[0].isn + 1);
    fold("+0 A S 0:18(18) win 64240 <mss 1460> " GET
         "+0.020 B S. 0:0(0) ack 19 win 65160 <mss 1460>\n"
         "+0.001 A . 19:19(0) ack 1 win 502\n");
    ck_assert(flow.side[0].talk.spoken && flow_question(&flow).is_acked);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("flow_end");

    tcase_add_loop_test(tests, it_is_known_who_asks, 0, ROWS(askers));
    tcase_add_loop_test(tests, a_question_stands_until_it_is_answered, 0, ROWS(questions));
    tcase_add_test(tests, a_side_that_never_answered_owes_nothing_by_its_fin_unless_asked);
    tcase_add_test(tests, a_monologue_is_known);
    tcase_add_test(tests, last_words_are_kept_until_others_are_said);
    tcase_add_test(tests, a_syns_payload_that_was_not_taken_was_not_sent);
    return suite_run_tests(suite_create("flow_end"), tests);
}
