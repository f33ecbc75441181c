/* Text of the tables as roff, to standard output.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "roff.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { LINE_MAX_WIDTH = 78 };

static char word[256]; /* not yet written: it may belong on the next line */
static size_t word_length;
static size_t column;

static void flush_word(void)
{
    if (!word_length)
        return;
    if (column && column + 1 + word_length > LINE_MAX_WIDTH) {
        putchar('\n');
        column = 0;
    }
    if (column) {
        putchar(' ');
        column++;
    } else if (*word == '.' || *word == '\'') {
        printf("\\&");
    }
    printf("%.*s", (int)word_length, word);
    column += word_length;
    word_length = 0;
}

static void put(const char *piece)
{
    if (word_length + strlen(piece) > sizeof word)
        flush_word();
    while (*piece)
        word[word_length++] = *piece++;
}

/* Characters that roff would take for its own, or print as others. */
static void put_character(char c)
{
    switch (c) {
    case ' ':
        flush_word();
        break;
    case '\\':
        put("\\e");
        break;
    case '\'':
        put("\\(aq");
        break;
    case '-':
        put("\\-");
        break;
    case '^':
        put("\\(ha");
        break;
    case '~':
        put("\\(ti");
        break;
    default:
        put((char[]){ c, '\0' });
    }
}

static void put_plain(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        put_character(text[i]);
}

/* {name}: in words that are true of every capture, anything else by its name. */
static void put_variable(const char *name, size_t length)
{
    static const struct {
        const char *name, *words;
    } known[] = {
        { "sender", "the resetting side" },
        { "sender_role", "the resetting side" },
        { "receiver", "the other side" },
        { "receiver_role", "the other side" },
        { "idle", "that time" },
        { "patience", "so" },
        { "trigger", "N" },
        { "proof", "N" },
        { "killed_by", "N" },
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strlen(known[i].name) == length && !strncmp(known[i].name, name, length)) {
            put_plain(known[i].words, strlen(known[i].words));
            return;
        }
    }
    put("\\fI");
    put_plain(name, length);
    put("\\fR");
}

void roff_text(const char *template)
{
    bool is_code = false;

    for (const char *c = template; *c; c++) {
        if (*c == '{') {
            const char *end = strchr(c, '}');

            put_variable(c + 1, (size_t)(end - c - 1));
            c = end;
        } else if (*c == '[') {
            c = strchr(c, ']');
        } else if (*c == '`') {
            is_code = !is_code;
            put(is_code ? "\\fB" : "\\fR");
        } else {
            put_character(*c);
        }
    }
}

void roff_bold(const char *text)
{
    put("\\fB");
    put(text);
    put("\\fR");
}

void roff_break(void)
{
    flush_word();
    if (column)
        putchar('\n');
    column = 0;
}

void roff_macro(const char *name)
{
    roff_break();
    printf(".%s\n", name);
}
