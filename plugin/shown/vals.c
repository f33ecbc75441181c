/* The words for values: what filters, columns and statistics say in place of numbers.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "vals.h"

const value_string confidence_vals[] = {
    { CONFIDENCE_POSSIBLE, "possible" },
    { CONFIDENCE_LIKELY, "likely" },
    { CONFIDENCE_CERTAIN, "certain" },
    { 0, NULL },
};

const value_string party_vals[] = {
    { PARTY_CLIENT, "client" },
    { PARTY_SERVER, "server" },
    { PARTY_MIDDLEBOX, "middlebox" },
    { PARTY_UNKNOWN, "unknown" },
    { 0, NULL },
};

const value_string form_vals[] = {
    { FORM_UNCLEAR, "unclear" }, { FORM_REFLEX, "reflex" },   { FORM_ACTIVE, "active" },
    { FORM_FIN, "fin" },         { FORM_SILENCE, "silence" }, { 0, NULL },
};

value_string cause_vals[NAMED_CAUSES + 1];
value_string detail_vals[NAMED_DETAILS + 1];

void vals_fill(void)
{
    for (size_t i = 0; i < cause_count; i++)
        cause_vals[i] = (value_string){ cause_table[i].cause, cause_table[i].token };
    for (size_t i = 0; i < detail_count; i++)
        detail_vals[i] = (value_string){ detail_table[i].detail, detail_table[i].token };
}
