/* What an ICMP error says of the segment that it quotes.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ICMP_H
#define ICMP_H

#include <stdbool.h>
#include <stdint.h>

/** What an error means to who asked for a connection. */
enum icmp_meaning {
    ICMP_NOTHING,    /* it ends no connect(): a packet too big, a redirect, ... */
    ICMP_PORT,       /* nothing listens there */
    ICMP_PROHIBITED, /* a filter does not let it through */
    ICMP_ROUTE,      /* it cannot get there */
};

/** As it stands in the header; type 0, which quotes nothing: none, or not known. */
struct icmp_error {
    uint8_t type;
    uint8_t code;
};

/** RFC 792, RFC 1122, 3.2.2.1 and RFC 1812, 5.2.7.1; of ICMPv6 RFC 4443, 3. */
enum icmp_meaning icmp_meaning(struct icmp_error error, bool is_ipv6);

#endif
