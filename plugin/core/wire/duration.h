/* Intervals in nanoseconds.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DURATION_H
#define DURATION_H

#include <stdint.h>

/** Nanoseconds in each. */
enum { DURATION_US = 1000, DURATION_MS = 1000000, DURATION_S = 1000000000 };

/* Not for their brevity: as a product of two int, three seconds overflow. */
static inline int64_t duration_of_us(int64_t us)
{
    return us * DURATION_US;
}

static inline int64_t duration_of_ms(int64_t ms)
{
    return ms * DURATION_MS;
}

static inline int64_t duration_of_s(int64_t s)
{
    return s * DURATION_S;
}

static inline int64_t duration_quarters(int64_t ns, int quarters)
{
    return ns / 4 * quarters;
}

static inline int64_t duration_distance_ns(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

#endif
