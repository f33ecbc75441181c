/* How far the sender's half of the connection had come.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "questions.h"

/* It may have been open all the same, or asked for by somebody else. */
static void ask_opener(const struct reset *r, struct answers *a)
{
    if (r->receiver->seen)
        answer_fits(&a->stage[STAGE_OPEN], answer_beside(&a->stage[STAGE_ASKED]), OBJECTION_MUTE);
    if (!r->flow->open_frame)
        answer_fits(&a->stage[STAGE_NEVER], answer_beside(&a->stage[STAGE_ASKED]),
                    OBJECTION_ASKED_ONCE);
}

static void ask_acceptor(const struct reset *r, struct answers *a)
{
    enum stage other = r->sender->fin_frame ? STAGE_CLOSED : STAGE_OPEN;

    if (other == STAGE_OPEN && !opening_was_spoken_to(r))
        return;
    if (a->stage[STAGE_ACCEPTED].fit < FIT_LIKELY) {
        a->stage[STAGE_ACCEPTED].objection = OBJECTION_ASKED;
        answer_fits(&a->stage[other], FIT_LIKELY, OBJECTION_NONE);
        return;
    }
    answer_fits(&a->stage[other], answer_beside(&a->stage[STAGE_ACCEPTED]), OBJECTION_MUTE);
}

void stage_ask(const struct reset *r, struct answers *a)
{
    struct answer *stage = a->stage;

    answer_fits(&stage[STAGE_CALLED], opening_called(r), OBJECTION_NONE);
    answer_fits(&stage[STAGE_ASKED], opening_asked(r), OBJECTION_NONE);
    answer_fits(&stage[STAGE_ACCEPTED], opening_accepted(r), OBJECTION_NONE);
    if (stage[STAGE_CALLED].fit)
        return;
    if (stage[STAGE_ASKED].fit)
        ask_opener(r, a);
    else if (stage[STAGE_ACCEPTED].fit)
        ask_acceptor(r, a);
    else if (misplaced_here(r))
        answer_fits(&stage[STAGE_NEVER], misplaced_here(r), OBJECTION_NONE);
    else if (gone_is_over(r))
        answer_fits(&stage[STAGE_OVER], FIT_PROVEN, OBJECTION_NONE);
    else
        answer_fits(&stage[r->sender->fin_frame ? STAGE_CLOSED : STAGE_OPEN], FIT_PROVEN,
                    OBJECTION_NONE);
}
