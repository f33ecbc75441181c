/* One more RST of an abort: what is kept of it, and what that costs.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "repeat.h"

#include "loans.h"
#include "suite.h"

enum { BYTES_MAX = 1 << 16, BYTES_OF_A_REPEAT = 28, FIRST = 20, IN_A_ROW = 700 };

static struct loans loans;
static struct lender lender;
static struct ruling first;

static const int64_t s_ns = 1000000000, pace_ns = 3000000;

static void start(void)
{
    lender = loans_begin(&loans, BYTES_MAX);
    first = (struct ruling){ .ruled.frame = 5,
                             .verdict = { .frame = 5,
                                          .cause = CAUSE_CRASH,
                                          .confidence = CONFIDENCE_LIKELY,
                                          .severity = SEVERITY_WARN,
                                          .by = PARTY_SERVER } };
}

/* As one RST of many may be judged: it answers what came a millisecond before. */
static struct verdict repeated(uint32_t frame)
{
    struct verdict v = { .frame = frame,
                         .seq = 1000,
                         .ack = 2000 + frame,
                         .time_ns = s_ns + frame * pace_ns,
                         .form = FORM_REFLEX,
                         .effect = EFFECT_NONE,
                         .trigger = frame - 1,
                         .since_trigger_ns = s_ns / 1000,
                         .fin = 3,
                         .fin_peer = 4,
                         .syn = 1,
                         .retransmission = { 7, 8, 2 },
                         .probe = { 9, 10, 3 },
                         .proof = { 11, 12 },
                         .since_fin_ns = s_ns + (frame - 3) * pace_ns,
                         .idle_ns = s_ns + frame * pace_ns - s_ns / 1000,
                         .waited_ns = 2 * s_ns,
                         .unanswered_ns = 3 * s_ns,
                         .lost_sender = 10,
                         .lost_receiver = 200 + frame,
                         .sender = 1,
                         .sender_is_client = true,
                         .provisional = true };

    verdict_note(&v, CLUE_REFLEX_ACKS, v.trigger, v.seq, v.ack);
    verdict_note(&v, CLUE_ONE_OF, 0, 3, v.lost_receiver);
    verdict_note(&v, CLUE_TTL_SAME, 6, 64, 0);
    return v;
}

static const struct repeat *keep(const struct verdict *v)
{
    const struct repeat *repeat = repeat_keep(&lender, &first, v, NULL);

    ck_assert_ptr_nonnull(repeat);
    return repeat;
}

static void check_clues(const struct verdict *a, const struct verdict *b)
{
    ck_assert_uint_eq(a->clue_count, b->clue_count);
    for (unsigned i = 0; i < a->clue_count; i++) {
        ck_assert_int_eq(verdict_clue(a, i).kind, verdict_clue(b, i).kind);
        ck_assert_uint_eq(verdict_clue(a, i).frame, verdict_clue(b, i).frame);
        ck_assert_int_eq(verdict_clue(a, i).n, verdict_clue(b, i).n);
        ck_assert_int_eq(verdict_clue(a, i).m, verdict_clue(b, i).m);
    }
}

static void check_links(const struct verdict *a, const struct verdict *b)
{
    ck_assert_uint_eq(a->trigger, b->trigger);
    ck_assert_uint_eq(a->fin, b->fin);
    ck_assert_uint_eq(a->fin_peer, b->fin_peer);
    ck_assert_uint_eq(a->syn, b->syn);
    ck_assert_mem_eq(a->proof, b->proof, sizeof a->proof);
    ck_assert_mem_eq(&a->retransmission, &b->retransmission, sizeof a->retransmission);
    ck_assert_mem_eq(&a->probe, &b->probe, sizeof a->probe);
}

static void check_intervals(const struct verdict *a, const struct verdict *b)
{
    ck_assert_int_eq(a->time_ns, b->time_ns);
    ck_assert_int_eq(a->since_trigger_ns, b->since_trigger_ns);
    ck_assert_int_eq(a->since_fin_ns, b->since_fin_ns);
    ck_assert_int_eq(a->idle_ns, b->idle_ns);
    ck_assert_int_eq(a->waited_ns, b->waited_ns);
    ck_assert_int_eq(a->unanswered_ns, b->unanswered_ns);
}

/* Kept, it says what it said. */
static void check(const struct verdict *v)
{
    const struct verdict shown = ruled_verdict(&keep(v)->ruled);

    ck_assert_uint_eq(shown.frame, v->frame);
    ck_assert_uint_eq(shown.seq, v->seq);
    ck_assert_uint_eq(shown.ack, v->ack);
    ck_assert_int_eq(shown.form, v->form);
    ck_assert_int_eq(shown.effect, v->effect);
    ck_assert_uint_eq(shown.lost_sender, v->lost_sender);
    ck_assert_uint_eq(shown.lost_receiver, v->lost_receiver);
    ck_assert_uint_eq(shown.sender, v->sender);
    ck_assert_uint_eq(shown.sender_is_client, v->sender_is_client);
    ck_assert_uint_eq(shown.provisional, v->provisional);
    check_links(&shown, v);
    check_intervals(&shown, v);
    check_clues(&shown, v);
}

START_TEST(it_says_what_it_said)
{
    struct verdict v;

    start();
    v = repeated(20);
    check(&v);
    v = repeated(21);
    v.fin = 0; /* then the time since the other FIN is that of the reset */
    check(&v);
    v = repeated(22);
    v.since_trigger_ns = 5 * s_ns; /* more than 32 bits */
    check(&v);
    v = repeated(23);
    v.trigger = 0;
    v.since_trigger_ns = v.since_fin_ns = v.idle_ns = v.waited_ns = -1;
    check(&v);
    v = repeated(24 + (UINT32_C(3) << 24)); /* more than 24 bits, and none of the low ones */
    v.trigger = 24;
    check(&v);
    v.trigger--;
    check(&v);
    v = (struct verdict){ .frame = 24, .clue_count = 0 };
    v.idle_ns = v.since_trigger_ns = -1;
    check(&v);
}
END_TEST

/* Of repeats that share all else what is written down of the time is how long after the first of
 * them each came: now and then that is too long, or it is before. */
START_TEST(it_came_whenever_it_came)
{
    static const int64_t later_ns[] = { 10, INT64_C(11) + UINT32_MAX, -30 };
    struct verdict v = { .since_trigger_ns = -1, .since_fin_ns = -1, .idle_ns = -1 };

    start();
    for (unsigned i = 0; i < 30; i++) {
        for (unsigned row = 0; row < i; row++) {
            v.frame++;
            v.time_ns = s_ns;
            check(&v);
        }
        v.frame++;
        v.time_ns = s_ns + later_ns[i % 3];
        check(&v);
    }
}
END_TEST

START_TEST(each_knows_the_one_before)
{
    const struct repeat *repeat;

    start();
    ck_assert_ptr_null(repeat_latest(&first));
    for (uint32_t frame = 20; frame < 120; frame++) {
        const struct verdict v = repeated(frame);

        keep(&v);
    }
    repeat = repeat_latest(&first);
    for (uint32_t frame = 119; frame >= 20; frame--, repeat = repeat_before(repeat))
        ck_assert_uint_eq(repeat->ruled.frame, frame);
    ck_assert_ptr_null(repeat);
}
END_TEST

START_TEST(a_short_pause_is_none)
{
    struct verdict v;

    start();
    v = repeated(20);
    v.idle_ns = PAUSE_AT_ALL_NS;
    check(&v);
    v.idle_ns--;
    ck_assert_int_eq(ruled_verdict(&keep(&v)->ruled).idle_ns, -1);
}
END_TEST

START_TEST(it_follows_the_first)
{
    const struct verdict v = repeated(20);
    const struct repeat *repeat;

    start();
    repeat = keep(&v);
    ck_assert_uint_eq(ruled_verdict(&repeat->ruled).repeat_of, 5);
    ck_assert_int_eq(ruled_verdict(&repeat->ruled).cause, CAUSE_CRASH);
    ck_assert_ptr_eq(ruled_ruling(&repeat->ruled), &first);
    ck_assert_ptr_eq(ruled_ruling(&first.ruled), &first);
    first.verdict.cause = CAUSE_INJECTED;
    ck_assert_int_eq(ruled_verdict(&repeat->ruled).cause, CAUSE_INJECTED);
    ck_assert_uint_eq(first.repeats, 1);
}
END_TEST

/* Each answers another segment, sooner or later, and has other numbers; or it answers none. */
enum storm { BEHIND_FIN, BEHIND_FIN_OF_OTHER, UNPROMPTED, STORMS };

static struct verdict one_of(enum storm storm, uint32_t frame)
{
    struct verdict v = repeated(frame);
    int64_t later_ns = frame % 7;

    v.since_trigger_ns += later_ns;
    v.since_fin_ns -= v.since_trigger_ns;
    v.idle_ns -= later_ns;
    if (storm == BEHIND_FIN_OF_OTHER) {
        v.fin = 0;
        v.since_fin_ns += v.since_trigger_ns;
    }
    if (storm == UNPROMPTED) {
        v.fin = v.fin_peer = v.trigger = v.noted[0].frame = 0;
        v.since_fin_ns = v.since_trigger_ns = v.idle_ns = -1;
    }
    return v;
}

START_TEST(repeats_in_a_row_cost_no_more_than_themselves)
{
    struct verdict v;
    size_t left;

    start();
    v = one_of((enum storm)_i, FIRST);
    keep(&v);
    left = loans.left;
    for (uint32_t frame = FIRST + 1; frame <= FIRST + IN_A_ROW; frame++) {
        v = one_of((enum storm)_i, frame);
        check(&v);
    }
    ck_assert_uint_le(left - loans.left, /* a twentieth is for what a sheaf shares */
                      (size_t)(IN_A_ROW + SHEAF_MAX) * BYTES_OF_A_REPEAT * 21 / 20);
    left = loans.left;
    v.number[v.noted[1].n - 1]++; /* what no RST has of its own */
    check(&v);
    v.fin_peer = 99;
    check(&v);
    v.clue_count--;
    check(&v);
    ck_assert_uint_gt(left - loans.left, (size_t)3 * BYTES_OF_A_REPEAT);
}
END_TEST

START_TEST(it_states_its_own_reason)
{
    static const struct reason reason = { .text = "out of memory" };
    const struct verdict v = repeated(20);
    const struct repeat *repeat;

    start();
    repeat = repeat_keep(&lender, &first, &v, &reason);
    ck_assert_ptr_eq(ruled_reason(&repeat->ruled), &reason);
    ck_assert_ptr_null(ruled_reason(&keep(&v)->ruled));
    ck_assert_ptr_null(ruled_reason(&first.ruled));
}
END_TEST

START_TEST(without_memory_there_is_none)
{
    const struct verdict v = repeated(20);

    for (size_t bytes = 0; bytes < sizeof(struct sheaf) + BYTES_OF_A_REPEAT + 150; bytes += 8) {
        start();
        lender = loans_begin(&loans, bytes);
        ck_assert_ptr_null(repeat_keep(&lender, &first, &v, NULL));
        ck_assert_uint_eq(first.repeats, 0);
    }
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("repeat");

    tcase_add_test(tests, it_says_what_it_said);
    tcase_add_test(tests, it_came_whenever_it_came);
    tcase_add_test(tests, each_knows_the_one_before);
    tcase_add_test(tests, a_short_pause_is_none);
    tcase_add_test(tests, it_follows_the_first);
    tcase_add_loop_test(tests, repeats_in_a_row_cost_no_more_than_themselves, 0, STORMS);
    tcase_add_test(tests, it_states_its_own_reason);
    tcase_add_test(tests, without_memory_there_is_none);
    return suite_run_tests(suite_create("repeat"), tests);
}
