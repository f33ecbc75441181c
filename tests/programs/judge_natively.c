/* Judges capture files by the core alone.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usage: judge_natively FILE...
 *
 * Prints the names of the columns, then a line for each ruling: the file, and what
 * `tshark -2 -T fields` shows of it.
 */
#include "loans.h"
#include "packet.h"
#include "row.h"

#include <stdlib.h>
#include <string.h>

enum { MEMORY = 1 << 30 };

/** A list of pointers that grows. */
struct list {
    void **item;
    size_t count;
    size_t room;
};

/** A capture on its way through the core. */
struct hearing {
    struct conductor conductor;
    struct loans loans;
    struct list connections;
    struct list rulings;
};

static void list_add(struct list *list, void *item)
{
    if (list->count == list->room) {
        list->room = list->room ? 2 * list->room : 64;
        list->item = realloc(list->item, list->room * sizeof *list->item);
        if (!list->item)
            abort();
    }
    list->item[list->count++] = item;
}

/* All bytes of a file; NULL: it cannot be read. */
static uint8_t *read_file(const char *name, size_t *size)
{
    FILE *stream = fopen(name, "rb");
    uint8_t *bytes = NULL;
    long length = -1;

    *size = 0;
    if (!stream)
        return NULL;
    if (fseek(stream, 0, SEEK_END) == 0)
        length = ftell(stream);
    if (length >= 0 && fseek(stream, 0, SEEK_SET) == 0)
        bytes = malloc((size_t)length + 1);
    if (bytes)
        *size = fread(bytes, 1, (size_t)length, stream);
    fclose(stream);
    return bytes;
}

static void hear(struct hearing *hearing, struct sighting *sighting)
{
    struct outcome outcome = conductor_hear(&hearing->conductor, sighting, &tuning_default);

    if (outcome.is_new) {
        outcome.connection->stream = (uint32_t)hearing->connections.count;
        list_add(&hearing->connections, outcome.connection);
    }
    if (!outcome.ruling)
        return;
    outcome.ruling->stream = outcome.connection->stream;
    list_add(&hearing->rulings, outcome.ruling);
}

static void print_row(const char *name, const struct conductor *conductor,
                      const struct ruling *ruling)
{
    if (conductor_verdict(conductor, ruling, true).cause == CAUSE_NONE)
        return; /* it came to nothing */
    printf("%s\t", name);
    row_print(stdout, conductor, ruling);
    putchar('\n');
}

static void print_silences(const char *name, const struct hearing *hearing)
{
    struct rung rungs[LADDER_MAX];
    struct ruling ruling;

    for (size_t i = 0; i < hearing->connections.count; i++)
        for (unsigned side = 0; side < 2; side++)
            if (conductor_silence(&hearing->conductor, hearing->connections.item[i], side, rungs,
                                  &ruling))
                print_row(name, &hearing->conductor, &ruling);
}

static void judge(const char *name, struct pcap_file *file)
{
    struct hearing hearing = { .loans = { .latest = NULL } };
    const struct lender lender = loans_begin(&hearing.loans, MEMORY);
    struct pcap_frame frame;
    struct sighting sighting;

    if (!conductor_start(&hearing.conductor, &lender, &memory_default))
        abort();
    while (pcap_file_next(file, &frame)) {
        conductor_reach(&hearing.conductor, frame.time_ns);
        if (packet_read(&frame, &sighting))
            hear(&hearing, &sighting);
    }
    for (size_t i = 0; i < hearing.rulings.count; i++)
        print_row(name, &hearing.conductor, hearing.rulings.item[i]);
    print_silences(name, &hearing);
    free(hearing.connections.item);
    free(hearing.rulings.item);
    loans_end(&hearing.loans);
}

int main(int argc, char **argv)
{
    int status = EXIT_SUCCESS;

    fputs("file\t", stdout);
    row_print_names(stdout);
    putchar('\n');
    for (int i = 1; i < argc; i++) {
        struct pcap_file file;
        size_t size;
        uint8_t *bytes = read_file(argv[i], &size);

        if (bytes && pcap_file_open(&file, bytes, size)) {
            judge(argv[i], &file);
        } else {
            fprintf(stderr, "judge_natively: %s: no capture file\n", argv[i]);
            status = EXIT_FAILURE;
        }
        free(bytes);
    }
    return status;
}
