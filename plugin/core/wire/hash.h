/* Hashes of addresses and ports.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HASH_H
#define HASH_H

#include "bytes.h"

#include <stdint.h>

#define HASH_START UINT32_C(2166136261)

/* Four bytes at a time, then one by one; start and multiplier are FNV-1a's. */
static inline uint32_t hash_bytes(uint32_t seed, const uint8_t *bytes, unsigned size)
{
    for (; size >= 4; bytes += 4, size -= 4)
        seed = (seed ^ bytes_read32(bytes)) * UINT32_C(16777619);
    for (; size; bytes++, size--)
        seed = (seed ^ *bytes) * UINT32_C(16777619);
    return seed ^ seed >> 15;
}

static inline uint32_t hash_port(uint32_t seed, uint16_t port)
{
    seed = (seed ^ port) * UINT32_C(16777619);
    return seed ^ seed >> 15;
}

#endif
