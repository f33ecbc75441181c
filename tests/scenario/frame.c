/* A segment as bytes on an Ethernet.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "frame.h"

#include "checksum.h"

#include <string.h>

enum { ETHERNET = 14, ETHERTYPE_IPV4 = 0x0800, ETHERTYPE_IPV6 = 0x86dd, IPPROTO_OF_TCP = 6 };

static void put(struct frame *frame, const void *bytes, size_t size)
{
    memcpy(frame->byte + frame->size, bytes, size);
    frame->size += size;
}

static void put8(struct frame *frame, uint32_t value)
{
    frame->byte[frame->size++] = (uint8_t)value;
}

static void put16(struct frame *frame, uint32_t value)
{
    put8(frame, value >> 8);
    put8(frame, value);
}

static void put32(struct frame *frame, uint32_t value)
{
    put16(frame, value >> 16);
    put16(frame, value);
}

static void set16(struct frame *frame, size_t at, uint16_t value)
{
    frame->byte[at] = (uint8_t)(value >> 8);
    frame->byte[at + 1] = (uint8_t)value;
}

static void put_ethernet(struct frame *frame, const struct path *path, unsigned side)
{
    const uint8_t vendor[5] = { 0x02, 0, 0, 0, 0 };

    put(frame, vendor, sizeof vendor);
    put8(frame, path->host[!side]);
    put(frame, vendor, sizeof vendor);
    put8(frame, path->host[side]);
    put16(frame, path->ipv6 ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4);
}

/* 10.net.net.host, or 2001:db8::net:host */
static void put_address(struct frame *frame, const struct path *path, unsigned side)
{
    static const uint8_t prefix[12] = { 0x20, 0x01, 0x0d, 0xb8 };

    if (path->ipv6) {
        put(frame, prefix, sizeof prefix);
        put16(frame, path->net);
        put16(frame, path->host[side]);
    } else {
        put8(frame, 10);
        put16(frame, path->net);
        put8(frame, path->host[side]);
    }
}

/* Returns where the two addresses start: they count for the TCP checksum. */
static size_t put_ip(struct frame *frame, const struct path *path, const struct segment *segment,
                     size_t tcp_size)
{
    size_t start = frame->size, addresses;

    if (path->ipv6) {
        put32(frame, 0x60000000);
        put16(frame, (uint32_t)tcp_size);
        put8(frame, IPPROTO_OF_TCP);
        put8(frame, segment->ttl);
    } else {
        put16(frame, 0x4500);
        put16(frame, (uint32_t)tcp_size + 20);
        put16(frame, segment->ip_id);
        put16(frame, 0x4000);
        put8(frame, segment->ttl);
        put8(frame, IPPROTO_OF_TCP);
        put16(frame, 0);
    }
    addresses = frame->size;
    put_address(frame, path, segment->side);
    put_address(frame, path, !segment->side);
    if (!path->ipv6)
        set16(frame, start + 10, checksum_end(checksum_add(0, frame->byte + start, 20)));
    return addresses;
}

void frame_write(struct frame *frame, const struct path *path, const struct segment *segment)
{
    size_t tcp_size = segment->header_bytes + segment->len, addresses, tcp;
    uint32_t sum;

    frame->size = 0;
    put_ethernet(frame, path, segment->side);
    addresses = put_ip(frame, path, segment, tcp_size);
    tcp = frame->size;
    put16(frame, path->port[segment->side]);
    put16(frame, path->port[!segment->side]);
    put32(frame, segment->seq);
    put32(frame, segment->ack);
    put8(frame, (uint32_t)segment->header_bytes / 4 << 4);
    put8(frame, segment->flags);
    put16(frame, segment->window);
    put32(frame, 0);
    if (segment->option_bytes)
        put(frame, segment->options, segment->option_bytes);
    if (segment->len)
        put(frame, segment->payload, segment->len);

    sum =
        checksum_add(IPPROTO_OF_TCP + (uint32_t)tcp_size, frame->byte + addresses, tcp - addresses);
    sum = checksum_add(sum, frame->byte + tcp, tcp_size);
    set16(frame, tcp + 16, checksum_end(sum));
    frame->captured = frame->size - (segment->len - segment->captured);
}
