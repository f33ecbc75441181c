/* The aborts of a capture as Markdown, ready for a ticket: tshark -q -z tcp_abort,report[,filter].
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_H
#define REPORT_H

/** Register the report.  It goes to standard output when the capture has been read. */
void report_register(void);

#endif
