/* How long nothing was said, or nothing but by one side.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "duration.h"
#include "limit.h"
#include "reset.h"
#include "seq.h"

#include <stddef.h>

static bool is_word(const struct step *step)
{
    return step->len && !step->probe && !(step->flags & SEGMENT_RST);
}

/* What lay between two words, `later` the first behind `step`. */
static void note_pause(struct kept *kept, const struct reset *r, const struct step *step,
                       const struct step *later)
{
    int64_t pause_ns = later->time_ns - step->time_ns;

    if (kept->ns < 0) { /* the question is still being read, backwards */
        kept->asked_ns = r->seg->time_ns - later->time_ns;
        if (step->side == r->sender_side)
            kept->ns = pause_ns;
        return;
    }
    if (step->side == r->receiver_side && later->side == r->sender_side &&
        (!kept->fastest_ns || pause_ns < kept->fastest_ns))
        kept->fastest_ns = pause_ns;
    if (pause_ns > kept->survived_ns)
        kept->survived_ns = pause_ns;
}

struct kept reset_kept(const struct reset *r, const struct trail *trail)
{
    const struct step *step = trail_step(trail, r->flow->trail), *later = NULL;
    struct kept kept = { .ns = -1, .asked_ns = -1 };

    if (r->form != FORM_ACTIVE || r->sender->fin_frame || r->speaker != r->receiver_side)
        return kept;
    for (int i = 0; step && i < LIMIT_LOOK_BACK_STEPS;
         i++, step = trail_step(trail, step->previous)) {
        if (!is_word(step))
            continue;
        if (later)
            note_pause(&kept, r, step, later);
        later = step;
    }
    return kept;
}

/* Before the FIN, which had not heard what it does not acknowledge. */
static bool was_said_before(const struct reset *r, const struct step *step, uint32_t heard)
{
    return is_word(step) &&
           (step->side == r->sender_side || !seq_after(step->seq + step->len, heard));
}

int64_t reset_alone_ns(const struct reset *r, const struct trail *trail)
{
    const struct step *step = trail_step(trail, r->flow->trail), *fin = NULL;
    int64_t since_ns = r->sender->fin_ns;

    if (!r->sender->fin_frame || r->sender->talk.protocol != TALK_SSH)
        return 0;
    for (int i = 0; step && i < LIMIT_LOOK_BACK_STEPS;
         i++, step = trail_step(trail, step->previous)) {
        if (step->frame == r->sender->fin_frame)
            fin = step;
        if (!fin || !was_said_before(r, step, fin->ack))
            continue;
        if (step->side == r->receiver_side ||
            since_ns - step->time_ns >= duration_of_ms(LIMIT_KEPT_MS))
            break;
        since_ns = step->time_ns;
    }
    return r->sender->fin_ns - since_ns;
}
