/* The reason a RST states itself.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REASON_H
#define REASON_H

#include "causes.h"
#include "flow.h"

enum { REASON_TEXT_MAX = 96 };

/** A stated reason as text: printable ASCII, one line, NUL-terminated; empty: none. */
struct reason {
    char text[REASON_TEXT_MAX];
    const char *meaning; /* the words of reasons.def in it, static; NULL: none */
    uint32_t enterprise; /* whose code it is, a private enterprise number; 0: nobody's own */
    enum cause cause;    /* it speaks of; CAUSE_NONE: of none in particular */
};

/**
 * Decode what a RST says of its reason: MP_TCPRST and MP_FASTCLOSE (RFC 8684, 3.5 and 3.6), the
 * diagnostic payload (draft-ietf-tcpm-rst-diagnostic-payload-03), payload text (RFC 1122, 4.2.2.12;
 * F5 BIG-IP writes its cause there).  What is not printable becomes a dot.
 */
struct reason reason_read(const struct segment *rst);

/**
 * The same where the flow is known, as it stood before the RST: bytes that go on with what its
 * sender was saying, or were said before, are no reason (libslirp).
 */
struct reason reason_read_in(const struct flow *flow, const struct segment *rst);

/** Whether the RST states a reason of Multipath TCP (RFC 8684, 3.6), whichever. */
bool reason_is_mptcp(const struct segment *rst);

/** Whether the RST says that a Multipath TCP option was at fault (RFC 8684, 3.6, reason 1). */
bool reason_is_mptcp_error(const struct segment *rst);

/** The reason in NetScaler's reset code in the window; only where something else tells of one. */
struct reason reason_of_netscaler(const struct segment *rst);

#endif
