/* Words of a scenario line.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static char *find_end(char *word)
{
    if (*word == '<' && word[1] != '=')
        return strchr(word, '>');
    if (*word != '"')
        return word + strcspn(word, " \t");
    for (char *end = word + 1; *end; end++) {
        if (*end == '\\' && end[1])
            end++;
        else if (*end == '"')
            return end;
    }
    return NULL;
}

char *word_next(char **line)
{
    char *word = *line + strspn(*line, " \t"), *end;

    if (!*word)
        return NULL;
    end = find_end(word);
    if (!end)
        end = word + strlen(word);
    *line = *end ? end + 1 : end;
    *end = '\0';
    return word;
}

bool word_number(const char *word, uint32_t *number)
{
    char *end;
    unsigned long long value;

    if (!word || *word < '0' || *word > '9')
        return false;
    errno = 0;
    value = strtoull(word, &end, 10);
    if (errno || *end || value > UINT32_MAX)
        return false;
    *number = (uint32_t)value;
    return true;
}

bool word_time(const char *word, int64_t *time_ns)
{
    int64_t unit = 1000000000, value = 0;
    bool back = *word == '-';

    if ((*word != '+' && !back) || *++word < '0' || *word > '9')
        return false;
    while (*word >= '0' && *word <= '9' && value < 1000000)
        value = value * 10 + (*word++ - '0');
    value *= unit;
    if (*word == '.') {
        word++;
        while (*word >= '0' && *word <= '9' && unit > 1) {
            unit /= 10;
            value += unit * (*word++ - '0');
        }
    }
    *time_ns = back ? -value : value;
    return !*word;
}

static int hex_digit(char c)
{
    const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c | 0x20) : NULL;

    return at ? (int)(at - digits) : -1;
}

static size_t hex_pair(const char *word, uint8_t *byte)
{
    int high = hex_digit(word[0]), low = high < 0 ? -1 : hex_digit(word[1]);

    if (low < 0)
        return 0;
    *byte = (uint8_t)(high << 4 | low);
    return 2;
}

size_t word_unescape(const char *word, uint8_t *bytes, size_t size)
{
    static const char letters[] = "rnt0\\\"", values[] = "\r\n\t\0\\\"";
    size_t count = 0;

    while (*word && count < size) {
        uint8_t byte = (uint8_t)*word++;

        if (byte == '\\' && *word == 'x' && hex_pair(word + 1, &byte)) {
            word += 3;
        } else if (byte == '\\' && *word && strchr(letters, *word)) {
            byte = (uint8_t)values[strchr(letters, *word) - letters];
            word++;
        }
        bytes[count++] = byte;
    }
    return count;
}

size_t word_hex(const char *word, uint8_t *bytes, size_t size)
{
    size_t count = 0;

    while (*word && count < size) {
        if (!hex_pair(word, &bytes[count]))
            return 0;
        count++;
        word += 2;
    }
    return *word ? 0 : count;
}
