/* Memory lent to a conductor, each loan by itself, so that a sanitizer sees where one ends.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "loans.h"

#include <stdlib.h>

struct loan {
    struct loan *before;
    max_align_t bytes[];
};

static void *lend(void *context, size_t bytes)
{
    struct loans *loans = context;
    struct loan *loan = bytes <= loans->left ? malloc(sizeof *loan + bytes) : NULL;

    if (!loan)
        return NULL;
    loans->left -= bytes;
    loan->before = loans->latest;
    loans->latest = loan;
    return loan->bytes;
}

struct lender loans_begin(struct loans *loans, size_t bytes)
{
    loans_end(loans);
    loans->left = bytes;
    return (struct lender){ lend, loans };
}

void loans_end(struct loans *loans)
{
    while (loans->latest) {
        struct loan *loan = loans->latest;

        loans->latest = loan->before;
        free(loan);
    }
}
