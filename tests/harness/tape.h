/* The segments of a capture, held in memory to be changed before they are judged.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TAPE_H
#define TAPE_H

#include "pcap_file.h"
#include "sighting.h"

/** One segment. */
struct take {
    struct sighting sighting; /* its frame and its addresses are set by tape_sighting() */
    uint8_t address[2][ADDRESS_BYTES_MAX]; /* source, destination */
    uint32_t origin;                       /* its frame in the capture; 0: it was not there */
    bool is_copy;                          /* that frame once more */
};

/** All of them, in the order of the capture.  Zero-initialised: none. */
struct tape {
    struct take *take; /* payload and options point into the file */
    size_t count;
    size_t room;
    int64_t end_ns; /* of the latest frame, whatever it carries */
};

/** What is left of a file, to its end.  tape_free() gives it back; the file outlives it. */
struct tape tape_of(struct pcap_file *file);

void tape_free(struct tape *tape);

/** Add a take to the end. */
void tape_add(struct tape *tape, const struct take *take);

/** Put the takes of another tape between those of this one, each behind all that was met earlier;
 * both keep their own order. */
void tape_weave(struct tape *tape, const struct tape *other);

/** The n-th segment, as the frame n + 1. */
struct sighting *tape_sighting(struct tape *tape, size_t n);

#endif
