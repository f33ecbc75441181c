/* The words for values: what filters, columns and statistics say in place of numbers.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VALS_H
#define VALS_H

#include "compat.h"
#include "verdict.h"

extern const value_string confidence_vals[];
extern const value_string party_vals[];
extern const value_string form_vals[];

enum {
    NAMED_CAUSES = 0
#define CAUSE(...) +1
#include "causes.def"
    ,
    NAMED_DETAILS = 0
#define DETAIL(...) +1
#include "details.def"
};

/** The tokens of causes.def and details.def, once they have been filled in. */
extern value_string cause_vals[NAMED_CAUSES + 1];
extern value_string detail_vals[NAMED_DETAILS + 1];

/** Before the fields are registered. */
void vals_fill(void);

#endif
