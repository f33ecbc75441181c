/* Which connection a segment belongs to.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "connection.h"

#include "hash.h"
#include "limit.h"
#include "seq.h"

#include <string.h>

void *lender_lend(const struct lender *lender, size_t bytes)
{
    void *loan = lender->lend(lender->context, bytes);

    return loan ? memset(loan, 0, bytes) : NULL;
}

uint32_t connection_address(const struct connection *c, unsigned side)
{
    return hash_bytes(HASH_START, connection_ip(c, side), c->address_bytes);
}

static inline uint32_t hash_end(const uint8_t *address, uint8_t bytes, uint16_t port)
{
    return hash_port(hash_bytes(HASH_START, address, bytes), port);
}

uint32_t connection_endpoint(const struct connection *c, unsigned side)
{
    return hash_end(connection_ip(c, side), c->address_bytes, c->flow.port[side]);
}

/* The same for both directions. */
static uint32_t hash_sighting(const struct sighting *s)
{
    return hash_end(s->address[0], s->address_bytes, s->segment.port[0]) ^
           hash_end(s->address[1], s->address_bytes, s->segment.port[1]);
}

static uint32_t hash_connection(const struct connection *c)
{
    return hash_end(connection_ip(c, 0), c->address_bytes, c->flow.port[0]) ^
           hash_end(connection_ip(c, 1), c->address_bytes, c->flow.port[1]);
}

/* Most addresses are of IPv4, and four bytes are compared at once. */
static bool is_address(const struct connection *c, unsigned side, const uint8_t *address)
{
    return c->address_bytes == IPV4_BYTES
               ? !memcmp(c->address[side], address, IPV4_BYTES)
               : !memcmp(connection_ip(c, side), address, c->address_bytes);
}

/* Sent by that side of the connection. */
static inline bool is_sent_by(const struct connection *c, unsigned side, const struct sighting *s)
{
    return c->flow.port[side] == s->segment.port[0] && c->flow.port[!side] == s->segment.port[1] &&
           c->address_bytes == s->address_bytes && is_address(c, side, s->address[0]) &&
           is_address(c, !side, s->address[1]);
}

/* The side that sent it; NOBODY: it is of other ends. */
static inline uint8_t sender_of(const struct connection *c, const struct sighting *s)
{
    if (is_sent_by(c, 0, s))
        return 0;
    return is_sent_by(c, 1, s) ? 1 : NOBODY;
}

static struct connection **bucket_of(const struct connections *all, uint32_t hash)
{
    return &all->bucket[hash & (all->buckets - 1)];
}

/* Where the newest connection of these ends stands, and which side of it sent this; or else where
 * it would. */
static struct connection **find_pair(const struct connections *all, const struct sighting *s,
                                     uint8_t *sender)
{
    struct connection **at = bucket_of(all, hash_sighting(s));

    for (; *at; at = &(*at)->next) {
        *sender = sender_of(*at, s);
        if (*sender != NOBODY)
            break;
    }
    return at;
}

/* Twice as many buckets, or the first.  What the old ones took is not given back. */
static void grow(struct connections *all)
{
    uint32_t old = all->buckets, room = old ? 2 * old : CONNECTION_BUCKETS;
    struct connection **from = all->bucket;
    struct connection **to = lender_lend(all->lender, room * sizeof *to);

    if (!to)
        return;
    all->bucket = to;
    all->buckets = room;
    for (uint32_t i = 0; i < old; i++)
        for (struct connection *c = from[i], *next; c; c = next) {
            struct connection **at = bucket_of(all, hash_connection(c));

            next = c->next;
            c->next = *at;
            *at = c;
        }
}

/* Whether the SYN brings another initial number than the connection has. */
static bool begins_anew(const struct connection *c, const struct segment *seg)
{
    const struct side *side = &c->flow.side[seg->side], *other = &c->flow.side[!seg->side];

    if (!(seg->flags & SEGMENT_SYN))
        return false;
    if (seg->flags & SEGMENT_ACK)
        return side->syn_frame && side->isn != seg->seq && other->has_isn &&
               other->isn + 1 != seg->ack;
    return side->has_isn && side->isn != seg->seq;
}

static bool is_near(uint32_t a, uint32_t b)
{
    return seq_ahead(a, b) + seq_ahead(b, a) < LIMIT_NUMBERS_APART_BYTES;
}

/* Whether the numbers may be the connection's; nothing known: no. */
static bool numbers_fit(const struct connection *c, const struct segment *seg)
{
    const struct side *side = &c->flow.side[seg->side], *other = &c->flow.side[!seg->side];
    bool acks = seg->flags & SEGMENT_ACK && other->seen;

    return (side->seen || acks) && (!side->seen || is_near(seg->seq, side->snd_nxt)) &&
           (!acks || is_near(seg->ack, other->snd_nxt));
}

/* Of the connections of these ends the one that the segment belongs to; NULL: a new one. */
static struct connection *choose(struct connection *newest, uint8_t sender, struct sighting *s)
{
    struct segment *seg = &s->segment;
    struct connection *c = newest;

    for (int i = 0; c && i < CONNECTION_OLDER; i++, c = connection_older(c)) {
        seg->side = i ? sender_of(c, s) : sender;
        if (c->path[seg->side] == s->path)
            return begins_anew(c, seg) ? NULL : c;
    }
    seg->side = sender;
    return numbers_fit(newest, seg) && !begins_anew(newest, seg) ? newest : NULL;
}

/* False: no memory. */
static bool keep_addresses(const struct connections *all, struct connection *c,
                           const struct sighting *s)
{
    bool is_long = s->address_bytes > IPV4_BYTES;

    c->address_bytes = s->address_bytes;
    if (is_long) {
        c->long_address = lender_lend(all->lender, 2 * sizeof *c->long_address);
        if (!c->long_address)
            return false;
    }
    for (int i = 0; i < 2 && c->address_bytes; i++)
        memcpy(is_long ? c->long_address[i] : c->address[i], s->address[i], c->address_bytes);
    return true;
}

bool connection_lend_ends(struct connection *c, const struct lender *lender)
{
    if (!c->ends)
        c->ends = lender_lend(lender, sizeof *c->ends);
    return c->ends != NULL;
}

static struct connection *begin(struct connections *all, struct connection **pair,
                                struct sighting *s)
{
    struct connection *c = lender_lend(all->lender, sizeof *c);

    if (!c || !keep_addresses(all, c, s) || (*pair && !connection_lend_ends(c, all->lender)))
        return NULL;
    s->segment.side = 0;
    for (int i = 0; i < 2; i++) {
        c->flow.port[i] = s->segment.port[i];
        c->path[i] = s->path;
    }
    c->first_frame = s->segment.frame;
    if (*pair) {
        c->ends->older = *pair;
        c->next = (*pair)->next;
    }
    all->pairs += !*pair;
    *pair = c;
    return c;
}

/* Most segments go on with the connection of the one before. */
static struct connection *take_lately(const struct connections *all, struct sighting *s)
{
    struct connection *c = all->lately;
    uint8_t sender;

    if (!c || s->segment.flags & SEGMENT_SYN)
        return NULL;
    sender = sender_of(c, s);
    if (sender == NOBODY)
        return NULL;
    s->segment.side = sender;
    return c->path[s->segment.side] == s->path ? c : NULL;
}

struct connection *connections_take(struct connections *all, struct sighting *s)
{
    struct connection **pair, *c = take_lately(all, s);
    uint8_t sender;

    if (c)
        return c;
    if (all->pairs >= CONNECTION_SHARE * all->buckets)
        grow(all);
    if (!all->buckets)
        return NULL;
    pair = find_pair(all, s, &sender);
    c = *pair ? choose(*pair, sender, s) : NULL;
    if (!c && s->quoted)
        return NULL;
    if (!c)
        return all->lately = begin(all, pair, s);
    if (!s->quoted)
        c->path[s->segment.side] = s->path;
    all->lately = *pair;
    return c;
}

struct connection *connections_find(const struct connections *all, const struct sighting *s)
{
    uint8_t sender;
    struct connection *c = all->buckets ? *find_pair(all, s, &sender) : NULL, *found = NULL;

    for (int i = 0; c && i < CONNECTION_OLDER; i++, c = connection_older(c)) {
        if (c->first_frame > s->segment.frame)
            continue;
        if (c->path[sender_of(c, s)] == s->path)
            return c;
        if (!found)
            found = c;
    }
    return found;
}

bool connection_is_host(const struct connection *c, unsigned side, const struct connection *other,
                        unsigned other_side)
{
    return c->address_bytes == other->address_bytes &&
           is_address(c, side, connection_ip(other, other_side));
}

bool connection_is_end(const struct connection *c, unsigned side, const struct connection *other,
                       unsigned other_side)
{
    return c->flow.port[side] == other->flow.port[other_side] &&
           connection_is_host(c, side, other, other_side);
}

unsigned connection_side(const struct connection *c, const struct connection *other, unsigned side)
{
    return connection_is_end(c, 0, other, side) ? 0 : 1;
}
