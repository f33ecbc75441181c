/* What the plugin says, in Chinese: the rows of zh.def beside those they stand for.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "chinese.h"

#include "causes.h"
#include "framing.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ROWS(table) (sizeof(table) / sizeof(table)[0])

static const struct cause_info causes[] = {
#define CAUSE(ID, ...) { .cause = CAUSE_##ID, __VA_ARGS__ },
#include "zh.def"
};

static const struct detail_info details[] = {
#define DETAIL(ID, ...) { .detail = DETAIL_##ID, __VA_ARGS__ },
#include "zh.def"
};

static const char *const clues[CLUE_COUNT] = {
#define CLUE(ID, sentence) [CLUE_##ID] = sentence,
#include "zh.def"
};

static const char *const objections[OBJECTIONS] = {
#define OBJECTION(ID, sentence) [OBJECTION_##ID] = sentence,
#include "zh.def"
};

/* What stands in a row for a number. */
struct row {
    int64_t number;
    const char *text, *more;
};

static const struct row timers[] = {
#define TIMER(seconds, owners) { seconds, owners, NULL },
#include "timers.def"
};
static const struct row chinese_timers[] = {
#define TIMER(seconds, owners) { seconds, owners, NULL },
#include "zh.def"
};

static const struct row chinese_framings[] = {
#define FRAMING(ID, question, answer) { TALK_##ID, question, answer },
#include "zh.def"
};

enum { DIAGNOSTIC = 100 }; /* its codes lie behind those of Multipath TCP */

static const struct row reasons[] = {
#define MPTCP_REASON(code, text)                { code, text, NULL },
#define DIAGNOSTIC_REASON(code, text, CAUSE_ID) { DIAGNOSTIC + (code), text, NULL },
#include "reasons.def"
};
static const struct row chinese_reasons[] = {
#define MPTCP_REASON(code, text)      { code, text, NULL },
#define DIAGNOSTIC_REASON(code, text) { DIAGNOSTIC + (code), text, NULL },
#include "zh.def"
};

enum field {
#define FIELD(id, ...) FIELD_##id,
#include "fields.def"
};
static const struct row fields[] = {
#define FIELD(id, label, name, type, meaning) { FIELD_##id, label, meaning },
#include "fields.def"
};
static const struct row chinese_fields[] = {
#define FIELD(id, label, meaning) { FIELD_##id, label, meaning },
#include "zh.def"
};

static const struct saying of_the_code[] = {
#define SAY(english, chinese) { english, chinese },
#include "zh.def"
};

/* The columns that are shown. */
static const size_t cause_columns[] = {
    offsetof(struct cause_info, title),         offsetof(struct cause_info, means),
    offsetof(struct cause_info, summary),       offsetof(struct cause_info, sender_sees),
    offsetof(struct cause_info, receiver_sees), offsetof(struct cause_info, check),
    offsetof(struct cause_info, decides),
};
static const size_t detail_columns[] = {
    offsetof(struct detail_info, means),         offsetof(struct detail_info, summary),
    offsetof(struct detail_info, receiver_sees), offsetof(struct detail_info, check),
    offsetof(struct detail_info, fin_summary),   offsetof(struct detail_info, fin_sees),
};

enum {
    CAUSES = ROWS(causes),
    DETAILS = ROWS(details),
    SAYINGS_MAX = 2 * (CAUSES * ROWS(cause_columns) + DETAILS * ROWS(detail_columns) + CLUE_COUNT +
                       OBJECTIONS + ROWS(timers) + TALK_PROTOCOLS + ROWS(chinese_framings) +
                       ROWS(reasons) + 2 * ROWS(fields)) +
                  ROWS(of_the_code)
};

/** They grow until all have been seen. */
struct sayings {
    struct saying saying[SAYINGS_MAX];
    size_t count;
};

static void add(struct sayings *all, const char *english, const char *chinese)
{
    if ((english || chinese) && all->count < SAYINGS_MAX)
        all->saying[all->count++] = (struct saying){ english, chinese };
}

/* What the row says in that column; NULL without a row. */
static const char *column(const void *row, size_t offset)
{
    const char *text = NULL;

    if (row)
        memcpy(&text, (const char *)row + offset, sizeof text);
    return text;
}

static void add_columns(struct sayings *all, const void *english, const void *chinese,
                        const size_t *columns, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add(all, column(english, columns[i]), column(chinese, columns[i]));
}

static void add_causes(struct sayings *all)
{
    for (size_t i = 0; i < cause_count; i++) {
        const struct cause_info *row = NULL;

        for (size_t j = 0; j < CAUSES && !row; j++)
            row = causes[j].cause == cause_table[i].cause ? &causes[j] : NULL;
        add_columns(all, &cause_table[i], row, cause_columns, ROWS(cause_columns));
    }
}

static void add_details(struct sayings *all)
{
    for (size_t i = 0; i < detail_count; i++) {
        const struct detail_info *row = NULL;

        for (size_t j = 0; j < DETAILS && !row; j++)
            row = details[j].detail == detail_table[i].detail ? &details[j] : NULL;
        add_columns(all, &detail_table[i], row, detail_columns, ROWS(detail_columns));
    }
}

static const struct row *find(int64_t number, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].number == number)
            return &rows[i];
    return NULL;
}

static void add_rows(struct sayings *all, const struct row *english, size_t count,
                     const struct row *chinese, size_t chinese_count)
{
    for (size_t i = 0; i < count; i++) {
        const struct row *row = find(english[i].number, chinese, chinese_count);

        add(all, english[i].text, row ? row->text : NULL);
        add(all, english[i].more, row ? row->more : NULL);
    }
    for (size_t i = 0; i < chinese_count; i++)
        if (!find(chinese[i].number, english, count))
            add(all, NULL, chinese[i].text);
}

static void add_framings(struct sayings *all)
{
    struct row framings[TALK_PROTOCOLS];

    for (int i = 0; i < TALK_PROTOCOLS; i++)
        framings[i] = (struct row){ i, framing_message(i, true), framing_message(i, false) };
    add_rows(all, framings, ROWS(framings), chinese_framings, ROWS(chinese_framings));
}

static int by_english(const void *a, const void *b)
{
    const struct saying *one = a, *other = b;

    return strcmp(one->english ? one->english : "", other->english ? other->english : "");
}

const struct saying *chinese_sayings(size_t *count)
{
    static struct sayings all;

    if (!all.count) {
        add_causes(&all);
        add_details(&all);
        for (size_t i = 0; i < CLUE_COUNT; i++)
            add(&all, clue_sentence[i], clues[i]);
        for (size_t i = 0; i < OBJECTIONS; i++)
            add(&all, objection_sentence[i], objections[i]);
        add_rows(&all, timers, ROWS(timers), chinese_timers, ROWS(chinese_timers));
        add_framings(&all);
        add_rows(&all, reasons, ROWS(reasons), chinese_reasons, ROWS(chinese_reasons));
        add_rows(&all, fields, ROWS(fields), chinese_fields, ROWS(chinese_fields));
        for (size_t i = 0; i < ROWS(of_the_code); i++)
            add(&all, of_the_code[i].english, of_the_code[i].chinese);
        qsort(all.saying, all.count, sizeof all.saying[0], by_english);
    }
    *count = all.count;
    return all.saying;
}

const char *chinese(const char *english)
{
    struct saying wanted = { .english = english };
    const struct saying *found, *sayings;
    size_t count;

    sayings = chinese_sayings(&count);
    found = bsearch(&wanted, sayings, count, sizeof *sayings, by_english);
    return found ? found->chinese : NULL;
}
