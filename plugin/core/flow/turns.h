/* Whose turn it is to speak, and what a side leaves behind when it closes.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TURNS_H
#define TURNS_H

#include "flow.h"

/* Both are parts of flow_fold(), for a segment that is neither a RST nor a probe. */

/** Hear its payload, if it has any.  Returns whether what is new of it is nothing but a farewell.
 */
bool turns_fold_data(struct flow *flow, const struct segment *seg);

/** Note its side's first FIN, behind the payload. */
void turns_fold_fin(struct flow *flow, const struct segment *seg);

#endif
