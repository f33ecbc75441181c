/* The aborts of a capture, put together to what they are parts of.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "incident.h"

#include "duration.h"
#include "event.h"
#include "limit.h"

#include <stdlib.h>

struct matter matter_of(const struct ruling *ruling, const struct verdict *v)
{
    struct matter matter = {
        .connection = ruling->connection,
        .event = v->event,
        .time_ns = v->time_ns,
        .frame = v->frame,
        .killed_by = v->killed_by,
        .cause = v->cause,
        .detail = v->detail,
        .severity = v->severity,
        .by = v->by,
        .tells = v->event && v->event->first == &ruling->verdict,
    };

    for (unsigned i = 0; i < RELATIONS; i++)
        matter.related[i] = ruled_related(&ruling->ruled, i);
    return matter;
}

/* The first matter of the incident, as far as is known; the way there gets shorter each time. */
static uint32_t first_of(struct matter *matters, uint32_t i)
{
    while (matters[i].incident != i) {
        matters[i].incident = matters[matters[i].incident].incident;
        i = matters[i].incident;
    }
    return i;
}

static void unite(struct matter *matters, uint32_t i, uint32_t j)
{
    uint32_t a = first_of(matters, i), b = first_of(matters, j);

    if (a < b)
        matters[b].incident = a;
    else
        matters[a].incident = b;
}

static int by_key(const void *one, const void *other)
{
    const struct matter_key *a = one, *b = other;

    if (a->high != b->high)
        return a->high < b->high ? -1 : 1;
    if (a->low != b->low)
        return a->low < b->low ? -1 : 1;
    if (a->time_ns != b->time_ns)
        return a->time_ns < b->time_ns ? -1 : 1;
    return (a->matter > b->matter) - (a->matter < b->matter);
}

static uint64_t number_of(const void *pointer)
{
    return (uint64_t)(uintptr_t)pointer;
}

/** Who ended it, or whose connection it was: a client by its address, a server by its port, too. */
struct culprit {
    const struct connection *connection;
    unsigned side;
    bool by_port;
};

static struct culprit culprit_of(const struct matter *matter)
{
    const struct connection *connection = matter->connection;
    unsigned client = connection->flow.opener;
    bool by_client = matter->by == PARTY_CLIENT;

    return (struct culprit){ connection, by_client ? client : !client, !by_client };
}

static uint32_t hash_of(const struct culprit *c)
{
    return c->by_port ? connection_endpoint(c->connection, c->side)
                      : connection_address(c->connection, c->side);
}

static bool is_same(const struct culprit *a, const struct culprit *b)
{
    const struct connection *one = a->connection, *other = b->connection;

    if (a->by_port != b->by_port)
        return false;
    return a->by_port ? connection_is_end(one, a->side, other, b->side)
                      : connection_is_host(one, a->side, other, b->side);
}

/* Of those chosen, which stand first in `keys`. */
static void unite_by_endpoint(struct matter *matters, uint32_t chosen, struct matter_key *keys)
{
    for (uint32_t i = 0; i < chosen; i++) {
        const struct matter *matter = &matters[keys[i].matter];
        const struct culprit culprit = culprit_of(matter);

        keys[i].high = hash_of(&culprit);
        keys[i].low = (uint64_t)matter->cause;
        keys[i].time_ns = matter->time_ns;
    }
    qsort(keys, chosen, sizeof *keys, by_key);
    for (uint32_t i = 1; i < chosen; i++) {
        const struct matter *before = &matters[keys[i - 1].matter], *now = &matters[keys[i].matter];
        const struct culprit one = culprit_of(before), other = culprit_of(now);

        if (keys[i].high == keys[i - 1].high && keys[i].low == keys[i - 1].low &&
            keys[i].time_ns - keys[i - 1].time_ns <= duration_of_ms(LIMIT_INCIDENT_MS) &&
            is_same(&one, &other))
            unite(matters, keys[i - 1].matter, keys[i].matter);
    }
}

static void unite_harmful(struct matter *matters, uint32_t count, struct matter_key *keys)
{
    uint32_t chosen = 0;

    for (uint32_t i = 0; i < count; i++)
        if (!matter_is_harmless(&matters[i]))
            keys[chosen++].matter = i;
    unite_by_endpoint(matters, chosen, keys);
}

/* What harms nobody does not drag others like it into what does.  The first of an incident counts
 * the harmful ones in `next` meanwhile. */
static void unite_harmless(struct matter *matters, uint32_t count, struct matter_key *keys)
{
    uint32_t chosen = 0;

    for (uint32_t i = 0; i < count; i++)
        matters[first_of(matters, i)].next += !matter_is_harmless(&matters[i]);
    for (uint32_t i = 0; i < count; i++)
        if (!matters[first_of(matters, i)].next)
            keys[chosen++].matter = i;
    unite_by_endpoint(matters, chosen, keys);
}

static void unite_alike(struct matter *matters, uint32_t count, struct matter_key *keys)
{
    qsort(keys, count, sizeof *keys, by_key);
    for (uint32_t i = 1; i < count; i++)
        if (keys[i].high && keys[i].high == keys[i - 1].high)
            unite(matters, keys[i - 1].matter, keys[i].matter);
}

static void unite_by_event(struct matter *matters, uint32_t count, struct matter_key *keys)
{
    for (uint32_t i = 0; i < count; i++)
        keys[i] = (struct matter_key){ number_of(matters[i].event), 0, 0, i };
    unite_alike(matters, count, keys);
}

static int by_high(const void *one, const void *other)
{
    const struct matter_key *a = one, *b = other;

    return (a->high > b->high) - (a->high < b->high);
}

/* One of those with that number; NULL: there is none. */
static const struct matter_key *find(const struct matter_key *keys, uint32_t count, uint64_t high)
{
    const struct matter_key key = { .high = high };

    return bsearch(&key, keys, count, sizeof *keys, by_high);
}

static void unite_by_connection(struct matter *matters, uint32_t count, struct matter_key *keys)
{
    for (uint32_t i = 0; i < count; i++)
        keys[i] = (struct matter_key){ number_of(matters[i].connection), 0, 0, i };
    unite_alike(matters, count, keys);
    for (uint32_t i = 0; i < count; i++)
        for (unsigned relation = 0; relation < RELATIONS; relation++) {
            const struct connection *related = matters[i].related[relation];
            const struct matter_key *key = related ? find(keys, count, number_of(related)) : NULL;

            if (key)
                unite(matters, key->matter, i);
        }
}

static void unite_by_killer(struct matter *matters, uint32_t count, struct matter_key *keys)
{
    for (uint32_t i = 0; i < count; i++)
        keys[i] = (struct matter_key){ matters[i].frame, 0, 0, i };
    for (uint32_t i = 0; i < count; i++) {
        const struct matter_key *key =
            matters[i].killed_by ? find(keys, count, matters[i].killed_by) : NULL;

        if (key)
            unite(matters, key->matter, i);
    }
}

/* How much it has to say: by severity, and of these who tells of an event. */
static unsigned weight_of(const struct matter *matter)
{
    return 2 * (unsigned)matter->severity + matter->tells;
}

/* Of one incident its matters, in their order. */
static void add(struct incident *incident, struct matter *matters, uint32_t i)
{
    const struct matter *matter = &matters[i];

    if (!incident->aborts++) {
        incident->first = incident->teller = i;
    } else {
        matters[incident->last].next = i;
        if (weight_of(matter) > weight_of(&matters[incident->teller]))
            incident->teller = i;
    }
    if (matter->severity > incident->severity)
        incident->severity = matter->severity;
    incident->last = i;
    incident->harmful += !matter_is_harmless(matter);
}

static int by_weight(const void *one, const void *other)
{
    const struct incident *a = one, *b = other;

    if (a->severity != b->severity)
        return a->severity > b->severity ? -1 : 1;
    if (a->harmful != b->harmful)
        return a->harmful > b->harmful ? -1 : 1;
    return (a->first > b->first) - (a->first < b->first);
}

uint32_t incidents_group(struct matter *matters, uint32_t count, struct matter_key *keys,
                         struct incident *incidents)
{
    uint32_t number = 0;

    for (uint32_t i = 0; i < count; i++) {
        matters[i].incident = i;
        matters[i].next = 0;
    }
    unite_by_event(matters, count, keys);
    unite_by_connection(matters, count, keys);
    unite_by_killer(matters, count, keys);
    unite_harmful(matters, count, keys);
    unite_harmless(matters, count, keys);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t first = first_of(matters, i);

        if (first == i) {
            keys[i].matter = number;
            incidents[number++] = (struct incident){ .aborts = 0 };
        }
        matters[i].incident = first;
        matters[i].next = 0;
        add(&incidents[keys[first].matter], matters, i);
    }
    qsort(incidents, number, sizeof *incidents, by_weight);
    return number;
}
