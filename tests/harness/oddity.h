/* The ways a capture may be odd: its clock, its order, where it was taken, what it keeps of IP.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ODDITY_H
#define ODDITY_H

#include "way.h"

/** Changes of way_table, which says what they take. */
void oddity_step_clock(struct tape *tape, const struct way *way);
void oddity_round_clock(struct tape *tape, const struct way *way);
void oddity_stop_clock(struct tape *tape, const struct way *way);
void oddity_append_beginning(struct tape *tape, const struct way *way);
void oddity_append_again(struct tape *tape, const struct way *way);
void oddity_add_tenant(struct tape *tape, const struct way *way);
void oddity_split_networks(struct tape *tape, const struct way *way);
void oddity_add_vantage(struct tape *tape, const struct way *way);
void oddity_hide_hops(struct tape *tape, const struct way *way);
void oddity_hide_ip(struct tape *tape, const struct way *way);

#endif
