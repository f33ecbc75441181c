/* How far away the side is that a reset claims to come from.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DISTANCE_H
#define DISTANCE_H

#include "reset.h"

/** Its shortest round trip; what it acknowledged last counts, however much was in flight.  0: no
 * handshake told one. */
int64_t distance_find_ns(const struct reset *reset, const struct trail *trail);

/** Whether the handshake took about as long: else the path is quicker at times, and perhaps quicker
 * than was ever seen. */
bool distance_is_steady(const struct reset *reset);

#endif
