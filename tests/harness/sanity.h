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

/** What is wrong with a verdict on that stream; NULL: nothing. */
const char *sanity_complaint(const struct verdict *verdict, const struct sights *sights,
                             uint32_t stream);

#endif
