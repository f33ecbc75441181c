/* What one TCP segment said, and when: the only thing the core ever reads.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SEGMENT_H
#define SEGMENT_H

#include <stdbool.h>
#include <stdint.h>

/** Flag bits as they stand in the header (RFC 9293, 3.1). */
enum {
    SEGMENT_FIN = 0x01,
    SEGMENT_SYN = 0x02,
    SEGMENT_RST = 0x04,
    SEGMENT_PSH = 0x08,
    SEGMENT_ACK = 0x10,
    SEGMENT_URG = 0x20,
};

/**
 * One segment.  source.c fills it from a dissection, the scenario reader from a
 * line of text.  Sequence numbers are raw; `payload` belongs to the caller and
 * is read only during the call.
 */
struct segment {
    int64_t time_ns;        /* since the first frame of the capture */
    uint32_t frame;         /* number in the capture, from 1 */
    uint32_t seq;           /* raw, as on the wire */
    uint32_t ack;           /* raw; means nothing without SEGMENT_ACK */
    uint32_t len;           /* payload bytes as sent; SYN and FIN are not counted */
    uint32_t tsval;         /* timestamp value (RFC 7323); valid with has_timestamp */
    uint32_t tsecr;         /* the other side's, echoed; valid with has_timestamp and an ACK */
    uint32_t captured;      /* payload bytes that can be read at `payload` */
    uint16_t port[2];       /* source, destination */
    uint16_t window;        /* as in the header, not scaled */
    uint16_t ip_id;         /* IPv4 identification; valid with has_ip_id */
    uint8_t flags;          /* SEGMENT_* */
    uint8_t ttl;            /* IPv4 TTL or IPv6 hop limit; 0: unknown */
    uint8_t side;           /* 0: whoever spoke first in this stream; 1: the other */
    uint8_t header_bytes;   /* of the TCP header, 20 to 60 */
    uint8_t window_shift;   /* of a SYN's window scale option; SEGMENT_NO_SHIFT: none */
    uint8_t option_count;   /* kinds of options, NOP and end not counted */
    bool has_timestamp;     /* timestamp option present */
    bool has_ip_id;         /* IPv4 */
    bool is_signed;         /* MD5 (RFC 2385) or TCP-AO (RFC 5925) option present */
    uint8_t option_bytes;   /* that can be read at `options` */
    const uint8_t *options; /* NULL when none was captured; the caller's, like payload */
    const uint8_t *payload; /* NULL when none was captured */
};

enum { SEGMENT_NO_SHIFT = 0xff, SEGMENT_HEADER_MIN = 20 };

/** Sequence space the segment occupies: SEG.LEN of RFC 9293, 3.4. */
static inline uint32_t segment_span(const struct segment *s)
{
    return s->len + !!(s->flags & SEGMENT_SYN) + !!(s->flags & SEGMENT_FIN);
}

/** One past the last sequence number the segment occupies. */
static inline uint32_t segment_end(const struct segment *s)
{
    return s->seq + segment_span(s);
}

/** Whether the snap length has cut its options short. */
static inline bool segment_lacks_options(const struct segment *s)
{
    return s->header_bytes > SEGMENT_HEADER_MIN + s->option_bytes;
}

static inline bool segment_has(const struct segment *s, uint8_t flags)
{
    return (s->flags & flags) == flags;
}

#endif
