/* One more RST of an abort: a number, not a verdict.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPEAT_H
#define REPEAT_H

#include "ruling.h"

struct setting;

enum { SHEAF_MAX = 64 };

/** What it has of its own.  Its verdict is made of this, of its setting, and of the first one. */
struct repeat {
    struct ruled ruled;
    uint32_t since_sheaf_ns;
    uint32_t since_trigger_ns; /* the low 32 bits; the rest is the setting's */
    uint32_t seq, ack;
    uint32_t lost_receiver;
};

/** Repeats of one abort in a row that share what is the same of all: it takes 28 bytes for each. */
struct sheaf {
    struct ruling *first;
    struct sheaf *before;          /* of the same abort; NULL: none */
    const struct setting *setting; /* lent; mostly that of the sheaf before */
    int64_t time_ns;               /* of the first of them */
    uint8_t count;
    uint8_t room;
    struct repeat repeat[];
};

/**
 * Keep of a verdict, which is of one more RST of the same abort, what is shown of it and is not
 * the first one's.  `reason`: what it states itself, if anything.  NULL: no memory.
 */
struct repeat *repeat_keep(const struct lender *lender, struct ruling *first,
                           const struct verdict *verdict, const struct reason *reason);

/** The latest of an abort, and the one before; NULL: there is none. */
const struct repeat *repeat_latest(const struct ruling *first);
const struct repeat *repeat_before(const struct repeat *repeat);

/** The ruling that a repeat repeats; NULL: the frame has its own. */
struct ruling *ruled_first(const struct ruled *ruled);

/** The verdict on that frame, as a repeat follows the first one. */
struct verdict ruled_verdict(const struct ruled *ruled);

/** What it states itself; NULL: nothing. */
const struct reason *ruled_reason(const struct ruled *ruled);

#endif
