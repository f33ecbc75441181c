/* Prints what is released of the tables: numbers and tokens, which never change.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "values.h"
#include "verdict.h"

#include <stdio.h>

static void print_words(const char *kind, const char *const *words, int first, int last)
{
    for (int i = first; i <= last; i++)
        printf("%s %d %s\n", kind, i, words[i]);
}

int main(void)
{
    for (size_t i = 0; i < cause_count; i++)
        printf("cause %d %s %s\n", cause_table[i].cause, cause_table[i].token,
               cause_table[i].filter);
    for (size_t i = 0; i < detail_count; i++)
        printf("detail %d %s %s\n", detail_table[i].detail,
               cause_info(detail_table[i].cause)->token, detail_table[i].token);
    print_words("by", party_words, PARTY_UNKNOWN, PARTY_MIDDLEBOX);
    print_words("form", form_words, FORM_UNCLEAR, FORM_SILENCE);
    print_words("confidence", confidence_words, CONFIDENCE_POSSIBLE, CONFIDENCE_CERTAIN);
    return 0;
}
