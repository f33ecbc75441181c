/* What the user may set: Edit > Preferences > Protocols > TCP Abort.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "verdict.h"

/** What sentences are written in. */
enum language { LANGUAGE_ENGLISH, LANGUAGE_CHINESE };

/** The preferences as the rest of the plugin reads them. */
struct settings {
    struct tuning tuning;   /* of the core */
    enum severity harmless; /* of the expert info of a harmless verdict */
    bool harmless_in_info;  /* show harmless verdicts in the Info column */
    bool judge_silence;     /* judge connections that died without a reset */
    enum language language; /* as the user chose it, or as the locale has it */
};

extern const struct settings *const settings;

/** Register the preferences.  A value out of range is refused: told, and the last good one kept. */
void settings_register(int proto);

#endif
