/* What carries IP: links, their headers and their tags.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "layers.h"

enum {
    LENGTHS_BELOW = 0x600, /* what stands for a type is a length (IEEE 802.3) */
};

/* "SNAP" and the organisation that hands out ethertypes. */
static struct layer read_snap(struct packet *packet)
{
    const uint8_t *at = packet->at;

    if (!packet_skip(packet, 8) || bytes_read32(at) != 0xaaaa0300U || bytes_read16(at + 4))
        return nothing;
    return layer_of_ethertype(bytes_read16(at + 6));
}

static const struct layer ip = { read_ip }, snap = { read_snap };

struct layer read_ethernet(struct packet *packet)
{
    uint16_t type;

    if (!packet_skip(packet, 14))
        return nothing;
    type = bytes_read16(packet->at - 2);
    if (type >= LENGTHS_BELOW)
        return layer_of_ethertype(type);
    packet_limit(packet, type);
    return snap;
}

static struct layer read_cooked(struct packet *packet)
{
    return packet_skip(packet, 16) ? layer_of_ethertype(bytes_read16(packet->at - 2)) : nothing;
}

static struct layer read_cooked_2(struct packet *packet)
{
    return packet_skip(packet, 20) ? layer_of_ethertype(bytes_read16(packet->at - 20)) : nothing;
}

/* Four bytes of an address family, in the order of some host: what follows says more. */
static struct layer read_loopback(struct packet *packet)
{
    return packet_skip(packet, 4) ? ip : nothing;
}

static struct layer read_fddi(struct packet *packet)
{
    return packet_skip(packet, 13) ? snap : nothing;
}

/* Data that is neither encrypted nor one of several in the frame (IEEE 802.11, 9.3.2.1). */
static struct layer read_wlan(struct packet *packet)
{
    uint8_t kind, flags, quality = 0;

    if (!packet_skip(packet, 24))
        return nothing;
    kind = packet->at[-24];
    flags = packet->at[-23];
    if ((kind & 0x4f) != 0x08 || flags & 0x44)
        return nothing;
    if ((flags & 3) == 3 && !packet_skip(packet, 6))
        return nothing;
    if (kind & 0x80) {
        if (!packet_skip(packet, 2))
            return nothing;
        quality = packet->at[-2];
    }
    if (kind & flags & 0x80 && !packet_skip(packet, 4))
        return nothing;
    return quality & 0x80 ? nothing : snap;
}

static struct layer read_vlan(struct packet *packet)
{
    return packet_skip(packet, 4) ? layer_of_ethertype(bytes_read16(packet->at - 2)) : nothing;
}

static struct layer read_mpls(struct packet *packet)
{
    do {
        if (!packet_skip(packet, 4))
            return nothing;
    } while (!(packet->at[-2] & 1));
    return ip;
}

static struct layer read_pppoe(struct packet *packet)
{
    uint16_t protocol;

    if (!packet_skip(packet, 8))
        return nothing;
    packet_limit(packet, bytes_read16(packet->at - 4) - 2U);
    protocol = bytes_read16(packet->at - 2);
    return protocol == 0x0021 || protocol == 0x0057 ? ip : nothing;
}

/** A number in a header and what it stands for. */
struct row {
    uint16_t number;
    struct layer layer;
};

#define LOOK_UP(rows, number) look_up(rows, sizeof(rows) / sizeof(rows)[0], number)

static struct layer look_up(const struct row *rows, size_t count, uint16_t number)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].number == number)
            return rows[i].layer;
    return nothing;
}

struct layer layer_of_ethertype(uint16_t type)
{
    static const struct row rows[] = {
        { 0x0800, { read_ip } },       { 0x86dd, { read_ip } },   { 0x8100, { read_vlan } },
        { 0x88a8, { read_vlan } },     { 0x9100, { read_vlan } }, { 0x8847, { read_mpls } },
        { 0x8864, { read_pppoe } },    { 0x8200, { read_wlan } }, /* Aruba's, in GRE */
        { 0x6558, { read_ethernet } },                            /* RFC 1701 */
    };

    return LOOK_UP(rows, type);
}

struct layer layer_of_link(uint16_t link)
{
    static const struct row rows[] = {
        { 0, { read_loopback } },   { 1, { read_ethernet } },   { 10, { read_fddi } },
        { 12, { read_ip } },        { 101, { read_ip } },       { 105, { read_wlan } },
        { 108, { read_loopback } }, { 113, { read_cooked } },   { 228, { read_ip } },
        { 229, { read_ip } },       { 276, { read_cooked_2 } },
    };

    return LOOK_UP(rows, link);
}
