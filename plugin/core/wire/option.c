/* The options of a TCP header.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "option.h"

#include "bytes.h"

#include <stddef.h>

enum {
    KIND_END,
    KIND_NOP,
    KIND_WINDOW_SCALE = 3,
    KIND_TIMESTAMPS = 8,
    KIND_MD5 = 19,
    KIND_AO = 29,
    WINDOW_SCALE_BYTES = 3,
    TIMESTAMPS_BYTES = 10,
    SHIFT_MAX = 14,
    TIMESTAMPS_ALONE_BYTES = 12,
    TIMESTAMPS_ALONE = KIND_NOP << 24 | KIND_NOP << 16 | KIND_TIMESTAMPS << 8 | TIMESTAMPS_BYTES,
};

bool option_next(const struct segment *segment, struct option *option)
{
    const uint8_t *end, *at;

    if (!segment->options)
        return false;
    end = segment->options + segment->option_bytes;
    at = option->bytes ? option->bytes + option->length : segment->options;
    while (at < end && *at == KIND_NOP)
        at++;
    if (end - at < 2 || at[0] == KIND_END || at[1] < 2 || at[1] > end - at)
        return false;
    *option = (struct option){ .bytes = at, .length = at[1] };
    return true;
}

static void read_timestamps(struct segment *segment, const uint8_t *bytes)
{
    segment->has_timestamp = true;
    segment->tsval = bytes_read32(bytes + 2);
    segment->tsecr = bytes_read32(bytes + 6);
}

/* As most stacks lay them out (RFC 7323, appendix A). */
static bool has_timestamps_alone(const struct segment *segment)
{
    return segment->option_bytes == TIMESTAMPS_ALONE_BYTES &&
           bytes_read32(segment->options) == TIMESTAMPS_ALONE;
}

void options_read(struct segment *segment)
{
    struct option option = { .bytes = NULL };

    segment->option_count = 0;
    segment->window_shift = SEGMENT_NO_SHIFT;
    segment->has_timestamp = segment->is_signed = false;
    segment->tsval = segment->tsecr = 0;
    if (!segment->options)
        return;
    if (has_timestamps_alone(segment)) {
        segment->option_count = 1;
        read_timestamps(segment, segment->options + 2);
        return;
    }
    while (option_next(segment, &option)) {
        const uint8_t *bytes = option.bytes;

        segment->option_count++;
        /* "If a Window Scale option is received with a shift.cnt value larger than 14, the TCP
         * SHOULD log the error but MUST use 14 instead of the specified value" (RFC 7323, 2.3). */
        if (bytes[0] == KIND_WINDOW_SCALE && option.length == WINDOW_SCALE_BYTES)
            segment->window_shift = bytes[2] > SHIFT_MAX ? SHIFT_MAX : bytes[2];
        if (bytes[0] == KIND_TIMESTAMPS && option.length == TIMESTAMPS_BYTES)
            read_timestamps(segment, bytes);
        segment->is_signed |= bytes[0] == KIND_MD5 || bytes[0] == KIND_AO;
    }
}
