/* The VLANs and overlay networks that a frame travels in.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "path.h"

#include "hash.h"

#include <stdbool.h>

enum {
    ADDRESSES = 12, /* of an Ethernet header, before its type */
    TYPE_IPV4 = 0x0800,
    TYPE_VLAN = 0x8100,
    TYPE_IPV6 = 0x86dd,
    TYPE_PROVIDER_VLAN = 0x88a8,
    TYPE_OLD_PROVIDER_VLAN = 0x9100,
    IPV6_HEADER = 40,
    UDP = 17,
    UDP_HEADER = 8,
    PORT_VXLAN = 4789,
    PORT_GENEVE = 6081,
    OVERLAY_HEADER = 8,
};

/** How far the frame has been read. */
struct walk {
    const uint8_t *frame;
    uint32_t bytes, at;
    uint32_t path;
};

static uint32_t read16(const struct walk *w, uint32_t at)
{
    return at + 2 <= w->bytes ? (uint32_t)w->frame[at] << 8 | w->frame[at + 1] : 0;
}

static void note(struct walk *w, uint32_t kind, uint32_t number)
{
    const uint8_t bytes[] = { (uint8_t)kind, (uint8_t)(number >> 16), (uint8_t)(number >> 8),
                              (uint8_t)number };

    w->path = hash_bytes(w->path ? w->path : HASH_START, bytes, sizeof bytes);
}

/* Past the tags; returns the type of what they carry.  One without a number is a priority's: the
 * frame is in no VLAN (IEEE 802.1Q, 9.6). */
static uint32_t skip_vlans(struct walk *w)
{
    uint32_t type = read16(w, w->at);

    while (type == TYPE_VLAN || type == TYPE_PROVIDER_VLAN || type == TYPE_OLD_PROVIDER_VLAN) {
        uint32_t number = read16(w, w->at + 2) & 0xfff;

        if (number)
            note(w, 1, number);
        w->at += 4;
        type = read16(w, w->at);
    }
    w->at += 2;
    return type;
}

/* Past an IP header that carries UDP; false: it carries something else. */
static bool skip_ip(struct walk *w, uint32_t type)
{
    uint32_t start = w->at;

    if (start + IPV6_HEADER > w->bytes)
        return false;
    if (type == TYPE_IPV4) {
        w->at += (w->frame[start] & 0xfU) * 4;
        return w->frame[start + 9] == UDP;
    }
    w->at += IPV6_HEADER;
    return type == TYPE_IPV6 && w->frame[start + 6] == UDP;
}

/* Past UDP and the overlay's header, up to the type of the Ethernet header within. */
static bool skip_overlay(struct walk *w)
{
    uint32_t port = read16(w, w->at + 2), header = w->at + UDP_HEADER;

    if (header + OVERLAY_HEADER > w->bytes || (port != PORT_VXLAN && port != PORT_GENEVE))
        return false;
    note(w, port == PORT_VXLAN ? 2 : 3, read16(w, header + 4) << 8 | w->frame[header + 6]);
    w->at = header + OVERLAY_HEADER + ADDRESSES;
    if (port == PORT_GENEVE)
        w->at += (w->frame[header] & 0x3fU) * 4;
    return true;
}

uint32_t path_of_ethernet(const uint8_t *frame, uint32_t bytes)
{
    struct walk w = { frame, bytes, ADDRESSES, 0 };

    while (w.at < bytes && skip_ip(&w, skip_vlans(&w)) && skip_overlay(&w))
        continue;
    return w.path;
}
