/* The table of causes, details and kinds of evidence as C sees it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "causes.h"

#include <string.h>

const struct cause_info cause_table[] = {
#define CAUSE(NUMBER, ID, name, ...)                                                               \
    { .cause = CAUSE_##ID, .token = #name, .filter = "tcp.abort." #name, __VA_ARGS__ },
#include "causes.def"
};
const size_t cause_count = sizeof cause_table / sizeof cause_table[0];

const struct detail_info detail_table[] = {
#define DETAIL(NUMBER, CAUSE_ID, ID, name, ...)                                                    \
    { .detail = DETAIL_##ID, .cause = CAUSE_##CAUSE_ID, .token = #name, __VA_ARGS__ },
#include "details.def"
};
const size_t detail_count = sizeof detail_table / sizeof detail_table[0];

const char *const clue_sentence[CLUE_COUNT] = {
#define CLUE(ID, sentence) [CLUE_##ID] = sentence,
#include "clues.def"
};

const struct cause_info *cause_info(enum cause cause)
{
    for (size_t i = 0; i < cause_count; i++)
        if (cause_table[i].cause == cause)
            return &cause_table[i];
    return NULL;
}

const struct detail_info *detail_info(enum detail detail)
{
    for (size_t i = 0; i < detail_count; i++)
        if (detail_table[i].detail == detail)
            return &detail_table[i];
    return NULL;
}

bool detail_refines(enum detail detail, enum cause cause)
{
    const struct detail_info *info = detail_info(detail);

    return info && (info->cause == cause || info->also[0] == cause || info->also[1] == cause);
}

const struct detail_info *detail_words(enum detail detail, enum cause cause)
{
    const struct detail_info *info = detail_info(detail);

    return info && info->cause == cause ? info : NULL;
}

enum severity cause_severity(enum cause cause, enum detail detail)
{
    const struct detail_info *finer = detail_info(detail);

    return finer && finer->severity != SEVERITY_DEFAULT ? finer->severity
                                                        : cause_info(cause)->severity;
}

enum comparison cause_comparison(enum cause cause, enum detail detail)
{
    const struct detail_info *finer = detail_info(detail);
    const struct cause_info *info = cause_info(cause);

    if (!info)
        return COMPARED_WITH_NOTHING;
    return finer && finer->compared != COMPARED_WITH_NOTHING ? finer->compared : info->compared;
}

enum cause cause_by_token(const char *token)
{
    for (size_t i = 0; i < cause_count; i++)
        if (!strcmp(cause_table[i].token, token))
            return cause_table[i].cause;
    return CAUSE_NONE;
}

enum detail detail_by_token(const char *token)
{
    for (size_t i = 0; i < detail_count; i++)
        if (!strcmp(detail_table[i].token, token))
            return detail_table[i].detail;
    return DETAIL_NONE;
}
