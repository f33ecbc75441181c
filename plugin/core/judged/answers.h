/* What the three questions answer, and what the answers come to.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ANSWERS_H
#define ANSWERS_H

#include "causes.h"

enum maker {
#define MAKER(ID, words) MAKER_##ID,
#include "questions.def"
    MAKERS
};

enum stage {
#define STAGE(ID, words) STAGE_##ID,
#include "questions.def"
    STAGES
};

enum debt {
#define DEBT(ID, words) DEBT_##ID,
#include "questions.def"
    DEBTS
};

/** How well an answer fits what the capture shows. */
enum fit {
    FIT_REFUTED,
    FIT_UNSEEN,   /* refuted by what the capture shows, if it lacks nothing */
    FIT_FAINT,    /* it is not excluded, and nothing speaks for it */
    FIT_POSSIBLE, /* something speaks for it */
    FIT_LIKELY,   /* the best of several */
    FIT_PROVEN,   /* nothing else leaves these packets */
};

/** One answer: how well it fits, and what speaks against it. */
struct answer {
    uint8_t fit;       /* enum fit */
    uint8_t objection; /* enum objection */
};

/** All answers to the three questions.  Zero: every one is refuted. */
struct answers {
    struct answer maker[MAKERS];
    struct answer stage[STAGES];
    struct answer debt[DEBTS];
};

/** A cause, as well as its best cell fits, and what speaks most against that. */
struct fitting {
    enum cause cause;
    enum fit fit; /* the weakest of the cell's answers */
    enum objection objection;
    uint8_t rank; /* of several: by the weakest answer, then by all of them together */
};

enum { QUESTIONS = 3, FITTING_MAX = 5 };

/** The cause of a cell; any value of the enums. */
enum cause answers_cell(enum maker maker, enum stage stage, enum debt debt);

/**
 * Every cause with a cell that is not refuted, the best first: that whose weakest answer is
 * strongest, among equals the one whose answers together are.  An answer that makes no difference
 * is not asked for.  Returns how many; what exceeds FITTING_MAX is left out.
 */
unsigned answers_weigh(const struct answers *answers, struct fitting fitting[FITTING_MAX]);

/** Set an answer that fits, be it with an objection. */
static inline void answer_fits(struct answer *answer, enum fit fit, enum objection objection)
{
    *answer = (struct answer){ (uint8_t)fit, (uint8_t)objection };
}

/** How well another answer fits beside one that does so well: a grade less, and beside a proven one
 * only where the capture lacks something. */
static inline enum fit answer_beside(const struct answer *answer)
{
    if (answer->fit == FIT_PROVEN)
        return FIT_UNSEEN;
    return answer->fit ? (enum fit)(answer->fit - 1) : FIT_REFUTED;
}

/** Let every answer of a question but one, `but`, fit no better than that. */
void answers_cap(struct answer *answers, unsigned count, unsigned but, enum fit fit,
                 enum objection objection);

/**
 * Let an answer fit so well, and leave of all others to its question what is left beside it: of a
 * proven one what the capture lacks, of a likely one what is possible, else what is faint.
 */
void answers_prefer(struct answer *answers, unsigned count, unsigned which, enum fit fit,
                    enum objection objection);

#endif
