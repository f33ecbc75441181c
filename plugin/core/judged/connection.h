/* Which connection a segment belongs to.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CONNECTION_H
#define CONNECTION_H

#include "flow.h"
#include "sighting.h"

#include <stddef.h>

struct ruling;

enum {
    CONNECTION_BUCKETS = 1 << 10, /* to begin with */
    CONNECTION_SHARE = 2,         /* pairs of ends that share a bucket, before there are more */
    CONNECTION_OLDER = 16,        /* of the same ends, that are looked through */
};

/** Where memory comes from. */
struct lender {
    /** That many bytes, whatever is in them, until the capture is closed; NULL: there are none. */
    void *(*lend)(void *context, size_t bytes);
    void *context;
};

/** The same, zeroed. */
void *lender_lend(const struct lender *lender, size_t bytes);

/** What few connections have; each may be NULL. */
struct ends {
    struct connection *older; /* between the same two */
    struct ruling *first[2];  /* on the first RST of each side */
    struct ruling *close;     /* on a FIN that came too soon, or may turn out to have */
};

/** What is known of one TCP connection. */
struct connection {
    struct flow flow;
    struct ends *ends;          /* lent; NULL: none */
    struct connection *next;    /* of other ends, in the same bucket */
    struct connection *sibling; /* the one before of the same server; NULL: none is known */
    union {
        uint8_t address[2][IPV4_BYTES];
        uint8_t (*long_address)[ADDRESS_BYTES_MAX]; /* of each side, if they are longer; lent */
    };
    uint32_t first_frame;
    uint32_t path[2]; /* of the latest segment of each side, or of the other's first */
    uint8_t address_bytes;
};

/** All of them, by their ends.  Zero-initialised but for the lender. */
struct connections {
    const struct lender *lender; /* outlives the table */
    struct connection **bucket;  /* the newest of each pair of ends */
    struct connection *lately;   /* the newest of its pair, taken last; NULL: none */
    uint32_t buckets;            /* a power of two */
    uint32_t pairs;
};

/**
 * The connection of a sighting, which may be its first segment; the segment's side is set.
 *
 * Ends (addresses and ports) that meet again go on with the connection they had, unless a SYN
 * brings another initial number than its side had (RFC 9293, 3.4.1), or a SYN-ACK does for both
 * sides.  What travels in another VLAN or VNI than its side did belongs to the connection that
 * travels there; only if there is none, and its numbers fit, to the one at hand (two directions,
 * two VLANs).  NULL: no memory.
 * Fooled by: ports used again whose SYN the capture lacks.
 */
struct connection *connections_take(struct connections *all, struct sighting *sighting);

/** The same for a sighting that was taken before; NULL: it never was.  Its side is not set. */
struct connection *connections_find(const struct connections *all, const struct sighting *sighting);

/** The side of `connection`, of the same ends, that is `side` of `other`. */
unsigned connection_side(const struct connection *connection, const struct connection *other,
                         unsigned side);

/** The address of that side, `address_bytes` long. */
static inline const uint8_t *connection_ip(const struct connection *connection, unsigned side)
{
    return connection->address_bytes > IPV4_BYTES ? connection->long_address[side]
                                                  : connection->address[side];
}

/** Have its `ends` lent, if they are not; false: no memory. */
bool connection_lend_ends(struct connection *connection, const struct lender *lender);

static inline struct connection *connection_older(const struct connection *connection)
{
    return connection->ends ? connection->ends->older : NULL;
}

static inline struct ruling *connection_first(const struct connection *connection, unsigned side)
{
    return connection->ends ? connection->ends->first[side] : NULL;
}

static inline struct ruling *connection_close(const struct connection *connection)
{
    return connection->ends ? connection->ends->close : NULL;
}

/** Whether that side of the one has the address of that side of the other; address and port. */
bool connection_is_host(const struct connection *connection, unsigned side,
                        const struct connection *other, unsigned other_side);
bool connection_is_end(const struct connection *connection, unsigned side,
                       const struct connection *other, unsigned other_side);

/** A number for the address of a side, and for its address and port: equal if those are. */
uint32_t connection_address(const struct connection *connection, unsigned side);
uint32_t connection_endpoint(const struct connection *connection, unsigned side);

#endif
