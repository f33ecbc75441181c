/* The Internet checksum (RFC 1071).
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CHECKSUM_H
#define CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/** Add bytes to a running sum; only the last piece may be of odd size. */
static inline uint32_t checksum_add(uint32_t sum, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        sum += i & 1 ? bytes[i] : (uint32_t)bytes[i] << 8;
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return sum;
}

static inline uint16_t checksum_end(uint32_t sum)
{
    return (uint16_t)~sum;
}

#endif
