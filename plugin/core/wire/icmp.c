/* What an ICMP error says of the segment that it quotes.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "icmp.h"

enum { UNREACHABLE = 3, TIME_EXCEEDED = 11, UNREACHABLE_V6 = 1, TIME_EXCEEDED_V6 = 3 };

static enum icmp_meaning unreachable(uint8_t code)
{
    switch (code) {
    case 2: /* protocol */
    case 3: /* port */
        return ICMP_PORT;
    case 4: /* fragmentation needed */
        return ICMP_NOTHING;
    case 9:  /* net, */
    case 10: /* host, */
    case 13: /* communication administratively prohibited */
    case 14: /* host precedence violation */
    case 15: /* precedence cutoff */
        return ICMP_PROHIBITED;
    default:
        return ICMP_ROUTE;
    }
}

static enum icmp_meaning unreachable_v6(uint8_t code)
{
    switch (code) {
    case 4: /* port */
        return ICMP_PORT;
    case 1: /* administratively prohibited */
    case 5: /* source address failed policy */
    case 6: /* reject route */
        return ICMP_PROHIBITED;
    default:
        return ICMP_ROUTE;
    }
}

enum icmp_meaning icmp_meaning(struct icmp_error error, bool is_ipv6)
{
    if (error.type == (is_ipv6 ? TIME_EXCEEDED_V6 : TIME_EXCEEDED))
        return ICMP_ROUTE;
    if (error.type != (is_ipv6 ? UNREACHABLE_V6 : UNREACHABLE))
        return ICMP_NOTHING;
    return is_ipv6 ? unreachable_v6(error.code) : unreachable(error.code);
}
