/* A dissection in, the TCP segments of the frame out.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "source.h"

#include "bytes.h"
#include "header.h"
#include "path.h"
#include "seat.h"

#include <epan/dissectors/packet-tcp.h>
#include <epan/ipproto.h>
#include <wiretap/wtap.h>

enum {
    PLAIN_LAYERS = SEAT_LAYERS + 4, /* frame:eth:ethertype:ip; a report has more */
    ETHERNET_HEADER = 14,
    ETHERNET_SOURCE = 6,
    IPV4_HEADER_MIN = 20,
    IPV4_SOURCE = 12,
    ICMP_HEADER = 8,
    IPV6_HEADER = 40,
    IPV6_EXTENSIONS_MAX = 256,
};

static const char *const reporters[] = { "sflow",       "openflow_v1", "openflow_v4", "openflow_v5",
                                         "openflow_v6", "rpcap",       "nhrp" };

static int proto_tcp = -1;
static int proto_reporter[array_length(reporters)];

/* Whether what is dissected is no traffic of its own: a report shows it, or quotes it. */
static bool is_reported(const packet_info *pinfo)
{
    for (const wmem_list_frame_t *layer = wmem_list_head(pinfo->layers); layer;
         layer = wmem_list_frame_next(layer)) {
        int proto = GPOINTER_TO_INT(wmem_list_frame_data(layer));

        for (size_t i = 0; i < array_length(reporters); i++)
            if (proto == proto_reporter[i])
                return true;
    }
    return false;
}

int64_t source_time_ns(const packet_info *pinfo)
{
    return (int64_t)pinfo->rel_ts.secs * 1000000000 + pinfo->rel_ts.nsecs;
}

/* IPv4 header that ends where TCP starts; NULL: there is none. */
static const uint8_t *ipv4_before(const uint8_t *tcp, unsigned before)
{
    for (unsigned size = IPV4_HEADER_MIN; size <= 60 && size <= before; size += 4) {
        const uint8_t *ip = tcp - size;

        if (ip[0] == (0x40 | size / 4) && ip[9] == IP_PROTO_TCP)
            return ip;
    }
    return NULL;
}

/* IPv6 header with only extension headers between it and TCP; NULL: there is none. */
static const uint8_t *ipv6_before(const uint8_t *tcp, unsigned before)
{
    for (unsigned gap = 0; gap <= IPV6_EXTENSIONS_MAX && gap + IPV6_HEADER <= before; gap += 8) {
        const uint8_t *ip = tcp - gap - IPV6_HEADER;
        unsigned next = ip[6], at = 0;

        if (ip[0] >> 4 != 6)
            continue;
        while (at < gap && (next == 0 || next == 43 || next == 44 || next == 60)) {
            next = ip[IPV6_HEADER + at];
            at += next == 44 ? 8 : 8 * (ip[IPV6_HEADER + at + 1] + 1U);
        }
        if (at == gap && next == IP_PROTO_TCP)
            return ip;
    }
    return NULL;
}

/* Of reassembled fragments there is none.  Which version to expect is known; bytes of an IPv6
 * address could pass for an IPv4 header. */
static const uint8_t *ip_before(int type, const uint8_t *tcp, unsigned before)
{
    if (type == AT_IPv4)
        return ipv4_before(tcp, before);
    return type == AT_IPv6 ? ipv6_before(tcp, before) : NULL;
}

/* TTL and IP ID. */
static void read_ip(int type, const uint8_t *ip, struct segment *seg)
{
    seg->has_ip_id = ip && type == AT_IPv4;
    seg->ip_id = seg->has_ip_id ? bytes_read16(ip + 4) : 0;
    seg->ttl = !ip ? 0 : type == AT_IPv4 ? ip[8] : ip[7];
}

/* Where IP follows right behind the Ethernet header, there is neither VLAN nor overlay. */
static uint32_t read_path(tvbuff_t *tvb, const packet_info *pinfo, const uint8_t *start,
                          const uint8_t *ip)
{
    const struct data_source *frame;

    if (ip && ip - start <= ETHERNET_HEADER)
        return 0;
    frame = pinfo->data_src ? pinfo->data_src->data : NULL;
    if (pinfo->rec->rec_header.packet_header.pkt_encap != WTAP_ENCAP_ETHERNET || !frame ||
        get_data_source_tvb(frame) != tvb_get_ds_tvb(tvb))
        return 0;
    return path_of_ethernet(start, (uint32_t)tvb_raw_offset(tvb));
}

/* An error's own header stands before the IP header that it quotes, in ICMP as in ICMPv6. */
static struct icmp_error read_error(const uint8_t *ip, unsigned before)
{
    const uint8_t *icmp = ip - ICMP_HEADER;

    return before < ICMP_HEADER ? (struct icmp_error){ 0, 0 }
                                : (struct icmp_error){ icmp[0], icmp[1] };
}

/* What stands in front of TCP, in whatever. */
static void read_front(tvbuff_t *tvb, const packet_info *pinfo, const uint8_t *tcp,
                       struct sighting *s)
{
    unsigned before = (unsigned)tvb_raw_offset(tvb);
    const uint8_t *ip = ip_before(pinfo->src.type, tcp, before);

    read_ip(pinfo->src.type, ip, &s->segment);
    s->path = read_path(tvb, pinfo, tcp - before, ip);
    s->quoted = pinfo->flags.in_error_pkt;
    s->error = s->quoted && ip ? read_error(ip, before - (unsigned)(tcp - ip))
                               : (struct icmp_error){ 0, 0 };
}

/* The same if it is Ethernet and IPv4 without options, as most often, and there is no layer left
 * for more: the addresses stand where they do then.  False: it is something else. */
static bool read_plain_front(const packet_info *pinfo, const uint8_t *tcp, struct sighting *s)
{
    const uint8_t *from = pinfo->src.data, *mac = pinfo->dl_src.data, *ip;

    if (pinfo->src.type != AT_IPv4 || pinfo->dl_src.type != AT_ETHER ||
        from - IPV4_SOURCE != mac - ETHERNET_SOURCE + ETHERNET_HEADER)
        return false;
    ip = from - IPV4_SOURCE;
    if (ip + IPV4_HEADER_MIN != tcp || ip[0] != (0x40 | IPV4_HEADER_MIN / 4) ||
        ip[9] != IP_PROTO_TCP)
        return false;
    read_ip(AT_IPv4, ip, &s->segment);
    s->path = 0;
    s->quoted = false;
    s->error = (struct icmp_error){ 0, 0 };
    return true;
}

/* Each member of it is set: to clear them all before costs as much again. */
bool source_read(tvbuff_t *tvb, const packet_info *pinfo, struct sighting *s)
{
    struct segment *seg = &s->segment;
    unsigned captured = tvb_captured_length(tvb);
    bool plain = wmem_list_count(pinfo->layers) <= PLAIN_LAYERS;
    const uint8_t *tcp;

    if (!captured || (!plain && is_reported(pinfo)))
        return false;
    tcp = tvb_get_ptr(tvb, 0, (int)captured);
    if (!header_read(seg, tcp, captured, tvb_reported_length(tvb)))
        return false;
    seg->time_ns = source_time_ns(pinfo);
    seg->frame = pinfo->num;
    seg->side = 0;
    if (!plain || !read_plain_front(pinfo, tcp, s))
        read_front(tvb, pinfo, tcp, s);
    s->address[0] = pinfo->src.data;
    s->address[1] = pinfo->dst.data;
    /* both are of one kind and size */
    s->address_bytes = (uint8_t)MIN(pinfo->src.len, ADDRESS_BYTES_MAX);
    return true;
}

uint32_t source_stream(const packet_info *pinfo, const address end[2], const uint16_t port[2])
{
    const conversation_t *conversation = compat_find_tcp_conversation(pinfo, end, port);
    const struct tcp_analysis *tcp =
        conversation ? conversation_get_proto_data(conversation, proto_tcp) : NULL;

    return tcp ? tcp->stream : 0;
}

void source_init(void)
{
    proto_tcp = proto_get_id_by_filter_name("tcp");
    for (size_t i = 0; i < array_length(reporters); i++)
        proto_reporter[i] = proto_get_id_by_filter_name(reporters[i]);
}
