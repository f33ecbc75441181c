/* The rules, one for each row of causes.def.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RULES_H
#define RULES_H

#include "reset.h"
#include "verdict.h"

/**
 * A rule looks at one reset in its context and either stays silent (false) or
 * testifies (true), having filled in detail, confidence and evidence.  It reads
 * nothing but the reset and changes nothing but the verdict.  What each rests on,
 * what would fool it and which cause is nearest stand in its row of causes.def.
 */
typedef bool rule_fn(const struct reset *reset, struct verdict *verdict);

#define CAUSE(NUMBER, ID, token, ...) rule_fn rule_##token;
#include "causes.def"

/**
 * Whether a server whose connection was kept for longer than ever before reset the next request
 * sooner than it ever answered one: stale_reuse if that wait is round, else abort.
 */
bool reset_lost_race(const struct reset *reset);

/** Whether a sign of forgery stands, be it one that is not enough. */
bool forgery_is_suspected(const struct reset *reset);

/** Contradictory flags: asked before every row of the table; the cause is then unknown. */
rule_fn rule_malformed;

#endif
