/* From the bytes of a frame to the TCP header in it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet.h"

#include "header.h"
#include "layers.h"
#include "path.h"

enum {
    LINK_ETHERNET = 1,
    LAYERS_MAX = 32,
};

struct layer read_tcp(struct packet *packet)
{
    packet->is_tcp =
        header_read(&packet->found->segment, packet->at, packet->captured, packet->sent);
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
