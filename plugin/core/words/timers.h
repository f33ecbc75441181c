/* Timers of products that end idle connections.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TIMERS_H
#define TIMERS_H

#include <stdint.h>

/** The timer of timers.def, in seconds, that a gap is compatible with; 0: none. */
int64_t timer_fitting_s(int64_t gap_ns);

/** Whose timer that is by default; NULL: nobody's known. */
const char *timer_owner(int64_t seconds);

#endif
