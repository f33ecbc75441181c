/* Memory lent to a conductor, each loan by itself, so that a sanitizer sees where one ends.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LOANS_H
#define LOANS_H

#include "connection.h"

/** What is lent at the moment.  Zero-initialised: nothing. */
struct loans {
    struct loan *latest;
    size_t left; /* bytes that may still be lent */
};

/** A lender of so many bytes at most.  It outlives neither the loans nor their end. */
struct lender loans_begin(struct loans *loans, size_t bytes);

/** Take everything back. */
void loans_end(struct loans *loans);

#endif
