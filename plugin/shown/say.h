/* What the plugin says, in the language that is wanted.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The tables and the code are written in English; say() stands where one of their sentences is
 * shown.  The words of filters are the same in every language. */
#ifndef SAY_H
#define SAY_H

#include "compat.h"

/** The sentence, template or format of printf as it is to be shown: static, with the same words and
 * conversions; the English one where there is no other. */
const char *say(const char *english) G_GNUC_FORMAT(1);

/** How many columns a terminal takes for it: two for a character of Chinese. */
int say_columns(const char *text);

/** Call the fields what they are called in that language, from now on. */
void say_fields(void);

#endif
