/* What flow_go_on() takes, flow_fold() would have folded to the very same: in every scenario and
 * every capture, segment by segment.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "connection.h"
#include "files.h"
#include "loans.h"
#include "scenario.h"
#include "suite.h"
#include "tape.h"

#include <stdio.h>
#include <string.h>

enum { STEPS = 1 << 12, BYTES_MAX = 1 << 28, FILE_MAX = 1 << 22 };

static struct files scenarios, captures;
static struct scenario scenario;
static uint8_t file_bytes[FILE_MAX];
static struct step steps[STEPS];
static struct trail trail;
static struct loans loans;
static struct lender lender;
static struct connections connections;
static unsigned taken;

static void start(void)
{
    trail = (struct trail){ .steps = steps, .capacity = STEPS };
    lender = loans_begin(&loans, BYTES_MAX);
    connections = (struct connections){ .lender = &lender };
    taken = 0;
}

/* The flow as it was, and the trail's next step, which is left as it would be. */
static struct step fold_at_length(struct flow *flow, const struct segment *seg)
{
    struct trail same = trail;

    flow->steady = false;
    flow_fold(flow, &same, seg);
    return steps[same.latest & (STEPS - 1)];
}

static void fold_any(struct flow *flow, const struct segment *seg, struct step *original)
{
    struct side *side = &flow->side[seg->side];

    if (original) {
        flow_note_copy(flow, original, seg);
        return;
    }
    if (flow_wants_chains(flow, seg))
        side->chains = lender_lend(&lender, sizeof *side->chains);
    flow_fold(flow, &trail, seg);
}

static void fold(struct flow *flow, const struct segment *seg)
{
    struct step *original = flow_copied(flow, &trail, seg);
    bool repeats = flow_wants_chains(flow, seg);
    struct step unused = steps[(trail.latest + 1) & (STEPS - 1)], step, expected;
    struct flow before;

    memcpy(&before, flow, sizeof before);
    if (!flow_go_on(flow, &trail, seg)) {
        ck_assert_mem_eq(flow, &before, sizeof before);
        fold_any(flow, seg, original);
        return;
    }
    taken++;
    ck_assert_msg(!original && !repeats, "frame %u is a copy, or repeats", seg->frame);
    step = steps[trail.latest & (STEPS - 1)];
    steps[trail.latest-- & (STEPS - 1)] = unused;
    expected = fold_at_length(&before, seg);
    trail.latest++;
    ck_assert_mem_eq(&step, &expected, sizeof step);
    ck_assert_mem_eq(flow, &before, sizeof before);
}

static void hear(struct sighting *sighting)
{
    struct connection *connection = connections_take(&connections, sighting);

    if (connection && sighting->quoted)
        flow_quote(&connection->flow, sighting);
    else if (connection)
        fold(&connection->flow, &sighting->segment);
}

START_TEST(a_scenario_goes_on_as_at_length)
{
    static const uint8_t host[2][4] = { { 192, 0, 2, 1 }, { 198, 51, 100, 1 } };
    static const uint32_t isn[2] = { 1000, UINT32_MAX - 2 };

    ck_assert_msg(scenario_read(&scenario, scenarios.path[_i]), "%s", scenario.error);
    start();
    for (size_t i = 0; i < scenario.step_count; i++) {
        struct sighting sighting = { .segment = scenario_segment(&scenario, i, isn),
                                     .address_bytes = sizeof host[0] };

        for (unsigned end = 0; end < 2; end++)
            sighting.address[end] = host[sighting.segment.side ^ end];
        hear(&sighting);
    }
    loans_end(&loans);
    scenario_free(&scenario);
}
END_TEST

START_TEST(a_capture_goes_on_as_at_length)
{
    FILE *stream = fopen(captures.path[_i], "rb");
    size_t size = stream ? fread(file_bytes, 1, sizeof file_bytes, stream) : 0;
    struct pcap_file file;
    struct tape tape;

    ck_assert(size != 0);
    fclose(stream);
    ck_assert_msg(pcap_file_open(&file, file_bytes, size), "%s", captures.path[_i]);
    start();
    tape = tape_of(&file);
    for (size_t i = 0; i < tape.count; i++)
        hear(tape_sighting(&tape, i));
    tape_free(&tape);
    loans_end(&loans);
}
END_TEST

/* The question ends the handshake; its answer comes in two segments and is acknowledged. */
START_TEST(what_is_in_order_is_taken)
{
    static const uint32_t isn[2] = { 1000, 5000 };
    struct flow flow = { .started = false };

    ck_assert_msg(scenario_parse(&scenario, "timeline",
                                 "expect none\n"
                                 "+0 A S 0:0(0) win 64240\n"
                                 "+0.020 B S. 0:0(0) ack 1 win 65160\n"
                                 "+0.001 A P. 1:101(100) ack 1\n"
                                 "+0.020 B . 1:1001(1000) ack 101\n"
                                 "+0 B P. 1001:1501(500) ack 101\n"
                                 "+0.020 A . 101:101(0) ack 1501\n"
                                 "+0.020 A . 101:101(0) ack 1501 win 100\n"
                                 "+0.020 A F. 101:101(0) ack 1501\n"),
                  "%s", scenario.error);
    start();
    for (size_t i = 0; i < scenario.step_count; i++) {
        struct segment segment = scenario_segment(&scenario, i, isn);

        fold(&flow, &segment);
        ck_assert_uint_eq(taken, i < 3 ? 0 : i < 6 ? i - 2 : 3);
    }
    ck_assert(!flow.steady);
    scenario_free(&scenario);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("going_on");

    if (!files_list(&scenarios, SCENARIOS, ".seg") ||
        !files_list(&captures, SCENARIOS "/../../captures", ".pcap")) {
        fprintf(stderr, "no scenarios, or no captures\n");
        return EXIT_FAILURE;
    }
    tcase_add_loop_test(tests, a_scenario_goes_on_as_at_length, 0, (int)scenarios.count);
    tcase_add_loop_test(tests, a_capture_goes_on_as_at_length, 0, (int)captures.count);
    tcase_add_test(tests, what_is_in_order_is_taken);
    return suite_run_tests(suite_create("going_on"), tests);
}
