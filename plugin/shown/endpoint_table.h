/* The endpoints of aborted connections: Statistics > TCP Abort Endpoints.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ENDPOINT_TABLE_H
#define ENDPOINT_TABLE_H

/** Register the table: tshark -z tcp_abort,stat[,filter].  An abort counts once. */
void endpoint_table_register(void);

#endif
