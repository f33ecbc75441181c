/* What a capture shows of one endpoint over all its connections.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ENDPOINT_H
#define ENDPOINT_H

#include "connection.h"
#include "judge.h"

enum { DEATHS_MAX = 4, CHECKS_MAX = 2, CHANGES_MAX = 8 };

/** An end of a connection that may look different in the light of another. */
struct death {
    struct verdict *verdict; /* owned by the caller, as long as the capture */
    int64_t time_ns;
};

/** An address and port, or an address alone.  Zero: nothing seen. */
struct endpoint {
    uint32_t key;
    uint32_t accepted_frame;        /* latest SYN-ACK */
    uint32_t ended_frame;           /* latest FIN or RST of a connection that it had taken */
    struct connection *newest;      /* of it; NULL: none is known */
    uint32_t refused;               /* address that `refusal` refused */
    uint32_t checker;               /* address that opened and left without a byte, lately */
    struct death death[DEATHS_MAX]; /* latest unfinished exchanges, of an address the latest idle
                                     * connections that it reset; oldest overwritten */
    struct event *event;            /* latest, of such; lent; NULL: none */
    struct death check[CHECKS_MAX]; /* latest probes of `checker` */
    struct death idle;              /* latest idle connection that was reset unprompted */
    struct verdict *refusal;        /* latest; until the endpoint accepts again */
    int64_t accepted_ns;
    int64_t ended_ns;
    int64_t check_interval_ns;
    int64_t survived_ns; /* longest pause a connection lived through */
    int64_t killed_ns;   /* shortest pause that was its end; 0: none */
    uint8_t deaths;      /* modulo DEATHS_MAX */
    struct ttls ttls;    /* of an address: of its SYNs and SYN-ACKs */
    struct habits habits;
};

/**
 * A table of fixed size, half of it for addresses alone: an endpoint that falls on another's slot
 * takes it over, so memory and time are bounded and the oldest memories are lost first.
 * `capacity` is a power of two, 2 at least; `slots` belongs to the caller and starts as zeroes.
 */
struct endpoints {
    const struct lender *lender; /* of events; outlives the table */
    struct endpoint *slots;
    uint32_t capacity;
    uint32_t refusals;                    /* in the capture */
    uint32_t odd_refusals;                /* with a TTL their host never showed */
    struct verdict *changed[CHANGES_MAX]; /* since the caller set `changes` to 0 */
    uint8_t changes;
};

/** What was remembered as that; NULL: nothing, or it has turned out to be something else. */
static inline struct verdict *death_as(const struct death *death, enum comparison as)
{
    return verdict_comparison(death->verdict) == as ? death->verdict : NULL;
}

/** Another connection has changed that verdict; NULL: nobody's. */
void endpoints_note(struct endpoints *all, struct verdict *verdict);

/** The entry of that key, a hash of address and port, or of the address alone. */
struct endpoint *endpoint_find(struct endpoints *all, uint32_t key);
struct endpoint *endpoint_find_address(struct endpoints *all, uint32_t key);

/** The same without making one; an empty one, if there is none. */
const struct endpoint *endpoint_find_known(const struct endpoints *all, uint32_t key);
const struct endpoint *endpoint_find_known_address(const struct endpoints *all, uint32_t key);

/**
 * The endpoint sent that SYN-ACK to `client`, a hash of an address; what was said of its latest
 * refusal may change.
 */
void endpoint_accept(struct endpoints *all, struct endpoint *endpoint, uint32_t client,
                     const struct segment *seg);

/** A connection that it had taken ended by that FIN or RST of it. */
void endpoint_end(struct endpoint *endpoint, const struct segment *seg);

/** Forget a verdict that is about to be reached anew. */
void endpoint_forget(struct endpoint *endpoint, const struct verdict *verdict);

/** A connection of the endpoint went on after `pause_ns` without a byte. */
void endpoint_survive(struct endpoint *endpoint, int64_t pause_ns);

/** The address sent that SYN or SYN-ACK: the TTL of a full stack is remembered. */
void endpoint_show_ttl(struct endpoint *address, const struct segment *seg);

/** Whose other connections a verdict is looked at beside. */
struct company {
    struct endpoint *server;        /* who accepted */
    const struct endpoint *address; /* likewise, the address alone */
    struct endpoint *sender;        /* address of who ended it */
    uint32_t opener;                /* a hash of the opener's address */
};

/**
 * Look at a fresh verdict, not a repeat, beside other connections; both it and earlier ones may
 * change.
 */
void endpoint_judge(struct endpoints *endpoints, const struct company *company,
                    const struct segment *rst, struct verdict *verdict);

#endif
