/* Timers of products that end idle connections.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "timers.h"

#include "duration.h"

#include <stddef.h>

static const struct {
    int64_t seconds;
    const char *owner;
} timers[] = {
#define TIMER(duration, owners) { duration, owners },
#include "timers.def"
};

enum { TIMERS = sizeof timers / sizeof timers[0] };

int64_t timer_fitting_s(int64_t gap_ns)
{
    for (size_t i = 0; i < TIMERS; i++)
        if (duration_is_gap(gap_ns, timers[i].seconds * 1000000000))
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
