/* The latest segments of the whole capture, linked per stream.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TRAIL_H
#define TRAIL_H

#include "segment.h"

/** What is remembered of one segment once it has been folded into its flow; in its order. */
struct step {
    int64_t time_ns;
    uint32_t frame;
    uint32_t seq;
    uint32_t ack;
    uint32_t len;
    uint32_t tsval;
    uint32_t serial;   /* of this step, from 1; tells a live step from an overwritten one */
    uint32_t previous; /* serial of the step before it in the same stream; 0: none */
    uint16_t window;   /* as in the header */
    uint16_t ip_id;    /* IPv4 identification; 0: none, or none of its own */
    uint8_t flags;
    uint8_t ttl; /* 0: unknown */
    uint8_t side;
    uint8_t copies; /* that the capture holds besides; saturates */
    bool farewell;  /* the payload asks for no answer */
    bool probe;     /* a keep-alive or window probe: no byte that is new */
    bool spent;     /* a RST has been paired with it */
};

/**
 * A ring over all streams: memory is bounded by the capture, not by its streams,
 * and looking back costs the distance looked.  `capacity` is a power of two;
 * `steps` belongs to the caller and may be uninitialised while `latest` is 0.
 */
struct trail {
    struct step *steps;
    uint32_t capacity;
    uint32_t latest; /* serial of the newest step; 0: empty */
};

/** Remember a segment, which may be a farewell or a probe; `previous` is the stream's newest
 * serial. Returns its own. */
uint32_t trail_add(struct trail *trail, uint32_t previous, const struct segment *seg, bool farewell,
                   bool probe);

/** The step with that serial, which was given once; NULL: it is 0, or the step was overwritten. */
struct step *trail_step(const struct trail *trail, uint32_t serial);

/** Sequence space the step occupies: SEG.LEN of RFC 9293, 3.4. */
static inline uint32_t step_end(const struct step *s)
{
    return s->seq + s->len + !!(s->flags & SEGMENT_SYN) + !!(s->flags & SEGMENT_FIN);
}

#endif
