/* Every difference between the supported versions of Wireshark.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMPAT_H
#define COMPAT_H

#include <ws_version.h>

#define WIRESHARK_IS(major, minor)                                                                 \
    (WIRESHARK_VERSION_MAJOR > (major) ||                                                          \
     (WIRESHARK_VERSION_MAJOR == (major) && WIRESHARK_VERSION_MINOR >= (minor)))

#if !WIRESHARK_IS(4, 0)
#error "Wireshark 4.0 or newer is needed"
#endif

#include <wireshark.h>

#include <epan/conversation.h>
#include <epan/packet.h>
#include <epan/prefs.h>

#if WIRESHARK_IS(4, 4)
#include <wsutil/plugins.h>
#else
/* until 4.4: plugins do not say what they are */
#define WS_PLUGIN_DESC_DISSECTOR (1UL << 0)
#endif

#if WIRESHARK_IS(4, 4)
typedef bool compat_bool;
#else
/* until 4.4: truth is an int */
typedef gboolean compat_bool;
#endif

/* A frame is to be written to a file along with this one; it must come before it. */
#if WIRESHARK_IS(4, 2)
#define compat_depend_upon(pinfo, frame) mark_frame_as_depended_upon((pinfo)->fd, (frame))
#else
/* until 4.2 */
#define compat_depend_upon(pinfo, frame) mark_frame_as_depended_upon((pinfo), (frame))
#endif

/* What starts a statistic of the command line. */
#if WIRESHARK_IS(4, 6)
typedef bool compat_stat_init;
#define compat_stat_started(started) return (started)
#else
/* until 4.6: it has to leave by itself */
typedef void compat_stat_init;
#define compat_stat_started(started)                                                               \
    do {                                                                                           \
        if (!(started))                                                                            \
            exit(1);                                                                               \
    } while (0)
#endif

/* The path of a statistic in the menus. */
#if WIRESHARK_IS(4, 4)
#define COMPAT_MENU(menu, item) menu "//" item
#else
/* until 4.4 */
#define COMPAT_MENU(menu, item) menu "/" item
#endif

/* Callbacks of a conversation filter. */
#if WIRESHARK_IS(4, 2)
#define COMPAT_FILTER_DATA , void *data _U_
#define compat_conversation_filter(protocol, title, valid, build)                                  \
    register_conversation_filter(protocol, title, valid, build, NULL)
#else
/* until 4.2: they are given nothing but the packet */
#define COMPAT_FILTER_DATA
#define compat_conversation_filter register_conversation_filter
#endif

/* Users of 4.2 and newer may have conversations kept apart by interface, MAC address or VLAN. */
static inline bool compat_streams_go_by_ports(void)
{
#if WIRESHARK_IS(4, 2)
    return prefs.conversation_deinterlacing_key <= 0;
#else
    return true;
#endif
}

/* Where they are, only find_conversation_strat() helps: it takes its arguments from pinfo. */
static inline conversation_t *
compat_find_tcp_conversation(const packet_info *pinfo, const address end[2], const uint16_t port[2])
{
#if WIRESHARK_IS(4, 2)
    if (!compat_streams_go_by_ports()) {
        packet_info at = *pinfo;

        at.src = end[0];
        at.dst = end[1];
        at.srcport = port[0];
        at.destport = port[1];
#if WIRESHARK_IS(4, 6)
        return find_conversation_strat(&at, CONVERSATION_TCP, 0, false);
#else
        return find_conversation_strat(&at, CONVERSATION_TCP, 0);
#endif
    }
#endif
    return find_conversation(pinfo->num, &end[0], &end[1], CONVERSATION_TCP, port[0], port[1], 0);
}

#endif
