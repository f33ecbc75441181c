/* TCP options of a segment line: written as words or digits, kept as bytes.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "scenario.h"

/* Each adds to what is there and returns what is wrong, or NULL. */

/** What stands in <...>, which is cut up in place. */
const char *options_add(struct options *options, char *words);

/** Hexadecimal digits, taken as they are: a kind or length may be nonsense. */
const char *options_add_raw(struct options *options, const char *digits);

/** A timestamp with that value, which echoes nothing. */
const char *options_add_timestamp(struct options *options, uint32_t value);

/** Pad them, and tell the segment of them what the plugin's source tells of a header. */
void options_tell(struct options *options, struct segment *segment);

#endif
