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

const char *const objection_sentence[OBJECTIONS] = {
#define OBJECTION(ID, sentence) [OBJECTION_##ID] = sentence,
#include "objections.def"
};

/* The place of each row, by its number: one past its index, 0 where there is none. */
enum {
#define CAUSE(NUMBER, ID, token, ...) CAUSE_ROW_##ID,
#include "causes.def"
#define DETAIL(NUMBER, CAUSE_ID, ID, token, ...) DETAIL_ROW_##ID,
#include "details.def"
    ROWS_END,
    FIRST_DETAIL_ROW = ROWS_END - (int)(sizeof detail_table / sizeof detail_table[0])
};

static const uint8_t cause_row[] = {
#define CAUSE(NUMBER, ID, token, ...) [NUMBER] = CAUSE_ROW_##ID + 1,
#include "causes.def"
};

static const uint8_t detail_row[] = {
#define DETAIL(NUMBER, CAUSE_ID, ID, token, ...) [NUMBER] = DETAIL_ROW_##ID - FIRST_DETAIL_ROW + 1,
#include "details.def"
};

const struct cause_info *cause_info(enum cause cause)
{
    return cause < sizeof cause_row && cause_row[cause] ? &cause_table[cause_row[cause] - 1] : NULL;
}

const struct detail_info *detail_info(enum detail detail)
{
    return detail < sizeof detail_row && detail_row[detail] ? &detail_table[detail_row[detail] - 1]
                                                            : NULL;
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
