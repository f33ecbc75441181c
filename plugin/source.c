/* A dissection in, the TCP segments of the frame out.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "source.h"

#include <epan/conversation.h>
#include <epan/dissectors/packet-tcp.h>

enum {
    QUOTE_DEPTH = 4,
    TCP_HEADER_MIN = 20,
    IPV4_HEADER_MIN = 20,
    IPV6_HEADER = 40,
    IPV6_EXTENSIONS_MAX = 256,
    PROTOCOL_TCP = 6,
    OPTION_NOP = 1,
    OPTION_WINDOW_SCALE = 3,
    OPTION_TIMESTAMP = 8,
    OPTION_MD5 = 19,
    OPTION_AO = 29,
};

static int hf_tcp = -1;
static int hf_tcp_stream = -1;
static int hf_icmp = -1;
static int hf_icmpv6 = -1;

bool source_init(void)
{
    hf_tcp = proto_get_id_by_filter_name("tcp");
    hf_tcp_stream = proto_registrar_get_id_byname("tcp.stream");
    hf_icmp = proto_get_id_by_filter_name("icmp");
    hf_icmpv6 = proto_get_id_by_filter_name("icmpv6");
    return hf_tcp != -1 && hf_tcp_stream != -1;
}

GArray *source_wanted_fields(void)
{
    GArray *wanted = g_array_new(FALSE, FALSE, sizeof(int));

    g_array_append_val(wanted, hf_tcp);
    g_array_append_val(wanted, hf_tcp_stream);
    if (hf_icmp != -1) /* or the quotes below it could not be told from segments */
        g_array_append_val(wanted, hf_icmp);
    if (hf_icmpv6 != -1)
        g_array_append_val(wanted, hf_icmpv6);
    return wanted;
}

int64_t source_time_ns(const packet_info *pinfo)
{
    return (int64_t)pinfo->rel_ts.secs * 1000000000 + pinfo->rel_ts.nsecs;
}

static uint16_t read16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t read32(const uint8_t *at)
{
    return (uint32_t)read16(at) << 16 | read16(at + 2);
}

static bool read_stream(proto_node *tcp, uint32_t *stream)
{
    for (proto_node *node = tcp->first_child; node; node = node->next) {
        field_info *fi = PNODE_FINFO(node);

        if (fi && fi->hfinfo->id == hf_tcp_stream) {
            *stream = compat_fvalue_uint(fi);
            return true;
        }
    }
    return false;
}

/* Options as far as they were captured; a broken length ends them. */
static void read_options(const uint8_t *header, unsigned size, struct segment *seg)
{
    unsigned at = TCP_HEADER_MIN;

    if (size > TCP_HEADER_MIN) {
        seg->options = header + TCP_HEADER_MIN;
        seg->option_bytes = (uint8_t)(size - TCP_HEADER_MIN);
    }
    while (at < size && header[at]) {
        unsigned length;

        if (header[at] == OPTION_NOP) {
            at++;
            continue;
        }
        if (at + 1 >= size || header[at + 1] < 2 || at + header[at + 1] > size)
            return;
        length = header[at + 1];
        seg->option_count++;
        if (header[at] == OPTION_WINDOW_SCALE && length == 3)
            seg->window_shift = header[at + 2] > 14 ? 14 : header[at + 2]; /* RFC 7323, 2.3 */
        if (header[at] == OPTION_TIMESTAMP && length == 10) {
            seg->has_timestamp = true;
            seg->tsval = read32(header + at + 2);
        }
        seg->is_signed |= header[at] == OPTION_MD5 || header[at] == OPTION_AO;
        at += length;
    }
}

/* IPv4 header that ends where TCP starts; NULL: there is none. */
static const uint8_t *ipv4_before(const uint8_t *tcp, unsigned before)
{
    for (unsigned size = IPV4_HEADER_MIN; size <= 60 && size <= before; size += 4) {
        const uint8_t *ip = tcp - size;

        if (ip[0] == (0x40 | size / 4) && ip[9] == PROTOCOL_TCP)
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
        if (at == gap && next == PROTOCOL_TCP)
            return ip;
    }
    return NULL;
}

static uint32_t hash(uint32_t seed, const uint8_t *bytes, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        seed = (seed ^ bytes[i]) * 16777619U; /* FNV-1a */
    return seed;
}

/* `source` and `destination` are addresses of `size` bytes. */
static void read_endpoints(struct sighting *s, const uint8_t *source, const uint8_t *destination,
                           unsigned size)
{
    s->address[0] = hash(2166136261U, source, size);
    s->address[1] = hash(2166136261U, destination, size);
    for (int i = 0; i < 2; i++) {
        uint8_t port[2] = { (uint8_t)(s->segment.port[i] >> 8), (uint8_t)s->segment.port[i] };

        s->endpoint[i] = hash(s->address[i], port, sizeof port);
    }
}

static void read_length(struct segment *seg, const uint8_t *ip, const uint8_t *tcp, unsigned total)
{
    unsigned headers = (unsigned)(tcp - ip) + seg->header_bytes;

    if (total >= headers) /* else the sender left it to its network card */
        seg->len = total - headers;
}

/*
 * TTL, IP ID, length and addresses: from the IP header before TCP where there is one.  Which
 * version to expect is known; bytes of an IPv6 address could pass for an IPv4 header.
 */
static void read_ip(packet_info *pinfo, const uint8_t *tcp, unsigned before, struct sighting *s)
{
    struct segment *seg = &s->segment;
    bool expect_ipv6 = pinfo->net_src.type == AT_IPv6;
    const uint8_t *ipv6 = expect_ipv6 ? ipv6_before(tcp, before) : NULL;
    const uint8_t *ipv4 = ipv6 ? NULL : ipv4_before(tcp, before);

    if (!ipv4 && !expect_ipv6)
        ipv6 = ipv6_before(tcp, before);
    if (ipv4) {
        seg->ttl = ipv4[8];
        seg->ip_id = read16(ipv4 + 4);
        seg->has_ip_id = true;
        read_length(seg, ipv4, tcp, read16(ipv4 + 2));
        read_endpoints(s, ipv4 + 12, ipv4 + 16, 4);
    } else if (ipv6) {
        seg->ttl = ipv6[7];
        read_length(seg, ipv6, tcp, read16(ipv6 + 4) + IPV6_HEADER);
        read_endpoints(s, ipv6 + 8, ipv6 + 24, 16);
    } else if (pinfo->net_src.len == pinfo->net_dst.len) {
        read_endpoints(s, pinfo->net_src.data, pinfo->net_dst.data, (unsigned)pinfo->net_src.len);
    }
}

static bool read_segment(packet_info *pinfo, const field_info *fi, struct sighting *s)
{
    tvbuff_t *tvb = fi->ds_tvb;
    struct segment *seg = &s->segment;
    int start = fi->start, captured;
    const uint8_t *tcp;

    if (!tvb || start < 0)
        return false;
    captured = tvb_captured_length_remaining(tvb, start);
    if (captured < 16) /* sequence numbers, flags and window */
        return false;
    tcp = tvb_get_ptr(tvb, start, captured);
    *seg = (struct segment){
        .time_ns = source_time_ns(pinfo),
        .frame = pinfo->num,
        .port = { read16(tcp), read16(tcp + 2) },
        .seq = read32(tcp + 4),
        .ack = read32(tcp + 8),
        .header_bytes = (uint8_t)((tcp[12] >> 4) * 4),
        .flags = tcp[13] & 0x3f,
        .window = read16(tcp + 14),
        .window_shift = SEGMENT_NO_SHIFT,
    };
    if (seg->header_bytes < TCP_HEADER_MIN)
        return false;
    read_options(tcp, MIN((unsigned)captured, seg->header_bytes), seg);
    seg->len = (uint32_t)tvb_reported_length_remaining(tvb, start);
    seg->len = seg->len > seg->header_bytes ? seg->len - seg->header_bytes : 0;
    read_ip(pinfo, tcp, (unsigned)start, s);
    if ((unsigned)captured > seg->header_bytes) {
        seg->payload = tcp + seg->header_bytes;
        seg->captured = MIN((uint32_t)captured - seg->header_bytes, seg->len);
    }
    return true;
}

static bool read_sighting(packet_info *pinfo, proto_node *node, struct sighting *s)
{
    field_info *fi = PNODE_FINFO(node);

    return fi && fi->hfinfo->id == hf_tcp && read_stream(node, &s->stream) &&
           read_segment(pinfo, fi, s);
}

/* The first TCP header below the node; ICMP quotes nothing deeper than this. */
static bool read_quote(packet_info *pinfo, proto_node *parent, unsigned depth, struct sighting *s)
{
    for (proto_node *node = parent->first_child; node; node = node->next) {
        if (read_sighting(pinfo, node, s))
            return true;
        if (depth && read_quote(pinfo, node, depth - 1, s))
            return true;
    }
    return false;
}

static bool is_icmp(proto_node *node)
{
    field_info *fi = PNODE_FINFO(node);

    return fi && (fi->hfinfo->id == hf_icmp || fi->hfinfo->id == hf_icmpv6);
}

unsigned source_read(packet_info *pinfo, proto_tree *tree,
                     struct sighting sightings[SOURCE_SEGMENTS_MAX])
{
    unsigned count = 0;

    for (proto_node *node = tree ? tree->first_child : NULL; node; node = node->next) {
        struct sighting *s = &sightings[count];

        s->quoted = is_icmp(node);
        if (s->quoted ? !read_quote(pinfo, node, QUOTE_DEPTH, s) : !read_sighting(pinfo, node, s))
            continue;
        if (++count == SOURCE_SEGMENTS_MAX)
            break;
    }
    return count;
}

bool source_stream(packet_info *pinfo, uint32_t *stream)
{
    conversation_t *conversation =
        pinfo->ptype == PT_TCP ? find_conversation_pinfo(pinfo, 0) : NULL;
    const struct tcp_analysis *tcp =
        conversation ? get_tcp_conversation_data(conversation, pinfo) : NULL;

    if (tcp)
        *stream = tcp->stream;
    return tcp != NULL;
}
