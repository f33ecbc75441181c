/* The verdict in the packet list.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COLUMN_H
#define COLUMN_H

#include "prose.h"

/** Begin the Info column with "[abort: crash] [FIN in 123] ". */
void column_show(packet_info *pinfo, const struct scene *scene);

#endif
