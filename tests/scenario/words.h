/* Words of a scenario line.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * The next word of a line, which is cut up in place; NULL at its end.  "..." and <...> are one
 * word each, with the opening mark and without the closing one (`<=likely` is an ordinary word).
 */
char *word_next(char **line);

/** A decimal number that takes up the whole word. */
bool word_number(const char *word, uint32_t *number);

/** Seconds with up to nine decimals, behind a `+`. */
bool word_time(const char *word, int64_t *time_ns);

/** Undo the escapes \r \n \t \0 \\ \" and \xHH.  Returns the bytes written, at most `size`. */
size_t word_unescape(const char *word, uint8_t *bytes, size_t size);

/** Bytes written as hexadecimal digits.  Returns their number; 0 when it is not that. */
size_t word_hex(const char *word, uint8_t *bytes, size_t size);

#endif
