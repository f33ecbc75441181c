/* A seat in front of TCP: the one that TCP itself offers, or else IP's own way to it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "seat.h"

#include <epan/ipproto.h>
#include <wsutil/report_message.h>

static seat_view *show;

#ifdef TCP_HAS_WATCHERS

/* Nobody sits between IP and TCP, and whatever hands segments to TCP, it tells of them. */
static void *before(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    return show(tvb, pinfo, tree);
}

static void after(void *dissected)
{
    *(bool *)dissected = true;
}

void seat_take(seat_view *view)
{
    show = view;
    tcp_register_watcher(before, after);
}

#else

static int proto_tcp = -1;
static bool tcp_is_enabled;
static dissector_handle_t tcp_itself;
static dissector_handle_t seat;

/*
 * IP hands every TCP header to this, which hands it on.  So each is known in every pass of every
 * program, and nobody has to build a tree in which to find it.  Where TCP breaks off, the exception
 * passes: no setjmp stands here, whose kind would have to be that of Wireshark's compiler.
 */
static int watch_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    bool *dissected = tcp_is_enabled ? show(tvb, pinfo, tree) : NULL;
    int length = call_dissector_only(tcp_itself, tvb, pinfo, tree, data);

    if (dissected)
        *dissected = true;
    return length;
}

/*
 * Users may have protocol 6 decoded as something else (Decode As, -d): as TCP, then it goes on as
 * before; as another protocol, then there is no TCP to be seen.
 */
static void keep_seat(void)
{
    static bool told;
    dissector_handle_t taken =
        dissector_get_uint_handle(find_dissector_table("ip.proto"), IP_PROTO_TCP);

    if (taken == seat || told)
        return;
    if (taken && dissector_handle_get_protocol_index(taken) == proto_tcp) {
        dissector_change_uint("ip.proto", IP_PROTO_TCP, seat);
        return;
    }
    told = true;
    report_warning("TCP Abort sees no TCP: IP protocol 6 is decoded as %s (Decode As).",
                   taken ? dissector_handle_get_dissector_name(taken) : "nothing");
}

/* A file is opened, or dissected anew: until the next one nothing of this changes. */
static void begin(void)
{
    tcp_is_enabled = proto_is_protocol_enabled(find_protocol_by_id(proto_tcp));
    keep_seat();
}

void seat_take(seat_view *view)
{
    tcp_itself = dissector_get_default_uint_handle("ip.proto", IP_PROTO_TCP);
    if (!tcp_itself)
        return;
    show = view;
    proto_tcp = proto_get_id_by_filter_name("tcp");
    /* without a protocol: TCP is not to count as a layer twice */
    seat = create_dissector_handle_with_name_and_description(watch_tcp, -1, "tcp_abort.tcp",
                                                             "TCP, watched by TCP Abort");
    dissector_add_uint("ip.proto", IP_PROTO_TCP, seat);
    register_init_routine(begin);
}

#endif
