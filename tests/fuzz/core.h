/* Bytes as the segments of two streams: what the fuzzer of the core reads and seeds.c writes.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CORE_H
#define CORE_H

/*
 * One byte: the trail holds 1 << (4 + its low 3 bits) steps.  Then for each segment:
 *
 *   1  flags, 0x40: of the other side, 0x80: of the other stream
 *   1  CORE_*, and the count of options in the low half
 *   2  sequence number behind the highest its side sent, signed (with CORE_RAW: as it stands)
 *   2  acknowledgement behind the highest the other side sent, signed (likewise)
 *   1  microseconds since the segment before: low half << 2 * high half
 *   1  window / 257
 *   1  TTL
 *   1  IP ID behind the side's latest, signed
 *   1  low half: window shift, 15: none; high half: bytes of options / 4
 *   2  bytes of payload as sent
 *   1  bytes of payload captured, if as many were sent; these follow, options first
 */
enum { CORE_TIMESTAMP = 0x10, CORE_NO_IP_ID = 0x20, CORE_SIGNED = 0x40, CORE_RAW = 0x80 };

enum { CORE_OTHER_SIDE = 0x40, CORE_OTHER_STREAM = 0x80, CORE_FIRST_ISN = 0x7fffffff };

#endif
