/* From segments to rulings, and from a frame to what was ruled.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "state.h"

#include "capture.h"
#include "links.h"
#include "mention.h"
#include "settings.h"

#include <epan/proto_data.h>

enum { LATER_RUNGS = 4 };

enum { KEY_RULING, KEY_STREAM, KEY_MENTION }; /* what is stored with a frame */

static int proto_id;

void state_init(int proto)
{
    proto_id = proto;
    capture_init();
    mention_init();
}

void state_saw(packet_info *pinfo)
{
    capture_now()->end_ns = source_time_ns(pinfo);
}

/* The side of `before`, a stream of the same pair of endpoints, that is `side` of the stream. */
static unsigned side_before(const struct stream *before, const struct stream *stream, unsigned side)
{
    return before->endpoint[0] == stream->endpoint[side] ? 0 : 1;
}

/* A verdict that other connections changed; it is the first member of its ruling. */
static void remember_change(const struct verdict *verdict)
{
    if (verdict)
        mention_note((const struct ruling *)(const void *)verdict);
}

/* Beside what other connections of the same server show. */
static void compare(const struct stream *stream, const struct segment *rst, struct verdict *verdict)
{
    struct endpoints *endpoints = &capture_now()->endpoints;
    unsigned client = stream->flow.opener, server = !client;
    struct endpoint *entry;

    if (!stream->flow.started)
        return;
    if (verdict->detail == DETAIL_STALE_SOCKET && stream->predecessor) {
        const struct stream *before = stream->predecessor;
        const struct side *side = &before->flow.side[side_before(before, stream, !rst->side)];

        verdict_note(verdict, CLUE_PREDECESSOR, side->heard_frame, 0, 0);
        verdict_prove(verdict, side->heard_frame);
    }
    entry = endpoint_find(endpoints, stream->endpoint[server]);
    endpoint_judge(endpoints, entry, endpoint_find(endpoints, stream->address[server]),
                   stream->address[client], rst, verdict);
    for (int i = 0; i < DEATHS_MAX; i++)
        remember_change(entry->death[i].verdict);
}

/* What a segment, just folded, tells of its endpoint as such. */
static void show_endpoint(struct stream *stream, const struct segment *seg)
{
    struct endpoints *endpoints = &capture_now()->endpoints;
    struct flow *flow = &stream->flow;
    uint32_t server = stream->endpoint[!flow->opener];

    if (segment_has(seg, SEGMENT_SYN | SEGMENT_ACK)) {
        struct endpoint *entry = endpoint_find(endpoints, server);
        const struct verdict *refusal = entry->refusal;

        endpoint_accept(entry, seg->frame);
        remember_change(refusal);
        endpoint_show_ttl(endpoint_find(endpoints, stream->address[seg->side]), seg->ttl);
    }
    if (flow->pause_ns && seg->side != flow->pauser && !(seg->flags & SEGMENT_RST)) {
        endpoint_survive(endpoint_find(endpoints, server), flow->pause_ns);
        flow->pause_ns = 0;
    }
}

/*
 * What a RST of this side would repeat.  A SYN tried again with the same number after a refusal
 * is the same attempt, though newer versions of Wireshark give it a stream of its own.
 */
static struct ruling *first_ruling(const struct stream *stream, unsigned side)
{
    const struct stream *before = stream->predecessor;
    const struct side *caller = &stream->flow.side[!side], *earlier;
    unsigned same_side;

    if (stream->first[side] || !before)
        return stream->first[side];
    same_side = side_before(before, stream, side);
    earlier = &before->flow.side[!same_side];
    if (!before->first[same_side] || before->first[same_side]->verdict.cause != CAUSE_REFUSED ||
        !caller->syn_frame || !earlier->syn_frame || caller->isn != earlier->isn)
        return NULL;
    return before->first[same_side];
}

/* Keep what leads to the RST, with room for what may follow it. */
static void remember_ladder(struct ruling *ruling, const struct flow *flow,
                            const struct segment *rst)
{
    struct rung rungs[LADDER_MAX];
    struct ladder ladder = { rungs, 0, LADDER_MAX };

    ladder_collect(&ladder, flow, &capture_now()->trail, rst);
    ruling->ladder = (struct ladder){ wmem_alloc_array(wmem_file_scope(), struct rung,
                                                       ladder.count + LATER_RUNGS),
                                      ladder.count, (uint8_t)(ladder.count + LATER_RUNGS) };
    memcpy(ruling->ladder.rung, rungs, ladder.count * sizeof *rungs);
}

/* A later segment had a say in the verdict. */
static void remember_later(struct ruling *ruling, const struct segment *seg)
{
    ladder_add(&ruling->ladder, seg);
    mention_note(ruling);
}

/* The capture showed the reset too early: judge it again. */
static void judge_again(struct stream *stream, const struct segment *seg,
                        const struct tuning *tuning)
{
    for (unsigned side = 0; side < 2; side++) {
        struct ruling *ruling = stream->first[side];

        if (!ruling || !verdict_overtook(&ruling->verdict, seg))
            continue;
        ruling->verdict =
            verdict_reach(&stream->flow, &capture_now()->trail, &ruling->rst, NULL, tuning);
        remember_later(ruling, seg);
    }
}

/* Behind what else was ruled in this frame. */
static void file_ruling(packet_info *pinfo, struct ruling *ruling)
{
    struct capture *capture = capture_now();

    if (capture->ruled_frame == pinfo->num) {
        capture->last_ruling->next = ruling;
    } else {
        p_add_proto_data(wmem_file_scope(), pinfo, proto_id, KEY_RULING, ruling);
        capture->ruled_frame = pinfo->num;
        capture->first_ruling = ruling;
    }
    capture->last_ruling = ruling;
}

static void state_rule(packet_info *pinfo, struct stream *stream, const struct segment *rst,
                       const struct tuning *tuning)
{
    struct ruling *ruling = wmem_new0(wmem_file_scope(), struct ruling);
    struct ruling *first = first_ruling(stream, rst->side);

    ruling->rst = *rst;
    ruling->rst.payload = ruling->rst.options = NULL;
    ruling->stream = stream->number;
    ruling->port[0] = rst->port[0];
    ruling->port[1] = rst->port[1];
    ruling->verdict = verdict_reach(&stream->flow, &capture_now()->trail, rst,
                                    first ? &first->verdict : NULL, tuning);
    ruling->reason = reason_read(rst);
    if (!ruling->reason.text[0] && ruling->verdict.cause == CAUSE_IDLE_TIMEOUT)
        ruling->reason = reason_of_netscaler(rst);
    if (first && ruling->verdict.repeat_of == first->verdict.frame) {
        ruling->primary = stream->first[rst->side] = first;
        first->repeats++;
    } else {
        stream->first[rst->side] = ruling;
        compare(stream, rst, &ruling->verdict);
        remember_ladder(ruling, &stream->flow, rst);
    }
    mention_note(ruling);
    file_ruling(pinfo, ruling);
}

/* A frame that may turn out to be the last its side sent. */
static bool may_fall_silent(const struct flow *flow, const struct segment *seg)
{
    return side_retransmission(&flow->side[seg->side])->last_frame == seg->frame ||
           (seg->flags & (SEGMENT_SYN | SEGMENT_ACK)) == SEGMENT_SYN;
}

/* A SYN-ACK that newer versions of Wireshark give a stream of its own, for a RST came before it. */
static void reconsider_before(const struct stream *stream, const struct segment *seg)
{
    const struct stream *before = stream->predecessor;
    struct segment then;
    struct ruling *ruling;

    if (stream->flow.started || !before || !segment_has(seg, SEGMENT_SYN | SEGMENT_ACK))
        return;
    then = *seg;
    then.side = (uint8_t)side_before(before, stream, seg->side);
    ruling = before->first[then.side];
    if (ruling && verdict_reconsider(&ruling->verdict, &before->flow, &then))
        remember_later(ruling, &then);
}

void state_learn(packet_info *pinfo, struct sighting *sighting, const struct tuning *tuning)
{
    struct segment *seg = &sighting->segment;
    struct stream *stream = capture_stream_of(sighting);

    seg->side = sighting->endpoint[0] != stream->endpoint[0];
    if (sighting->quoted) {
        flow_quote(&stream->flow, pinfo->num, seg);
        return;
    }
    reconsider_before(stream, seg);
    for (int side = 0; side < 2; side++) {
        struct ruling *ruling = stream->first[side];

        if (ruling && verdict_reconsider(&ruling->verdict, &stream->flow, seg))
            remember_later(ruling, seg);
    }
    if (seg->flags & SEGMENT_RST)
        state_rule(pinfo, stream, seg, tuning);
    if (flow_wants_chains(&stream->flow, seg))
        stream->flow.side[seg->side].chains = wmem_new0(wmem_file_scope(), struct chains);
    flow_fold(&stream->flow, &capture_now()->trail, seg);
    judge_again(stream, seg, tuning);
    show_endpoint(stream, seg);
    if (may_fall_silent(&stream->flow, seg))
        p_add_proto_data(wmem_file_scope(), pinfo, proto_id, KEY_STREAM, stream);
}

/* The ruling on a side of the stream that fell silent; false: it did not, or nobody asks. */
static bool silence_of(const struct stream *stream, unsigned side, struct ruling *ruling)
{
    if (!settings->judge_silence)
        return false;
    *ruling = (struct ruling){ .stream = stream->number,
                               .port = { stream->flow.port[side], stream->flow.port[!side] } };
    return verdict_of_silence(&stream->flow, side, capture_now()->end_ns, &ruling->verdict);
}

static bool silence_at(wmem_allocator_t *pool, const struct stream *stream, uint32_t frame,
                       struct ruling *ruling)
{
    for (unsigned side = 0; stream && side < 2; side++) {
        if (!silence_of(stream, side, ruling) || ruling->verdict.frame != frame)
            continue;
        ruling->ladder.room = LADDER_MAX;
        ruling->ladder.rung = wmem_alloc_array(pool, struct rung, LADDER_MAX);
        ladder_collect(&ruling->ladder, &stream->flow, &capture_now()->trail, NULL);
        return true;
    }
    return false;
}

bool state_silence(packet_info *pinfo, struct ruling *ruling)
{
    return silence_at(pinfo->pool, p_get_proto_data(wmem_file_scope(), pinfo, proto_id, KEY_STREAM),
                      pinfo->num, ruling);
}

bool state_may_fall_silent(packet_info *pinfo, struct ruling *ruling)
{
    const struct stream *stream = p_get_proto_data(wmem_file_scope(), pinfo, proto_id, KEY_STREAM);

    if (stream)
        *ruling =
            (struct ruling){ .stream = stream->number,
                             .port = { (uint16_t)pinfo->srcport, (uint16_t)pinfo->destport } };
    return stream != NULL;
}

bool state_silence_at(wmem_allocator_t *pool, uint32_t stream, uint32_t frame,
                      struct ruling *ruling)
{
    return silence_at(pool, capture_find_stream(stream), frame, ruling);
}

/* Of two resets the one that had an effect, else the earlier. */
static const struct ruling *ruling_of_stream(const struct stream *stream)
{
    const struct ruling *a = stream->first[0], *b = stream->first[1];
    bool a_failed, b_failed;

    if (!a || !b)
        return a ? a : b;
    a_failed = a->verdict.effect == EFFECT_NONE;
    b_failed = b->verdict.effect == EFFECT_NONE;
    if (a_failed != b_failed)
        return a_failed ? b : a;
    return a->verdict.frame < b->verdict.frame ? a : b;
}

void state_recall(packet_info *pinfo, const struct sighting *sighting)
{
    const struct stream *stream = capture_find_stream(sighting->stream);
    const struct ruling *ruling = stream ? ruling_of_stream(stream) : NULL;
    struct mention *mention;
    struct ruling silence;

    if (sighting->quoted || state_mention(pinfo))
        return;
    mention = wmem_new(pinfo->pool, struct mention);
    *mention = (struct mention){ .stream = sighting->stream, .reset = mention_of(pinfo->num) };
    if (ruling)
        mention->cause = ruling_verdict(ruling).cause;
    for (unsigned side = 0; stream && side < 2; side++) {
        if (!silence_of(stream, side, &silence))
            continue;
        if (mention->cause == CAUSE_NONE)
            mention->cause = silence.verdict.cause;
        if (!mention->reset && links_role(&silence.verdict, pinfo->num) != ROLE_NONE)
            mention->reset = silence.verdict.frame;
    }
    p_add_proto_data(pinfo->pool, pinfo, proto_id, KEY_MENTION, mention);
}

const struct mention *state_mention(packet_info *pinfo)
{
    return p_get_proto_data(pinfo->pool, pinfo, proto_id, KEY_MENTION);
}

const struct ruling *state_rulings(packet_info *pinfo)
{
    if (pinfo->fd->visited)
        return p_get_proto_data(wmem_file_scope(), pinfo, proto_id, KEY_RULING);
    return capture_now()->ruled_frame == pinfo->num ? capture_now()->first_ruling : NULL;
}

struct verdict ruling_verdict(const struct ruling *ruling)
{
    struct verdict v = ruling->verdict;

    if (ruling->primary)
        verdict_inherit(&v, &ruling->primary->verdict);
    return v;
}
