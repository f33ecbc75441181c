/* Every word in braces of the tables is one that prose.c can write.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "causes.h"

#include "suite.h"

#include <string.h>

static const char *const words[] = {
#define WRITE(word, expression) #word,
#include "words.def"
};

static bool is_word(const char *text, size_t length)
{
    for (int i = 0; i < ROWS(words); i++)
        if (strlen(words[i]) == length && !strncmp(words[i], text, length))
            return true;
    return false;
}

static void check_words(const char *text)
{
    for (const char *at = text; at && (at = strchr(at, '{')); at++) {
        const char *end = strchr(at, '}');

        ck_assert_msg(end && is_word(at + 1, (size_t)(end - at - 1)), "%s", text);
    }
}

START_TEST(causes_use_known_words)
{
    check_words(cause_table[_i].summary);
    check_words(cause_table[_i].check);
    check_words(cause_table[_i].decides);
    check_words(cause_table[_i].sender_sees);
    check_words(cause_table[_i].receiver_sees);
    check_words(cause_table[_i].link);
}
END_TEST

START_TEST(details_use_known_words)
{
    check_words(detail_table[_i].summary);
    check_words(detail_table[_i].fin_summary);
    check_words(detail_table[_i].fin_sees);
    check_words(detail_table[_i].receiver_sees);
    check_words(detail_table[_i].check);
    check_words(detail_table[_i].link);
}
END_TEST

START_TEST(clues_use_known_words)
{
    check_words(clue_sentence[_i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("words");
    TCase *tests = tcase_create("words");

    tcase_add_loop_test(tests, causes_use_known_words, 0, (int)cause_count);
    tcase_add_loop_test(tests, details_use_known_words, 0, (int)detail_count);
    tcase_add_loop_test(tests, clues_use_known_words, 0, CLUE_COUNT);
    return suite_run_tests(suite, tests);
}
