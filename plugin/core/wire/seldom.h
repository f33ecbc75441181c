/* What is seldom run stands apart from what is run for each segment, which then needs few
 * registers, and saves none for it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SELDOM_H
#define SELDOM_H

#ifdef __GNUC__
#define SELDOM __attribute__((noinline))
#else
#define SELDOM
#endif

#endif
