/* The tables of causes, details and clues: complete, and without a word said twice.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "causes.h"

#include "suite.h"

#include <ctype.h>
#include <string.h>

/* What a filter can spell without quotes; no name of a protocol collides with it. */
static bool is_token(const char *text)
{
    if (!islower((unsigned char)*text))
        return false;
    for (; *text; text++)
        if (!islower((unsigned char)*text) && !isdigit((unsigned char)*text) && *text != '_')
            return false;
    return true;
}

static bool is_sentence(const char *text)
{
    size_t length = text ? strlen(text) : 0;

    return length > 10 && !islower((unsigned char)*text) && strchr(".)]?=\"'", text[length - 1]);
}

/* The name of a file without its suffix. */
static bool is_stem(const char *text)
{
    return *text && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(text);
}

/* Braces and brackets of the prose open and close in turn. */
static bool is_balanced(const char *text)
{
    int braces = 0, brackets = 0;

    for (; *text; text++) {
        braces += (*text == '{') - (*text == '}');
        brackets += (*text == '[') - (*text == ']');
        if (braces < 0 || braces > 1 || brackets < 0 || brackets > 1)
            return false;
    }
    return !braces && !brackets;
}

/* A note that the column leaves out as a whole when its frame is not known. */
static bool is_link(const char *text)
{
    return is_balanced(text) && text[0] == '[' && strchr(text, '{') &&
           text[strlen(text) - 1] == ']';
}

/* Part of a sentence, and no template: the manual page prints it as it is. */
static bool is_phrase(const char *text)
{
    return text && strlen(text) > 10 && text[strlen(text) - 1] != '.' && !strpbrk(text, "{}[]");
}

static bool is_source(const char *text)
{
    return is_phrase(text) && (!strncmp(text, "RFC ", 4) || !strncmp(text, "Linux, ", 7));
}

/* A cause or detail that exists and is not this one, and what decides. */
static bool is_neighbour(const char *text, const char *own_token)
{
    char token[32] = "";
    const char *colon = is_phrase(text) ? strstr(text, ": ") : NULL;

    if (!colon || (size_t)(colon - text) >= sizeof token)
        return false;
    memcpy(token, text, (size_t)(colon - text));
    return strcmp(token, own_token) != 0 &&
           (cause_by_token(token) != CAUSE_NONE || detail_by_token(token) != DETAIL_NONE);
}

/* Only the catch-all has nothing to say here. */
static const char *what_is_known(const struct cause_info *cause, const char *text)
{
    return !text && cause->cause == CAUSE_UNKNOWN ? "" : text;
}

START_TEST(a_cause_is_complete)
{
    const struct cause_info *cause = &cause_table[_i];
    const char *const texts[] = { cause->title,
                                  cause->means,
                                  cause->example,
                                  cause->summary,
                                  cause->check,
                                  cause->rfc,
                                  cause->filter,
                                  what_is_known(cause, cause->sender_sees),
                                  what_is_known(cause, cause->receiver_sees),
                                  what_is_known(cause, cause->decides) };

    ck_assert_msg(is_token(cause->token), "%s", cause->token);
    for (int i = 0; i < ROWS(texts); i++) {
        ck_assert_ptr_nonnull(texts[i]);
        ck_assert_msg(is_balanced(texts[i]), "%s: %s", cause->token, texts[i]);
    }
    ck_assert_msg(is_sentence(cause->means), "%s", cause->means);
    ck_assert_msg(is_stem(cause->example), "%s", cause->example);
    ck_assert_msg(is_sentence(cause->summary), "%s", cause->summary);
    ck_assert_msg(strlen(cause->title) <= 40, "%s", cause->title);
    ck_assert_int_eq(strncmp(cause->rfc, "RFC ", 4), 0);
    ck_assert_int_eq(strncmp(cause->filter, "tcp.abort.", 10), 0);
    ck_assert_str_eq(cause->filter + 10, cause->token);
    ck_assert(!cause->link || is_link(cause->link));
    ck_assert_int_ne(cause->severity, SEVERITY_DEFAULT);
    ck_assert_int_eq(cause->family == FAMILY_HARMLESS, cause->severity == SEVERITY_CHAT);
}
END_TEST

START_TEST(a_rule_says_what_it_rests_on)
{
    const struct cause_info *cause = &cause_table[_i];

    ck_assert_msg(is_phrase(cause->sees), "%s: sees", cause->token);
    ck_assert_msg(is_phrase(cause->fooled_by), "%s: fooled by", cause->token);
    ck_assert_msg(is_source(cause->source), "%s: source", cause->token);
    ck_assert_msg(is_neighbour(cause->neighbour, cause->token), "%s: neighbour", cause->token);
    for (int i = 0; i < _i; i++)
        ck_assert_str_ne(cause_table[i].sees, cause->sees);
}
END_TEST

/* All of it, where a detail has a rule of its own; else nothing. */
START_TEST(a_detail_says_what_it_rests_on)
{
    const struct detail_info *detail = &detail_table[_i];

    if (!detail->sees) {
        ck_assert(!detail->fooled_by && !detail->source && !detail->neighbour);
        return;
    }
    ck_assert_msg(is_phrase(detail->sees), "%s: sees", detail->token);
    ck_assert_msg(is_phrase(detail->fooled_by), "%s: fooled by", detail->token);
    ck_assert_msg(is_source(detail->source), "%s: source", detail->token);
    ck_assert_msg(is_neighbour(detail->neighbour, detail->token), "%s: neighbour", detail->token);
}
END_TEST

START_TEST(a_cause_is_found)
{
    const struct cause_info *cause = &cause_table[_i];

    ck_assert_ptr_eq(cause_info(cause->cause), cause);
    ck_assert_int_eq(cause_by_token(cause->token), cause->cause);
}
END_TEST

START_TEST(causes_differ)
{
    for (int i = 0; i < _i; i++) {
        ck_assert_int_ne(cause_table[i].cause, cause_table[_i].cause);
        ck_assert_str_ne(cause_table[i].token, cause_table[_i].token);
        ck_assert_str_ne(cause_table[i].title, cause_table[_i].title);
        ck_assert_str_ne(cause_table[i].means, cause_table[_i].means);
    }
}
END_TEST

START_TEST(a_detail_is_complete)
{
    const struct detail_info *detail = &detail_table[_i];

    ck_assert_msg(is_token(detail->token), "%s", detail->token);
    ck_assert_msg(cause_info(detail->cause) != NULL, "%s refines no cause", detail->token);
    ck_assert_ptr_nonnull(detail->means);
    ck_assert(!detail->summary || (is_sentence(detail->summary) && is_balanced(detail->summary)));
    ck_assert(!detail->link || is_link(detail->link));
    ck_assert_ptr_eq(detail_info(detail->detail), detail);
    ck_assert_int_eq(detail_by_token(detail->token), detail->detail);
    ck_assert_uint_le(detail->detail, UINT8_MAX);
}
END_TEST

START_TEST(details_differ)
{
    for (int i = 0; i < _i; i++) {
        ck_assert_int_ne(detail_table[i].detail, detail_table[_i].detail);
        ck_assert_str_ne(detail_table[i].token, detail_table[_i].token);
    }
    ck_assert_int_eq(cause_by_token(detail_table[_i].token), CAUSE_NONE);
}
END_TEST

START_TEST(a_clue_is_a_sentence)
{
    ck_assert_ptr_nonnull(clue_sentence[_i]);
    ck_assert_uint_gt(strlen(clue_sentence[_i]), 10);
    ck_assert_msg(is_balanced(clue_sentence[_i]), "%s", clue_sentence[_i]);
    for (int i = 0; i < _i; i++)
        ck_assert_str_ne(clue_sentence[i], clue_sentence[_i]);
}
END_TEST

START_TEST(an_objection_is_a_sentence)
{
    ck_assert_uint_gt(strlen(objection_sentence[_i]), 10);
    ck_assert_msg(is_balanced(objection_sentence[_i]), "%s", objection_sentence[_i]);
    for (int i = OBJECTION_NONE + 1; i < _i; i++)
        ck_assert_str_ne(objection_sentence[i], objection_sentence[_i]);
}
END_TEST

START_TEST(nothing_is_not_found)
{
    ck_assert_ptr_null(cause_info(CAUSE_NONE));
    ck_assert_ptr_null(detail_info(DETAIL_NONE));
    ck_assert_int_eq(cause_by_token(""), CAUSE_NONE);
    ck_assert_int_eq(cause_by_token("Crash"), CAUSE_NONE);
    ck_assert_int_eq(detail_by_token("crash"), DETAIL_NONE);
}
END_TEST

/* What stands in a detail's own columns, or else in its cause's. */
START_TEST(a_detail_refines_its_cause)
{
    const struct detail_info *detail = &detail_table[_i];
    const struct cause_info *cause = cause_info(detail->cause);

    ck_assert_int_eq(cause_severity(detail->cause, detail->detail),
                     detail->severity ? detail->severity : cause->severity);
    ck_assert_int_eq(cause_comparison(detail->cause, detail->detail),
                     detail->compared ? detail->compared : cause->compared);
    ck_assert_int_ne(detail->severity, cause->severity); /* said twice */
    ck_assert(!detail->compared || detail->compared != cause->compared);
}
END_TEST

START_TEST(a_cause_speaks_for_itself_without_a_detail)
{
    const struct cause_info *cause = &cause_table[_i];

    ck_assert_int_eq(cause_severity(cause->cause, DETAIL_NONE), cause->severity);
    ck_assert_int_eq(cause_comparison(cause->cause, DETAIL_NONE), cause->compared);
}
END_TEST

/* The catch-all speaks last, or what stands behind it never would. */
START_TEST(unknown_stands_last)
{
    ck_assert_int_eq(cause_table[cause_count - 1].cause, CAUSE_UNKNOWN);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("tables");

    tcase_add_loop_test(tests, a_cause_is_complete, 0, (int)cause_count);
    tcase_add_loop_test(tests, a_rule_says_what_it_rests_on, 0, (int)cause_count);
    tcase_add_loop_test(tests, a_detail_says_what_it_rests_on, 0, (int)detail_count);
    tcase_add_loop_test(tests, a_cause_is_found, 0, (int)cause_count);
    tcase_add_loop_test(tests, causes_differ, 0, (int)cause_count);
    tcase_add_loop_test(tests, a_detail_is_complete, 0, (int)detail_count);
    tcase_add_loop_test(tests, details_differ, 0, (int)detail_count);
    tcase_add_loop_test(tests, a_detail_refines_its_cause, 0, (int)detail_count);
    tcase_add_loop_test(tests, a_cause_speaks_for_itself_without_a_detail, 0, (int)cause_count);
    tcase_add_loop_test(tests, a_clue_is_a_sentence, 0, CLUE_COUNT);
    tcase_add_loop_test(tests, an_objection_is_a_sentence, OBJECTION_NONE + 1, OBJECTIONS);
    tcase_add_test(tests, nothing_is_not_found);
    tcase_add_test(tests, unknown_stands_last);
    return suite_run_tests(suite_create("causes"), tests);
}
