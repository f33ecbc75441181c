/* What one endpoint of a connection has shown of itself.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SIDE_H
#define SIDE_H

#include "chain.h"
#include "segment.h"
#include "talk.h"
#include "trail.h"
#include "ttls.h"

/** What one endpoint has shown of itself.  A frame number is 0 until seen. */
struct side {
    struct chains *chains; /* lent; NULL: the side has sent nothing again */
    int64_t heard_ns;      /* its latest segment */
    int64_t syn_ns;        /* its latest SYN */
    int64_t fin_ns;
    int64_t word_ns; /* its latest word */
    uint32_t heard_frame;
    uint32_t syn_frame; /* the latest SYN or SYN-ACK */
    uint32_t fin_frame; /* the first FIN */
    uint32_t word_frame;
    uint32_t rtt_us;     /* shortest time from a segment of the other side to its answer, from
                          * the handshake on; 0: no handshake seen */
    uint32_t isn;        /* raw; of its SYN once syn_frame is set, else one before the first number
                          * known of it; valid with has_isn */
    uint32_t snd_nxt;    /* raw: one past the highest sequence it has sent, RSTs apart */
    uint32_t acked;      /* raw: the highest acknowledgement it has sent */
    uint32_t fin_seq;    /* raw; valid once fin_frame is set */
    uint32_t turn_seq;   /* raw: where its latest turn to speak begins */
    uint32_t window;     /* bytes, last advertised */
    uint32_t window_max; /* bytes */
    struct talk talk;
    uint16_t ip_id;
    uint16_t data_segments; /* saturates */
    uint8_t window_shift;
    uint8_t syn_options;
    uint8_t syn_count;
    struct ttls ttls;
    bool has_ip_id;       /* valid is `ip_id`; not a bit: it is written with each segment */
    bool stamps;          /* its latest segment carries timestamps; likewise */
    bool seen : 1;        /* any segment but a RST */
    bool has_reset : 1;   /* it sent a RST: flow_reset() */
    bool has_acked : 1;   /* `acked` is valid */
    bool has_isn : 1;     /* `isn` is valid */
    bool syn_ack : 1;     /* its SYN acknowledged one */
    bool two_isns : 1;    /* a SYN of it has another number than the first */
    bool fin_unseen : 1;  /* the other side acknowledged one number past all that was seen of it */
    bool is_signed : 1;   /* its segments carry an MD5 or TCP-AO option */
    bool owed_at_fin : 1; /* it had received a question and not answered when it sent its FIN */
    bool mute_at_fin : 1; /* it had not conversed when it sent its FIN */
    bool options_cut : 1; /* by the snap length, in some segment of it */
    bool rtt_again : 1;   /* `rtt_us` is the shortest of two or more */
    bool lost_segments : 1; /* its numbers, or the other side's acknowledgements, skip what the
                             * capture does not show, the hole apart: side_lacks_bytes() */
};

/** What the side retransmitted since it last sent something new; a chain of none, if nothing. */
const struct chain *side_retransmission(const struct side *side);

/** The keep-alives and window probes it sent since then, and since the other side last sent data.
 */
const struct chain *side_probe(const struct side *side);

/** The same, as it was before the segment in that frame came; 0: none. */
const struct chain *side_probe_until(const struct side *side, uint32_t frame);

/** Whether the segment is such a probe of the side. */
bool side_probes_with(const struct side *side, const struct segment *seg);

/** Whether the segment takes up sequence space of the side, and none of it is new. */
bool side_repeats_with(const struct side *side, const struct segment *seg);

/** Whether the segment is ahead of all that the side has sent. */
bool side_skips_with(const struct side *side, const struct segment *seg);

/** Remember what such a segment left out.  One hole is remembered; what is in another is lost. */
void side_open_hole(struct side *side, const struct segment *seg);

/** Close the hole as far as the segment fills it from either end. */
void side_fill_hole(struct side *side, const struct segment *seg);

/** Whether the capture lacks bytes of the side, as things stand. */
bool side_lacks_bytes(const struct side *side);

/** Fold a probe of the side; `other` is the one it is sent to. */
void side_fold_probe(struct side *side, const struct side *other, const struct segment *seg);

/**
 * Fold a repetition of the side.  `original` is the first copy of the segment that is still
 * remembered; NULL: none, then it is late and not repeated, unless it goes on with a chain.
 * Segments repeated in rounds behind one that is not acknowledged lengthen its chain once a round.
 */
void side_fold_retransmission(struct side *side, const struct side *other,
                              const struct step *original, const struct segment *seg);

/** Note how long its answer took; the shortest counts. */
void side_note_rtt(struct side *side, int64_t ns);

/** Whether its SYN says no more than one of a scanner does, as far as the capture shows. */
bool side_opened_barely(const struct side *side);

/** Bytes the segment's window field stands for, scaled when the scale is known. */
static inline uint32_t side_window(const struct side *side, const struct segment *seg)
{
    if (seg->flags & SEGMENT_SYN || side->window_shift == SEGMENT_NO_SHIFT)
        return seg->window;
    return (uint32_t)seg->window << side->window_shift;
}

#endif
