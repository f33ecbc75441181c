/* IP, and what it carries: itself, tunnels, errors about TCP.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "layers.h"

enum {
    IPV4_HEADER_MIN = 20,
    IPV4_FRAGMENT = 0x3fff, /* more of them, or an offset */
    IPV6_HEADER = 40,
    IPV6_FRAGMENT = 0xfff9,
    EXTENSION_MIN = 8,
    FRAGMENT_HEADER = 44,
    GRE_CHECKSUM = 0x8000,
    GRE_ROUTING = 0x4000,
    GRE_KEY = 0x2000,
    GRE_SEQUENCE = 0x1000,
    GRE_VERSION = 7,
    VXLAN_PORT = 4789,
};

static struct layer read_gre(struct packet *packet)
{
    const uint8_t *gre = packet->at;
    uint16_t flags;
    uint32_t more;

    if (!packet_skip(packet, 4))
        return nothing;
    flags = bytes_read16(gre);
    more = (flags & GRE_CHECKSUM ? 4U : 0U) + (flags & GRE_KEY ? 4U : 0U) +
           (flags & GRE_SEQUENCE ? 4U : 0U);
    if (flags & (GRE_ROUTING | GRE_VERSION) || !packet_skip(packet, more))
        return nothing;
    return layer_of_ethertype(bytes_read16(gre + 2));
}

/* Of what UDP carries, VXLAN. */
static struct layer read_udp(struct packet *packet)
{
    const uint8_t *udp = packet->at;

    if (!packet_skip(packet, 8) || bytes_read16(udp + 2) != VXLAN_PORT || !packet_skip(packet, 8))
        return nothing;
    return (struct layer){ read_ethernet };
}

enum { ICMP_HEADER = 8 };

static struct layer quote(struct packet *packet, uint8_t type)
{
    const uint8_t *icmp = packet->at;

    if (!packet_skip(packet, ICMP_HEADER))
        return nothing;
    packet->found->quoted = true;
    packet->found->error = (struct icmp_error){ type, icmp[1] };
    return (struct layer){ read_ip };
}

/* Errors quote the packet they are about (RFC 792). */
static struct layer read_icmp(struct packet *packet)
{
    uint8_t type = packet->captured ? packet->at[0] : 0;

    if (!(type == 3 || type == 4 || type == 5 || type == 11 || type == 12))
        return nothing;
    return quote(packet, type);
}

/* The same (RFC 4443). */
static struct layer read_icmpv6(struct packet *packet)
{
    uint8_t type = packet->captured ? packet->at[0] : 0;

    if (type < 1 || type > 4)
        return nothing;
    return quote(packet, type);
}

static struct layer layer_of_protocol(uint8_t protocol)
{
    static const struct layer layers[UINT8_MAX + 1] = {
        [1] = { read_icmp }, [4] = { read_ip },   [6] = { read_tcp },     [17] = { read_udp },
        [41] = { read_ip },  [47] = { read_gre }, [58] = { read_icmpv6 },
    };

    return layers[protocol];
}

static void set_addresses(struct packet *packet, const uint8_t *source, uint8_t bytes)
{
    packet->found->address[0] = source;
    packet->found->address[1] = source + bytes;
    packet->found->address_bytes = bytes;
}

/* A length of 0 is segmentation offload's: all that is there. */
static struct layer read_ipv4(struct packet *packet)
{
    struct segment *seg = &packet->found->segment;
    const uint8_t *ip = packet->at;
    uint32_t header, total;

    if (packet->captured < IPV4_HEADER_MIN)
        return nothing;
    header = 4U * (ip[0] & 15);
    total = bytes_read16(ip + 2) ? bytes_read16(ip + 2) : packet->sent;
    if (header < IPV4_HEADER_MIN || total < header || bytes_read16(ip + 6) & IPV4_FRAGMENT)
        return nothing;
    packet_limit(packet, total);
    if (!packet_skip(packet, header))
        return nothing;
    seg->ttl = ip[8];
    seg->ip_id = bytes_read16(ip + 4);
    seg->has_ip_id = true;
    set_addresses(packet, ip + 12, 4);
    return layer_of_protocol(ip[9]);
}

/* Options for hops and destination, routing and fragments (RFC 8200, 4). */
static bool is_extension(uint8_t header)
{
    return header == 0 || header == 43 || header == FRAGMENT_HEADER || header == 60;
}

static struct layer read_ipv6(struct packet *packet)
{
    struct segment *seg = &packet->found->segment;
    const uint8_t *ip = packet->at, *extension;
    uint8_t next;

    if (!packet_skip(packet, IPV6_HEADER))
        return nothing;
    if (bytes_read16(ip + 4))
        packet_limit(packet, bytes_read16(ip + 4));
    next = ip[6];
    while (is_extension(next)) {
        extension = packet->at;
        if (packet->captured < EXTENSION_MIN ||
            !packet_skip(packet, next == FRAGMENT_HEADER ? EXTENSION_MIN : 8 * (extension[1] + 1U)))
            return nothing;
        if (next == FRAGMENT_HEADER && bytes_read16(extension + 2) & IPV6_FRAGMENT)
            return nothing;
        next = extension[0];
    }
    seg->ttl = ip[7];
    seg->has_ip_id = false;
    set_addresses(packet, ip + 8, 16);
    return layer_of_protocol(next);
}

struct layer read_ip(struct packet *packet)
{
    unsigned version = packet->captured ? packet->at[0] >> 4 : 0;

    return version == 4 ? read_ipv4(packet) : version == 6 ? read_ipv6(packet) : nothing;
}
