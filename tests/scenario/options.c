/* TCP options of a segment line: written as words or digits, kept as bytes.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "options.h"

#include "option.h"
#include "words.h"

#include <string.h>

/* RFC 9293, 3.1; RFC 7323; RFC 2018; RFC 2385 */
enum {
    OPTION_NOP = 1,
    OPTION_MSS = 2,
    OPTION_WINDOW_SCALE = 3,
    OPTION_SACK_PERMITTED = 4,
    OPTION_TIMESTAMP = 8,
    OPTION_MD5 = 19,
    MD5_BYTES = 18,
    TIMESTAMP_BYTES = 10,
    HEADER_MIN = 20,
};

static const char too_long[] = "options are at most 40 bytes";

static const char *add(struct options *options, const uint8_t *bytes, size_t size)
{
    if (size > (size_t)(OPTIONS_MAX - options->size))
        return too_long;
    memcpy(options->byte + options->size, bytes, size);
    options->size = (uint8_t)(options->size + size);
    return NULL;
}

static const char *add_timestamp(struct options *options, uint32_t value, uint32_t echo)
{
    uint8_t bytes[TIMESTAMP_BYTES] = {
        OPTION_TIMESTAMP,      TIMESTAMP_BYTES, (uint8_t)(value >> 24), (uint8_t)(value >> 16),
        (uint8_t)(value >> 8), (uint8_t)value,  (uint8_t)(echo >> 24),  (uint8_t)(echo >> 16),
        (uint8_t)(echo >> 8),  (uint8_t)echo,
    };

    return add(options, bytes, sizeof bytes);
}

static const char *add_word(struct options *options, char *word)
{
    char *rest = word, *name = word_next(&rest);
    uint32_t value = 0, echo = 0;
    bool has_value = name && word_number(word_next(&rest), &value);
    uint8_t high = (uint8_t)(value >> 8), low = (uint8_t)value;
    uint8_t md5[MD5_BYTES] = { OPTION_MD5, MD5_BYTES };

    if (name && !strcmp(name, "mss") && has_value)
        return add(options, (uint8_t[]){ OPTION_MSS, 4, high, low }, 4);
    if (name && !strcmp(name, "ws") && has_value && value <= 14)
        return add(options, (uint8_t[]){ OPTION_WINDOW_SCALE, 3, low }, 3);
    if (name && !strcmp(name, "sack"))
        return add(options, (uint8_t[]){ OPTION_SACK_PERMITTED, 2 }, 2);
    if (name && !strcmp(name, "ts"))
        return add_timestamp(options, value, word_number(word_next(&rest), &echo) ? echo : 0);
    if (name && !strcmp(name, "md5"))
        return add(options, md5, sizeof md5);
    return "options are <mss N,sack,ts N,ts N ECHO,ws N,md5>";
}

const char *options_add(struct options *options, char *words)
{
    const char *problem = NULL;

    for (char *next; words && !problem; words = next) {
        if ((next = strchr(words, ',')))
            *next++ = '\0';
        problem = add_word(options, words);
    }
    return problem;
}

const char *options_add_raw(struct options *options, const char *digits)
{
    uint8_t bytes[OPTIONS_MAX + 1];
    size_t size = word_hex(digits, bytes, sizeof bytes);

    return size ? add(options, bytes, size) : "opt is followed by an even number of digits";
}

const char *options_add_timestamp(struct options *options, uint32_t value)
{
    return add_timestamp(options, value, 0);
}

void options_tell(struct options *options, struct segment *segment)
{
    while (options->size % 4)
        options->byte[options->size++] = OPTION_NOP;
    segment->options = options->byte;
    segment->option_bytes = options->size;
    segment->header_bytes = (uint8_t)(HEADER_MIN + options->size);
    options_read(segment);
    segment->options = NULL; /* they move with their line */
}
