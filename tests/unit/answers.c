/* What the answers to the three questions come to: one computation, and no cause before another.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "answers.h"

#include "suite.h"
#include "verdict.h"

enum { ROUNDS = 2000 };

/* How many rows of the table tell of a maker and stage. */
static const uint8_t rows[][MAKERS][STAGES] = {
#define CELLS(maker, stage, nothing, sender, receiver, unasked, farewell)                          \
    { [MAKER_##maker] = { [STAGE_##stage] = 1 } },
#define ALL(maker, cause) { [MAKER_##maker] = { 1, 1, 1, 1, 1, 1, 1 } },
#include "cells.def"
};

START_TEST(every_cell_is_filled_once)
{
    for (unsigned maker = 0; maker < MAKERS; maker++)
        for (unsigned stage = 0; stage < STAGES; stage++) {
            unsigned count = 0;

            for (int i = 0; i < ROWS(rows); i++)
                count += rows[i][maker][stage];
            ck_assert_msg(count == 1, "maker %u, stage %u: %u rows", maker, stage, count);
            for (unsigned debt = 0; debt < DEBTS; debt++)
                ck_assert_ptr_nonnull(cause_info(answers_cell(maker, stage, debt)));
        }
}
END_TEST

/* A cause that no cell has cannot be found; unknown is what is left. */
START_TEST(every_cause_has_a_cell)
{
    bool found = cause_table[_i].cause == CAUSE_UNKNOWN;

    for (unsigned maker = 0; maker < MAKERS; maker++)
        for (unsigned stage = 0; stage < STAGES; stage++)
            for (unsigned debt = 0; debt < DEBTS; debt++)
                found |= answers_cell(maker, stage, debt) == cause_table[_i].cause;
    ck_assert_msg(found, "%s", cause_table[_i].token);
}
END_TEST

static uint32_t state;

static uint32_t roll(uint32_t sides)
{
    state = state * UINT32_C(1664525) + UINT32_C(1013904223);
    return (state >> 16) % sides;
}

/* Few fit: so it is with real ones. */
static void roll_answers(struct answer *answers, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        answer_fits(&answers[i], roll(3) ? FIT_REFUTED : (enum fit)roll(FIT_PROVEN + 1),
                    (enum objection)roll(OBJECTIONS));
}

static struct answers roll_all(void)
{
    struct answers answers = { 0 };

    roll_answers(answers.maker, MAKERS);
    roll_answers(answers.stage, STAGES);
    roll_answers(answers.debt, DEBTS);
    return answers;
}

/* The best of the causes' cells, read one by one; a row that is all of one cause leaves out the
 * answer that makes no difference. */
static enum fit best_of(const struct answers *a, enum cause cause)
{
    enum fit best = FIT_REFUTED;

    for (unsigned maker = 0; maker < MAKERS; maker++) {
        bool whole = true;

        for (unsigned i = 0; i < (unsigned)STAGES * DEBTS; i++)
            whole &= answers_cell(maker, i / DEBTS, i % DEBTS) == answers_cell(maker, 0, 0);
        for (unsigned stage = 0; stage < STAGES; stage++) {
            bool constant = true;

            for (unsigned debt = 0; debt < DEBTS; debt++)
                constant &= answers_cell(maker, stage, debt) == answers_cell(maker, stage, 0);
            for (unsigned debt = 0; debt < DEBTS; debt++) {
                unsigned fit = a->maker[maker].fit;

                if (!whole && a->stage[stage].fit < fit)
                    fit = a->stage[stage].fit;
                if (!constant && a->debt[debt].fit < fit)
                    fit = a->debt[debt].fit;
                if (answers_cell(maker, stage, debt) == cause && fit > best)
                    best = fit;
            }
        }
    }
    return best;
}

START_TEST(the_weakest_answer_of_the_best_cell_counts)
{
    for (int round = 0; round < ROUNDS; round++) {
        const struct answers answers = roll_all();
        struct fitting fitting[FITTING_MAX];
        unsigned count = answers_weigh(&answers, fitting);

        for (unsigned i = 0; i < count; i++) {
            ck_assert_int_eq(fitting[i].fit, best_of(&answers, fitting[i].cause));
            ck_assert_int_ne(fitting[i].fit, FIT_REFUTED);
            if (i)
                ck_assert_uint_ge(fitting[i - 1].rank, fitting[i].rank);
            for (unsigned j = 0; j < i; j++)
                ck_assert_int_ne(fitting[i].cause, fitting[j].cause);
        }
        for (size_t i = 0; i < cause_count && count < FITTING_MAX; i++) {
            bool is_named = false;

            for (unsigned j = 0; j < count; j++)
                is_named |= fitting[j].cause == cause_table[i].cause;
            ck_assert_int_eq(is_named, best_of(&answers, cause_table[i].cause) > FIT_REFUTED);
        }
    }
}
END_TEST

/* Whatever is answered: certain leaves no other cause, likely names one if there is one. */
START_TEST(certain_is_what_leaves_nothing_else)
{
    for (int round = 0; round < ROUNDS; round++) {
        struct verdict v = { .answers = roll_all(), .ceiling = CONFIDENCE_CERTAIN };

        verdict_weigh(&v);
        if (v.confidence == CONFIDENCE_CERTAIN) {
            ck_assert_int_eq(best_of(&v.answers, v.cause), FIT_PROVEN);
            for (size_t i = 0; i < cause_count; i++)
                ck_assert(cause_table[i].cause == v.cause ||
                          best_of(&v.answers, cause_table[i].cause) <= FIT_UNSEEN);
            ck_assert_int_eq(v.alternative[0], CAUSE_NONE);
        }
        verdict_limit(&v, CONFIDENCE_LIKELY);
        ck_assert_int_le(v.confidence, CONFIDENCE_LIKELY);
        for (size_t i = 0; i < cause_count; i++)
            if (cause_table[i].cause != v.cause && best_of(&v.answers, cause_table[i].cause))
                ck_assert_int_ne(v.alternative[0], CAUSE_NONE);
    }
}
END_TEST

/* What the capture lacks may be what would show another cause. */
START_TEST(what_is_unseen_counts_where_the_capture_lacks_something)
{
    struct verdict v = { .ceiling = CONFIDENCE_CERTAIN };

    verdict_fit(&v, MAKER_PROGRAM, STAGE_CLOSED, DEBT_UNASKED, FIT_PROVEN);
    answer_fits(&v.answers.maker[MAKER_DEATH], FIT_UNSEEN, OBJECTION_IN_ORDER);
    verdict_weigh(&v);
    ck_assert_int_eq(v.cause, CAUSE_STALE_REUSE);
    ck_assert_int_eq(v.confidence, CONFIDENCE_CERTAIN);
    ck_assert_int_eq(v.alternative[0], CAUSE_NONE);
    verdict_limit(&v, CONFIDENCE_POSSIBLE);
    ck_assert_int_eq(v.cause, CAUSE_STALE_REUSE);
    ck_assert_int_eq(v.confidence, CONFIDENCE_POSSIBLE);
    ck_assert_int_eq(v.alternative[0], CAUSE_CRASH);
    ck_assert_int_eq(v.against[0], OBJECTION_IN_ORDER);
    verdict_limit(&v, CONFIDENCE_LIKELY); /* a limit stays where it was lower */
    verdict_weigh(&v);
    ck_assert_int_eq(v.confidence, CONFIDENCE_POSSIBLE);
}
END_TEST

/* Whichever of the three questions it is that the weakest answer belongs to. */
START_TEST(what_speaks_against_the_weakest_answer_is_told)
{
    struct verdict v = { .ceiling = CONFIDENCE_CERTAIN };

    verdict_fit(&v, MAKER_PROGRAM, STAGE_CLOSED, DEBT_UNASKED, FIT_LIKELY);
    answer_fits(&v.answers.debt[DEBT_RECEIVER], FIT_FAINT, OBJECTION_GOODBYE);
    verdict_weigh(&v);
    ck_assert_int_eq(v.cause, CAUSE_STALE_REUSE);
    ck_assert_int_eq(v.alternative[0], CAUSE_EARLY_CLOSE);
    ck_assert_int_eq(v.against[0], OBJECTION_GOODBYE);
}
END_TEST

/* Little speaks for anything: that is not a verdict, but what there is, is told. */
START_TEST(what_is_faint_is_unknown)
{
    struct verdict v = { .ceiling = CONFIDENCE_CERTAIN };

    verdict_fit(&v, MAKER_NOBODY, STAGE_OPEN, DEBT_NOTHING, FIT_FAINT);
    verdict_weigh(&v);
    ck_assert_int_eq(v.cause, CAUSE_UNKNOWN);
    ck_assert_int_eq(v.confidence, CONFIDENCE_POSSIBLE);
    ck_assert_int_eq(v.alternative[0], CAUSE_NO_CONNECTION);
    verdict_fit(&v, MAKER_NOBODY, STAGE_OPEN, DEBT_NOTHING, FIT_POSSIBLE);
    verdict_weigh(&v);
    ck_assert_int_eq(v.cause, CAUSE_NO_CONNECTION);
}
END_TEST

START_TEST(a_maker_that_is_proven_leaves_only_what_is_unseen)
{
    struct answers answers = {
        .maker = { [MAKER_PROGRAM] = { .fit = FIT_LIKELY }, [MAKER_DEATH] = { .fit = FIT_FAINT } }
    };

    answers_prefer(answers.maker, MAKERS, MAKER_BOX, FIT_LIKELY, OBJECTION_SIGN);
    ck_assert_uint_eq(answers.maker[MAKER_PROGRAM].fit, FIT_POSSIBLE);
    ck_assert_uint_eq(answers.maker[MAKER_PROGRAM].objection, OBJECTION_SIGN);
    ck_assert_uint_eq(answers.maker[MAKER_DEATH].fit, FIT_FAINT);
    answers_prefer(answers.maker, MAKERS, MAKER_BOX, FIT_PROVEN, OBJECTION_SIGN);
    ck_assert_uint_eq(answers.maker[MAKER_PROGRAM].fit, FIT_UNSEEN);
    ck_assert_uint_eq(answers.maker[MAKER_DEATH].fit, FIT_UNSEEN);
    ck_assert_uint_eq(answers.maker[MAKER_BOX].fit, FIT_PROVEN);
    answers = (struct answers){ .maker = { [MAKER_PROGRAM] = { .fit = FIT_LIKELY } } };
    answers_prefer(answers.maker, MAKERS, MAKER_RETRANSMISSION, FIT_POSSIBLE, OBJECTION_UNHEARD);
    ck_assert_uint_eq(answers.maker[MAKER_PROGRAM].fit, FIT_FAINT);
    ck_assert_uint_eq(answers.maker[MAKER_RETRANSMISSION].fit, FIT_POSSIBLE);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("answers");

    tcase_add_test(tests, every_cell_is_filled_once);
    tcase_add_loop_test(tests, every_cause_has_a_cell, 0, (int)cause_count);
    tcase_add_test(tests, the_weakest_answer_of_the_best_cell_counts);
    tcase_add_test(tests, certain_is_what_leaves_nothing_else);
    tcase_add_test(tests, what_is_unseen_counts_where_the_capture_lacks_something);
    tcase_add_test(tests, what_speaks_against_the_weakest_answer_is_told);
    tcase_add_test(tests, what_is_faint_is_unknown);
    tcase_add_test(tests, a_maker_that_is_proven_leaves_only_what_is_unseen);
    return suite_run_tests(suite_create("answers"), tests);
}
