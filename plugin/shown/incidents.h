/* The aborts of a capture grouped into incidents: tshark -q -z tcp_abort,incidents[,filter].
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INCIDENTS_H
#define INCIDENTS_H

#include "paper.h"

/** Every incident, the worst first. */
extern const struct paper incidents_paper;

/** The same for programs: a line of JSON each, with the frames of all its aborts. */
extern const struct paper incident_lines_paper;

/** A table of them, if they tell more than the aborts one by one. */
void incidents_summarize(wmem_allocator_t *pool, wmem_strbuf_t *out,
                         const struct accounts *accounts);

#endif
