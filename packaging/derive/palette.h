/* What a family of causes is called and painted.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PALETTE_H
#define PALETTE_H

#include "causes.h"

/** Colours are 0xRRGGBB. */
struct palette {
    const char *title;
    unsigned background; /* of a row of the packet list */
    unsigned foreground;
    unsigned graph; /* of a bar on white */
};

extern const struct palette palette[]; /* by enum family */
extern const size_t family_count;

/** Of every verdict that broke nothing, whatever its family. */
extern const struct palette palette_harmless;

#endif
