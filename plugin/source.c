/* A dissection in, the TCP segments of the frame out.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "source.h"

#include <epan/conversation.h>
#include <epan/dissectors/packet-tcp.h>
#include <epan/ipproto.h>
#include <epan/proto_data.h>

enum {
    KEY_VISITS = 1 << 16, /* what is stored with a dissection */
    PLAIN_LAYERS = 4,     /* eth:ethertype:ip:tcp; a report has more */
    PORTS = 4,
    TCP_HEADER_READ = 16, /* sequence numbers, flags and window */
    TCP_HEADER_MIN = 20,
    IPV4_HEADER_MIN = 20,
    IPV6_HEADER = 40,
    IPV6_EXTENSIONS_MAX = 256,
    OPTION_NOP = 1,
    OPTION_WINDOW_SCALE = 3,
    OPTION_TIMESTAMP = 8,
    OPTION_MD5 = 19,
    OPTION_AO = 29,
};

/** One call of Wireshark's TCP dissector. */
struct visit {
    tvbuff_t *tvb; /* starts with the TCP header */
    address source, destination;
    bool quoted;
};

struct visits {
    struct visit visit[SOURCE_SEGMENTS_MAX];
    unsigned count;
};

static const char *const reporters[] = { "sflow",       "openflow_v1", "openflow_v4", "openflow_v5",
                                         "openflow_v6", "rpcap",       "nhrp" };

static int proto_tcp = -1;
static int proto_own = -1;
static int proto_reporter[array_length(reporters)];
static dissector_table_t tcp_itself;

/* Whether what is dissected is no traffic of its own: a report shows it, or quotes it. */
static bool is_reported(const packet_info *pinfo)
{
    const wmem_list_frame_t *layer = wmem_list_head(pinfo->layers);

    if (wmem_list_count(pinfo->layers) <= PLAIN_LAYERS)
        return false;
    for (; layer; layer = wmem_list_frame_next(layer)) {
        int proto = GPOINTER_TO_INT(wmem_list_frame_data(layer));

        for (size_t i = 0; i < array_length(reporters); i++)
            if (proto == proto_reporter[i])
                return true;
    }
    return false;
}

static struct visits *visits_of(packet_info *pinfo)
{
    return p_get_proto_data(pinfo->pool, pinfo, proto_own, KEY_VISITS);
}

static void note_visit(tvbuff_t *tvb, packet_info *pinfo)
{
    struct visits *visits = visits_of(pinfo);

    if (!visits) {
        visits = wmem_new(pinfo->pool, struct visits);
        visits->count = 0;
        p_add_proto_data(pinfo->pool, pinfo, proto_own, KEY_VISITS, visits);
    }
    if (visits->count == SOURCE_SEGMENTS_MAX)
        return;
    visits->visit[visits->count++] = (struct visit){ .tvb = tvb,
                                                     .source = pinfo->src,
                                                     .destination = pinfo->dst,
                                                     .quoted = pinfo->flags.in_error_pkt };
}

/*
 * IP hands every TCP header to this, which notes it and hands it on.  So each is known in every
 * pass of every program, and nobody has to build a tree in which to find it.
 */
static int watch_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    if (!is_reported(pinfo))
        note_visit(tvb, pinfo);
    /* FALSE: TCP is among the frame's protocols already */
    return dissector_try_uint_with_data(tcp_itself, IP_PROTO_TCP, tvb, pinfo, tree, FALSE, data);
}

void source_init(void)
{
    dissector_handle_t tcp = dissector_get_default_uint_handle("ip.proto", IP_PROTO_TCP);

    if (!tcp)
        return;
    proto_tcp = proto_get_id_by_filter_name("tcp");
    proto_own = proto_get_id_by_filter_name("tcp_abort");
    for (size_t i = 0; i < array_length(reporters); i++)
        proto_reporter[i] = proto_get_id_by_filter_name(reporters[i]);
    tcp_itself =
        register_dissector_table("tcp_abort.tcp", "TCP itself", proto_own, FT_UINT8, BASE_DEC);
    dissector_add_uint("tcp_abort.tcp", IP_PROTO_TCP, tcp);
    dissector_add_uint("ip.proto", IP_PROTO_TCP,
                       create_dissector_handle_with_name_and_description(
                           watch_tcp, proto_tcp, "tcp_abort.tcp", "TCP, watched by TCP Abort"));
}

/* The stream Wireshark gave to the header, by its addresses and ports. */
static bool find_stream(packet_info *pinfo, const struct visit *visit, uint32_t *stream)
{
    const conversation_t *conversation;
    const struct tcp_analysis *tcp;

    if (tvb_captured_length(visit->tvb) < PORTS)
        return false;
    conversation =
        compat_find_tcp_conversation(pinfo, &visit->source, &visit->destination,
                                     tvb_get_ntohs(visit->tvb, 0), tvb_get_ntohs(visit->tvb, 2));
    tcp = conversation ? conversation_get_proto_data(conversation, proto_tcp) : NULL;
    if (tcp)
        *stream = tcp->stream;
    return tcp != NULL;
}

bool source_stream(packet_info *pinfo, uint32_t *stream)
{
    const struct visits *visits = visits_of(pinfo);

    for (unsigned i = visits ? visits->count : 0; i-- > 0;)
        if (!visits->visit[i].quoted && find_stream(pinfo, &visits->visit[i], stream))
            return true;
    return false;
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

#define FNV_START 2166136261U

/* FNV-1a */
static uint32_t hash(uint32_t seed, const uint8_t *bytes, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        seed = (seed ^ bytes[i]) * 16777619U;
    return seed;
}

/*
 * TTL, IP ID and addresses: from the IP header before TCP where there is one; of reassembled
 * fragments there is none.  Which version to expect is known; bytes of an IPv6 address could pass
 * for an IPv4 header.
 */
static void read_ip(const struct visit *visit, const uint8_t *tcp, unsigned before,
                    struct sighting *s)
{
    struct segment *seg = &s->segment;
    const address *source = &visit->source, *destination = &visit->destination;
    const uint8_t *ipv6 = source->type == AT_IPv6 ? ipv6_before(tcp, before) : NULL;
    const uint8_t *ipv4 = source->type == AT_IPv4 ? ipv4_before(tcp, before) : NULL;

    if (ipv4) {
        seg->ttl = ipv4[8];
        seg->ip_id = read16(ipv4 + 4);
        seg->has_ip_id = true;
    } else if (ipv6) {
        seg->ttl = ipv6[7];
    }
    if (source->len != destination->len)
        return;
    s->address[0] = hash(FNV_START, source->data, (unsigned)source->len);
    s->address[1] = hash(FNV_START, destination->data, (unsigned)destination->len);
    for (int i = 0; i < 2; i++) {
        uint8_t port[2] = { (uint8_t)(seg->port[i] >> 8), (uint8_t)seg->port[i] };

        s->endpoint[i] = hash(s->address[i], port, sizeof port);
    }
}

static bool read_segment(packet_info *pinfo, const struct visit *visit, struct sighting *s)
{
    struct segment *seg = &s->segment;
    unsigned captured = tvb_captured_length(visit->tvb);
    unsigned sent = tvb_reported_length(visit->tvb);
    const uint8_t *tcp;

    if (captured < TCP_HEADER_READ)
        return false;
    tcp = tvb_get_ptr(visit->tvb, 0, (int)captured);
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
    read_options(tcp, MIN(captured, seg->header_bytes), seg);
    read_ip(visit, tcp, (unsigned)tvb_raw_offset(visit->tvb), s);
    if (sent > seg->header_bytes)
        seg->len = sent - seg->header_bytes;
    if (captured > seg->header_bytes) {
        seg->payload = tcp + seg->header_bytes;
        seg->captured = captured - seg->header_bytes;
    }
    return true;
}

unsigned source_read(packet_info *pinfo, struct sighting sightings[SOURCE_SEGMENTS_MAX])
{
    const struct visits *visits = visits_of(pinfo);
    unsigned count = 0;

    for (unsigned i = 0; visits && i < visits->count; i++) {
        const struct visit *visit = &visits->visit[i];

        sightings[count] = (struct sighting){ .quoted = visit->quoted };
        count += find_stream(pinfo, visit, &sightings[count].stream) &&
                 read_segment(pinfo, visit, &sightings[count]);
    }
    return count;
}
