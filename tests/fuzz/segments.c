/* Fuzzes the conductor with what captures become: segments lost, doubled, reordered, cut, shifted,
 * turned round, merged and more.  Sane verdicts come out, the same ones each time.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An input names a capture and then what befalls it, five bytes each: what, where, and how far.
 */
#include "act.h"
#include "files.h"
#include "fuzz.h"
#include "repeat.h"
#include "sanity.h"
#include "tape.h"
#include "trial.h"

enum { SEGMENTS_MAX = 2000, ACTS_MAX = 64, FILE_MAX = 1 << 20 };

static struct tape *tapes;
static size_t tape_count;

/** What was said when a frame was met. */
struct saying {
    const struct ruled *ruled;
    struct verdict verdict;
};

static struct segment seen[SEGMENTS_MAX + 1];
static uint32_t stream_of[SEGMENTS_MAX + 1];
static struct verdict told[2 * SEGMENTS_MAX];
static size_t told_count;

static void load(const char *path)
{
    FILE *stream = fopen(path, "rb");
    uint8_t *bytes = malloc(FILE_MAX); /* segments point into it */
    size_t size = stream && bytes ? fread(bytes, 1, FILE_MAX, stream) : 0;
    struct pcap_file file;

    require(size != 0, "a capture that cannot be read");
    fclose(stream);
    if (!pcap_file_open(&file, bytes, size))
        return;
    tapes[tape_count] = tape_of(&file);
    if (tapes[tape_count].count)
        tape_count++;
}

static void load_all(void)
{
    struct files files;

    if (tapes)
        return;
    require(files_list(&files, CAPTURES, ".pcap"), "no captures");
    tapes = calloc(files.count, sizeof *tapes);
    require(tapes != NULL, "no memory");
    for (size_t i = 0; i < files.count; i++)
        load(files.path[i]);
    files_free(&files);
    require(tape_count != 0, "no captures with segments");
}

static struct tape copy_of(const struct tape *from)
{
    struct tape tape = { .end_ns = from->end_ns };

    for (size_t i = 0; i < from->count && i < SEGMENTS_MAX / 2; i++)
        tape_add(&tape, &from->take[i]);
    return tape;
}

static void befall(struct tape *tape, struct input *input)
{
    enum act act = (enum act)(take8(input) % ACTS);
    size_t n = take16(input);
    uint16_t far = take16(input);
    struct tape guests;

    require(tape->take && tape->count, "nothing is left");
    if (act == ACT_MERGE && tape->count < SEGMENTS_MAX / 2) {
        guests = copy_of(&tapes[far % tape_count]);
        tape_weave(tape, &guests);
        tape_free(&guests);
    } else if (tape->count < SEGMENTS_MAX) {
        act_befall(tape, act, n % tape->count, far);
    }
}

static bool names_the_same(const struct verdict *a, const struct verdict *b)
{
    return a->cause == b->cause && a->detail == b->detail && a->confidence == b->confidence &&
           a->severity == b->severity && a->by == b->by;
}

static bool says_the_same(const struct verdict *a, const struct verdict *b)
{
    return names_the_same(a, b) && a->frame == b->frame && a->form == b->form &&
           a->effect == b->effect && a->trigger == b->trigger && a->fin == b->fin &&
           a->fin_peer == b->fin_peer && a->syn == b->syn && a->repeat_of == b->repeat_of &&
           a->killed_by == b->killed_by &&
           memcmp(a->alternative, b->alternative, sizeof a->alternative) == 0;
}

/* The first is no repeat and shows what its repeats do; of the same side, unless it is a FIN, which
 * the other may answer. */
static void check_repeat(const struct ruled *ruled, const struct verdict *verdict)
{
    const struct ruling *ruling = ruled_first(ruled);
    const struct verdict *first = ruling ? &ruling->verdict : NULL;

    require(!first == !verdict->repeat_of, "a repeat of nothing, or none of the first");
    if (!first)
        return;
    require(first->frame == verdict->repeat_of && !first->repeat_of && !ruled_first(&ruling->ruled),
            "a repeat of a repeat");
    require(first->sender == verdict->sender || first->form == FORM_FIN,
            "a repeat of the other side's");
    require(names_the_same(first, verdict), "a repeat says something else");
}

/* What is certain rests on the handshake, on both sides, and on all that was sent between. */
static void check_ground(const struct verdict *verdict, const struct sights *sights,
                         uint32_t stream)
{
    bool sides[2] = { false, false }, opened = false;

    if (verdict->confidence != CONFIDENCE_CERTAIN || sanity_is_undoubted(verdict))
        return;
    for (uint32_t i = 1; i <= sights->last; i++)
        if (sights->stream[i] == stream) {
            sides[sights->segment[i].side] = true;
            opened |= sights->segment[i].flags & SEGMENT_SYN;
        }
    require(opened, "certain, without a handshake");
    require((sides[0] && sides[1]) || verdict->form == FORM_SILENCE, "certain, of one side");
}

static void tell(void *context, const struct trial *trial, const struct ruled *ruled,
                 const struct verdict *verdict)
{
    const struct sights *sights = context;
    uint32_t stream = trial_stream(trial, ruled_ruling(ruled)->connection);
    const char *complaint = sanity_complaint(verdict, sights, stream);

    require(!complaint, complaint);
    check_repeat(ruled, verdict);
    check_ground(verdict, sights, stream);
    told[told_count++] = *verdict;
}

/* What is said at once stays, unless it is called provisional. */
static void check_once(const struct trial *trial, const struct saying *saying)
{
    struct verdict last = conductor_verdict(&trial->conductor, saying->ruled, true);

    require(saying->verdict.provisional || saying->verdict.cause == CAUSE_NONE ||
                says_the_same(&saying->verdict, &last),
            "it was not called provisional");
}

/* Each RST has a verdict in the end. */
static void check_all_resets(size_t resets)
{
    for (size_t i = 0; i < told_count; i++)
        resets -= told[i].form != FORM_FIN && told[i].form != FORM_SILENCE;
    require(resets == 0, "a RST without a verdict in the end");
}

static void check_gaps(const struct saying *saying)
{
    const struct side *side = ruled_ruling(saying->ruled)->connection->flow.side;
    const struct verdict *verdict = &saying->verdict;

    if (verdict->confidence == CONFIDENCE_CERTAIN && !verdict->repeat_of &&
        !sanity_is_undoubted(verdict))
        require(!side_lacks_bytes(&side[0]) && !side_lacks_bytes(&side[1]),
                "certain, and bytes are missing");
}

static void note(const struct trial *trial, const struct sighting *sighting)
{
    const struct connection *connection = connections_find(&trial->conductor.connections, sighting);

    seen[sighting->segment.frame] = sighting->segment;
    stream_of[sighting->segment.frame] = connection ? trial_stream(trial, connection) : UINT32_MAX;
}

static size_t hear(struct trial *trial, struct tape *tape, struct saying *sayings, size_t *resets)
{
    size_t said = 0;

    for (size_t i = 0; i < tape->count; i++) {
        struct sighting *sighting = tape_sighting(tape, i);
        const struct ruled *ruled = trial_hear(trial, sighting);

        note(trial, sighting);
        *resets += !sighting->quoted && sighting->segment.flags & SEGMENT_RST;
        require(ruled || sighting->quoted || !(sighting->segment.flags & SEGMENT_RST),
                "a RST without a ruling");
        if (!ruled)
            continue;
        sayings[said] =
            (struct saying){ ruled, conductor_verdict(&trial->conductor, ruled, false) };
        check_gaps(&sayings[said++]);
        require(sayings[said - 1].verdict.form == FORM_FIN ||
                    sayings[said - 1].verdict.cause != CAUSE_NONE,
                "a RST without a cause");
    }
    return said;
}

/* Clearing what is lent by default would take most of the time. */
static void judge(struct tape *tape)
{
    static const struct memory memory = { .steps = 1 << 12,
                                          .endpoints = 1 << 9,
                                          .callers = 1 << 8 };
    static struct saying sayings[SEGMENTS_MAX];
    const struct sights sights = { seen, stream_of, (uint32_t)tape->count };
    struct trial trial;
    size_t said, resets = 0;

    told_count = 0;
    trial_begin(&trial, &memory);
    said = hear(&trial, tape, sayings, &resets);
    conductor_reach(&trial.conductor, tape->end_ns);
    for (size_t i = 0; i < said; i++)
        check_once(&trial, &sayings[i]);
    trial_tell_all(&trial, tell, (void *)(uintptr_t)&sights);
    check_all_resets(resets);
    trial_end(&trial);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct verdict before[2 * SEGMENTS_MAX];
    struct input input = { data, size };
    struct tape tape;
    size_t count;

    load_all();
    tape = copy_of(&tapes[take16(&input) % tape_count]);
    for (int i = 0; input.left && i < ACTS_MAX; i++)
        befall(&tape, &input);
    judge(&tape);
    count = told_count;
    memcpy(before, told, count * sizeof *told);
    judge(&tape);
    require(count == told_count, "another number of verdicts the second time");
    for (size_t i = 0; i < count; i++)
        require(says_the_same(&before[i], &told[i]), "another verdict the second time");
    tape_free(&tape);
    return 0;
}
