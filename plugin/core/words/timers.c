/* Timers of products that end idle connections.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "timers.h"

#include "duration.h"
#include "limit.h"

#include <stddef.h>

static const struct {
    int64_t seconds;
    const char *owner;
} timers[] = {
#define TIMER(duration, owners) { duration, owners },
#include "timers.def"
};

enum { TIMERS = sizeof timers / sizeof timers[0] };

bool timer_fits(int64_t pause_ns, int64_t timer_ns)
{
    int64_t tolerance_ns = timer_ns / LIMIT_GAP_PART;

    if (tolerance_ns < duration_of_ms(LIMIT_GAP_MS))
        tolerance_ns = duration_of_ms(LIMIT_GAP_MS);
    return duration_distance_ns(pause_ns, timer_ns) < tolerance_ns;
}

int64_t timer_fitting_s(int64_t gap_ns)
{
    for (size_t i = 0; i < TIMERS; i++)
        if (timer_fits(gap_ns, duration_of_s(timers[i].seconds)))
            return timers[i].seconds;
    return 0;
}

const char *timer_owner(int64_t seconds)
{
    for (size_t i = 0; i < TIMERS; i++)
        if (timers[i].seconds == seconds)
            return timers[i].owner;
    return NULL;
}
