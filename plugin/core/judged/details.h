/* The finer guess, once the cause is known, and the evidence that goes with it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DETAILS_H
#define DETAILS_H

#include "reset.h"
#include "verdict.h"

/**
 * Of a reset whose cause is that: set the detail, who ended it and how much it matters, where the
 * cause does not say, and note the evidence.  It reads nothing but the reset and changes nothing
 * but the verdict.  What each cause rests on stands in its row of causes.def.
 */
typedef void detail_fn(const struct reset *reset, struct verdict *verdict);

#define CAUSE(NUMBER, ID, token, ...) detail_fn detail_##token;
#include "causes.def"

/** Whether its flags contradict each other: asked before every question; the cause is unknown. */
bool misplaced_flags(const struct reset *reset);

#endif
