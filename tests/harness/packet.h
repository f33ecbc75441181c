/* From the bytes of a frame to the TCP header in it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACKET_H
#define PACKET_H

#include "pcap_file.h"
#include "sighting.h"

/**
 * The innermost TCP header of the frame, as the plugin finds it by Wireshark's dissection.  Through
 * Ethernet, Linux cooked, loopback, FDDI, 802.11, VLANs, MPLS, PPPoE, IPv4 and IPv6 in each other,
 * GRE and VXLAN; one that an ICMP error quotes is marked.  False: there is none, or too little of
 * it.  A fragment of IP has none: whoever reassembles it sees the header.  Any bytes may be given;
 * the sighting points into them.
 */
bool packet_read(const struct pcap_frame *frame, struct sighting *sighting);

#endif
