/* The ways a capture may be changed: most of them change nothing of what happened.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WAY_H
#define WAY_H

#include "tape.h"

enum { WAY_NUMBERS = 2 };

/** One of way_table, with what is said behind its name. */
struct way {
    const struct way_info *info;
    int64_t number[WAY_NUMBERS]; /* 0 where it is left out */
    const struct tape *other;    /* another capture; NULL: none */
};

struct way_info {
    const char *name;
    const char *means;
    void (*change)(struct tape *tape, const struct way *way);
};

/** All of them; the last has no name. */
extern const struct way_info way_table[];

/** Read NAME or NAME=NUMBER or NAME=NUMBER,NUMBER; false: it is none. */
bool way_read(const char *text, struct way *way);

#endif
