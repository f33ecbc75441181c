/* The aborts of a capture, for those who tell of them once it has been read.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A tap listener hears of an abort when its frame passes; later frames may change the verdict.
 * So the ledger keeps where the verdict stands, and reads it at the end: then one pass knows
 * what two passes know. */
#ifndef LEDGER_H
#define LEDGER_H

#include "incident.h"
#include "prose.h"

#include <epan/tap.h>

/** An abort as it stands when the capture has been read. */
struct account {
    struct scene scene;
    nstime_t at; /* of its frame, since 1970 */
};

struct ledger;

/** The aborts of a capture as they stand, each once, in order of their frames. */
struct accounts {
    const struct ledger *ledger;
    struct matter *matters;
    unsigned count;
    unsigned forgotten; /* more of them, whose capture file is gone */
};

/**
 * Keep a ledger of what passes the filter (NULL: everything) and have it told of by `draw`, which
 * is given the ledger; NULL: nobody tells.  NULL: the filter is wrong, which has been said on
 * standard error.
 */
struct ledger *ledger_open(const char *statistic, const char *filter, tap_draw_cb draw,
                           void *context);

/** Have the packets of frames that pass the filter (NULL: all) quoted by their first line. */
void ledger_quote(struct ledger *ledger, const char *filter);

/** Listen no longer, and forget it. */
void ledger_close(struct ledger *ledger);

/** What it was opened with. */
void *ledger_context(const struct ledger *ledger);

/** The aborts.  They live in `pool`, or as long as the ledger and the capture file. */
const struct accounts *ledger_settle(const struct ledger *ledger, wmem_allocator_t *pool);

/** All there is to tell of one of them, by its index; its texts are allocated in `pool`. */
struct account ledger_account(const struct accounts *accounts, unsigned i, wmem_allocator_t *pool);

#endif
