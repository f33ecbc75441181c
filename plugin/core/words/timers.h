/* Timers of products that end idle connections.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TIMERS_H
#define TIMERS_H

#include <stdbool.h>
#include <stdint.h>

/** Whether a pause is as long as a timer, or as another pause: to LIMIT_GAP_PART or LIMIT_GAP_MS.
 */
bool timer_fits(int64_t pause_ns, int64_t timer_ns);

/** The timer of timers.def, in seconds, that a gap is compatible with; 0: none. */
int64_t timer_fitting_s(int64_t gap_ns);

/** The longest of them that is no longer than the pause; 0: none. */
int64_t timer_within_s(int64_t pause_ns);

/** Whether the gap is one that people set: a multiple of LIMIT_ROUND_SHORT_S or LIMIT_ROUND_LONG_S.
 */
bool timer_is_round(int64_t gap_ns);

/** Whose timer that is by default; NULL: nobody's known. */
const char *timer_owner(int64_t seconds);

#endif
