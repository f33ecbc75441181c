/* What holds of every verdict, whatever the packets were.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SANITY_H
#define SANITY_H

#include "verdict.h"

/** The segments of one capture by frame, from 1 on; of `stream` are those a verdict may link. */
struct sights {
    const struct segment *segment;
    const uint32_t *stream; /* NULL: all frames are of one */
    uint32_t last;          /* frame */
};

/**
 * Whether its certainty does not rest on all that the capture shows of the connection: it speaks of
 * an older one; or, which is open, on what made it certain before or behind, whatever is missing.
 */
bool sanity_is_undoubted(const struct verdict *verdict);

/** What is wrong with a verdict on that stream; NULL: nothing. */
const char *sanity_complaint(const struct verdict *verdict, const struct sights *sights,
                             uint32_t stream);

#endif
