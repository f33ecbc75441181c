/* What each side of one connection has shown of itself.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FLOW_H
#define FLOW_H

#include "copy.h"
#include "side.h"
#include "sighting.h"

enum { NOBODY = 2 }; /* in place of a side */

/** The RSTs of a side. */
struct resetting {
    int64_t latest_ns;
    uint32_t latest_seq;
    uint32_t first_frame; /* 0: it sent none */
};

/** An ICMP error that quotes the latest SYN. */
struct icmp_refusal {
    uint32_t frame; /* 0: there is none */
    struct icmp_error error;
    uint8_t meaning; /* enum icmp_meaning */
};

/** What few flows have, so it is the caller's to lend: zero-initialised, as long as the flow lives.
 */
struct oddities {
    struct resetting reset[2];
    struct last_words *words; /* of both sides; lent; NULL: none turned the other away; else
                               * words[who] is valid while side[who].talk.refused */
    struct icmp_refusal icmp;
    struct copying copying;
};

/** One tcp.stream.  Fixed size, zero-initialised. */
struct flow {
    struct side side[2];
    struct oddities *oddities; /* lent; NULL: it has none, or they go unnoticed */
    int64_t open_ns;           /* when the handshake was complete */
    int64_t active_ns;         /* latest byte, SYN or answered keep-alive of either side */
    int64_t answer_ns;         /* the longest wait for an answer so far */
    uint32_t firm_ms;          /* latest word, words that may prove a farewell left out; of
                                * segment.time_ns, wraps */
    uint32_t turned_ms;        /* likewise, the latest word before the other side's turn began */
    uint32_t pause_ms;         /* a long pause that a byte of `pauser` ended; 0: none */
    uint32_t waited_ms;        /* from the last word to the first FIN; saturates */
    uint32_t trail;            /* serial of the stream's newest step */
    uint32_t open_frame;       /* that completed the handshake */
    uint16_t port[2];          /* of each side */
    uint8_t opener;            /* the side that sent the SYN, as `opener_known` says */
    uint8_t speaker;           /* of the latest word; NOBODY until there is one */
    uint8_t firm_speaker;      /* the same, words that may prove a farewell left out */
    bool pauser : 1;           /* a side */
    bool opener_known : 1;     /* false: presumed from the ports */
    bool went_back : 1; /* the clock of the capture did, or stands, or is two: it shows again,
                         * and too late for a copy, what was shown */
    bool started : 1;   /* false: nothing folded yet, the rest is meaningless */
    bool steady : 1;    /* both sides were seen, and neither has repeated itself, closed or reset:
                         * flow_go_on() may do */
};

/** One of its two sides.  As an index it would be multiplied at each use. */
#define FLOW_SIDE(flow, who) ((who) ? &(flow)->side[1] : &(flow)->side[0])

/**
 * Fold one segment into the flow and the trail.  Call in capture order, once a
 * segment, after the verdict on it; not for a copy of one already folded.
 */
void flow_fold(struct flow *flow, struct trail *trail, const struct segment *seg);

/**
 * Fold an ordinary segment: on a steady flow, new bytes where its side has stopped or a new
 * acknowledgement of what was seen.  It leaves out what flow_fold() does for others and what cannot
 * change by this one:
 *   - the handshake, initial numbers, FIN and RST: both sides are past the one, and have not come
 * to the others, nor does it carry their flags; so no verdict stands either
 *   - copies, repetitions, probes and holes: something of it is new, nothing before it is missing,
 *     and no chains are lent
 *   - bytes of the other side that the capture lacks: it acknowledges none
 *   - a clock that stepped back or stands: its time is no earlier than that of either side, nor 0
 *   - signatures, and options that were cut off: it has none
 * What is left is what is kept of a latest segment, the round trip that it may end, its words, and
 * its step.  Returns false, with nothing done, if it is not such a segment; flow_fold() takes any,
 * and does the same to this one.
 */
bool flow_go_on(struct flow *flow, struct trail *trail, const struct segment *seg);

/**
 * Whether the segment's side repeats itself with it, or leaves something out, and has no chains
 * yet.  Unless they are lent, zero-initialised and for as long as the flow lives, the repetition
 * goes unnoticed, and what is left out is lost.
 */
bool flow_wants_chains(const struct flow *flow, const struct segment *seg);

/** All zero. */
extern const struct oddities flow_without_oddities;

/** What the flow has, or nothing.  What is noted of an original and its copy, of a RST, of an ICMP
 * error and of words goes unnoticed unless `oddities` are lent. */
static inline const struct oddities *flow_oddities(const struct flow *flow)
{
    return flow->oddities ? flow->oddities : &flow_without_oddities;
}

/** The RSTs of a side; none, if it has not `has_reset`. */
static inline const struct resetting *flow_reset(const struct flow *flow, unsigned who)
{
    return &flow_oddities(flow)->reset[who];
}

/** Note an ICMP error that quotes the segment, if it ends a connect(). */
void flow_quote(struct flow *flow, const struct sighting *quote);

/** Bytes of `who`'s data, FIN and farewell apart, that the other side has not acknowledged. */
uint32_t flow_outstanding(const struct flow *flow, unsigned who);

/** Who spoke last, farewells apart; NOBODY when nothing was said. */
unsigned flow_last_speaker(const struct flow *flow);

/** Whether `who`'s latest bytes are a farewell, as things stand. */
bool flow_says_farewell(const struct flow *flow, unsigned who);

/** Where `who`'s latest farewell starts; raw, valid if flow_says_farewell(). */
uint32_t flow_farewell_seq(const struct flow *flow, unsigned who);

/**
 * Who asks: 0 or 1.  HTTP, TLS and the other framings tell; where nothing is decoded it is the side
 * that spoke first after the handshake, and before anything was said, or in a capture that starts
 * later, the side that opened (which may be presumed from the ports).
 */
unsigned flow_asker(const struct flow *flow);

/** A question of one side, as things stand. */
struct question {
    int64_t since_ns;  /* its last byte */
    uint32_t frame;    /* likewise */
    bool is_open : 1;  /* not answered; with HTTP/1 and HTTP/2: not every one is */
    bool is_begun : 1; /* but its answer has begun */
    bool is_acked : 1; /* every byte of it was acknowledged */
};

/** The latest question of flow_asker(); a farewell is none. */
struct question flow_question(const struct flow *flow);

/** Whether it stands open, and `who` is the one to answer it. */
bool flow_owes(const struct flow *flow, unsigned who);

/** Whether only `who` has ever said anything. */
bool flow_is_monologue(const struct flow *flow, unsigned who);

/**
 * Whether the segment, which was folded last, turns the other side away.  Then what it says is to
 * be kept by flow_keep_words(), for which `words` of both sides must be lent, as chains are.
 */
bool flow_turns_away(const struct flow *flow, const struct segment *seg);
void flow_keep_words(struct flow *flow, const struct segment *seg);

/**
 * What the side said last in the clear when it turned the other away, or its fatal TLS alert by
 * name; NULL: nothing of the kind.  It lives as long as the flow.
 */
const char *flow_last_words(const struct flow *flow, unsigned who);

/** Whether the clock of the capture has stepped back before the segment, or does not run. */
bool flow_goes_back(const struct flow *flow, const struct segment *seg);

/** Shortest round trip past the place of capture; 0: no handshake seen. */
int64_t flow_rtt_ns(const struct flow *flow);

#endif
