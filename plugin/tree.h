/* The fields and the subtree of a verdict.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TREE_H
#define TREE_H

#include "prose.h"

/** Register every field of fields.md that a verdict carries. */
void tree_register(int proto);

/** Show a verdict; returns the root item (NULL without a tree). */
proto_item *tree_show(tvbuff_t *tvb, proto_tree *tree, const struct scene *scene);

#endif
