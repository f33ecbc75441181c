/* A TCP header and what lies behind it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HEADER_H
#define HEADER_H

#include "segment.h"

/**
 * Read header, options and payload (RFC 9293, 3.1).  `captured` bytes can be read at `tcp`, `sent`
 * were sent.  What is no part of them (time, frame, side, what IP says) is left as it is, and all
 * else is set.  False: it was captured up to the window at most, or says that it is shorter than a
 * header; nothing is set then that may be used.
 */
bool header_read(struct segment *segment, const uint8_t *tcp, uint32_t captured, uint32_t sent);

#endif
