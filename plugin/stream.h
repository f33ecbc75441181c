/* The number Wireshark gave to a TCP stream.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STREAM_H
#define STREAM_H

#include "compat.h"

/** Who a TCP header is from and to, as TCP was told; what it points to is the frame's. */
struct tuple {
    address address[2]; /* source, destination */
    uint16_t port[2];
};

/** The tcp.stream of a header of this frame, in any pass; false: TCP knows of none. */
bool stream_find(const packet_info *pinfo, const struct tuple *tuple, uint32_t *stream);

/**
 * The same on the first pass, remembering what was found; `hash` is one of the tuple and the same
 * for both directions.  With `is_new` TCP has just made a stream: what was known of the tuple is
 * forgotten.
 */
bool stream_recall(const packet_info *pinfo, const struct tuple *tuple, uint32_t hash, bool is_new,
                   uint32_t *stream);

/** Streams were made that nobody looked at. */
void stream_forget_all(void);

#endif
