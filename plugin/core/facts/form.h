/* How a reset was made.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FORM_H
#define FORM_H

#include "reset.h"

/** Find the form of the reset, and its trigger.  Linux, tcp_v4_send_reset() and
 * tcp_send_active_reset(); other stacks as each branch says. */
void form_find(struct reset *reset, const struct trail *trail);

#endif
