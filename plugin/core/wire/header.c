/* A TCP header and what lies behind it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "header.h"

#include "bytes.h"
#include "option.h"

#include <stddef.h>

enum { UP_TO_WINDOW = 16 }; /* sequence numbers, flags and window */

static void read_options(struct segment *seg, const uint8_t *tcp, uint32_t captured)
{
    uint32_t end = captured < seg->header_bytes ? captured : seg->header_bytes;
    bool has_some = end > SEGMENT_HEADER_MIN;

    seg->options = has_some ? tcp + SEGMENT_HEADER_MIN : NULL;
    seg->option_bytes = has_some ? (uint8_t)(end - SEGMENT_HEADER_MIN) : 0;
    options_read(seg);
}

bool header_read(struct segment *seg, const uint8_t *tcp, uint32_t captured, uint32_t sent)
{
    uint32_t header_bytes = captured < UP_TO_WINDOW ? 0 : (uint32_t)tcp[12] >> 4 << 2;
    bool has_payload = captured > header_bytes;

    if (header_bytes < SEGMENT_HEADER_MIN)
        return false;
    seg->header_bytes = (uint8_t)header_bytes;
    seg->port[0] = bytes_read16(tcp);
    seg->port[1] = bytes_read16(tcp + 2);
    seg->seq = bytes_read32(tcp + 4);
    seg->ack = bytes_read32(tcp + 8);
    seg->flags = tcp[13] & 0x3f;
    seg->window = bytes_read16(tcp + 14);
    read_options(seg, tcp, captured);
    seg->len = sent > header_bytes ? sent - header_bytes : 0;
    seg->payload = has_payload ? tcp + header_bytes : NULL;
    seg->captured = has_payload ? captured - header_bytes : 0;
    return true;
}
