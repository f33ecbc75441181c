/* From segments to rulings, and from a frame to what was ruled.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "state.h"

#include "backlink.h"
#include "links.h"
#include "repeat.h"
#include "settings.h"
#include "source.h"

#include <epan/proto_data.h>

enum { SLAB_BYTES = 1 << 16, SLAB_PART = 8, NOTES = 1 << 8 /* to begin with */ };

/** What is known of a frame: it was ruled on, or a side may turn out to have fallen silent. */
struct note {
    union {
        struct ruled *ruled;
        struct connection *connection; /* of that side */
    };
    uint32_t frame;
    bool is_ruled;
    uint8_t sender; /* the side; not of what was ruled on */
};

/** The capture file that is open. */
struct capture {
    struct conductor conductor;
    struct backlinks backlinks; /* from the frames that verdicts name */
    char *slab;                 /* what is left of it is lent next */
    size_t slab_left;           /* bytes */
    uint32_t heard;             /* the frame whose segment was learned last */
    uint32_t noted;             /* the frame that the last of the notes is on */
    struct note *notes;         /* in the order of their frames: of most frames there is none */
    unsigned count;             /* of them */
    unsigned room;              /* for so many */
    unsigned sought;            /* index of the first that was sought last */
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

/* Of several on one frame the innermost counts: that one is not to become another. */
static bool is_needed(const struct note *note, uint32_t before, uint32_t behind)
{
    return note->is_ruled || note->frame == before || note->frame == behind ||
           judge_may_still_be_silent(&note->connection->flow, note->sender, note->frame);
}

/* Most sides were not silent for long. */
static void forget_notes(struct capture *now)
{
    unsigned kept = 0;
    uint32_t before = 0;

    for (unsigned i = 0; i < now->count; i++) {
        const struct note note = now->notes[i];
        uint32_t behind = i + 1 < now->count ? now->notes[i + 1].frame : 0;

        if (is_needed(&note, before, behind))
            now->notes[kept++] = note;
        before = note.frame;
    }
    now->count = kept;
    now->sought = 0;
}

/* For one more; half of it is free then, or it is half as much again. */
static void make_room(struct capture *now)
{
    forget_notes(now);
    if (now->room && now->count <= now->room / 2)
        return;
    now->room = now->room ? now->room + now->room / 2 : NOTES;
    now->notes = wmem_realloc(wmem_file_scope(), now->notes, now->room * sizeof *now->notes);
}

static void note_down(struct capture *now, const struct note *note)
{
    if (now->count == now->room)
        make_room(now);
    if (now->noted != note->frame)
        now->sought = now->count;
    now->notes[now->count++] = *note;
    now->noted = note->frame;
}

/* Whether it is the index of the first that stands on that frame, or behind it. */
static inline bool is_first_from(const struct capture *now, unsigned i, uint32_t frame)
{
    return (!i || now->notes[i - 1].frame < frame) &&
           (i == now->count || now->notes[i].frame >= frame);
}

static unsigned search(const struct capture *now, uint32_t frame)
{
    unsigned from = 0, to = now->count;

    while (from < to) {
        unsigned middle = from + (to - from) / 2;

        if (now->notes[middle].frame < frame)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

/* Its index; most who ask go from frame to frame. */
static unsigned first_from(struct capture *now, uint32_t frame)
{
    if (is_first_from(now, now->sought, frame))
        return now->sought;
    if (now->sought < now->count && is_first_from(now, now->sought + 1, frame))
        return ++now->sought;
    return now->sought = search(now, frame);
}

/* The note with that index, if it is on the frame. */
static inline const struct note *note_at(const struct capture *now, unsigned i, uint32_t frame)
{
    return i < now->count && now->notes[i].frame == frame ? &now->notes[i] : NULL;
}

/* The first on the frame; NULL: there is none. */
static inline const struct note *first_note(const packet_info *pinfo)
{
    struct capture *now = capture();

    return note_at(now, first_from(now, pinfo->num), pinfo->num);
}

/* The next one on its frame. */
static const struct note *next_note(const struct note *note)
{
    const struct note *next = note + 1;

    return next < open_capture->notes + open_capture->count && next->frame == note->frame ? next
                                                                                          : NULL;
}

/* The frame whose verdict names that one, as things stand; 0: none does. */
static uint32_t named_by(const struct capture *now, uint32_t frame)
{
    uint32_t by = backlink_of(&now->backlinks, frame);
    const struct note *note = by ? note_at(now, search(now, by), by) : NULL;

    for (; note; note = next_note(note)) {
        struct verdict v;

        if (!note->is_ruled)
            continue;
        v = ruled_verdict(note->ruled);
        if (v.cause != CAUSE_NONE && links_role(&v, frame) != ROLE_NONE)
            return by;
    }
    return 0;
}

/* Of several verdicts the first names a frame. */
static void note_links(struct capture *now, const struct ruled *ruled)
{
    const struct verdict v = ruled_verdict(ruled);
    struct link links[LINKS_MAX];
    unsigned count = links_of(&v, links);

    for (unsigned i = 0; i < count; i++)
        if (backlink_of(&now->backlinks, links[i].frame) != ruled->frame &&
            !named_by(now, links[i].frame))
            backlink_note(&now->backlinks, links[i].frame, ruled->frame);
}

void state_learn(struct sighting *sighting, const struct tuning *tuning)
{
    struct capture *now = capture();
    struct segment *seg = &sighting->segment;
    struct outcome outcome = conductor_hear(&now->conductor, sighting, tuning);

    now->heard = seg->frame;
    if (outcome.ruled) {
        note_down(now,
                  &(struct note){ .ruled = outcome.ruled, .frame = seg->frame, .is_ruled = true });
        note_links(now, outcome.ruled);
    }
    for (const struct ruling *ruling = outcome.changed; ruling; ruling = ruling->next_changed)
        if (&ruling->ruled != outcome.ruled)
            note_links(now, &ruling->ruled);
    if (outcome.may_be_last)
        note_down(now, &(struct note){ .connection = outcome.connection,
                                       .frame = seg->frame,
                                       .sender = seg->side });
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

    return silence_of(candidate->connection, candidate->verdict.sender, rungs, ruling) &&
           ruling->verdict.frame == frame;
}

void state_end(const struct connection *connection, unsigned side, address *end)
{
    set_address(end, connection->address_bytes == IPV4_BYTES ? AT_IPv4 : AT_IPv6,
                connection->address_bytes, connection_ip(connection, side));
}

uint32_t state_stream(const packet_info *pinfo, const struct connection *connection)
{
    address end[2];

    for (unsigned side = 0; side < 2; side++)
        state_end(connection, side, &end[side]);
    return source_stream(pinfo, end, connection->flow.port);
}

/* On the first pass a frame's notes are the last ones. */
static bool reach(struct capture *now, packet_info *pinfo)
{
    if (now->heard != pinfo->num)
        conductor_reach(&now->conductor, source_time_ns(pinfo));
    return now->noted == pinfo->num;
}

bool state_saw(packet_info *pinfo)
{
    return pinfo->fd->visited ? first_note(pinfo) != NULL : reach(capture(), pinfo);
}

bool state_may_fall_silent(packet_info *pinfo, struct ruling *ruling)
{
    const struct note *found = NULL;

    for (const struct note *note = first_note(pinfo); note; note = next_note(note))
        if (!note->is_ruled)
            found = note; /* of tunnels the innermost */
    if (!found)
        return false;
    *ruling = (struct ruling){ .connection = found->connection, .verdict.sender = found->sender };
    return true;
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
    return p_get_proto_data(pinfo->pool, pinfo, proto_id, 0);
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
    *mention = (struct mention){ .reset = named_by(capture(), pinfo->num) };
    p_add_proto_data(pinfo->pool, pinfo, proto_id, 0, mention);
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

const struct ruled *state_ruled(const packet_info *pinfo, unsigned n)
{
    for (const struct note *note = first_note(pinfo); note; note = next_note(note))
        if (note->is_ruled && !n--)
            return note->ruled;
    return NULL;
}
