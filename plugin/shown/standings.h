/* The endpoints of aborted connections: Statistics > TCP Abort Endpoints.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STANDINGS_H
#define STANDINGS_H

/** Register the table: tshark -z tcp_abort,stat[,filter].  An abort counts once. */
void standings_register(void);

#endif
