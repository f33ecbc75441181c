/* Bytes at a place of a message, by which it is known.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MARK_H
#define MARK_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/** `size` 0: anything. */
struct mark {
    uint8_t at, size;
    const char *bytes;
};

#define MARK(place, text)                                                                          \
    {                                                                                              \
        .at = (place), .size = sizeof(text) - 1, .bytes = (text)                                   \
    }

/** Whether the mark stands in a message of which `count` bytes can be read. */
static inline bool mark_stands_in(const struct mark *mark, const uint8_t *bytes, uint32_t count)
{
    if (!mark->size)
        return true;
    return count >= (uint32_t)mark->at + mark->size &&
           bytes[mark->at] == (uint8_t)*mark->bytes && /* before the call: few pass */
           !memcmp(bytes + mark->at, mark->bytes, mark->size);
}

#endif
