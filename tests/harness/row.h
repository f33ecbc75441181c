/* A ruling as `tshark -T fields` prints it, but for enumerations: they are words.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ROW_H
#define ROW_H

#include "trial.h"

#include <stdio.h>

/** The names of the fields, separated by tabs. */
void row_print_names(FILE *out);

/** What stands in them, if that is the verdict: nothing where tshark prints nothing; what repeats
 * is separated by blanks. */
void row_print(FILE *out, const struct trial *trial, const struct ruled *ruled,
               const struct verdict *verdict);

#endif
