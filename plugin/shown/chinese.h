/* What the plugin says, in Chinese: the rows of zh.def beside those they stand for.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CHINESE_H
#define CHINESE_H

#include <stddef.h>

/** A sentence of the tables or of the code. */
struct saying {
    const char *english; /* NULL: a row that stands for nothing */
    const char *chinese; /* UTF-8; NULL: not yet */
};

/** What stands for the sentence, which is found by its words; NULL: nothing yet. */
const char *chinese(const char *english);

/** All of them, the English ones in order; those of the code are listed by zh.def alone. */
const struct saying *chinese_sayings(size_t *count);

#endif
