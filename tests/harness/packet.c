/* From the bytes of a frame to the TCP header in it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet.h"

#include "layers.h"
#include "option.h"
#include "path.h"

enum {
    LINK_ETHERNET = 1,
    LAYERS_MAX = 32,
    TCP_HEADER_READ = 16, /* sequence numbers, flags and window */
    TCP_HEADER_MIN = 20,
};

static void read_fields(struct segment *seg, const uint8_t *tcp)
{
    seg->header_bytes = (uint8_t)(tcp[12] >> 4 << 2);
    seg->port[0] = bytes_read16(tcp);
    seg->port[1] = bytes_read16(tcp + 2);
    seg->seq = bytes_read32(tcp + 4);
    seg->ack = bytes_read32(tcp + 8);
    seg->flags = tcp[13] & 0x3f;
    seg->window = bytes_read16(tcp + 14);
}

/* Options and payload as far as they were captured. */
struct layer read_tcp(struct packet *packet)
{
    struct segment *seg = &packet->found->segment;
    const uint8_t *tcp = packet->at;
    uint32_t captured = packet->captured, header;

    if (captured < TCP_HEADER_READ)
        return nothing;
    read_fields(seg, tcp);
    header = seg->header_bytes;
    packet->is_tcp = header >= TCP_HEADER_MIN;
    if (header > TCP_HEADER_MIN && captured > TCP_HEADER_MIN) {
        seg->options = tcp + TCP_HEADER_MIN;
        seg->option_bytes = (uint8_t)((captured < header ? captured : header) - TCP_HEADER_MIN);
    }
    options_read(seg);
    if (packet->sent > header)
        seg->len = packet->sent - header;
    if (captured > header) {
        seg->payload = tcp + header;
        seg->captured = captured - header;
    }
    return nothing;
}

bool packet_read(const struct pcap_frame *frame, struct sighting *sighting)
{
    struct packet packet = { frame->bytes, frame->captured, frame->sent, sighting, false };
    struct layer layer = layer_of_link(frame->link);

    *sighting =
        (struct sighting){ .segment = { .frame = frame->number, .time_ns = frame->time_ns } };
    for (unsigned i = 0; i < LAYERS_MAX && layer.read; i++)
        layer = layer.read(&packet);
    if (packet.is_tcp && frame->link == LINK_ETHERNET)
        sighting->path = path_of_ethernet(frame->bytes, (uint32_t)(packet.at - frame->bytes));
    return packet.is_tcp;
}
