/* The fields and the subtree of a verdict.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TREE_H
#define TREE_H

#include "prose.h"

/** Register every field of fields.md that a verdict carries. */
void tree_register(int proto);

/** Show a verdict; returns the root item (NULL without a tree). */
proto_item *tree_show(tvbuff_t *tvb, proto_tree *tree, const struct scene *scene);

/** Whether somebody looks at this tree, or filters for what a mention holds. */
bool tree_wants_mention(proto_tree *tree);

/** Show it.  `root` is the verdict's item when the frame carries one as well, else NULL. */
void tree_mention(tvbuff_t *tvb, proto_tree *tree, proto_item *root, const struct mention *mention);

#endif
