/* From segments to rulings, and from a frame to what was ruled.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "state.h"

#include "backlink.h"
#include "links.h"
#include "settings.h"
#include "source.h"

#include <epan/proto_data.h>

/* What is stored with a frame; the connection for each side that may have fallen silent. */
enum { KEY_RULING, KEY_MENTION, KEY_CONNECTION };

/** The capture file that is open, and the frame at hand. */
struct capture {
    struct conductor conductor;
    uint32_t ruled_frame;        /* the latest frame with a ruling */
    struct ruling *first_ruling; /* of that frame */
    struct ruling *last_ruling;  /* likewise */
};

static int proto_id;
static struct capture *open_capture; /* NULL: none, or nobody has asked */
static unsigned epoch;

static void forget(void)
{
    open_capture = NULL; /* its memory was the file's */
}

void state_init(int proto)
{
    proto_id = proto;
    register_cleanup_routine(forget);
    backlink_init();
}

unsigned state_epoch(void)
{
    return epoch;
}

static void *lend(void *context _U_, size_t bytes)
{
    return wmem_alloc(wmem_file_scope(), bytes);
}

static struct capture *begin_capture(void)
{
    static const struct lender lender = { lend, NULL };

    open_capture = wmem_new0(wmem_file_scope(), struct capture);
    conductor_start(&open_capture->conductor, &lender, &memory_default);
    epoch++;
    return open_capture;
}

/* An empty one before its first frame.  Only while a file is open. */
static inline struct capture *capture(void)
{
    return open_capture ? open_capture : begin_capture();
}

/* Behind what else was ruled in this frame. */
static void file_ruling(packet_info *pinfo, struct ruling *ruling)
{
    struct capture *now = capture();

    if (now->ruled_frame == pinfo->num) {
        now->last_ruling->next = ruling;
    } else {
        p_add_proto_data(wmem_file_scope(), pinfo, proto_id, KEY_RULING, ruling);
        now->ruled_frame = pinfo->num;
        now->first_ruling = ruling;
    }
    now->last_ruling = ruling;
}

void state_learn(packet_info *pinfo, struct sighting *sighting, const struct tuning *tuning)
{
    struct outcome outcome = conductor_hear(&capture()->conductor, sighting, tuning);

    if (outcome.ruling)
        file_ruling(pinfo, outcome.ruling);
    for (const struct ruling *ruling = outcome.changed; ruling; ruling = ruling->next_changed)
        backlink_note(ruling);
    if (outcome.connection && !sighting->quoted &&
        judge_may_fall_silent(&outcome.connection->flow, &sighting->segment))
        p_add_proto_data(wmem_file_scope(), pinfo, proto_id,
                         KEY_CONNECTION + sighting->segment.side, outcome.connection);
}

/* The ruling on a side that fell silent; false: it did not, or nobody asks. */
static bool silence_of(struct connection *connection, unsigned side, struct rung *rungs,
                       struct ruling *ruling)
{
    return settings->judge_silence &&
           conductor_silence(&capture()->conductor, connection, side, rungs, ruling);
}

bool state_silence_at(wmem_allocator_t *pool, const struct ruling *candidate, uint32_t frame,
                      struct ruling *ruling)
{
    struct rung *rungs = wmem_alloc_array(pool, struct rung, LADDER_MAX);

    if (!silence_of(candidate->connection, candidate->verdict.sender, rungs, ruling))
        return false;
    ruling->stream = candidate->stream;
    return ruling->verdict.frame == frame;
}

uint32_t state_stream(const packet_info *pinfo, const struct connection *connection)
{
    int type = connection->address_bytes == IPV4_BYTES ? AT_IPv4 : AT_IPv6;
    address end[2];

    for (unsigned side = 0; side < 2; side++)
        set_address(&end[side], type, connection->address_bytes, connection->address[side]);
    return source_stream(pinfo, end, connection->flow.port);
}

/* Only now: where a segment opens a stream, TCP had not seen it when it was judged. */
static void tell_streams(packet_info *pinfo)
{
    const struct capture *now = capture();

    if (now->ruled_frame != pinfo->num)
        return;
    for (struct ruling *ruling = now->first_ruling; ruling; ruling = ruling->next)
        ruling->stream = state_stream(pinfo, ruling->connection);
}

void state_saw(packet_info *pinfo)
{
    conductor_reach(&capture()->conductor, source_time_ns(pinfo));
    tell_streams(pinfo);
}

bool state_may_fall_silent(packet_info *pinfo, struct ruling *ruling)
{
    for (unsigned side = 0; side < 2; side++) {
        struct connection *connection =
            p_get_proto_data(wmem_file_scope(), pinfo, proto_id, KEY_CONNECTION + side);

        if (!connection)
            continue;
        *ruling = (struct ruling){ .connection = connection,
                                   .stream = state_stream(pinfo, connection),
                                   .verdict.sender = (uint8_t)side };
        return true;
    }
    return false;
}

bool state_silence(packet_info *pinfo, struct ruling *ruling)
{
    struct ruling candidate;

    return state_may_fall_silent(pinfo, &candidate) &&
           state_silence_at(pinfo->pool, &candidate, pinfo->num, ruling);
}

struct verdict state_verdict(const struct ruling *ruling, bool is_over)
{
    return conductor_verdict(&capture()->conductor, ruling, is_over);
}

const struct mention *state_mention(packet_info *pinfo)
{
    return p_get_proto_data(pinfo->pool, pinfo, proto_id, KEY_MENTION);
}

/* The frame's newest hides those before it.  NULL: the frame has one, and its segment has been
 * dissected, so that it does not carry this one. */
static struct mention *begin_mention(packet_info *pinfo)
{
    const struct mention *before = state_mention(pinfo);
    struct mention *mention;

    if (before && before->is_dissected)
        return NULL;
    mention = wmem_new(pinfo->pool, struct mention);
    *mention = (struct mention){ .reset = backlink_of(pinfo->num) };
    p_add_proto_data(pinfo->pool, pinfo, proto_id, KEY_MENTION, mention);
    return mention;
}

bool *state_recall(packet_info *pinfo, const struct sighting *sighting)
{
    struct mention *mention = sighting->quoted ? NULL : begin_mention(pinfo);
    struct connection *connection;
    const struct ruling *end;
    struct rung rungs[LADDER_MAX];
    struct ruling silence;

    if (!mention)
        return NULL;
    connection = connections_find(&capture()->conductor.connections, sighting);
    mention->connection = connection;
    end = connection ? conductor_end_of(connection) : NULL;
    if (end) {
        const struct verdict v = state_verdict(end, true);

        mention->cause = v.cause;
        if (v.cause != CAUSE_NONE && !mention->reset && links_role(&v, pinfo->num) != ROLE_NONE)
            mention->reset = v.frame;
    }
    for (unsigned side = 0; connection && side < 2; side++) {
        if (!silence_of(connection, side, rungs, &silence))
            continue;
        if (mention->cause == CAUSE_NONE)
            mention->cause = silence.verdict.cause;
        if (!mention->reset && links_role(&silence.verdict, pinfo->num) != ROLE_NONE)
            mention->reset = silence.verdict.frame;
    }
    return &mention->is_dissected;
}

const struct ruling *state_rulings(packet_info *pinfo)
{
    if (pinfo->fd->visited)
        return p_get_proto_data(wmem_file_scope(), pinfo, proto_id, KEY_RULING);
    return capture()->ruled_frame == pinfo->num ? capture()->first_ruling : NULL;
}
