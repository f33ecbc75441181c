/* The numbers that decide verdicts, as constants.  (limits.h is the name of C's own header.)
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LIMIT_H
#define LIMIT_H

/**
 * Those of limits.def: LIMIT_IDLE_MS.  An enumerator holds no nanoseconds, so times are in
 * milliseconds or as their names say; duration_of_ms() makes them comparable.
 */
enum limit {
#define LIMIT(NAME, value, means, source) LIMIT_##NAME = (value),
#include "limits.def"
};

#endif
