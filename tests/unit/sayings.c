/* What the code says by itself has its Chinese, and zh.def has nothing that no code says.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "chinese.h"

#include "suite.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { LITERALS_MAX = 1000, LITERAL_MAX = 4096, FILE_MAX = 1 << 16 };

/** The strings of the code, put together where several stand in a row. */
static struct {
    char text[LITERALS_MAX][LITERAL_MAX];
    bool is_said[LITERALS_MAX]; /* say() is its next of kin */
    int count;
} literals;

static const char *const of_the_code[] = {
#define SAY(english, chinese) english,
#include "zh.def"
};

/* One string from its first quote on; returns what stands behind its last. */
static const char *read_string(const char *at, char *out, size_t *length)
{
    for (at++; *at != '"'; at++) {
        ck_assert(*at && *length + 1 < LITERAL_MAX);
        if (*at == '\\')
            at++;
        out[(*length)++] = at[-1] == '\\' && *at == 'n' ? '\n' : *at;
    }
    return at + 1;
}

static const char *read_literal(const char *from, const char *at)
{
    static const char call[] = "say(";
    int i = literals.count++;
    size_t length = 0;

    ck_assert_int_lt(i, LITERALS_MAX);
    literals.is_said[i] = at - from >= 4 && !strncmp(at - 4, call, sizeof call - 1);
    do {
        at = read_string(at, literals.text[i], &length);
        at += strspn(at, " \n");
    } while (*at == '"');
    return at;
}

static const char *behind_comment(const char *at)
{
    const char *end = strstr(at, "*/");

    ck_assert_ptr_nonnull(end);
    return end + 2;
}

static void read_code(const char *code)
{
    for (const char *at = code; *at;) {
        if (!strncmp(at, "/*", 2))
            at = behind_comment(at);
        else if (!strncmp(at, "'\"'", 3))
            at += 3;
        else if (*at == '"')
            at = read_literal(code, at);
        else
            at++;
    }
}

static void read_file(const char *name)
{
    static char code[FILE_MAX];
    char path[512];
    size_t size;
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", SHOWN, name);
    file = fopen(path, "r");
    ck_assert_msg(file != NULL, "%s", path);
    size = fread(code, 1, sizeof code - 1, file);
    fclose(file);
    ck_assert_uint_lt(size, sizeof code - 1);
    code[size] = '\0';
    read_code(code);
}

/* The code and the words of prose.h; the other tables are read by chinese.c. */
static bool is_code(const char *name)
{
    const char *suffix = strrchr(name, '.');

    return suffix && (!strcmp(suffix, ".c") || !strcmp(name, "words.def"));
}

static void read_all(void)
{
    DIR *folder = opendir(SHOWN);

    ck_assert_ptr_nonnull(folder);
    for (const struct dirent *entry; (entry = readdir(folder));)
        if (is_code(entry->d_name))
            read_file(entry->d_name);
    closedir(folder);
}

static bool stands_in_code(const char *english)
{
    for (int i = 0; i < literals.count; i++)
        if (!strcmp(literals.text[i], english))
            return true;
    return false;
}

START_TEST(what_the_code_says_has_its_chinese)
{
    int said = 0;

    for (int i = 0; i < literals.count; i++) {
        said += literals.is_said[i];
        ck_assert_msg(!literals.is_said[i] || chinese(literals.text[i]), "zh.def lacks: %s",
                      literals.text[i]);
    }
    ck_assert_int_gt(said, 50);
}
END_TEST

START_TEST(the_code_says_what_has_its_chinese)
{
    for (int i = 0; i < ROWS(of_the_code); i++)
        ck_assert_msg(stands_in_code(of_the_code[i]), "nothing says: %s", of_the_code[i]);
}
END_TEST

/* A row too many would hide that another sentence has changed. */
START_TEST(nothing_is_said_twice)
{
    for (int i = 0; i < ROWS(of_the_code); i++)
        for (int j = 0; j < i; j++)
            ck_assert_str_ne(of_the_code[j], of_the_code[i]);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("sayings");

    tcase_add_unchecked_fixture(tests, read_all, NULL);
    tcase_add_test(tests, what_the_code_says_has_its_chinese);
    tcase_add_test(tests, the_code_says_what_has_its_chinese);
    tcase_add_test(tests, nothing_is_said_twice);
    return suite_run_tests(suite_create("sayings"), tests);
}
