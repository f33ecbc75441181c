/* Judges capture files by the core alone.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usage: judge_natively [-w WAY]... FILE...
 *
 * Prints the names of the columns, then a line for each ruling: the file, and what
 * `tshark -2 -T fields` shows of it.
 *
 * With ways, each file is changed in each way before it is judged (-w help lists them).  A line
 * then has three columns more behind the file: the way; `copy` where the frame is the copy of one,
 * `once` where that is what one pass says at the frame, before what follows is known; and
 * `provisional`.  Frames are those of the file.
 */
#include "packet.h"
#include "row.h"
#include "trial.h"
#include "way.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAYS_MAX = 64 };

/** A file that is held in memory. */
struct held {
    const char *name;
    uint8_t *bytes;
    struct pcap_file file;
};

/** Where a verdict's frames come from. */
struct telling {
    const char *name;
    const char *way;
    const struct tape *tape;
};

/* False: it cannot be read. */
static bool hold(struct held *held, const char *name)
{
    FILE *stream = fopen(name, "rb");
    size_t size = 0;
    long length = -1;

    *held = (struct held){ .name = name };
    if (!stream)
        return false;
    if (fseek(stream, 0, SEEK_END) == 0)
        length = ftell(stream);
    if (length >= 0 && fseek(stream, 0, SEEK_SET) == 0)
        held->bytes = malloc((size_t)length + 1);
    if (held->bytes)
        size = fread(held->bytes, 1, (size_t)length, stream);
    fclose(stream);
    return held->bytes && pcap_file_open(&held->file, held->bytes, size);
}

static void print(void *name, const struct trial *trial, const struct ruled *ruled,
                  const struct verdict *verdict)
{
    printf("%s\t", (const char *)name);
    row_print(stdout, trial, ruled, verdict);
    putchar('\n');
}

static void judge(struct held *held)
{
    struct trial trial;
    struct pcap_frame frame;
    struct sighting sighting;

    trial_begin(&trial, &memory_default);
    while (pcap_file_next(&held->file, &frame)) {
        conductor_reach(&trial.conductor, frame.time_ns);
        if (packet_read(&frame, &sighting))
            trial_hear(&trial, &sighting);
    }
    trial_tell_all(&trial, print, (void *)(uintptr_t)held->name);
    trial_end(&trial);
}

static void trace(const struct tape *tape, uint32_t *frame)
{
    if (*frame)
        *frame = tape->take[*frame - 1].origin;
}

/* Its frames are again those of the file. */
static struct verdict traced(const struct tape *tape, const struct verdict *verdict)
{
    struct verdict v = *verdict;
    uint32_t *const frames[] = {
        &v.frame,
        &v.trigger,
        &v.fin,
        &v.fin_peer,
        &v.syn,
        &v.repeat_of,
        &v.killed_by,
        &v.probe.last_frame,
        &v.retransmission.first_frame,
        &v.proof[0],
        &v.proof[1],
        &v.proof[2],
        &v.probe.first_frame,
        &v.retransmission.last_frame,
    };

    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++)
        trace(tape, frames[i]);
    return v;
}

static void print_traced(const struct telling *telling, const char *when, const struct trial *trial,
                         const struct ruled *ruled, const struct verdict *verdict)
{
    const struct verdict v = traced(telling->tape, verdict);

    if (!v.frame)
        return; /* a guest's */
    printf("%s\t%s\t%s\t%s\t", telling->name, telling->way, when,
           v.provisional ? "provisional" : "");
    row_print(stdout, trial, ruled, &v);
    putchar('\n');
}

static void print_at_end(void *context, const struct trial *trial, const struct ruled *ruled,
                         const struct verdict *verdict)
{
    const struct telling *telling = context;
    bool is_copy = telling->tape->take[verdict->frame - 1].is_copy;

    print_traced(telling, is_copy ? "copy" : "", trial, ruled, verdict);
}

static void print_at_once(const struct telling *telling, const struct trial *trial,
                          const struct ruled *ruled)
{
    const struct verdict v = conductor_verdict(&trial->conductor, ruled, false);

    if (v.cause != CAUSE_NONE)
        print_traced(telling, "once", trial, ruled, &v);
}

static void judge_in_way(const struct telling *of_file, const struct tape *original,
                         const struct way *way)
{
    struct tape tape = { .end_ns = original->end_ns };
    struct telling telling = *of_file;
    struct trial trial;

    for (size_t i = 0; i < original->count; i++)
        tape_add(&tape, &original->take[i]);
    way->info->change(&tape, way);
    telling.tape = &tape;
    trial_begin(&trial, &memory_default);
    for (size_t i = 0; i < tape.count; i++) {
        const struct ruled *ruled = trial_hear(&trial, tape_sighting(&tape, i));

        if (ruled && !tape.take[i].is_copy)
            print_at_once(&telling, &trial, ruled);
    }
    conductor_reach(&trial.conductor, tape.end_ns);
    trial_tell_all(&trial, print_at_end, &telling);
    trial_end(&trial);
    tape_free(&tape);
}

/* Leaves the file's segments in `before`, for the next one. */
static void judge_in_ways(struct held *held, char **texts, int count, struct tape *before)
{
    struct tape tape = tape_of(&held->file);

    for (int i = 0; i < count; i++) {
        struct telling telling = { .name = held->name, .way = texts[i] };
        struct way way;

        way_read(texts[i], &way);
        way.other = before->count ? before : NULL;
        judge_in_way(&telling, &tape, &way);
    }
    tape_free(before);
    *before = tape;
}

static int explain(const char *text)
{
    fprintf(stderr, "judge_natively: %s: no way; there are:\n", text);
    for (const struct way_info *info = way_table; info->name; info++)
        fprintf(stderr, "  %-12s%s\n", info->name, info->means);
    return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    struct tape before = { .take = NULL };
    struct held held, last = { .name = NULL };
    char *ways[WAYS_MAX];
    int count = 0, status = EXIT_SUCCESS, at = 1;
    struct way way;

    for (; at + 1 < argc && strcmp(argv[at], "-w") == 0 && count < WAYS_MAX; at += 2) {
        ways[count++] = argv[at + 1];
        if (!way_read(argv[at + 1], &way))
            return explain(argv[at + 1]);
    }
    fputs(count ? "file\tway\twhen\tprovisional\t" : "file\t", stdout);
    row_print_names(stdout);
    putchar('\n');
    for (; at < argc; at++) {
        if (!hold(&held, argv[at])) {
            fprintf(stderr, "judge_natively: %s: no capture file\n", argv[at]);
            free(held.bytes);
            status = EXIT_FAILURE;
            continue;
        }
        if (count)
            judge_in_ways(&held, ways, count, &before);
        else
            judge(&held);
        free(last.bytes); /* segments point into it until the next file has been judged */
        last = held;
    }
    free(last.bytes);
    tape_free(&before);
    return status;
}
