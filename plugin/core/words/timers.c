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

int64_t timer_within_s(int64_t pause_ns)
{
    int64_t longest_s = 0;

    for (size_t i = 0; i < TIMERS; i++)
        if (duration_of_s(timers[i].seconds) <= pause_ns)
            longest_s = timers[i].seconds;
    return longest_s;
}

bool timer_is_round(int64_t gap_ns)
{
    int64_t tolerance_ns = gap_ns / LIMIT_ROUND_PART;
    int64_t step_ns = duration_of_s(LIMIT_ROUND_SHORT_S), off_ns;

    if (tolerance_ns < duration_of_ms(LIMIT_GAP_MS))
        tolerance_ns = duration_of_ms(LIMIT_GAP_MS);
    if (gap_ns > duration_of_s(LIMIT_ROUND_SHORT_MAX_S) + tolerance_ns)
        step_ns = duration_of_s(LIMIT_ROUND_LONG_S);
    off_ns = gap_ns % step_ns;
    if (off_ns > step_ns / 2)
        off_ns = step_ns - off_ns;
    return gap_ns + tolerance_ns >= step_ns && off_ns <= tolerance_ns;
}

const char *timer_owner(int64_t seconds)
{
    for (size_t i = 0; i < TIMERS; i++)
        if (timers[i].seconds == seconds)
            return timers[i].owner;
    return NULL;
}
