/* Colours that differ from one another and from the rules Wireshark comes with, and text
 * that can be read on them: a contrast of 4.5 at least.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "palette.h"

const struct palette palette[] = {
    [FAMILY_HARMLESS] = { "Housekeeping", 0xeeeeec, 0x8f5902, 0x9a9c97 },
    [FAMILY_NOBODY_HOME] = { "Nobody home", 0xb35000, 0xffffff, 0xb35000 },
    [FAMILY_SILENCE] = { "Silence", 0x204a87, 0xffffff, 0x204a87 },
    [FAMILY_BROKEN] = { "Broken off", 0xc81050, 0xffffff, 0xc81050 },
    [FAMILY_DELIBERATE] = { "Cut short", 0x7d3c98, 0xffffff, 0x7d3c98 },
    [FAMILY_FORGED] = { "Forged", 0xfce94f, 0x000000, 0xe0b800 },
    [FAMILY_UNKNOWN] = { "Unexplained", 0x555753, 0xffffff, 0x555753 },
};
const size_t family_count = sizeof palette / sizeof palette[0];

const struct palette palette_harmless = { "Harmless", 0xeeeeec, 0x555753, 0x9a9c97 };
