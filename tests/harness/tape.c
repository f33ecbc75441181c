/* The segments of a capture, held in memory to be changed before they are judged.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tape.h"

#include "packet.h"

#include <stdlib.h>
#include <string.h>

void tape_add(struct tape *tape, const struct take *take)
{
    if (tape->count == tape->room) {
        tape->room = tape->room ? 2 * tape->room : 256;
        tape->take = realloc(tape->take, tape->room * sizeof *tape->take);
        if (!tape->take)
            abort();
    }
    tape->take[tape->count++] = *take;
}

struct tape tape_of(struct pcap_file *file)
{
    struct tape tape = { .take = NULL };
    struct pcap_frame frame;

    while (pcap_file_next(file, &frame)) {
        struct take take = { .origin = frame.number };
        struct sighting *sighting = &take.sighting;

        tape.end_ns = frame.time_ns;
        if (!packet_read(&frame, sighting))
            continue;
        for (int i = 0; i < 2 && sighting->address_bytes; i++)
            memcpy(take.address[i], sighting->address[i], sighting->address_bytes);
        tape_add(&tape, &take);
    }
    return tape;
}

void tape_free(struct tape *tape)
{
    free(tape->take);
    *tape = (struct tape){ .take = NULL };
}

static int64_t time_of(const struct tape *tape, size_t n)
{
    return tape->take[n].sighting.segment.time_ns;
}

/* When it was met, by a clock that never steps back; `met_ns` is when the one before it was. */
static int64_t meet(const struct tape *tape, size_t n, int64_t met_ns)
{
    if (!n)
        return time_of(tape, 0);
    return time_of(tape, n) > time_of(tape, n - 1)
               ? met_ns + time_of(tape, n) - time_of(tape, n - 1)
               : met_ns;
}

void tape_weave(struct tape *tape, const struct tape *other)
{
    struct tape woven = { .end_ns = tape->end_ns };
    int64_t own_ns = 0, other_ns = other->count ? time_of(other, 0) : 0;
    size_t next = 0;

    for (size_t i = 0; i < tape->count; i++) {
        own_ns = meet(tape, i, own_ns);
        while (next < other->count && other_ns < own_ns) {
            tape_add(&woven, &other->take[next++]);
            if (next < other->count)
                other_ns = meet(other, next, other_ns);
        }
        tape_add(&woven, &tape->take[i]);
    }
    while (next < other->count)
        tape_add(&woven, &other->take[next++]);
    tape_free(tape);
    *tape = woven;
}

struct sighting *tape_sighting(struct tape *tape, size_t n)
{
    struct take *take = &tape->take[n];
    struct sighting *sighting = &take->sighting;

    sighting->segment.frame = (uint32_t)n + 1;
    for (int i = 0; i < 2; i++)
        sighting->address[i] = take->address[i];
    return sighting;
}
