/* One reset in its context: what every rule looks at.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RESET_H
#define RESET_H

#include "flow.h"

/** How the reset was made, or that there was none: values of tcp.abort.form. */
enum form { FORM_UNCLEAR, FORM_REFLEX, FORM_ACTIVE, FORM_FIN, FORM_SILENCE };

/** What the user may set. */
struct tuning {
    int64_t idle_ns; /* a pause from this length on is idle */
};

extern const struct tuning tuning_default;

/** What stands around a connection. */
struct surroundings {
    const struct tuning *tuning;
    struct ttls elsewhere[2]; /* that the address of each side shows on all its connections */
};

/**
 * How long a connection was kept with nothing said, until the question that its server did not
 * answer.  What lies further back than LIMIT_LOOK_BACK_STEPS is forgotten.
 */
struct kept {
    int64_t ns;          /* from the last word of either side to the question; -1: there is none */
    int64_t survived_ns; /* the longest such pause before, that an answer ended */
    int64_t asked_ns;    /* from the question to the reset */
    int64_t fastest_ns;  /* the server's quickest answer before; 0: none */
};

/** A reset, caught in the act: the segment, and both sides as they stood before it. */
struct reset {
    const struct segment *seg;
    const struct flow *flow;
    const struct side *sender;   /* the side the RST claims to come from */
    const struct side *receiver; /* the side it would silence */
    const struct step *trigger;  /* the segment it answers; NULL: none */
    const struct step *too_soon; /* it answers or acknowledges this faster than its sender ever
                                  * could; NULL: nothing */
    const struct tuning *tuning;
    const struct ttls *elsewhere; /* of two: what the address of each side shows on all its
                                   * connections */
    unsigned sender_side;         /* 0 or 1 */
    unsigned receiver_side;       /* 0 or 1 */
    unsigned speaker;             /* of the last word, farewells apart; or NOBODY */
    enum form form;
    bool bare;          /* active form without the ACK flag */
    bool closed_socket; /* reflex form of a Windows socket its program had closed */
    bool ahead;         /* the capture lacks something of its sender */
    bool sender_is_client;
    bool finished;            /* nothing outstanding, and whoever was last asked has answered */
    bool finished_by_reset;   /* the same, counting what only the reset acknowledges */
    uint32_t fitting;         /* segments that could be the trigger */
    uint32_t sender_out;      /* bytes of its data never acknowledged, farewell apart */
    uint32_t receiver_out;    /* likewise, before the reset */
    uint32_t probes_in_pause; /* keep-alives of either side, answered by nobody */
    uint32_t acks_more;       /* bytes of the receiver that only the reset acknowledges */
    uint32_t acks_unseen;     /* those of them that the capture lacks */
    int64_t idle_ns;          /* since the last byte either way or answered keep-alive, to the
                               * segment that ended the pause */
    int64_t probed_ns;        /* the last of `probes_in_pause` */
    int64_t lull_ns;          /* when the receiver had been heard last, before the trigger */
    int64_t quiet_ns;         /* since the receiver was last heard */
    int64_t rtt_ns;           /* shortest round trip to the sender; 0: unknown */
    int64_t alone_ns;         /* of SSH: how long its sender alone had spoken, without a pause of
                               * LIMIT_KEPT_MS, when it sent its FIN */
    struct kept kept;         /* of a live server, whose client asked last */
};

/** Put a segment with RST into its context, but for what is asked of a first one alone: `kept` and
 * `alone_ns`.  Nothing is changed. */
struct reset reset_in_context(const struct flow *flow, const struct trail *trail,
                              const struct segment *rst, const struct surroundings *around);

/** Of a reset whose context is otherwise known. */
struct kept reset_kept(const struct reset *reset, const struct trail *trail);
int64_t reset_alone_ns(const struct reset *reset, const struct trail *trail);

/** Whether a segment with data drew the reset: the reflex of a socket that is gone. */
bool reset_answers_data(const struct reset *reset);

/** Whether nothing but `flags` and no data is in the trigger. */
bool reset_trigger_is_bare(const struct reset *reset, uint8_t flags);

/** Whether the window in the reset shows that a large unread queue was thrown away. */
bool reset_window_doubled(const struct reset *reset);

/**
 * Whether the trigger is the bare ACK of the sender's FIN, which its socket waits for in
 * FIN-WAIT-1 and does not reset, unless TCP_LINGER2 lets it go no further.  That ACK comes within
 * about a round trip: a later one finds nobody.
 */
bool reset_answers_ack_of_fin(const struct reset *reset);

/**
 * Whether the RST follows another of its sender at once, with another number, and the greater of
 * the two is ahead of all its sender ever sent, and no answer to the receiver: the forger guesses
 * where the window has moved to.
 */
bool reset_raises_sequence(const struct flow *flow, const struct segment *rst);

/**
 * Whether the reset answers an ACK of what its sender, not yet synchronised, never sent: "in
 * SYN-SENT, if SEG.ACK =< ISS or SEG.ACK > SND.NXT", in SYN-RECEIVED likewise, "send a reset" and
 * stay there (RFC 9293, 3.10.7.3 and 3.10.7.4).
 */
bool reset_answers_bad_ack(const struct reset *reset);

/**
 * Whether it answers a SYN that came after the handshake, or once more after the SYN-ACK: "If the
 * SYN is in the window it is an error, send a reset" (RFC 793, 3.9); since RFC 5961 a challenge
 * ACK.
 */
bool reset_answers_second_syn(const struct reset *reset);

/** Whether its sender signs its segments (RFC 2385, RFC 5925) and the SYN-ACK it answers is not. */
bool reset_answers_unsigned(const struct reset *reset);

/** Whether it answers one of these, or says itself that a Multipath TCP option was at fault. */
bool reset_blames_protocol(const struct reset *reset);

/**
 * Whether two connections seem to lie in the stream: a number that this one cannot hold, a second
 * initial number, or a clock that stepped back.
 */
bool reset_is_of_two(const struct reset *reset);

/** Whether the side that it would silence had sent a RST before it. */
bool reset_follows_another(const struct reset *reset);

/** Whether a live side resets what the other had reset, before either had said a word. */
bool reset_only_follows(const struct reset *reset);

/** How long after a segment a kernel's ACK of it may be seen that was held back (RFC 9293, 3.8.6.3:
 * 0.5 s at most, MUST-40). */
int64_t reset_delayed_ack_ns(const struct reset *reset);

/** Whether its sender was heard so shortly before the trigger that no host restarts in between. */
bool reset_is_lately(const struct reset *reset);

/** How long nothing had been said when its sender, the first to close, sent its FIN; -1: it is not.
 */
int64_t reset_waited_ns(const struct reset *reset);

/** Whether it, or what it answers, lies that far from the FINs of this connection. */
bool reset_is_stray(const struct reset *reset);

/** Whether the FIN of `side` had been acknowledged by `other` before the reset. */
bool side_fin_acked(const struct side *side, const struct side *other);

/** Whether both FINs had been. */
bool reset_finds_all_closed(const struct reset *reset);

#endif
