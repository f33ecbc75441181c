/* 32-bit sequence arithmetic (RFC 9293, 3.4).
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SEQ_H
#define SEQ_H

#include <stdbool.h>
#include <stdint.h>

/** How far b lies behind a, modulo 2^32; negative when b is ahead. */
static inline int32_t seq_distance(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b);
}

static inline bool seq_before(uint32_t a, uint32_t b)
{
    return seq_distance(a, b) < 0;
}

static inline bool seq_after(uint32_t a, uint32_t b)
{
    return seq_distance(a, b) > 0;
}

/** Bytes from `from` up to `to`; 0 when `to` is not ahead. */
static inline uint32_t seq_ahead(uint32_t to, uint32_t from)
{
    return seq_after(to, from) ? to - from : 0;
}

#endif
