/* Numbers in network byte order.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BYTES_H
#define BYTES_H

#include <stdint.h>

static inline uint16_t bytes_read16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t bytes_read32(const uint8_t *at)
{
    return (uint32_t)bytes_read16(at) << 16 | bytes_read16(at + 2);
}

#endif
