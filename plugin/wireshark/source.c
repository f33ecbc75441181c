/* A dissection in, the TCP segments of the frame out.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "source.h"

#include "recent.h"

#include <epan/dissectors/packet-tcp.h>
#include <epan/exceptions.h>
#include <epan/ipproto.h>

#include <assert.h>

enum {
    PLAIN_LAYERS = 4,     /* frame:eth:ethertype:ip; a report has more */
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

/** A TCP header on its way to Wireshark's TCP dissector. */
struct visit {
    tvbuff_t *tvb; /* starts with the TCP header */
    address address[2];
    bool quoted;
};

static const char *const reporters[] = { "sflow",       "openflow_v1", "openflow_v4", "openflow_v5",
                                         "openflow_v6", "rpcap",       "nhrp" };

static int proto_tcp = -1;
static int proto_reporter[array_length(reporters)];
static dissector_handle_t tcp_itself;
static const struct source_client *client;
static uint32_t streams_seen; /* as many as TCP had made when we last looked */

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

#define HASH_START 2166136261U

/* Four bytes at a time, then one by one; start and multiplier are FNV-1a's. */
static uint32_t hash(uint32_t seed, const uint8_t *bytes, unsigned size)
{
    for (; size >= 4; bytes += 4, size -= 4)
        seed = (seed ^ read32(bytes)) * 16777619U;
    for (; size; bytes++, size--)
        seed = (seed ^ *bytes) * 16777619U;
    return seed ^ seed >> 15;
}

/*
 * TTL and IP ID, from the IP header before TCP where there is one; of reassembled fragments there
 * is none.  Which version to expect is known; bytes of an IPv6 address could pass for an IPv4
 * header.
 */
static void read_ip(const struct visit *visit, const uint8_t *tcp, unsigned before,
                    struct segment *seg)
{
    int type = visit->address[0].type;
    const uint8_t *ipv6 = type == AT_IPv6 ? ipv6_before(tcp, before) : NULL;
    const uint8_t *ipv4 = type == AT_IPv4 ? ipv4_before(tcp, before) : NULL;

    if (ipv4) {
        seg->ttl = ipv4[8];
        seg->ip_id = read16(ipv4 + 4);
        seg->has_ip_id = true;
    } else if (ipv6) {
        seg->ttl = ipv6[7];
    }
}

static void read_endpoints(const struct visit *visit, const uint8_t *tcp, struct sighting *s)
{
    for (int i = 0; i < 2; i++) {
        s->address[i] = hash(HASH_START, visit->address[i].data, (unsigned)visit->address[i].len);
        s->endpoint[i] = hash(s->address[i], tcp + 2 * i, 2);
    }
}

static bool read_segment(const packet_info *pinfo, const struct visit *visit, struct sighting *s)
{
    struct segment *seg = &s->segment;
    unsigned captured = tvb_captured_length(visit->tvb);
    unsigned sent = tvb_reported_length(visit->tvb);
    const uint8_t *tcp;

    if (captured < TCP_HEADER_READ)
        return false;
    tcp = tvb_get_ptr(visit->tvb, 0, (int)captured);
    seg->header_bytes = (uint8_t)((tcp[12] >> 4) * 4);
    if (seg->header_bytes < TCP_HEADER_MIN)
        return false;
    seg->time_ns = source_time_ns(pinfo);
    seg->frame = pinfo->num;
    seg->port[0] = read16(tcp);
    seg->port[1] = read16(tcp + 2);
    seg->seq = read32(tcp + 4);
    seg->ack = read32(tcp + 8);
    seg->flags = tcp[13] & 0x3f;
    seg->window = read16(tcp + 14);
    seg->window_shift = SEGMENT_NO_SHIFT;
    read_options(tcp, MIN(captured, seg->header_bytes), seg);
    read_ip(visit, tcp, (unsigned)tvb_raw_offset(visit->tvb), seg);
    read_endpoints(visit, tcp, s);
    if (sent > seg->header_bytes)
        seg->len = sent - seg->header_bytes;
    if (captured > seg->header_bytes) {
        seg->payload = tcp + seg->header_bytes;
        seg->captured = captured - seg->header_bytes;
    }
    return true;
}

/* The stream Wireshark gave to the header, by its addresses and ports. */
static bool ask_for_stream(packet_info *pinfo, const struct visit *visit, struct sighting *s)
{
    const conversation_t *conversation =
        compat_find_tcp_conversation(pinfo, visit->address, s->segment.port);
    const struct tcp_analysis *tcp =
        conversation ? conversation_get_proto_data(conversation, proto_tcp) : NULL;

    if (tcp)
        s->stream = tcp->stream;
    return tcp != NULL;
}

/* Builds with assertions ask whenever a stream is remembered. */
static _U_ bool is_still_its_stream(packet_info *pinfo, const struct visit *visit,
                                    struct sighting asked)
{
    uint32_t remembered = asked.stream;

    return !ask_for_stream(pinfo, visit, &asked) || asked.stream == remembered;
}

/* The same, remembered: a pair of ends keeps its stream until TCP makes a new one between them. */
static bool find_stream(packet_info *pinfo, const struct visit *visit, struct sighting *s,
                        bool novel)
{
    const struct end end[2] = {
        { &visit->address[0], s->segment.port[0], s->endpoint[0] },
        { &visit->address[1], s->segment.port[1], s->endpoint[1] },
    };
    bool lasting = !pinfo->fd->visited && compat_streams_go_by_ports();

    if (lasting && !novel && recent_find(end, &s->stream)) {
        assert(is_still_its_stream(pinfo, visit, *s));
        return true;
    }
    if (!ask_for_stream(pinfo, visit, s))
        return false;
    if (lasting)
        recent_note(end, s->stream);
    return true;
}

/* Whether TCP has made a stream since we last looked. */
static bool has_new_stream(void)
{
    uint32_t seen = streams_seen;

    streams_seen = get_tcp_stream_count();
    return streams_seen != seen;
}

/* TCP has dissected it and what it carries, or broke off: now its stream is known. */
static void leave(packet_info *pinfo, const struct visit *visit)
{
    struct sighting sighting = { .quoted = visit->quoted };
    bool novel = has_new_stream();

    if (read_segment(pinfo, visit, &sighting) && find_stream(pinfo, visit, &sighting, novel))
        client->see(pinfo, &sighting);
    else if (novel)
        recent_forget();
}

/*
 * IP hands every TCP header to this, which hands it on.  So each is known in every pass of every
 * program, and nobody has to build a tree in which to find it.
 */
static int watch_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const struct visit visit = { tvb, { pinfo->src, pinfo->dst }, pinfo->flags.in_error_pkt };
    volatile int length = 0;

    if (is_reported(pinfo) || !client->wants(pinfo, tree))
        return call_dissector_only(tcp_itself, tvb, pinfo, tree, data);
    if (has_new_stream())
        recent_forget(); /* it came to be behind our back */
    TRY
    {
        length = call_dissector_only(tcp_itself, tvb, pinfo, tree, data);
    }
    FINALLY
    {
        leave(pinfo, &visit);
    }
    ENDTRY;
    return length;
}

void source_init(const struct source_client *who)
{
    tcp_itself = dissector_get_default_uint_handle("ip.proto", IP_PROTO_TCP);
    if (!tcp_itself)
        return;
    client = who;
    proto_tcp = proto_get_id_by_filter_name("tcp");
    for (size_t i = 0; i < array_length(reporters); i++)
        proto_reporter[i] = proto_get_id_by_filter_name(reporters[i]);
    recent_init();
    /* without a protocol: TCP is not to count as a layer twice */
    dissector_add_uint("ip.proto", IP_PROTO_TCP,
                       create_dissector_handle_with_name_and_description(
                           watch_tcp, -1, "tcp_abort.tcp", "TCP, watched by TCP Abort"));
}
