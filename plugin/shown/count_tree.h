/* Aborts counted: Statistics > TCP > Aborts.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COUNT_TREE_H
#define COUNT_TREE_H

/** Register the tree: tshark -z tcp_abort,tree[,filter].  An abort counts once. */
void count_tree_register(void);

#endif
