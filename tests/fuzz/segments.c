/* Fuzzes the conductor with what captures become: segments lost, doubled, reordered, cut, shifted,
 * turned round and merged.  Sane verdicts come out, the same ones each time.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An input names a capture and then what befalls it, five bytes each: what, where, and how far.
 */
#include "files.h"
#include "fuzz.h"
#include "sanity.h"
#include "tape.h"
#include "trial.h"

enum { SEGMENTS_MAX = 2000, ACTS_MAX = 64, NEAR = 8, FILE_MAX = 1 << 20 };

enum act { LOSE, DOUBLE, SWAP, CUT, SHIFT, TURN, MERGE, ACTS };

static struct tape *tapes;
static size_t tape_count;

/** What was said when a frame was met. */
struct saying {
    const struct ruling *ruling;
    struct verdict verdict;
};

static struct segment seen[SEGMENTS_MAX + 1];
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

static void lose(struct tape *tape, size_t at)
{
    memmove(&tape->take[at], &tape->take[at + 1], (tape->count - at - 1) * sizeof *tape->take);
    tape->count--;
}

static void turn(struct take *take)
{
    const struct take kept = *take;

    for (int end = 0; end < 2; end++) {
        memcpy(take->address[end], kept.address[!end], ADDRESS_BYTES_MAX);
        take->sighting.segment.port[end] = kept.sighting.segment.port[!end];
    }
}

static void swap(struct tape *tape, size_t at, size_t with)
{
    const struct take kept = tape->take[at];

    tape->take[at] = tape->take[with];
    tape->take[with] = kept;
}

static void insert_again(struct tape *tape, size_t at, size_t behind)
{
    const struct take again = tape->take[at];

    tape_add(tape, &again);
    for (size_t i = tape->count - 1; i > at + behind + 1; i--)
        swap(tape, i, i - 1);
}

/* From there on; `steps` is signed, and up to nine hours either way. */
static void shift(struct tape *tape, size_t at, uint16_t steps)
{
    int64_t ns = (int64_t)(steps & 0x7fff) * (steps & 0x7fff) * 30000;

    for (size_t i = at; i < tape->count; i++)
        tape->take[i].sighting.segment.time_ns += steps & 0x8000 ? -ns : ns;
}

static void befall(struct tape *tape, struct input *input)
{
    enum act act = (enum act)(take8(input) % ACTS);
    size_t at = take16(input);
    uint16_t far = take16(input);
    struct tape guests;

    require(tape->take && tape->count, "nothing is left");
    at %= tape->count;
    if (act == LOSE && tape->count > 1)
        lose(tape, at);
    else if (act == DOUBLE && tape->count < SEGMENTS_MAX)
        insert_again(tape, at, far % NEAR);
    else if (act == SWAP)
        swap(tape, at, (at + far % NEAR) % tape->count);
    else if (act == CUT && far % NEAR == 0)
        tape->count = at + 1;
    else if (act == SHIFT)
        shift(tape, at, far);
    else if (act == TURN)
        turn(&tape->take[at]);
    else if (act == MERGE && tape->count < SEGMENTS_MAX / 2) {
        guests = copy_of(&tapes[far % tape_count]);
        tape_weave(tape, &guests);
        tape_free(&guests);
    }
}

static void tell(void *context, const struct ruling *ruling, const struct verdict *verdict)
{
    const struct sights *sights = context;
    const char *complaint = sanity_complaint(verdict, sights, 0);

    require(!complaint, complaint);
    require(!ruling->primary || ruling->primary->verdict.cause == verdict->cause,
            "a repeat of another cause");
    require(verdict->confidence != CONFIDENCE_CERTAIN || verdict->repeat_of ||
                verdict->alternative[0] == CAUSE_NONE,
            "certain, and something else fits");
    told[told_count++] = *verdict;
}

static bool says_the_same(const struct verdict *a, const struct verdict *b)
{
    return a->frame == b->frame && a->cause == b->cause && a->detail == b->detail &&
           a->confidence == b->confidence && a->by == b->by && a->form == b->form &&
           a->trigger == b->trigger && a->repeat_of == b->repeat_of;
}

/* What is said at once stays, unless it is called provisional. */
static void check_once(const struct trial *trial, const struct saying *saying)
{
    struct verdict last = conductor_verdict(&trial->conductor, saying->ruling, true);

    require(saying->verdict.provisional || saying->verdict.cause == CAUSE_NONE ||
                says_the_same(&saying->verdict, &last),
            "it was not called provisional");
}

static size_t hear(struct trial *trial, struct tape *tape, struct saying *sayings)
{
    size_t said = 0;

    for (size_t i = 0; i < tape->count; i++) {
        struct sighting *sighting = tape_sighting(tape, i);
        const struct ruling *ruling = trial_hear(trial, sighting);

        seen[i + 1] = sighting->segment;
        require(ruling || sighting->quoted || !(sighting->segment.flags & SEGMENT_RST),
                "a RST without a ruling");
        if (!ruling)
            continue;
        sayings[said++] =
            (struct saying){ ruling, conductor_verdict(&trial->conductor, ruling, false) };
        require(ruling->verdict.form == FORM_FIN || ruling->verdict.cause != CAUSE_NONE,
                "a RST without a cause");
    }
    return said;
}

static void judge(struct tape *tape)
{
    static struct saying sayings[SEGMENTS_MAX];
    const struct sights sights = { .segment = seen, .last = (uint32_t)tape->count };
    struct trial trial;
    size_t said;

    told_count = 0;
    trial_begin(&trial);
    said = hear(&trial, tape, sayings);
    conductor_reach(&trial.conductor, tape->end_ns);
    for (size_t i = 0; i < said; i++)
        check_once(&trial, &sayings[i]);
    trial_tell_all(&trial, tell, (void *)(uintptr_t)&sights);
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
