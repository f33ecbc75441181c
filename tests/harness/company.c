/* A healthy connection between strangers.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "company.h"

#include <string.h>

/** A line of a conversation. */
struct line {
    uint8_t flags, side;
    const char *says;
};

/* A request, its answer and two FINs. */
static const struct line conversation[] = {
    { SEGMENT_SYN, 0, "" },
    { SEGMENT_SYN | SEGMENT_ACK, 1, "" },
    { SEGMENT_ACK, 0, "" },
    { SEGMENT_ACK, 0, "GET / HTTP/1.1\r\n\r\n" },
    { SEGMENT_ACK, 1, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK" },
    { SEGMENT_ACK, 0, "" },
    { SEGMENT_ACK | SEGMENT_FIN, 0, "" },
    { SEGMENT_ACK | SEGMENT_FIN, 1, "" },
    { SEGMENT_ACK, 0, "" },
};

enum { LINES = sizeof conversation / sizeof *conversation };

/* `next` is how far both have come. */
static struct take say(const struct line *line, int64_t time_ns, uint32_t next[2])
{
    uint8_t side = line->side;
    struct take take = { .address = { { 198, 18, 0, (uint8_t)(1 + side) },
                                      { 198, 18, 0, (uint8_t)(2 - side) } } };
    struct segment *seg = &take.sighting.segment;

    *seg = (struct segment){ .flags = line->flags, .window = 500, .ttl = 64 };
    seg->time_ns = time_ns;
    seg->header_bytes = 20;
    seg->window_shift = SEGMENT_NO_SHIFT;
    seg->payload = (const uint8_t *)line->says;
    seg->len = seg->captured = (uint32_t)strlen(line->says);
    seg->seq = next[side];
    seg->ack = seg->flags & SEGMENT_ACK ? next[!side] : 0;
    seg->port[0] = side ? 80 : 50000;
    seg->port[1] = side ? 50000 : 80;
    take.sighting.address_bytes = 4;
    next[side] = segment_end(seg);
    return take;
}

struct tape company_for(const struct tape *tape)
{
    int64_t first_ns = tape->count ? tape->take[0].sighting.segment.time_ns : 0;
    struct tape company = { .end_ns = tape->end_ns };
    uint32_t next[2] = { 4000000000, 1000 };

    for (int i = 0; i < LINES; i++) {
        struct take take =
            say(&conversation[i], first_ns + (tape->end_ns - first_ns) / LINES * i, next);

        tape_add(&company, &take);
    }
    return company;
}
