/* What takes a short way comes out as at length, to the last bit: flow_go_on() as flow_fold(), and
 * what is inside a body as what is read.  In every scenario and every capture, also when it is
 * changed, segment by segment.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "connection.h"
#include "files.h"
#include "hear.h"
#include "loans.h"
#include "scenario.h"
#include "suite.h"
#include "tape.h"
#include "way.h"

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

/* The words of a SYN are never inside anything; behind its number they are the same words. */
static void hear_both_ways(const struct flow *flow, const struct segment *seg)
{
    struct segment syn = *seg;
    struct talk talk[2], expected[2];

    for (unsigned i = 0; i < 2; i++)
        memcpy(&talk[i], &flow->side[seg->side ^ i].talk, sizeof talk[i]);
    memcpy(expected, talk, sizeof talk);
    syn.flags |= SEGMENT_SYN;
    syn.seq = seg->flags & SEGMENT_SYN ? seg->seq : seg->seq - 1;
    ck_assert_int_eq(talk_hear(&talk[0], &talk[1], seg),
                     talk_hear(&expected[0], &expected[1], &syn));
    ck_assert_mem_eq(talk, expected, sizeof talk);
}

/* What a side says, from its number on; `seq` is 1000 for the first byte. */
struct line {
    unsigned side;
    uint32_t seq, len;
    const char *text; /* all that was captured */
};

/* Bodies and records that go on, next to what is not quite that. */
static const struct line conversations[][4] = {
    { { 0, 1000, 18, "GET / HTTP/1.1\r\n\r\n" },
      { 1, 1000, 500, "HTTP/1.1 503 Busy\r\nContent-Length: 4000\r\n\r\n" },
      { 1, 1500, 1000, "It is not you," },
      { 1, 2500, 1000, "it is me." } },
    { { 0, 1000, 6, "\x15\x03\x03\x01\x1a*" }, /* a sealed alert, piece by piece */
      { 0, 1006, 5, "*****" },
      { 0, 1011, 5, "*****" } },
    { { 0, 999, 100, "?\x17\x03\x03\x40\x11*" }, /* its first byte is known */
      { 0, 1099, 1000, "***" },
      { 0, 2099, 1000, "***" } },
    { { 1, 1000, 500, "HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n" },
      { 0, 1000, 600, "\x16\x03\x01\x02\x11\x01" }, /* a hello of TLS, while that is under way */
      { 1, 1500, 1000, "what is this?" } },
    { { 1, 1000, 500, "HTTP/1.1 200 OK\r\nContent-Length: 4000\r\nX: " }, /* a head that goes on */
      { 1, 1500, 1000, "***" },
      { 1, 2500, 1000, "***" } },
};

static void fold_any(struct flow *flow, const struct segment *seg, struct step *original)
{
    struct side *side = &flow->side[seg->side];

    if (!flow->oddities && (original || seg->flags & SEGMENT_RST))
        flow->oddities = lender_lend(&lender, sizeof *flow->oddities);
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

    if (seg->len)
        hear_both_ways(flow, seg);
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

static void play(size_t size, const struct way *way)
{
    struct pcap_file file;
    struct tape tape;

    ck_assert_msg(pcap_file_open(&file, file_bytes, size), "no capture");
    start();
    tape = tape_of(&file);
    way->info->change(&tape, way);
    for (size_t i = 0; i < tape.count; i++)
        hear(tape_sighting(&tape, i));
    tape_free(&tape);
    loans_end(&loans);
}

START_TEST(a_capture_goes_on_as_at_length)
{
    static const char *const ways[] = { "as_is",   "renumbered=1", "lost=15,1",    "doubled=500",
                                        "company", "timeless",     "rounded=1000", "swapped=1000",
                                        "hopless", "stepped=-1,9", "unstamped",    "again" };
    FILE *stream = fopen(captures.path[_i], "rb");
    size_t size = stream ? fread(file_bytes, 1, sizeof file_bytes, stream) : 0;
    struct way way;

    ck_assert(size != 0);
    fclose(stream);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        ck_assert_msg(way_read(ways[i], &way), "%s", ways[i]);
        play(size, &way);
    }
}
END_TEST

START_TEST(a_conversation_is_heard_both_ways)
{
    struct flow flow = { .started = false };

    flow.side[0].talk.next = flow.side[1].talk.next = 1000; /* behind the SYNs */
    for (unsigned i = 0; i < 4 && conversations[_i][i].text; i++) {
        const struct line *line = &conversations[_i][i];
        struct segment seg = { .flags = SEGMENT_ACK,
                               .side = (uint8_t)line->side,
                               .seq = line->seq,
                               .len = line->len,
                               .captured = (uint32_t)strlen(line->text),
                               .payload = (const uint8_t *)line->text };

        hear_both_ways(&flow, &seg);
        talk_hear(&flow.side[line->side].talk, &flow.side[!line->side].talk, &seg);
    }
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
        struct segment segment = scenario_segment(&scenario, i, isn), odd = segment;

        odd.is_signed = true;
        ck_assert(!flow_go_on(&flow, &trail, &odd));
        odd = segment;
        odd.header_bytes = 60;
        ck_assert(!flow_go_on(&flow, &trail, &odd));
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
    tcase_add_loop_test(tests, a_conversation_is_heard_both_ways, 0,
                        sizeof conversations / sizeof *conversations);
    tcase_add_test(tests, what_is_in_order_is_taken);
    return suite_run_tests(suite_create("going_on"), tests);
}
