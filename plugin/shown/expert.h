/* One expert info per cause.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EXPERT_H
#define EXPERT_H

#include "prose.h"

/** Register them: filter tcp.abort.<token>, severity by the table of causes. */
void expert_register(int proto);

/** Attach the verdict's expert info to its root item. */
void expert_show(packet_info *pinfo, proto_item *root, const struct scene *scene);

#endif
