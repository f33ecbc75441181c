/* A TCP header and what lies behind it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "header.h"

#include "bytes.h"
#include "option.h"

enum { UP_TO_WINDOW = 16 }; /* sequence numbers, flags and window */

static void read_options(struct segment *seg, const uint8_t *tcp, uint32_t captured)
{
    uint32_t end = captured < seg->header_bytes ? captured : seg->header_bytes;

    if (end > SEGMENT_HEADER_MIN) {
        seg->options = tcp + SEGMENT_HEADER_MIN;
        seg->option_bytes = (uint8_t)(end - SEGMENT_HEADER_MIN);
    }
    options_read(seg);
}

bool header_read(struct segment *seg, const uint8_t *tcp, uint32_t captured, uint32_t sent)
{
    if (captured < UP_TO_WINDOW)
        return false;
    seg->header_bytes = (uint8_t)(tcp[12] >> 4 << 2);
    if (seg->header_bytes < SEGMENT_HEADER_MIN)
        return false;
    seg->port[0] = bytes_read16(tcp);
    seg->port[1] = bytes_read16(tcp + 2);
    seg->seq = bytes_read32(tcp + 4);
    seg->ack = bytes_read32(tcp + 8);
    seg->flags = tcp[13] & 0x3f;
    seg->window = bytes_read16(tcp + 14);
    read_options(seg, tcp, captured);
    if (sent > seg->header_bytes)
        seg->len = sent - seg->header_bytes;
    if (captured > seg->header_bytes) {
        seg->payload = tcp + seg->header_bytes;
        seg->captured = captured - seg->header_bytes;
    }
    return true;
}
