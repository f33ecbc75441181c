/* The words of a verdict's enumerations, by value.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "values.h"

#include "verdict.h"

const char *const party_words[] = {
    [PARTY_UNKNOWN] = "unknown",
    [PARTY_CLIENT] = "client",
    [PARTY_SERVER] = "server",
    [PARTY_MIDDLEBOX] = "middlebox",
};

const char *const form_words[] = {
    [FORM_UNCLEAR] = "unclear", [FORM_REFLEX] = "reflex",   [FORM_ACTIVE] = "active",
    [FORM_FIN] = "fin",         [FORM_SILENCE] = "silence",
};

const char *const confidence_words[] = {
    [CONFIDENCE_POSSIBLE] = "possible",
    [CONFIDENCE_LIKELY] = "likely",
    [CONFIDENCE_CERTAIN] = "certain",
};
