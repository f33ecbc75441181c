/* Hearing: just enough of the application's framing to know whether a side had finished.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HEAR_H
#define HEAR_H

#include "talk.h"

/**
 * Hear the new bytes of a segment: those from `talk->next` on.  Before the first words that is
 * where they begin, or 0: wherever they do.  `other` is the talk of the other side (a question
 * decides how its answer ends). Reads at most seg->captured bytes of the payload.
 */
enum speech talk_hear(struct talk *talk, struct talk *other, const struct segment *seg);

/**
 * Quote what made `talk->refused` true: the first words of the segment that was heard last.  `talk`
 * may be what it was before or after.
 */
void talk_quote(const struct talk *talk, const struct segment *seg, struct last_words *words);

#endif
