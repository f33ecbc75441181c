/* What is known of the capture file that is open, and for as long.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CAPTURE_H
#define CAPTURE_H

#include "compat.h"
#include "endpoint.h"
#include "flow.h"
#include "source.h"

struct ruling;

enum { PAIRS = 1 << 12 };

/** Two endpoints. */
struct pair {
    uint32_t key;          /* a hash of both; another pair may take the slot over */
    struct stream *latest; /* NULL: none */
};

/** What is known of the capture as a whole. */
struct capture {
    struct trail trail;
    struct endpoints endpoints; /* and addresses */
    struct pair pair[PAIRS];
    int64_t end_ns;          /* of the latest frame */
    struct stream **streams; /* by tcp.stream */
    uint32_t streams_room;
    uint32_t ruled_frame;        /* the latest frame with a ruling */
    struct ruling *first_ruling; /* of that frame */
    struct ruling *last_ruling;  /* likewise */
};

/** What is known of one tcp.stream. */
struct stream {
    struct flow flow;
    struct ruling *first[2];          /* on the first RST of each side */
    uint32_t endpoint[2];             /* hashes of address and port, by side */
    uint32_t address[2];              /* hashes of the address, by side */
    const struct stream *predecessor; /* on the same addresses and ports, if any */
    uint32_t number;                  /* tcp.stream */
};

/** Forget it all whenever a file is closed.  Once, at registration. */
void capture_init(void);

/** The capture; an empty one before its first frame.  Only while a file is open. */
struct capture *capture_now(void);

/** Changes with every capture file: what was remembered of another one is gone. */
unsigned capture_epoch(void);

/** The stream of that number; NULL: no segment of it was seen. */
struct stream *capture_find_stream(uint32_t number);

/** The stream of the sighting, which may be its first. */
struct stream *capture_stream_of(const struct sighting *sighting);

#endif
