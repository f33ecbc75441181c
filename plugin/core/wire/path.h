/* The VLANs and overlay networks that a frame travels in.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PATH_H
#define PATH_H

#include <stdint.h>

/**
 * One number for the VLANs (IEEE 802.1Q, 802.1ad) and the virtual networks (VXLAN, RFC 7348;
 * Geneve, RFC 8926) around what starts `bytes` behind the start of an Ethernet frame; 0: none.
 * Equal for equal ones; priorities do not count.  What follows another kind of tunnel is not
 * looked at.
 */
uint32_t path_of_ethernet(const uint8_t *frame, uint32_t bytes);

#endif
