/* Requests and answers by their first line, for whoever draws the packets of a connection.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FIRST_LINE_H
#define FIRST_LINE_H

#include "sighting.h"

#include <epan/packet.h>

/** Frames with the line that an HTTP message begins with there. */
struct first_lines;

/** Register the tap. */
void first_line_register(void);

/** Whether anybody collects them: while nobody does, none is read. */
bool first_line_is_wanted(void);

/** Hand the first line of the segment, if it is one of HTTP, to whoever collects. */
void first_line_hear(packet_info *pinfo, const struct sighting *sighting);

/**
 * Collect those of frames that pass the filter (NULL: all), from the start of the capture on until
 * there are too many to hold.  NULL: the filter is wrong.
 */
struct first_lines *first_lines_open(const char *filter);

/** Collect no longer, and forget them. */
void first_lines_close(struct first_lines *lines);

/** "GET /cart?..." in printable ASCII, never long, without what was asked of the path; NULL: no
 * message is known to begin in that frame. */
const char *first_lines_of(const struct first_lines *lines, uint32_t frame);

#endif
