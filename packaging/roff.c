/* Text of the tables as roff, to standard output.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "roff.h"

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
    size_t length = strlen(piece);

    if (word_length + length >= sizeof word)
        flush_word();
    memcpy(word + word_length, piece, length);
    word_length += length;
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

/* "{word}...": the sides by what they did, anything else by its name. */
static void put_variable(const char *braced)
{
    const char *end = strchr(braced, '}');

    if (!strncmp(braced, "{sender}", 8)) {
        roff_text("the resetting side");
    } else if (!strncmp(braced, "{receiver}", 10)) {
        roff_text("the other side");
    } else {
        put("\\fI");
        for (const char *c = braced + 1; c < end; c++)
            put_character(*c);
        put("\\fR");
    }
}

void roff_text(const char *template)
{
    for (const char *c = template; *c; c++) {
        if (*c == '{') {
            put_variable(c);
            c = strchr(c, '}');
        } else if (*c == '[') {
            c = strchr(c, ']');
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
