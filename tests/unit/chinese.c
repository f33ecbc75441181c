/* Every sentence has its Chinese, with the same words, commands and figures; both fit a pane.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "chinese.h"

#include "causes.h"

#include "suite.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

/* What stands before and behind a place. */
enum kind { KIND_OTHER, KIND_BLANK, KIND_LATIN, KIND_HAN, KIND_WIDE_STOP };

static const struct {
    const char *word, *expression;
} words[] = {
#define WRITE(word, expression) { #word, #expression },
#include "words.def"
};

static const struct saying *saying(int i)
{
    size_t count;

    return &chinese_sayings(&count)[i];
}

/* What is missing is told once, by the first test. */
static const struct saying *complete(int i)
{
    static const struct saying nothing = { "-", "-" };
    const struct saying *s = saying(i);

    return s->english && s->chinese ? s : &nothing;
}

START_TEST(it_is_said_in_chinese)
{
    const struct saying *s = saying(_i);

    ck_assert_msg(s->english != NULL, "zh.def has more than there is: %s", s->chinese);
    ck_assert_msg(s->chinese != NULL, "zh.def lacks: %s", s->english);
    ck_assert_str_eq(chinese(s->english), s->chinese); /* one sentence has one Chinese */
}
END_TEST

enum { CLAUSES_MAX = 12, WORDS_MAX = 12, WORD_MAX = 32 };

/** The words outside of clauses are clause 0. */
struct clauses {
    char word[CLAUSES_MAX][WORDS_MAX][WORD_MAX];
    int words[CLAUSES_MAX];
    int count;
};

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

static int by_words(const void *a, const void *b)
{
    return memcmp(a, b, sizeof((struct clauses *)0)->word[0]);
}

static void add_word(struct clauses *clauses, int clause, const char *from, size_t length)
{
    int *count = &clauses->words[clause];

    ck_assert(*count < WORDS_MAX && length < WORD_MAX);
    memcpy(clauses->word[clause][(*count)++], from, length);
}

static void read_clauses(struct clauses *clauses, const char *text)
{
    int clause = 0;

    *clauses = (struct clauses){ .count = 1 };
    for (; *text; text++) {
        const char *end = *text == '{' ? strchr(text, '}') : NULL;

        if (*text == '[')
            clause = clauses->count++;
        else if (*text == ']')
            clause = 0;
        else if (end)
            add_word(clauses, clause, text + 1, (size_t)(end - text - 1));
        ck_assert_int_lt(clauses->count, CLAUSES_MAX);
    }
    for (int i = 0; i < clauses->count; i++)
        qsort(clauses->word[i], (size_t)clauses->words[i], WORD_MAX, by_text);
    qsort(clauses->word[1], (size_t)clauses->count - 1, sizeof clauses->word[0], by_words);
}

START_TEST(it_has_the_words_and_clauses_of_the_english)
{
    static struct clauses english, other;
    const struct saying *s = complete(_i);

    read_clauses(&english, s->english);
    read_clauses(&other, s->chinese);
    ck_assert_msg(!memcmp(english.word, other.word, sizeof english.word), "%s\n%s", s->english,
                  s->chinese);
}
END_TEST

/* What stands between the two marks is the same, one after the other. */
static void check_marked(const struct saying *s, char mark)
{
    const char *one = s->english, *other = s->chinese;

    while ((one = strchr(one, mark))) {
        const char *end = strchr(one + 1, mark);
        size_t length;

        ck_assert_ptr_nonnull(end);
        length = (size_t)(end + 1 - one);
        other = strchr(other, mark);
        ck_assert_msg(other && !strncmp(one, other, length), "%s\n%s", s->english, s->chinese);
        one += length;
        other += length;
    }
    ck_assert_msg(!strchr(other, mark), "%s\n%s", s->english, s->chinese);
}

START_TEST(it_has_the_commands_of_the_english)
{
    check_marked(complete(_i), '`');
}
END_TEST

/* Messages of programs: quoted, and of more than one word; what they say of a figure may stand
 * behind them. */
START_TEST(it_has_the_messages_of_the_english)
{
    const struct saying *s = complete(_i);

    for (const char *at = s->english; (at = strchr(at, '"')); at++) {
        const char *end = strchr(at + 1, '"');
        char message[128];

        ck_assert(end && (size_t)(end - at) < sizeof message);
        memcpy(message, at + 1, (size_t)(end - at - 1));
        message[end - at - 1] = '\0';
        message[strcspn(message, "[")] = '\0';
        if (strchr(message, ' '))
            ck_assert_msg(strstr(s->chinese, message) != NULL, "%s\n%s", s->english, s->chinese);
        at = end;
    }
}
END_TEST

/* A conversion of printf; NULL: there is no more. */
static const char *conversion(const char **at, size_t *length)
{
    const char *from = strchr(*at, '%');

    if (!from || isspace((unsigned char)from[1])) /* per cent */
        return NULL;
    *length = strcspn(from, "diufgsxc") + 1;
    *at = from + *length;
    return from;
}

START_TEST(it_has_the_conversions_of_the_english)
{
    const struct saying *s = complete(_i);
    const char *one = s->english, *other = s->chinese, *from;
    size_t length, other_length;

    while ((from = conversion(&one, &length))) {
        const char *same = conversion(&other, &other_length);

        ck_assert_msg(same && length == other_length && !strncmp(from, same, length), "%s\n%s",
                      s->english, s->chinese);
    }
    ck_assert_ptr_null(conversion(&other, &other_length));
}
END_TEST

/* The character there, and where the next one begins. */
static uint32_t character(const char **at)
{
    const unsigned char *c = (const unsigned char *)*at;
    int more = *c < 0x80 ? 0 : *c < 0xe0 ? 1 : *c < 0xf0 ? 2 : 3;
    uint32_t code = *c & (more ? 0x3fU >> more : 0x7fU);

    for (int i = 1; i <= more; i++)
        code = code << 6 | (c[i] & 0x3fU);
    *at += more + 1;
    return code;
}

static enum kind kind_of(uint32_t code)
{
    if (code == ' ')
        return KIND_BLANK;
    if (code < 0x80 && isalnum((int)code))
        return KIND_LATIN;
    if (code >= 0x4e00 && code < 0xa000)
        return KIND_HAN;
    return (code >= 0x3001 && code <= 0x3002) || code >= 0xff00 ? KIND_WIDE_STOP : KIND_OTHER;
}

/* What a word begins and ends with, by the expression that writes it; false: it writes nothing. */
static bool word_kinds(const char *at, size_t length, enum kind *first, enum kind *last)
{
    const char *expression = "";

    for (int i = 0; i < ROWS(words); i++)
        if (strlen(words[i].word) == length && !strncmp(words[i].word, at, length))
            expression = words[i].expression;
    *first = *last = KIND_LATIN;
    if (strstr(expression, "write_side"))
        *first = KIND_HAN;
    else if (strstr(expression, "write_role") || strstr(expression, "framing_message") ||
             strstr(expression, "seems"))
        *first = *last = KIND_HAN;
    else if (strstr(expression, "write_bytes") || strstr(expression, "write_times"))
        *last = KIND_HAN;
    else if (strstr(expression, "timer_owner") || strstr(expression, "write_last_words"))
        *first = *last = KIND_OTHER;
    return !strstr(expression, "write_nothing");
}

static bool are_well_set(enum kind before, enum kind here, enum kind blank_before)
{
    if (here == KIND_BLANK)
        return before != KIND_WIDE_STOP;
    if (before == KIND_BLANK)
        return here != KIND_WIDE_STOP && !(here == KIND_HAN && blank_before == KIND_HAN);
    return !(before == KIND_HAN && here == KIND_LATIN) &&
           !(before == KIND_LATIN && here == KIND_HAN);
}

/* Blanks stand between Chinese and all else, but not beside its own stops. */
START_TEST(it_is_set_as_chinese_is)
{
    const struct saying *s = complete(_i);
    enum kind kinds[] = { KIND_OTHER, KIND_OTHER }; /* the last, the one before */

    if (strpbrk(s->english, "%|#")) /* with marks of Markdown, or a part of a sentence */
        return;
    for (const char *at = s->chinese; *at;) {
        const char *end = *at == '{' ? strchr(at, '}') : NULL;
        enum kind first, last;

        if (*at == '[' || *at == ']') {
            at++;
            continue;
        }
        if (!end) {
            first = last = kind_of(character(&at));
        } else if (!word_kinds(at + 1, (size_t)(end - at - 1), &first, &last)) {
            at = end + 1;
            continue;
        } else {
            at = end + 1;
        }
        ck_assert_msg(are_well_set(kinds[0], first, kinds[1]), "before \"%s\": %s", at, s->chinese);
        kinds[1] = kinds[0];
        kinds[0] = last;
    }
}
END_TEST

/* A sentence ends as such, and a part of one does not. */
START_TEST(it_ends_as_the_english_does)
{
    static const char *const stops[][2] = { { ".", "。" }, { "?", "？" } };
    const struct saying *s = complete(_i);

    for (int i = 0; i < ROWS(stops); i++) {
        size_t length = strlen(s->chinese), stop = strlen(stops[i][1]);
        bool ends = s->english[strlen(s->english) - 1] == *stops[i][0];

        ck_assert_msg(!ends || (length >= stop && !strcmp(s->chinese + length - stop, stops[i][1])),
                      "%s\n%s", s->english, s->chinese);
    }
}
END_TEST

/* A details pane shows so many columns; what stands for a word is as long as it usually is. */
enum { PANE = 75, ENDPOINT = 30, FIGURE = 7 };

static bool is_end_of_sentence(const char *at)
{
    return !*at || !strncmp(at, "。", strlen("。")) || !strncmp(at, ". ", 2) ||
           !strncmp(at, ".[", 2);
}

static int first_sentence(const char *text)
{
    int columns = 0;

    while (!is_end_of_sentence(text)) {
        const char *end = *text == '{' ? strchr(text, '}') : NULL;
        enum kind first, last;

        if (end) {
            if (word_kinds(text + 1, (size_t)(end - text - 1), &first, &last))
                columns += first == KIND_HAN && last == KIND_LATIN ? ENDPOINT : FIGURE;
            text = end + 1;
        } else if (*text == '[' || *text == ']') {
            text++;
        } else {
            columns += character(&text) < 0x2000 ? 1 : 2;
        }
    }
    return columns;
}

static void check_first_sentence(const char *summary)
{
    const char *said = summary ? chinese(summary) : NULL;

    if (summary)
        ck_assert_msg(first_sentence(summary) <= PANE, "%d: %s", first_sentence(summary), summary);
    if (said)
        ck_assert_msg(first_sentence(said) <= PANE, "%d: %s", first_sentence(said), said);
}

/* In either language. */
START_TEST(who_and_what_fit_a_pane)
{
    check_first_sentence(cause_table[_i].summary);
    for (size_t i = 0; i < detail_count; i++) {
        if (detail_table[i].cause != cause_table[_i].cause)
            continue;
        check_first_sentence(detail_table[i].summary);
        check_first_sentence(detail_table[i].fin_summary);
    }
}
END_TEST

START_TEST(what_was_never_said_has_no_chinese)
{
    ck_assert_ptr_null(chinese("a sentence of nobody"));
    ck_assert_ptr_null(chinese(""));
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("chinese");
    size_t count;

    chinese_sayings(&count);
    tcase_add_loop_test(tests, it_is_said_in_chinese, 0, (int)count);
    tcase_add_loop_test(tests, it_has_the_words_and_clauses_of_the_english, 0, (int)count);
    tcase_add_loop_test(tests, it_has_the_commands_of_the_english, 0, (int)count);
    tcase_add_loop_test(tests, it_has_the_messages_of_the_english, 0, (int)count);
    tcase_add_loop_test(tests, it_has_the_conversions_of_the_english, 0, (int)count);
    tcase_add_loop_test(tests, it_is_set_as_chinese_is, 0, (int)count);
    tcase_add_loop_test(tests, it_ends_as_the_english_does, 0, (int)count);
    tcase_add_loop_test(tests, who_and_what_fit_a_pane, 0, (int)cause_count);
    tcase_add_test(tests, what_was_never_said_has_no_chinese);
    return suite_run_tests(suite_create("chinese"), tests);
}
