/* What each side of one connection has shown of itself.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FLOW_H
#define FLOW_H

#include "chain.h"
#include "segment.h"
#include "talk.h"
#include "trail.h"

enum { NOBODY = 2 }; /* in place of a side */

/** What one endpoint has shown of itself.  A frame number is 0 until seen. */
struct side {
    struct chains *chains; /* lent; NULL: the side has sent nothing again */
    int64_t heard_ns;      /* its latest segment */
    int64_t syn_ns;        /* its latest SYN */
    int64_t fin_ns;
    int64_t word_ns;  /* its latest word */
    int64_t reset_ns; /* its latest RST */
    uint32_t heard_frame;
    uint32_t syn_frame; /* the latest SYN or SYN-ACK */
    uint32_t fin_frame; /* the first FIN */
    uint32_t word_frame;
    uint32_t reset_frame; /* its first RST */
    uint32_t reset_seq;   /* of its latest RST */
    uint32_t rtt_us;      /* shortest time from a segment of the other side to its answer, from
                           * the handshake on; 0: no handshake seen */
    uint32_t isn;         /* raw; valid once syn_frame is set */
    uint32_t snd_nxt;     /* raw: one past the highest sequence it has sent, RSTs apart */
    uint32_t acked;       /* raw: the highest acknowledgement it has sent */
    uint32_t fin_seq;     /* raw; valid once fin_frame is set */
    uint32_t turn_seq;    /* raw: where its latest turn to speak begins */
    uint32_t missing;     /* bytes of an announced length its FIN left out */
    uint32_t window;      /* bytes, last advertised */
    uint32_t window_max;  /* bytes */
    struct talk talk;
    uint16_t ip_id;
    uint16_t data_segments; /* saturates */
    uint8_t window_shift;
    uint8_t syn_options;
    uint8_t syn_count;
    uint8_t ttl;        /* of its first segment */
    bool seen : 1;      /* any segment but a RST */
    bool has_acked : 1; /* `acked` is valid */
    bool syn_ack : 1;   /* its SYN acknowledged one */
    bool ttl_varies : 1;
    bool has_ip_id : 1;
    bool is_signed : 1;     /* its segments carry an MD5 or TCP-AO option */
    bool owed_at_fin : 1;   /* it had received a question and not answered when it sent its FIN */
    bool cut_at_fin : 1;    /* its FIN came inside a message of its own */
    bool mute_at_fin : 1;   /* it had not conversed when it sent its FIN */
    bool lost_segments : 1; /* the other side acknowledged what the capture does not show */
};

/** One tcp.stream.  Fixed size, zero-initialised. */
struct flow {
    struct side side[2];
    int64_t open_ns;     /* when the handshake was complete */
    int64_t active_ns;   /* latest byte, SYN or answered keep-alive of either side */
    int64_t pause_ns;    /* a long one that a byte of `pauser` ended; 0: none */
    int64_t answer_ns;   /* the longest wait for an answer so far */
    uint32_t trail;      /* serial of the stream's newest step */
    uint32_t open_frame; /* that completed the handshake */
    uint32_t icmp_frame; /* an ICMP error that quotes the latest SYN; 0: none */
    uint16_t port[2];    /* of each side */
    uint8_t pauser;
    uint8_t opener;       /* the side that sent the SYN, as `opener_known` says */
    uint8_t speaker;      /* of the latest word; NOBODY until there is one */
    uint8_t firm_speaker; /* the same, words that may prove a farewell left out */
    bool opener_known;    /* false: presumed from the ports */
    bool started;         /* false: nothing folded yet, the rest is meaningless */
};

/**
 * Fold one segment into the flow and the trail.  Call in capture order, once a
 * segment, after the verdict on it.  A copy the capture made of the segment
 * before (same segment within 2 ms) is left out.
 */
void flow_fold(struct flow *flow, struct trail *trail, const struct segment *seg);

/** Note an ICMP error in `frame` that quotes the segment. */
void flow_quote(struct flow *flow, uint32_t frame, const struct segment *quoted);

/** Whether the segment is a copy, made by the capture, of one already folded. */
bool flow_has(const struct flow *flow, const struct trail *trail, const struct segment *seg);

/** Bytes of `who`'s data, FIN and farewell apart, that the other side has not acknowledged. */
uint32_t flow_outstanding(const struct flow *flow, unsigned who);

/** Who spoke last, farewells apart; NOBODY when nothing was said. */
unsigned flow_last_speaker(const struct flow *flow);

/** Whether `who`'s latest bytes are a farewell, as things stand. */
bool flow_says_farewell(const struct flow *flow, unsigned who);

/** Shortest round trip past the place of capture; 0: no handshake seen. */
int64_t flow_rtt_ns(const struct flow *flow);

/** Bytes the segment's window field stands for, scaled when the scale is known. */
uint32_t side_window(const struct side *side, const struct segment *seg);

#endif
