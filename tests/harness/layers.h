/* What the readers of a packet's layers share: each takes its header and says who is next.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LAYERS_H
#define LAYERS_H

#include "bytes.h"
#include "sighting.h"

#include <stddef.h>

struct packet;

/** Who reads what lies next; NULL: nobody can. */
struct layer {
    struct layer (*read)(struct packet *packet);
};

/** What is left of the frame, and what is known of it so far. */
struct packet {
    const uint8_t *at;
    uint32_t captured;
    uint32_t sent; /* never fewer */
    struct sighting *found;
    bool is_tcp;
};

static const struct layer nothing = { NULL };

/** LINKTYPE_* (tcpdump.org). */
struct layer layer_of_link(uint16_t link);

struct layer layer_of_ethertype(uint16_t type);

struct layer read_ethernet(struct packet *packet);

/** IP of the version that stands in it. */
struct layer read_ip(struct packet *packet);

/** The last: what it carries is the segment's. */
struct layer read_tcp(struct packet *packet);

/** Go on behind so many bytes; false: they were not captured. */
static inline bool packet_skip(struct packet *packet, uint32_t bytes)
{
    if (packet->captured < bytes)
        return false;
    packet->at += bytes;
    packet->captured -= bytes;
    packet->sent -= bytes;
    return true;
}

/** What lies behind so many bytes is padding. */
static inline void packet_limit(struct packet *packet, uint32_t bytes)
{
    if (packet->sent > bytes)
        packet->sent = bytes;
    if (packet->captured > bytes)
        packet->captured = bytes;
}

#endif
