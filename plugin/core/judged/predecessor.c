/* A verdict beside the older connection on the same ports that it speaks of.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge.h"

#include "duration.h"
#include "limit.h"

static void note_which(struct verdict *v, const struct side *owner, const struct side *holder)
{
    int64_t since_ns = v->time_ns - owner->heard_ns;

    if (owner->has_reset || holder->has_reset)
        return;
    if (owner->fin_frame && holder->fin_frame)
        verdict_note(v, CLUE_OLDER_CLOSED,
                     owner->fin_ns > holder->fin_ns ? owner->fin_frame : holder->fin_frame, 0, 0);
    else if (owner->seen && since_ns <= duration_of_ms(LIMIT_OLDER_IN_USE_MS))
        verdict_note(v, CLUE_OLDER_ALIVE, owner->heard_frame, since_ns, 0);
    else if (owner->seen)
        verdict_note(v, CLUE_OLDER_ABANDONED, owner->heard_frame, since_ns, 0);
}

static bool has_ended(const struct side *side)
{
    return side->fin_frame || side->has_reset;
}

void judge_call_beside_older(struct verdict *v, const struct flow *older)
{
    if (!v->answers.stage[STAGE_CALLED].fit || has_ended(&older->side[0]) ||
        has_ended(&older->side[1]))
        return;
    answer_fits(&v->answers.maker[MAKER_PROTOCOL], FIT_POSSIBLE, OBJECTION_NUMBER);
    verdict_weigh(v);
}

void judge_beside_older(struct verdict *v, const struct flow *flow, const struct flow *older,
                        unsigned holder_side)
{
    const struct side *challenger = &flow->side[!v->sender];
    const struct side *holder = &older->side[holder_side], *owner = &older->side[!holder_side];
    bool its_number = challenger->acked == owner->snd_nxt ||
                      (holder->has_acked && challenger->acked == holder->acked);

    verdict_note(v, CLUE_PREDECESSOR, holder->heard_frame, 0, 0);
    verdict_prove(v, holder->heard_frame);
    if (!its_number)
        return;
    note_which(v, owner, holder);
    if (!ttls_has(&holder->ttls, challenger->ttls.shown[0]))
        return; /* a box may have kept the number */
    answers_cap(v->answers.maker, MAKERS, MAKER_NOBODY, FIT_REFUTED, OBJECTION_NONE);
    answer_fits(&v->answers.stage[STAGE_NEVER], FIT_PROVEN, OBJECTION_NONE);
    v->ceiling = CONFIDENCE_CERTAIN;
    verdict_weigh(v);
}
