/* From segments to rulings, and from a frame to what was ruled.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "state.h"

#include "backlink.h"
#include "links.h"
#include "settings.h"
#include "source.h"

#include <epan/proto_data.h>

/* What is stored with a frame; the connection for each side that may have fallen silent. */
enum { KEY_MENTION, KEY_CONNECTION };

enum { SLAB_BYTES = 1 << 16, SLAB_PART = 8 };

/** The capture file that is open. */
struct capture {
    struct conductor conductor;
    char *slab;          /* what is left of it is lent next */
    size_t slab_left;    /* bytes */
    wmem_array_t *ruled; /* of struct ruled *, in the order of their frames */
    unsigned sought;     /* index of the first that was sought last */
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

/* Most loans are small, and wmem would put a header in front of each. */
static void *lend(void *context, size_t bytes)
{
    struct capture *now = context;
    size_t taken = (bytes + sizeof(int64_t) - 1) & ~(sizeof(int64_t) - 1);
    void *loan;

    if (taken > SLAB_BYTES / SLAB_PART)
        return wmem_alloc(wmem_file_scope(), bytes);
    if (now->slab_left < taken) {
        now->slab = wmem_alloc(wmem_file_scope(), SLAB_BYTES);
        now->slab_left = SLAB_BYTES;
    }
    loan = now->slab;
    now->slab += taken;
    now->slab_left -= taken;
    return loan;
}

static struct capture *begin_capture(void)
{
    struct lender lender = { lend, NULL };

    open_capture = wmem_new0(wmem_file_scope(), struct capture);
    open_capture->ruled = wmem_array_new(wmem_file_scope(), sizeof(struct ruled *));
    lender.context = open_capture;
    conductor_start(&open_capture->conductor, &lender, &memory_default);
    epoch++;
    return open_capture;
}

/* An empty one before its first frame.  Only while a file is open. */
static inline struct capture *capture(void)
{
    return open_capture ? open_capture : begin_capture();
}

void state_learn(packet_info *pinfo, struct sighting *sighting, const struct tuning *tuning)
{
    struct outcome outcome = conductor_hear(&capture()->conductor, sighting, tuning);

    if (outcome.ruled) {
        wmem_array_append_one(capture()->ruled, outcome.ruled);
        backlink_note(outcome.ruled);
    }
    for (const struct ruling *ruling = outcome.changed; ruling; ruling = ruling->next_changed)
        backlink_note(&ruling->ruled);
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
    ruling->ruled.stream = candidate->ruled.stream;
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

static struct ruled *ruled_at(unsigned i)
{
    return *(struct ruled **)wmem_array_index(capture()->ruled, i);
}

/* Only now: where a segment opens a stream, TCP had not seen it when it was judged. */
static void tell_streams(packet_info *pinfo)
{
    unsigned i = wmem_array_get_count(capture()->ruled);

    for (; i && ruled_at(i - 1)->frame == pinfo->num; i--)
        ruled_at(i - 1)->stream = state_stream(pinfo, ruled_ruling(ruled_at(i - 1))->connection);
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
                                   .ruled.stream = state_stream(pinfo, connection),
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

struct verdict state_verdict(const struct ruled *ruled, bool is_over)
{
    return conductor_verdict(&capture()->conductor, ruled, is_over);
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
        const struct verdict v = state_verdict(&end->ruled, true);

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

/* Whether it is the index of the first that stands on that frame, or behind it. */
static bool is_first_from(unsigned i, unsigned count, uint32_t frame)
{
    return (!i || ruled_at(i - 1)->frame < frame) && (i >= count || ruled_at(i)->frame >= frame);
}

/* Its index; most who ask go from frame to frame. */
static unsigned first_from(uint32_t frame)
{
    unsigned count = wmem_array_get_count(capture()->ruled), from = 0, to = count;

    if (capture()->sought <= count && is_first_from(capture()->sought, count, frame))
        return capture()->sought;
    while (from < to) {
        unsigned middle = from + (to - from) / 2;

        if (ruled_at(middle)->frame < frame)
            from = middle + 1;
        else
            to = middle;
    }
    return capture()->sought = from;
}

const struct ruled *state_ruled(const packet_info *pinfo, unsigned n)
{
    unsigned i = first_from(pinfo->num) + n;

    return i < wmem_array_get_count(capture()->ruled) && ruled_at(i)->frame == pinfo->num
               ? ruled_at(i)
               : NULL;
}
