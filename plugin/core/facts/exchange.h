/* How far the conversation had come when it was reset, and how long it had paused.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EXCHANGE_H
#define EXCHANGE_H

#include "reset.h"

/** Who owed what.  After form_find(). */
void exchange_find(struct reset *reset, const struct trail *trail);

/** The pauses.  After exchange_find(). */
void exchange_find_pause(struct reset *reset, const struct trail *trail);

#endif
