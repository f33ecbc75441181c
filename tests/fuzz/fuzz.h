/* What the fuzzers share: their only entry, bytes to read from, and a way to say what broke.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** One input.  Each fuzzer has its own; libFuzzer or replay_corpus.c calls it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** What is left of an input; behind its end there are zeroes. */
struct input {
    const uint8_t *at;
    size_t left;
};

static inline uint8_t take8(struct input *input)
{
    if (!input->left)
        return 0;
    input->left--;
    return *input->at++;
}

static inline uint16_t take16(struct input *input)
{
    uint8_t high = take8(input);

    return (uint16_t)(high << 8 | take8(input));
}

/** A copy of at most `size` bytes, exactly as large: reading past its end is noticed.  free() it.
 */
static inline uint8_t *take_bytes(struct input *input, size_t size, size_t *taken)
{
    uint8_t *copy;

    *taken = size < input->left ? size : input->left;
    copy = malloc(*taken ? *taken : 1);
    if (!copy)
        exit(EXIT_FAILURE);
    if (*taken)
        memcpy(copy, input->at, *taken);
    input->at += *taken;
    input->left -= *taken;
    return copy;
}

static inline void require(int holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "broken: %s\n", what);
    abort();
}

#endif
