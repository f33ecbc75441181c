/* The words for values: what filters, columns and statistics say in place of numbers.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VALS_H
#define VALS_H

#include "compat.h"
#include "verdict.h"

extern const value_string confidence_vals[];
extern const value_string party_vals[];
extern const value_string form_vals[];

/** The tokens of causes.def; lives as long as the process. */
const value_string *vals_of_causes(void);

/** The tokens of details.def; lives as long as the process. */
const value_string *vals_of_details(void);

#endif
