/* What is written of a capture once it has been read: on the command line, and in a window.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PAPER_H
#define PAPER_H

#include "ledger.h"

/** A text about the aborts of a capture. */
struct paper {
    const char *statistic; /* tshark -z */
    const char *title;
    bool quotes; /* packets by their first line */
    /** The text; it and what it needs are allocated in the pool. */
    const char *(*write)(wmem_allocator_t *pool, const struct accounts *accounts);
};

/** Have it written to standard output by -z STATISTIC[,FILTER] when the capture has been read. */
void paper_register(const struct paper *paper);

/** Show it in a window, of what passes Wireshark's display filter, as things stand. */
void paper_open(const struct paper *paper);

#endif
