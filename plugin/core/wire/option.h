/* The options of a TCP header.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OPTION_H
#define OPTION_H

#include "segment.h"

/** One option, from its kind on; zero-initialised: none yet. */
struct option {
    const uint8_t *bytes; /* within the segment's options */
    uint8_t length;       /* of the whole option, 2 to 40 */
};

/**
 * Step to the option behind this one, as far as they were captured.  No-operation is left out; the
 * end of the list and a length that cannot be end it (RFC 9293, 3.1).
 */
bool option_next(const struct segment *segment, struct option *option);

/**
 * Fill in what the options say: their count, window shift, timestamps and signature.  `options` and
 * `option_bytes` are set, the facts about them are overwritten.
 */
void options_read(struct segment *segment);

#endif
