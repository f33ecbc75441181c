/* A whole capture before the conductor, and what comes of it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "hearing.h"

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

void hearing_begin(struct hearing *hearing)
{
    struct lender lender;

    *hearing = (struct hearing){ .loans = { .latest = NULL } };
    lender = loans_begin(&hearing->loans, MEMORY);
    if (!conductor_start(&hearing->conductor, &lender, &memory_default))
        abort();
}

struct ruling *hearing_of(struct hearing *hearing, struct sighting *sighting)
{
    struct outcome outcome = conductor_hear(&hearing->conductor, sighting, &tuning_default);

    if (outcome.is_new) {
        outcome.connection->stream = (uint32_t)hearing->connections.count;
        add(&hearing->connections, outcome.connection);
    }
    if (!outcome.ruling)
        return NULL;
    outcome.ruling->stream = outcome.connection->stream;
    add(&hearing->rulings, outcome.ruling);
    return outcome.ruling;
}

static void tell_of(const struct hearing *hearing, const struct ruling *ruling, hearing_tell *tell,
                    void *context)
{
    struct verdict verdict = conductor_verdict(&hearing->conductor, ruling, true);

    if (verdict.cause != CAUSE_NONE) /* else it came to nothing */
        tell(context, ruling, &verdict);
}

void hearing_tell_all(struct hearing *hearing, hearing_tell *tell, void *context)
{
    struct rung rungs[LADDER_MAX];
    struct ruling silence;

    for (size_t i = 0; i < hearing->rulings.count; i++)
        tell_of(hearing, hearing->rulings.item[i], tell, context);
    for (size_t i = 0; i < hearing->connections.count; i++)
        for (unsigned side = 0; side < 2; side++)
            if (conductor_silence(&hearing->conductor, hearing->connections.item[i], side, rungs,
                                  &silence))
                tell_of(hearing, &silence, tell, context);
}

void hearing_end(struct hearing *hearing)
{
    free(hearing->connections.item);
    free(hearing->rulings.item);
    loans_end(&hearing->loans);
}
