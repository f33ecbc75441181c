/* Which segment drew a reset.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TRIGGER_H
#define TRIGGER_H

#include "reset.h"

/** Whether the reset may answer the segment, which is of its receiver. */
typedef bool trigger_fits_fn(const struct reset *reset, const struct step *step);

/** By the arithmetic of a host that has no socket (RFC 9293, 3.5.2). */
trigger_fits_fn trigger_is_answered;

/** Late data that a socket, closed by its program, acknowledges as it throws it away (Windows). */
trigger_fits_fn trigger_is_covered;

/** Any late data, which it need not acknowledge (gVisor). */
trigger_fits_fn trigger_is_late;

/** Find the segment that fits, and whether it came too late for its sender to have seen it. */
void trigger_find(struct reset *reset, const struct trail *trail, trigger_fits_fn *fits);

/** Whether the segment could still draw a reset: the sender had not taken it. */
bool trigger_is_unanswered(const struct reset *reset, const struct step *step);

/** Whether it came within so many quarters of the sender's shortest round trip before. */
bool trigger_is_within(const struct reset *reset, const struct step *step, int quarters);

/** Whether the trigger brings what the sender never acknowledged; else it proves nothing. */
bool trigger_is_news(const struct reset *reset);

#endif
