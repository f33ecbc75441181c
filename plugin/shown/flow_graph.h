/* The packets that tell how connections ended, for Statistics > Flow Graph.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FLOW_GRAPH_H
#define FLOW_GRAPH_H

/** Offer "TCP Aborts" among the flow types, and as tshark -z flow,tcp_abort,network. */
void flow_graph_register(int proto);

#endif
