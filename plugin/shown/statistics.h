/* Aborts counted: Statistics > TCP > Aborts.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STATISTICS_H
#define STATISTICS_H

/** Register the tree: tshark -z tcp_abort,tree[,filter].  An abort counts once. */
void statistics_register(void);

#endif
