/* What the three questions answer, and what the answers come to.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "answers.h"

/* Causes whose maker alone tells them have a row of their own for every stage: CAUSE_NONE here. */
static const uint8_t of_maker[MAKERS] = {
#define CELLS(maker, stage, nothing, sender, receiver, unasked, farewell)
#define ALL(maker, cause) [MAKER_##maker] = CAUSE_##cause,
#include "cells.def"
};

static const uint8_t of_cell[MAKERS][STAGES][DEBTS] = {
#define CELLS(maker, stage, nothing, sender, receiver, unasked, farewell)                          \
    [MAKER_##maker][STAGE_##stage] = { CAUSE_##nothing, CAUSE_##sender, CAUSE_##receiver,          \
                                       CAUSE_##unasked, CAUSE_##farewell },
#define ALL(maker, cause)
#include "cells.def"
};

enum cause answers_cell(enum maker maker, enum stage stage, enum debt debt)
{
    return (enum cause)(of_maker[maker] ? of_maker[maker] : of_cell[maker][stage][debt]);
}

/* The best cell of each cause so far, the best first. */
struct ranking {
    struct fitting *fitting;
    unsigned count;
};

/* A cell of that cause, by its answers; what makes no difference is left out. */
static struct fitting fitting_of(enum cause cause, const struct answer *const answer[QUESTIONS])
{
    const struct answer *weakest = answer[0];
    unsigned sum = 0;

    for (int i = 0; i < QUESTIONS; i++) {
        if (answer[i] && answer[i]->fit < weakest->fit)
            weakest = answer[i];
        sum += answer[i] ? answer[i]->fit : FIT_PROVEN;
    }
    return (struct fitting){
        .cause = cause,
        .fit = (enum fit)weakest->fit,
        .objection = (enum objection)weakest->objection,
        .rank = (uint8_t)(weakest->fit * (QUESTIONS * FIT_PROVEN + 1) + sum),
    };
}

static void consider(struct ranking *r, struct fitting cell)
{
    unsigned i = 0;

    while (i < r->count && r->fitting[i].cause != cell.cause)
        i++;
    if (i == FITTING_MAX)
        i--; /* the worst makes room */
    else if (i == r->count)
        r->fitting[r->count++] = (struct fitting){ .cause = cell.cause };
    if (r->fitting[i].rank >= cell.rank)
        return;
    for (; i && r->fitting[i - 1].rank < cell.rank; i--)
        r->fitting[i] = r->fitting[i - 1];
    r->fitting[i] = cell;
}

static bool is_constant(const uint8_t row[DEBTS])
{
    for (int i = 1; i < DEBTS; i++)
        if (row[i] != row[0])
            return false;
    return true;
}

static void consider_stage(struct ranking *r, const struct answers *a, unsigned maker,
                           unsigned stage)
{
    const uint8_t *row = of_cell[maker][stage];
    bool is_told = is_constant(row); /* whatever was owed */

    for (unsigned debt = 0; debt < DEBTS; debt++) {
        const struct answer *const cell[QUESTIONS] = { &a->maker[maker], &a->stage[stage],
                                                       is_told ? NULL : &a->debt[debt] };

        if (is_told || a->debt[debt].fit)
            consider(r, fitting_of((enum cause)row[debt], cell));
        if (is_told)
            return;
    }
}

unsigned answers_weigh(const struct answers *a, struct fitting fitting[FITTING_MAX])
{
    struct ranking r = { .fitting = fitting };

    for (unsigned maker = 0; maker < MAKERS; maker++) {
        const struct answer *const alone[QUESTIONS] = { &a->maker[maker], NULL, NULL };

        if (a->maker[maker].fit && of_maker[maker])
            consider(&r, fitting_of((enum cause)of_maker[maker], alone));
        for (unsigned stage = 0; a->maker[maker].fit && !of_maker[maker] && stage < STAGES; stage++)
            if (a->stage[stage].fit)
                consider_stage(&r, a, maker, stage);
    }
    return r.count;
}

void answers_cap(struct answer *answers, unsigned count, unsigned but, enum fit fit,
                 enum objection objection)
{
    for (unsigned i = 0; i < count; i++)
        if (i != but && answers[i].fit > fit)
            answer_fits(&answers[i], fit, objection);
}

void answers_prefer(struct answer *answers, unsigned count, unsigned which, enum fit fit,
                    enum objection objection)
{
    enum fit left = fit == FIT_PROVEN ? FIT_UNSEEN : fit == FIT_LIKELY ? FIT_POSSIBLE : FIT_FAINT;

    answers_cap(answers, count, which, left, objection);
    answer_fits(&answers[which], fit, OBJECTION_NONE);
}
