/* A whole capture before the conductor, and what comes of it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "trial.h"

#include <stdlib.h>

enum { MEMORY = 1 << 30 };

static void add(struct pointers *pointers, void *item)
{
    if (pointers->count == pointers->room) {
        pointers->room = pointers->room ? 2 * pointers->room : 64;
        pointers->item = realloc(pointers->item, pointers->room * sizeof *pointers->item);
        if (!pointers->item)
            abort();
    }
    pointers->item[pointers->count++] = item;
}

void trial_begin(struct trial *trial, const struct memory *memory)
{
    struct lender lender;

    *trial = (struct trial){ .loans = { .latest = NULL } };
    lender = loans_begin(&trial->loans, MEMORY);
    if (!conductor_start(&trial->conductor, &lender, memory))
        abort();
}

struct ruled *trial_hear(struct trial *trial, struct sighting *sighting)
{
    struct outcome outcome = conductor_hear(&trial->conductor, sighting, &tuning_default);

    if (outcome.is_new)
        add(&trial->connections, outcome.connection);
    if (!outcome.ruled)
        return NULL;
    add(&trial->rulings, outcome.ruled);
    return outcome.ruled;
}

/* Several may begin in one frame. */
uint32_t trial_stream(const struct trial *trial, const struct connection *connection)
{
    const struct connection *const *all = (const void *)trial->connections.item;
    size_t from = 0, to = trial->connections.count;

    while (from < to) {
        size_t middle = from + (to - from) / 2;

        if (all[middle]->first_frame < connection->first_frame)
            from = middle + 1;
        else
            to = middle;
    }
    while (all[from] != connection)
        from++;
    return (uint32_t)from;
}

static void tell_of(const struct trial *trial, const struct ruled *ruled, trial_tell *tell,
                    void *context)
{
    struct verdict verdict = conductor_verdict(&trial->conductor, ruled, true);

    if (verdict.cause != CAUSE_NONE) /* else it came to nothing */
        tell(context, trial, ruled, &verdict);
}

void trial_tell_all(struct trial *trial, trial_tell *tell, void *context)
{
    struct rung rungs[LADDER_MAX];
    struct ruling silence;

    for (size_t i = 0; i < trial->rulings.count; i++)
        tell_of(trial, trial->rulings.item[i], tell, context);
    for (size_t i = 0; i < trial->connections.count; i++)
        for (unsigned side = 0; side < 2; side++)
            if (conductor_silence(&trial->conductor, trial->connections.item[i], side, rungs,
                                  &silence))
                tell_of(trial, &silence.ruled, tell, context);
}

void trial_end(struct trial *trial)
{
    free(trial->connections.item);
    free(trial->rulings.item);
    loans_end(&trial->loans);
}
