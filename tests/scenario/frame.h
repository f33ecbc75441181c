/* A segment as bytes on an Ethernet.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FRAME_H
#define FRAME_H

#include "scenario.h"

enum { FRAME_HEADERS_MAX = 14 + 40 + 60, FRAME_SIZE = FRAME_HEADERS_MAX + 65535 };

/** Which IP, and who is who. */
struct path {
    bool ipv6;
    uint8_t host[2]; /* of A and of B: what tells their addresses apart */
    uint16_t net;    /* one for each connection */
    uint16_t port[2];
};

struct frame {
    uint8_t byte[FRAME_SIZE];
    size_t size;     /* as sent */
    size_t captured; /* as the scenario's `cut` has it */
};

/** Write Ethernet, IP and TCP with valid checksums. */
void frame_write(struct frame *frame, const struct path *path, const struct segment *segment);

#endif
