/* The scenario notation: what it reads, and that its errors name the line.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "scenario.h"

#include "suite.h"

#include <stdio.h>
#include <string.h>

static struct scenario scenario;

static const char handshake[] = "# prose\n"
                                "expect refused/closed_port <=likely trigger=1|2 by=server\n"
                                "ports 1024 443\n"
                                "+0 A S 0:0(0) win 9 <mss 1460,sack,ts 7,ws 7>\n"
                                "+0.014 B R. =0:0(0) ack 1 win 0 ttl 63 id 5\n";

START_TEST(a_scenario_is_read)
{
    const uint32_t isn[2] = { UINT32_MAX, 5 };
    struct segment syn, rst;

    ck_assert_msg(scenario_parse(&scenario, "x.seg", handshake), "%s", scenario.error);
    ck_assert_uint_eq(scenario.step_count, 2);
    ck_assert_uint_eq(scenario.expectation_count, 1);
    ck_assert_uint_eq(scenario.expectation[0].cause, CAUSE_REFUSED);
    ck_assert_uint_eq(scenario.expectation[0].detail, DETAIL_CLOSED_PORT);
    ck_assert_uint_eq(scenario.expectation[0].at_least, CONFIDENCE_POSSIBLE);
    ck_assert_uint_eq(scenario.expectation[0].at_most, CONFIDENCE_LIKELY);
    ck_assert_uint_eq(scenario.expectation[0].key_count, 2);

    syn = scenario_segment(&scenario, 0, isn);
    ck_assert_uint_eq(syn.frame, 1);
    ck_assert_uint_eq(syn.seq, UINT32_MAX);
    ck_assert_uint_eq(syn.flags, SEGMENT_SYN);
    ck_assert_uint_eq(syn.header_bytes, 40);
    ck_assert_uint_eq(syn.window, 9);
    ck_assert_uint_eq(syn.window_shift, 7);
    ck_assert_uint_eq(syn.option_count, 4);
    ck_assert_uint_eq(syn.port[0], 1024);
    ck_assert_uint_eq(syn.port[1], 443);
    ck_assert_uint_eq(syn.tsval, 7);

    rst = scenario_segment(&scenario, 1, isn);
    ck_assert_uint_eq(rst.flags, SEGMENT_RST | SEGMENT_ACK);
    ck_assert_uint_eq(rst.side, 1);
    ck_assert_uint_eq(rst.seq, 0);
    ck_assert_uint_eq(rst.ack, 0);
    ck_assert_int_eq(rst.time_ns, 14000000);
    ck_assert_uint_eq(rst.ttl, 63);
    ck_assert_uint_eq(rst.ip_id, 5);
    ck_assert_uint_eq(rst.header_bytes, 20);
    scenario_free(&scenario);
}
END_TEST

START_TEST(a_payload_is_filled_up)
{
    static const char text[] = "expect none\n"
                               "+0 A P. 1:7(6) ack 1 data \"a\\r\\n\\x00\"\n"
                               "+0 A P. 7:11(4) ack 1 hex 1603 cut 1\n";
    const uint32_t isn[2] = { 0, 0 };

    ck_assert_msg(scenario_parse(&scenario, "x.seg", text), "%s", scenario.error);
    ck_assert_mem_eq(scenario_segment(&scenario, 0, isn).payload, "a\r\n\0xx", 6);
    ck_assert_mem_eq(scenario_segment(&scenario, 1, isn).payload, "\x16\x03xx", 4);
    ck_assert_uint_eq(scenario_segment(&scenario, 0, isn).captured, 6);
    ck_assert_uint_eq(scenario_segment(&scenario, 1, isn).captured, 1);
    scenario_free(&scenario);
}
END_TEST

START_TEST(options_are_told_as_bytes)
{
    static const char text[] = "expect unknown possible\n"
                               "+0 A R 1:1(0) <ts 258> opt 1e048001 opt 0303ff <md5>\n";
    static const uint8_t bytes[] = { 8,    10, 0,    0, 1, 2, 0,    0,  0, 0,
                                     0x1e, 4,  0x80, 1, 3, 3, 0xff, 19, 18 };
    const uint32_t isn[2] = { 0, 0 };
    struct segment rst;

    ck_assert_msg(scenario_parse(&scenario, "x.seg", text), "%s", scenario.error);
    rst = scenario_segment(&scenario, 0, isn);
    ck_assert_uint_eq(rst.option_bytes, 36);
    ck_assert_uint_eq(rst.header_bytes, 56);
    ck_assert_mem_eq(rst.options, bytes, sizeof bytes);
    ck_assert_uint_eq(rst.options[35], 1);
    ck_assert_uint_eq(rst.option_count, 4);
    ck_assert(rst.has_timestamp);
    ck_assert_uint_eq(rst.tsval, 258);
    ck_assert_uint_eq(rst.window_shift, 14);
    ck_assert(rst.is_signed);
    scenario_free(&scenario);
}
END_TEST

/* 5 has no length, 0 ends them, the last two are longer than the header. */
static const char *const broken_options[] = { "05001e04", "00011e048001", "02ff", "1e098001" };

START_TEST(broken_options_end_them)
{
    const uint32_t isn[2] = { 0, 0 };
    char text[100];
    struct segment rst;

    snprintf(text, sizeof text, "expect unknown possible\n+0 A R 1:1(0) <sack> opt %s\n",
             broken_options[_i]);
    ck_assert_msg(scenario_parse(&scenario, "x.seg", text), "%s", scenario.error);
    rst = scenario_segment(&scenario, 0, isn);
    ck_assert_uint_eq(rst.option_bytes % 4, 0);
    ck_assert_uint_eq(rst.option_count, 1);
    ck_assert(!rst.is_signed);
    scenario_free(&scenario);
}
END_TEST

START_TEST(what_is_left_out_is_as_before)
{
    static const char text[] = "expect none\n"
                               "+0 A . 1:1(0) ack 1 win 7 ttl 40 id 65535\n"
                               "+0.5 B . 1:1(0) ack 1\n"
                               "+0.25 A . 1:1(0) ack 1\n";
    const uint32_t isn[2] = { 0, 0 };
    struct segment last;

    ck_assert_msg(scenario_parse(&scenario, "x.seg", text), "%s", scenario.error);
    last = scenario_segment(&scenario, 2, isn);
    ck_assert_uint_eq(last.window, 7);
    ck_assert_uint_eq(last.ttl, 40);
    ck_assert_uint_eq(last.ip_id, 0);
    ck_assert_int_eq(last.time_ns, 750000000);
    scenario_free(&scenario);
}
END_TEST

static const struct {
    const char *text, *error;
} mistakes[] = {
    { "", "x.seg:0: no segment" },
    { "what\n", "x.seg:1: expected" },
    { "\n\nexpect nonsense certain\n", "x.seg:3: unknown cause" },
    { "expect refused/killed certain\n", "x.seg:1: that detail belongs to another cause" },
    { "expect refused/nonsense certain\n", "x.seg:1: unknown detail" },
    { "expect refused\n", "x.seg:1: the cause is followed by" },
    { "expect refused certain colour=red\n", "x.seg:1: unknown key" },
    { "expect refused certain trigger\n", "x.seg:1: not KEY=VALUE" },
    { "ports 1\n", "x.seg:1: ports" },
    { "over ipv5\n", "x.seg:1: only" },
    { "+x A S 0:0(0)\n", "x.seg:1: the time" },
    { "+0 C S 0:0(0)\n", "x.seg:1: the time is followed by A or B" },
    { "+0 A X 0:0(0)\n", "x.seg:1: flags" },
    { "+0 A P. 0:0\n", "x.seg:1: sequence numbers" },
    { "+0 A P. 1:3(4)\n", "x.seg:1: LAST" },
    { "+0 A P. 1:3(2)\n", "x.seg:1: the flag . and `ack`" },
    { "+0 A S 0:0(0) ack 1\n", "x.seg:1: the flag . and `ack`" },
    { "+0 A P. 1:3(2) ack\n", "x.seg:1: a field without" },
    { "+0 A P. 1:3(2) ack 1 data \"abc\"\n", "x.seg:1: more data" },
    { "+0 A P. 1:3(2) ack 1 data abc\n", "x.seg:1: data is followed" },
    { "+0 A P. 1:3(2) ack 1 hex 123\n", "x.seg:1: data is followed" },
    { "+0 A S 0:0(0) <mtu 3>\n", "x.seg:1: options" },
    { "+0 A S 0:0(0) <ws 15>\n", "x.seg:1: options" },
    { "+0 A S 0:0(0) opt 1e0\n", "x.seg:1: opt is followed" },
    { "+0 A S 0:0(0) <md5,md5> opt 1e048001 opt 01\n", "x.seg:1: options are at most" },
    { "+0 A S 0:0(0) mtu 3\n", "x.seg:1: unknown field" },
    { "expect none\n+0 B S 0:0(0)\n", "x.seg:2: A speaks first" },
    { "expect none\n+0 A R 0:0(0)\n", "x.seg:2: one `expect`" },
    { "expect none\nexpect unknown possible\n+0 A R 0:0(0)\n", "x.seg:3: `expect none`" },
    { "+0 A S 0:0(0)\n", "x.seg:1: nothing is expected" },
    { "+0 A R 0:0(0)\n", "x.seg:1: nothing is expected" },
    { "silent timeout likely\n+0 A S 0:0(0)\n", "x.seg:1: the number" },
    { "expect unknown possible\n+0 A S 0:0(0)\n", "x.seg:2: one `expect`" },
};

START_TEST(a_mistake_is_named_with_its_line)
{
    ck_assert(!scenario_parse(&scenario, "x.seg", mistakes[_i].text));
    ck_assert_msg(!strncmp(scenario.error, mistakes[_i].error, strlen(mistakes[_i].error)),
                  "\"%s\" does not start with \"%s\"", scenario.error, mistakes[_i].error);
    scenario_free(&scenario);
}
END_TEST

START_TEST(a_verdict_is_compared)
{
    const struct verdict met = {
        .cause = CAUSE_REFUSED,
        .detail = DETAIL_CLOSED_PORT,
        .confidence = CONFIDENCE_LIKELY,
        .trigger = 2,
        .by = PARTY_SERVER,
    };
    struct verdict other;
    char complaint[100];

    ck_assert(scenario_parse(&scenario, "x.seg", handshake));
    ck_assert(expectation_met(&scenario.expectation[0], &met, complaint, sizeof complaint));
    other = met, other.cause = CAUSE_PROBE;
    ck_assert(!expectation_met(&scenario.expectation[0], &other, complaint, sizeof complaint));
    other = met, other.detail = DETAIL_NONE;
    ck_assert(!expectation_met(&scenario.expectation[0], &other, complaint, sizeof complaint));
    other = met, other.confidence = CONFIDENCE_CERTAIN;
    ck_assert(!expectation_met(&scenario.expectation[0], &other, complaint, sizeof complaint));
    other = met, other.trigger = 0;
    ck_assert(!expectation_met(&scenario.expectation[0], &other, complaint, sizeof complaint));
    other = met, other.by = PARTY_UNKNOWN;
    ck_assert(!expectation_met(&scenario.expectation[0], &other, complaint, sizeof complaint));
    ck_assert_str_eq(complaint, "by is unknown");
    scenario_free(&scenario);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("notation");

    tcase_add_test(tests, a_scenario_is_read);
    tcase_add_test(tests, a_payload_is_filled_up);
    tcase_add_test(tests, options_are_told_as_bytes);
    tcase_add_loop_test(tests, broken_options_end_them, 0, ROWS(broken_options));
    tcase_add_test(tests, what_is_left_out_is_as_before);
    tcase_add_loop_test(tests, a_mistake_is_named_with_its_line, 0, ROWS(mistakes));
    tcase_add_test(tests, a_verdict_is_compared);
    return suite_run_tests(suite_create("scenario"), tests);
}
