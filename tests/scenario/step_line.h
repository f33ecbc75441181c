/* One segment line of a scenario.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STEP_LINE_H
#define STEP_LINE_H

#include "scenario.h"

/** Add the step to the scenario.  `word` is the time.  Returns what is wrong, or NULL. */
const char *step_line_read(struct scenario *scenario, const char *word, char *rest, unsigned line);

#endif
