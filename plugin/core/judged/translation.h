/* What came from an address that was never asked, and belongs to another connection of the same
 * caller: an address translation was not undone.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TRANSLATION_H
#define TRANSLATION_H

#include "ruling.h"

/** The latest calls from one address and port, or from others that share its slot. */
struct caller {
    struct connection *latest, *before; /* NULL: none */
    struct connection *owner;           /* of the two the one to which `stray` belongs */
    struct ruling *stray; /* on a reset of, or in, what came from elsewhere; or NULL */
};

/**
 * A table of fixed size: a caller that falls on another's slot takes it over, so memory and time
 * are bounded and the oldest memories are lost first.  `capacity` is a power of two; `slots`
 * belongs to the caller of these functions and starts as zeroes.
 */
struct translations {
    struct caller *slots;
    uint32_t capacity;
};

/** The opener of the connection sent its SYN. */
void translations_note_call(struct translations *all, struct connection *connection);

/**
 * Look at a fresh ruling beside other connections of the same caller, and change its verdict if the
 * numbers are theirs:
 * - a reset of what the caller never asked for, by its numbers an answer to another call of it;
 * - a lone reset that by its number is the other end of such a call;
 * - a reset of that other end, whom the caller's own reset had killed there.
 * `ruling->related` is the connection that explains it.
 * Fooled by: a number that fits by chance (one in 256 where much was sent).
 * Source: Linux, nf_conntrack_in(): what is INVALID is not translated back.
 */
void translations_judge(struct translations *all, struct ruling *ruling);

/** The ruling on what belonged to the connection and came from elsewhere; NULL: none is known. */
const struct ruling *translations_stray(const struct translations *all,
                                        const struct connection *connection);

/** Say of the caller's silent side that its answers came from elsewhere. */
void translations_explain(struct ruling *silence, const struct ruling *stray);

#endif
