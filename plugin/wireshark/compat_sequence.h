/* What Wireshark exports for flow graphs, but no development package declares.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From epan/sequence_analysis.h.  Items are made by Wireshark itself, so that only the members
 * up to the last one used here have to be known. */
#ifndef COMPAT_SEQUENCE_H
#define COMPAT_SEQUENCE_H

#include "compat.h"

#include <epan/tap.h>

typedef struct {
    uint32_t frame_number;
    address src_addr;
    uint16_t port_src;
    address dst_addr;
    uint16_t port_dst;
    char *frame_label;
    char *time_str;
    char *comment;
    uint16_t conv_num;
    unsigned fg_color;
    unsigned bg_color;
    compat_bool has_color_filter;
    compat_bool display;
} seq_analysis_item_t;

typedef struct {
    const char *name;
    compat_bool any_addr;
    int nconv;
    GQueue *items;
} seq_analysis_info_t;

WS_DLL_PUBLIC void register_seq_analysis(const char *name, const char *ui_name, int proto_id,
                                         const char *tap_listener, unsigned tap_flags,
                                         tap_packet_cb tap_func);

WS_DLL_PUBLIC seq_analysis_item_t *
sequence_analysis_create_sai_with_addresses(packet_info *pinfo, seq_analysis_info_t *sainfo);

#endif
