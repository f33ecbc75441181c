/* What a flow remembers of each side, once segments have been folded into it.
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

static struct scenario scenario;
static struct step steps[1 << 12];
static struct trail trail;
static struct chains chains[2];
static struct oddities oddities;
static struct flow flow_of_all;

/* The flow of a timeline in the notation of scenarios, without a RST. */
static void start(void)
{
    trail = (struct trail){ .steps = steps, .capacity = sizeof steps / sizeof *steps };
    memset(chains, 0, sizeof chains);
    oddities = (struct oddities){ .words = NULL };
    flow_of_all = (struct flow){ .side = { { .chains = &chains[0] }, { .chains = &chains[1] } },
                                 .oddities = &oddities };
}

/* Unless the capture made it. */
static void fold_segment(const struct segment *segment)
{
    struct step *original = flow_copied(&flow_of_all, &trail, segment);

    if (original)
        flow_note_copy(&flow_of_all, original, segment);
    else
        flow_fold(&flow_of_all, &trail, segment);
}

static const struct flow *fold(const char *timeline, const uint32_t isn[2])
{
    char text[4096];

    snprintf(text, sizeof text, "expect none\n%s", timeline);
    ck_assert_msg(scenario_parse(&scenario, "timeline", text), "%s", scenario.error);
    start();
    for (size_t i = 0; i < scenario.step_count; i++) {
        struct segment segment = scenario_segment(&scenario, i, isn);

        fold_segment(&segment);
    }
    scenario_free(&scenario);
    return &flow_of_all;
}

static const uint32_t isns[][2] = { { 1000, 5000 }, { UINT32_MAX, UINT32_MAX - 2 } };

START_TEST(a_handshake)
{
    const uint32_t *isn = isns[_i];
    const struct flow *flow = fold(HANDSHAKE, isn);

    ck_assert(flow->started && flow->opener_known);
    ck_assert_uint_eq(flow->opener, 0);
    ck_assert_uint_eq(flow->open_frame, 3);
    ck_assert_int_eq(flow->open_ns, 21 * MS);
    ck_assert_uint_eq(flow->side[0].syn_frame, 1);
    ck_assert_uint_eq(flow->side[1].syn_frame, 2);
    ck_assert(!flow->side[0].syn_ack && flow->side[1].syn_ack);
    for (int side = 0; side < 2; side++) {
        ck_assert_uint_eq(flow->side[side].isn, isn[side]);
        ck_assert_uint_eq(flow->side[side].snd_nxt, isn[side] + 1);
        ck_assert_uint_eq(flow->side[side].acked, isn[!side] + 1);
        ck_assert(flow->side[side].has_acked && flow->side[side].seen);
        ck_assert_uint_eq(flow_outstanding(flow, (unsigned)side), 0);
    }
    ck_assert_int_eq(flow_rtt_ns(flow), 21 * MS);
    ck_assert_uint_eq(flow->speaker, NOBODY);
}
END_TEST

/* The SYN-ACK is the first to acknowledge both, the SYN and the data in it: that is one answer. */
START_TEST(early_data_are_no_second_round_trip)
{
    const struct flow *flow = fold("+0 A S 0:100(100) win 64240 <mss 1460>\n"
                                   "+0.020 B S. 0:0(0) ack 101 win 65160 <mss 1460>\n",
                                   isns[_i]);

    ck_assert_uint_eq(flow->side[1].rtt_us, 20000);
    ck_assert(!flow->side[1].rtt_again);
    ck_assert_int_eq(flow_rtt_ns(flow), 0);
}
END_TEST

/* It ends with the first acknowledgement of a segment, though others were sent since. */
START_TEST(a_round_trip_spans_what_was_sent_meanwhile)
{
    const struct flow *flow = fold(HANDSHAKE "+1 A P. 1:501(500) ack 1\n"
                                             "+0.001 A P. 501:1001(500) ack 1\n"
                                             "+0.004 B . 1:1(0) ack 501\n",
                                   isns[_i]);

    ck_assert_uint_eq(flow->side[1].rtt_us, 5000);
}
END_TEST

/* The capture lacks the first copy: the ACK where it starts is none. */
START_TEST(a_bare_ack_is_never_retransmitted)
{
    fold(HANDSHAKE "+0.010 A P. 501:1001(500) ack 1\n+0.300 A P. 1:501(500) ack 1\n", isns[_i]);
    ck_assert_uint_eq(chains[0].retransmission.count, 0);
}
END_TEST

START_TEST(windows_are_scaled_by_both_or_not_at_all)
{
    const struct segment plain = { .flags = SEGMENT_ACK, .window = 100 };
    const struct segment syn = { .flags = SEGMENT_SYN, .window = 100 };
    const struct flow *flow = fold(HANDSHAKE, isns[_i]);

    ck_assert_uint_eq(flow->side[0].window, 502 << 7);
    ck_assert_uint_eq(flow->side[1].window, 65160); /* of its SYN: never scaled */
    ck_assert_uint_eq(side_window(&flow->side[1], &plain), 100 << 6);
    ck_assert_uint_eq(side_window(&flow->side[1], &syn), 100);

    flow = fold("+0 A S 0:0(0) win 64240 <mss 1460,ws 7>\n"
                "+0.020 B S. 0:0(0) ack 1 win 65160 <mss 1460>\n"
                "+0.001 A . 1:1(0) ack 1 win 502\n",
                isns[_i]);
    ck_assert_uint_eq(flow->side[0].window, 502);
}
END_TEST

START_TEST(bytes_are_outstanding_until_acknowledged)
{
    const uint32_t *isn = isns[_i];
    const struct flow *flow = fold(HANDSHAKE "+0 A P. 1:501(500) ack 1\n"
                                             "+0 A P. 501:1001(500) ack 1\n"
                                             "+0.020 B . 1:1(0) ack 501\n",
                                   isn);

    ck_assert_uint_eq(flow->side[0].snd_nxt, isn[0] + 1001);
    ck_assert_uint_eq(flow->side[1].acked, isn[0] + 501);
    ck_assert_uint_eq(flow_outstanding(flow, 0), 500);
    ck_assert_uint_eq(flow_outstanding(flow, 1), 0);
    ck_assert_uint_eq(flow->speaker, 0);
    ck_assert_uint_eq(flow->side[0].word_frame, 5);
}
END_TEST

START_TEST(a_fin_and_a_farewell_are_not_outstanding)
{
    const struct flow *flow = fold(HANDSHAKE "+0 A P. 1:501(500) ack 1\n"
                                             "+0 B P. 1:501(500) ack 501\n"
                                             "+0 A P. 501:507(6) ack 501 data \"QUIT\\r\\n\"\n"
                                             "+0 A F. 507:507(0) ack 501\n",
                                   isns[_i]);

    ck_assert_uint_eq(flow->side[0].fin_frame, 7);
    ck_assert_uint_eq(flow->side[0].fin_seq, isns[_i][0] + 507);
    ck_assert_uint_eq(flow->side[0].snd_nxt, isns[_i][0] + 508);
    ck_assert_uint_eq(flow_outstanding(flow, 0), 0);
    ck_assert(flow_says_farewell(flow, 0));
    ck_assert(!flow_says_farewell(flow, 1));
    ck_assert_uint_eq(flow_last_speaker(flow), 1);
}
END_TEST

START_TEST(only_the_first_fin_counts)
{
    const struct flow *flow = fold(HANDSHAKE "+0 A F. 1:1(0) ack 1\n"
                                             "+0.2 A F. 1:1(0) ack 1\n",
                                   isns[_i]);

    ck_assert_uint_eq(flow->side[0].fin_frame, 4);
    ck_assert_int_eq(flow->side[0].fin_ns, 21 * MS);
}
END_TEST

START_TEST(retransmissions_make_a_chain)
{
    const struct flow *flow = fold(HANDSHAKE "+0 A P. 1:101(100) ack 1\n"
                                             "+0.2 A P. 1:101(100) ack 1\n"
                                             "+0.4 A P. 1:101(100) ack 1\n"
                                             "+0.8 A P. 1:101(100) ack 1\n",
                                   isns[_i]);
    const struct chain *chain = side_retransmission(&flow->side[0]);

    ck_assert_uint_eq(chain->count, 3);
    ck_assert_uint_eq(chain->seq, isns[_i][0] + 1);
    ck_assert_uint_eq(chain->last_frame, 7);
    ck_assert_int_eq(chain->interval_ns, 800 * MS);
    ck_assert_uint_eq(flow->side[0].snd_nxt, isns[_i][0] + 101);
    ck_assert_uint_eq(flow_outstanding(flow, 0), 100);
}
END_TEST

START_TEST(new_data_end_the_chain)
{
    const struct flow *flow = fold(HANDSHAKE "+0 A P. 1:101(100) ack 1\n"
                                             "+0.2 A P. 1:101(100) ack 1\n"
                                             "+0.4 A P. 1:101(100) ack 1\n"
                                             "+0.02 B . 1:1(0) ack 101\n"
                                             "+0.02 A P. 101:201(100) ack 1\n",
                                   isns[_i]);

    ck_assert_uint_eq(side_retransmission(&flow->side[0])->count, 0);
}
END_TEST

START_TEST(a_copy_made_by_the_capture_is_no_retransmission)
{
    static const char once[] = HANDSHAKE "+0 A P. 1:101(100) ack 1 id 9 ttl 64\n";
    static const char twice[] = HANDSHAKE "+0 A P. 1:101(100) ack 1 id 9 ttl 64\n"
                                          "+0.0015 A P. 1:101(100) ack 1 id 9 ttl 63\n";
    static const char again[] = HANDSHAKE "+0 A P. 1:101(100) ack 1 id 9 ttl 64\n"
                                          "+0.2 A P. 1:101(100) ack 1 id 10 ttl 64\n";

    ck_assert_uint_eq(side_retransmission(&fold(once, isns[_i])->side[0])->count, 0);
    ck_assert_uint_eq(side_retransmission(&fold(twice, isns[_i])->side[0])->count, 0);
    ck_assert_uint_eq(fold(twice, isns[_i])->side[0].data_segments, 1);
    ck_assert_uint_eq(side_retransmission(&fold(again, isns[_i])->side[0])->count, 1);
}
END_TEST

START_TEST(without_chains_no_repetition_is_noticed)
{
    struct segment seg = { .flags = SEGMENT_ACK, .frame = 1, .seq = 7, .len = 1 };

    start();
    flow_of_all.side[0].chains = NULL;
    ck_assert(!flow_wants_chains(&flow_of_all, &seg));
    for (; seg.frame < 4; seg.frame++) { /* a retransmission, and a keep-alive */
        flow_fold(&flow_of_all, &trail, &seg);
        seg.time_ns += 3000 * MS;
        ck_assert(flow_wants_chains(&flow_of_all, &seg));
        seg.len = seg.frame < 2;
    }
    ck_assert_uint_eq(side_retransmission(&flow_of_all.side[0])->count, 0);
    ck_assert_uint_eq(side_probe(&flow_of_all.side[0])->count, 0);
}
END_TEST

START_TEST(without_oddities_none_is_noticed)
{
    struct segment data = { .flags = SEGMENT_ACK, .frame = 1, .seq = 7, .len = 10 }, rst = data;

    start();
    flow_of_all.oddities = NULL;
    fold_segment(&data);
    fold_segment(&data); /* a copy */
    rst.flags = SEGMENT_RST;
    fold_segment(&rst);
    ck_assert(flow_of_all.side[0].has_reset);
    ck_assert_uint_eq(flow_reset(&flow_of_all, 0)->first_frame, 0);
    ck_assert_uint_eq(flow_oddities(&flow_of_all)->copying.copies, 0);
    ck_assert_ptr_null(flow_last_words(&flow_of_all, 0));
}
END_TEST

START_TEST(keep_alives_are_probes)
{
    const struct flow *flow = fold(HANDSHAKE "+0 A P. 1:101(100) ack 1\n"
                                             "+0.02 B P. 1:101(100) ack 101\n"
                                             "+0.02 A . 101:101(0) ack 101\n"
                                             "+60 A . 100:100(0) ack 101\n"
                                             "+10 A . 100:100(0) ack 101\n"
                                             "+10 A . 100:101(1) ack 101 hex 00\n",
                                   isns[_i]);
    const struct side *side = &flow->side[0];

    ck_assert_uint_eq(side_probe(side)->count, 3);
    ck_assert_uint_eq(side_probe(side)->first_frame, 7);
    ck_assert_uint_eq(side_probe(side)->last_frame, 9);
    ck_assert_int_eq(side_probe(side)->interval_ns, 10000 * MS);
    ck_assert(!side_probe(side)->uneven);
    ck_assert_uint_eq(side_retransmission(side)->count, 0);
    ck_assert_uint_eq(side->snd_nxt, isns[_i][0] + 101);
    ck_assert_int_eq(flow->active_ns, 41 * MS);
}
END_TEST

START_TEST(an_answered_keep_alive_is_activity)
{
    const struct flow *flow = fold(HANDSHAKE "+0 A P. 1:101(100) ack 1\n"
                                             "+0.02 B P. 1:101(100) ack 101\n"
                                             "+0.02 A . 101:101(0) ack 101\n"
                                             "+60 A . 100:100(0) ack 101\n"
                                             "+0.02 B . 101:101(0) ack 101\n",
                                   isns[_i]);

    ck_assert_int_ge(flow->active_ns, 60000 * MS);
}
END_TEST

START_TEST(what_is_missing_shows)
{
    const struct flow *flow = fold(HANDSHAKE "+0 A P. 1:101(100) ack 1\n"
                                             "+0.02 B . 1:1(0) ack 1001\n",
                                   isns[_i]);

    ck_assert(flow->side[0].lost_segments);
    ck_assert(!flow->side[1].lost_segments);
    flow = fold(HANDSHAKE "+0 A P. 1:101(100) ack 1 ttl 60\n", isns[_i]);
    ck_assert(!flow->side[0].lost_segments);
    ck_assert_uint_eq(flow->side[0].ttls.shown[0], 64);
    ck_assert_uint_eq(flow->side[0].ttls.strange, 60);
}
END_TEST

START_TEST(a_fin_tells_what_was_owed)
{
    const struct flow *flow = fold(HANDSHAKE "+0 A P. 1:101(100) ack 1\n"
                                             "+0.02 B F. 1:1(0) ack 101\n",
                                   isns[_i]);

    ck_assert(flow->side[1].owed_at_fin);
    flow = fold(HANDSHAKE "+0 A P. 1:101(100) ack 1\n"
                          "+0.02 B P. 1:101(100) ack 101\n"
                          "+0.02 B F. 101:101(0) ack 101\n",
                isns[_i]);
    ck_assert(!flow->side[1].owed_at_fin && !flow->side[1].mute_at_fin);
    flow = fold(HANDSHAKE "+0.02 B F. 1:1(0) ack 1\n", isns[_i]);
    ck_assert(flow->side[1].mute_at_fin && !flow->side[1].owed_at_fin);
}
END_TEST

/* From the last word that the side which closed knew of; farewells are none. */
START_TEST(a_fin_tells_how_long_it_waited)
{
    static const char answered[] = HANDSHAKE "+0.01 A P. 1:201(200) ack 1\n"
                                             "+0.01 B P. 1:301(300) ack 201\n";
    static const struct {
        const char *rest;
        uint32_t waited_ms;
    } ends[] = {
        { "+5 B F. 301:301(0) ack 201\n", 5000 },
        { "+5 B P. 301:325(24) ack 201\n+0.001 B F. 325:325(0) ack 201\n", 5001 },
        { "+5 A P. 201:401(200) ack 301\n+0.001 B F. 301:301(0) ack 201\n", 5001 },
        { "+5 A P. 201:401(200) ack 301\n+0.001 B F. 301:301(0) ack 401\n", 1 },
    };

    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        char timeline[1024];

        snprintf(timeline, sizeof timeline, "%s%s", answered, ends[i].rest);
        ck_assert_uint_eq(fold(timeline, isns[_i])->waited_ms, ends[i].waited_ms);
    }
}
END_TEST

START_TEST(without_a_syn_the_ports_tell_who_opened)
{
    const struct flow *flow = fold("ports 80 49152\n"
                                   "+0 A P. 1:101(100) ack 1\n",
                                   isns[_i]);

    ck_assert(!flow->opener_known);
    ck_assert_uint_eq(flow->opener, 1);
    flow = fold("ports 80 49152\n" HANDSHAKE, isns[_i]);
    ck_assert(flow->opener_known);
    ck_assert_uint_eq(flow->opener, 0);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("flow");
    const TTest *const each[] = {
        a_handshake,
        early_data_are_no_second_round_trip,
        a_round_trip_spans_what_was_sent_meanwhile,
        a_bare_ack_is_never_retransmitted,
        windows_are_scaled_by_both_or_not_at_all,
        bytes_are_outstanding_until_acknowledged,
        a_fin_and_a_farewell_are_not_outstanding,
        only_the_first_fin_counts,
        retransmissions_make_a_chain,
        new_data_end_the_chain,
        a_copy_made_by_the_capture_is_no_retransmission,
        without_chains_no_repetition_is_noticed,
        without_oddities_none_is_noticed,
        keep_alives_are_probes,
        an_answered_keep_alive_is_activity,
        what_is_missing_shows,
        a_fin_tells_what_was_owed,
        a_fin_tells_how_long_it_waited,
        without_a_syn_the_ports_tell_who_opened,
    };

    for (int i = 0; i < ROWS(each); i++)
        tcase_add_loop_test(tests, each[i], 0, ROWS(isns));
    return suite_run_tests(suite_create("flow"), tests);
}
