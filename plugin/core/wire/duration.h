/* Intervals in nanoseconds: how far apart, and whether they are the same timer's.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DURATION_H
#define DURATION_H

#include <stdbool.h>
#include <stdint.h>

static inline int64_t duration_distance_ns(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

/** Whether an idle gap is another one, or a timer, to max(2 %, 1.5 s) of the latter. */
static inline bool duration_is_gap(int64_t gap_ns, int64_t of_ns)
{
    int64_t tolerance_ns = of_ns / 50 > 1500000000 ? of_ns / 50 : 1500000000;

    return duration_distance_ns(gap_ns, of_ns) < tolerance_ns;
}

#endif
