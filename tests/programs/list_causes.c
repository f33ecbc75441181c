/* Prints what is released of the tables: numbers and tokens, which never change.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "causes.h"

#include <stdio.h>

int main(void)
{
    for (size_t i = 0; i < cause_count; i++)
        printf("cause %d %s %s\n", cause_table[i].cause, cause_table[i].token,
               cause_table[i].filter);
    for (size_t i = 0; i < detail_count; i++)
        printf("detail %d %s %s\n", detail_table[i].detail,
               cause_info(detail_table[i].cause)->token, detail_table[i].token);
    return 0;
}
