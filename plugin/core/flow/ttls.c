/* How far away a host is, by the TTLs that its packets arrive with.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "ttls.h"

#include "limit.h"

/* Linux and macOS 64, Windows 128, routers and Solaris 255; 32 was that of Windows 95. */
static const uint8_t defaults[] = { 32, 64, 128, 255 };
enum { DEFAULTS = sizeof defaults / sizeof defaults[0] };

uint8_t ttls_hops(uint8_t ttl)
{
    unsigned i = 0;

    while (defaults[i] < ttl)
        i++;
    return (uint8_t)(defaults[i] - ttl);
}

bool ttls_has(const struct ttls *ttls, uint8_t ttl)
{
    for (int i = 0; i < TTLS_MAX; i++)
        if (ttl && ttls->shown[i] == ttl)
            return true;
    return ttls->many;
}

bool ttls_is_stable(const struct ttls *ttls)
{
    return ttls->shown[0] && !ttls->shown[1];
}

bool ttls_allow(const struct ttls *ttls, uint8_t ttl)
{
    if (!ttl || !ttls->shown[0] || ttls_has(ttls, ttl))
        return true;
    for (int i = 0; i < TTLS_MAX && ttls->shown[i]; i++)
        for (int j = 0; j < DEFAULTS; j++)
            if (ttl + ttls_hops(ttls->shown[i]) == defaults[j])
                return true;
    return false;
}

/* Whether it is best not to be taken for the host's own yet. */
static bool is_strange(struct ttls *ttls, uint8_t ttl)
{
    if (ttls->times < LIMIT_FIRM_TTL_SEGMENTS || ttls_allow(ttls, ttl))
        return false;
    if (ttls->strange != ttl)
        ttls->strange_times = 0;
    ttls->strange_times++;
    ttls->strange = ttl;
    return ttls->strange_times < LIMIT_STRANGE_TTL_SEGMENTS;
}

static void add(struct ttls *ttls, uint8_t ttl)
{
    int i = 0;

    while (i < TTLS_MAX && ttls->shown[i])
        i++;
    if (i < TTLS_MAX)
        ttls->shown[i] = ttl;
    else
        ttls->many = true;
    ttls->strange = ttls->strange_times = 0;
}

void ttls_learn(struct ttls *ttls, uint8_t ttl)
{
    bool known = ttls_has(ttls, ttl);

    if (!ttl)
        return;
    if (known && ttls->strange)
        add(ttls, ttls->strange);
    else if (!known && !is_strange(ttls, ttl))
        add(ttls, ttl);
    if (ttl == ttls->shown[0] && ttls->times < LIMIT_STRANGE_TTL_SEGMENTS)
        ttls->times++;
}
