/* What answers in place of Wireshark's functions.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STAND_IN_H
#define STAND_IN_H

/** Which function was called, with its first arguments (what they are, it knows); its result. */
typedef void *stand_in_answer(const char *name, void *first, void *second, void *third);

/** The name under which each stand-in exports a pointer to one.  NULL: 0 is the answer to all. */
#define STAND_IN_ANSWERS "stand_in_answers"

#endif
