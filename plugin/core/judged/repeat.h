/* One more RST of an abort: a number, not a verdict.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPEAT_H
#define REPEAT_H

#include "ruling.h"

struct setting;

/** What it has of its own.  Its verdict is made of this, of its setting, and of the first one. */
struct repeat {
    struct ruled ruled;
    struct repeat *before;         /* of the same abort; NULL: none */
    const struct setting *setting; /* lent; of repeats in a row it is mostly the same one */
    int64_t time_ns;
    uint32_t since_trigger_ns; /* the low 32 bits; the rest is the setting's */
    uint32_t seq, ack;
    uint32_t trigger;
    uint32_t lost_receiver;
    uint8_t form;   /* enum form */
    uint8_t effect; /* enum effect */
};

/**
 * Keep of a verdict, which is of one more RST of the same abort, what is shown of it and is not
 * the first one's.  `reason`: what it states itself, if anything.  NULL: no memory.
 */
struct repeat *repeat_keep(const struct lender *lender, struct ruling *first,
                           const struct verdict *verdict, const struct reason *reason);

/** The verdict on that frame, as a repeat follows the first one. */
struct verdict ruled_verdict(const struct ruled *ruled);

/** What it states itself; NULL: nothing. */
const struct reason *ruled_reason(const struct ruled *ruled);

#endif
