/* Where flows and rulings live, and for how long: the capture file.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "state.h"

#include <epan/proto_data.h>

enum { TRAIL_STEPS = 1 << 16 };

/** What is known of one tcp.stream. */
struct stream {
    struct flow flow;
    struct ruling *first[2]; /* on the first RST of each side */
    uint32_t endpoint;       /* of side 0 */
    uint16_t port;           /* of side 0 */
};

static int proto_id;
static wmem_map_t *streams;      /* tcp.stream to struct stream */
static wmem_map_t *capture;      /* one entry: the trail */

void state_init(int proto)
{
    proto_id = proto;
    streams = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), g_direct_hash,
                                     g_direct_equal);
    capture = wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), g_direct_hash,
                                     g_direct_equal);
}

static struct trail *state_trail(void)
{
    struct trail *trail = wmem_map_lookup(capture, NULL);

    if (trail)
        return trail;
    trail = wmem_new0(wmem_file_scope(), struct trail);
    trail->capacity = TRAIL_STEPS;
    trail->steps = wmem_alloc(wmem_file_scope(), TRAIL_STEPS * sizeof *trail->steps);
    wmem_map_insert(capture, NULL, trail);
    return trail;
}

static struct stream *state_stream(const struct sighting *sighting)
{
    void *key = GUINT_TO_POINTER(sighting->stream);
    struct stream *stream = wmem_map_lookup(streams, key);

    if (stream)
        return stream;
    stream = wmem_new0(wmem_file_scope(), struct stream);
    stream->endpoint = sighting->endpoint[0];
    stream->port = sighting->segment.port[0];
    wmem_map_insert(streams, key, stream);
    return stream;
}

static void state_rule(packet_info *pinfo, struct stream *stream, const struct segment *rst,
                       uint32_t number, const struct tuning *tuning)
{
    struct ruling *ruling = wmem_new0(wmem_file_scope(), struct ruling);
    struct ruling *first = stream->first[rst->side];
    struct ruling *earlier = p_get_proto_data(wmem_file_scope(), pinfo, proto_id, 0);

    ruling->stream = number;
    ruling->port[0] = rst->port[0];
    ruling->port[1] = rst->port[1];
    ruling->verdict = verdict_reach(&stream->flow, state_trail(), rst,
                                    first ? &first->verdict : NULL, tuning);
    if (ruling->verdict.repeat_of)
        ruling->primary = first;
    else
        stream->first[rst->side] = ruling;
    if (!earlier) {
        p_add_proto_data(wmem_file_scope(), pinfo, proto_id, 0, ruling);
        return;
    }
    while (earlier->next)
        earlier = earlier->next;
    earlier->next = ruling;
}

void state_learn(packet_info *pinfo, const struct sighting *sighting, const struct tuning *tuning)
{
    struct stream *stream = state_stream(sighting);
    struct segment seg = sighting->segment;

    seg.side = seg.port[0] != stream->port || sighting->endpoint[0] != stream->endpoint;
    for (int side = 0; side < 2; side++)
        if (stream->first[side])
            verdict_reconsider(&stream->first[side]->verdict, &stream->flow, &seg);
    if (seg.flags & SEGMENT_RST)
        state_rule(pinfo, stream, &seg, sighting->stream, tuning);
    flow_fold(&stream->flow, state_trail(), &seg);
}

const struct ruling *state_rulings(packet_info *pinfo)
{
    return p_get_proto_data(wmem_file_scope(), pinfo, proto_id, 0);
}

struct verdict ruling_verdict(const struct ruling *ruling)
{
    struct verdict v = ruling->verdict;

    if (ruling->primary)
        verdict_inherit(&v, &ruling->primary->verdict);
    return v;
}
