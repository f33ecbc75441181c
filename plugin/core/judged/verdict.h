/* What is claimed of the end of a connection, and how a claim is put together.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VERDICT_H
#define VERDICT_H

#include "answers.h"
#include "causes.h"
#include "reset.h"

/** Who ended the connection: values of tcp.abort.by. */
enum party { PARTY_UNKNOWN, PARTY_CLIENT, PARTY_SERVER, PARTY_MIDDLEBOX };

/** How sure: values of tcp.abort.confidence. */
enum confidence { CONFIDENCE_POSSIBLE = 1, CONFIDENCE_LIKELY, CONFIDENCE_CERTAIN };

/** Whether the receiver acted on the reset. */
enum effect { EFFECT_UNKNOWN, EFFECT_NONE, EFFECT_RESET };

/** A shorter pause is none: nobody is shown it. */
#define PAUSE_AT_ALL_NS INT64_C(1000000000)

enum { CLUE_MAX = 12, NUMBER_MAX = 14, ALTERNATIVE_MAX = 4, PROOF_MAX = 3 };

/** One thing a reader can check: the words of clues.def with these figures. */
struct clue {
    enum clue_kind kind;
    uint32_t frame; /* 0: not in one frame */
    int64_t n, m;   /* as the sentence says */
};

/** A clue as a verdict holds it: most have one number or none. */
struct noted {
    uint32_t frame;
    uint8_t kind; /* enum clue_kind */
    uint8_t n, m; /* which of the verdict's numbers, from 1 on; 0: zero */
};

/** A run of frames that repeat the same thing; count 0: none. */
struct run {
    uint32_t first_frame, last_frame, count;
};

struct event;

/** What is claimed of one reset.  A frame of 0, an interval below 0: not known. */
struct verdict {
    uint32_t frame; /* of the RST; with FORM_FIN the FIN, with FORM_SILENCE the last thing sent */
    uint32_t seq;   /* of the RST, raw */
    uint32_t ack;   /* likewise; 0 without ACK */
    uint32_t trigger;
    int64_t time_ns; /* of the RST */
    enum cause cause : 8;
    enum detail detail : 8;
    enum confidence confidence : 8;
    enum severity severity : 8;
    enum party by : 8;
    enum form form : 8;
    enum effect effect : 8;
    enum confidence ceiling : 8;          /* how sure the capture allows to be */
    uint8_t alternative[ALTERNATIVE_MAX]; /* enum cause; best first, CAUSE_NONE ends */
    uint8_t against[ALTERNATIVE_MAX];     /* enum objection; what speaks most against that */
    struct answers answers;               /* what all of these come of */
    uint8_t sender;                       /* side */
    bool sender_is_client : 1;
    bool client_known : 1;
    bool late_write : 1; /* the trigger brings data and acknowledges the FIN of the RST's sender */
    bool sender_asked : 1; /* for that answer; else the receiver did, or nothing is asked */
    bool said_goodbye : 1; /* the sender, before its end */
    bool sender_may_be_linux : 1, receiver_may_be_linux : 1; /* by their TTL and the form of the
                                                              * reset */
    bool bare : 1;            /* the RST carries no ACK, and no data is known to have drawn it */
    bool overturnable : 1;    /* what its sender does later may show that it was forged */
    bool provisional : 1;     /* this, or other connections, may change it */
    bool may_have_broken : 1; /* something, for what the capture lacks: it is not to be called
                               * harmless */
    uint8_t clue_count;
    uint8_t own_clues; /* the first of them; the rest is what other connections tell */
    uint8_t number_count;
    uint32_t fin;      /* of the reset's sender */
    uint32_t fin_peer; /* of its receiver */
    uint32_t syn;
    uint32_t asked;     /* where the open question of the receiver ends */
    uint32_t repeat_of; /* first RST of the same abort */
    uint32_t killed_by; /* the RST that had ended the connection before */
    uint32_t proof[PROOF_MAX];
    struct run retransmission;
    struct run probe;
    int64_t since_fin_ns;
    int64_t since_trigger_ns;
    int64_t since_open_ns;
    int64_t idle_ns;
    int64_t waited_ns; /* from the last word of either side to the FIN of the reset's sender */
    int64_t unanswered_ns;
    int64_t patience_ns;  /* for how long an answer, or the rest of one, was waited for */
    int64_t quiet_ns;     /* since the side the sentence speaks of was last heard, or the
                             question of which it speaks */
    uint32_t lost_sender; /* bytes it sent that were never acknowledged */
    uint32_t lost_receiver;
    int64_t missing;     /* bytes of an announced length that never came */
    struct event *event; /* of several connections, which it belongs to; lent; NULL: none */
    struct noted noted[CLUE_MAX]; /* verdict_clue() */
    int64_t number[NUMBER_MAX];   /* theirs */
};

/** Whether the stack may be Linux, by the TTL it shows; 0: none is known. */
bool verdict_ttl_may_be_linux(uint8_t ttl);

/** Take over what a repeat shares with the first RST of its abort. */
void verdict_inherit(struct verdict *verdict, const struct verdict *first);

/**
 * A verdict on the end of a side, with the frames that every verdict names; its own frame and its
 * cause are still to be set, and what a RST tells.
 */
struct verdict verdict_begin(const struct flow *flow, unsigned side, enum form form);

/** Let that cell fit so well at least: each of its answers does. */
void verdict_fit(struct verdict *verdict, enum maker maker, enum stage stage, enum debt debt,
                 enum fit fit);

/** What matters so much may do so here: nothing that may have broken something is harmless. */
enum severity verdict_allows(const struct verdict *verdict, enum severity severity);

/** Whether that maker is as likely as any. */
static inline bool verdict_blames(const struct verdict *verdict, enum maker maker)
{
    return verdict->answers.maker[maker].fit >= FIT_LIKELY;
}

/**
 * Something speaks for that maker which the capture does not lack: it is likely at least, and no
 * other more than possible; how far the connection had come and what was owed is as it seemed.
 * To be weighed.
 */
void verdict_blame(struct verdict *verdict, enum maker maker, enum objection objection);

/** Weigh, and set a detail with the severity that goes with both. */
void verdict_conclude(struct verdict *verdict, enum detail detail);

/**
 * Tell of the same abort as a verdict on an earlier FIN of the same side: what is said of the reset
 * itself stays, the rest is that verdict's.
 */
void verdict_take_over(struct verdict *verdict, const struct verdict *of_fin);

/** Note one observation; what exceeds CLUE_MAX, or NUMBER_MAX different numbers, is dropped. */
void verdict_note(struct verdict *verdict, enum clue_kind kind, uint32_t frame, int64_t n,
                  int64_t m);

/** The i-th of `clue_count` observations. */
static inline struct clue verdict_clue(const struct verdict *verdict, unsigned i)
{
    const struct noted *noted = &verdict->noted[i];

    return (struct clue){ (enum clue_kind)noted->kind, noted->frame,
                          noted->n ? verdict->number[noted->n - 1] : 0,
                          noted->m ? verdict->number[noted->m - 1] : 0 };
}

/**
 * What the answers come to: cause, confidence and alternatives, by one computation.  It is certain
 * only if every cell of another cause is refuted, unknown if no cell is more than faintly possible.
 * Called anew whenever an answer changes; detail and severity are the caller's.
 */
void verdict_weigh(struct verdict *verdict);

/** Be no surer than that, whatever the answers are: the capture lacks what they rest on. */
void verdict_limit(struct verdict *verdict, enum confidence ceiling);

/** Whether the reset does not speak of this connection, but of an older one on the same ports. */
bool verdict_is_of_older_connection(const struct verdict *verdict);

/** Whether the reset leaves its sender in the state it was in: the connection may go on. */
bool verdict_ends_nothing(const struct verdict *verdict);

/** Link a frame the verdict rests on. */
void verdict_prove(struct verdict *verdict, uint32_t frame);

/** What it is compared as, beside other connections; NULL: nothing. */
enum comparison verdict_comparison(const struct verdict *verdict);

/** Whether what happened broke nothing: severity Chat. */
static inline bool verdict_is_harmless(const struct verdict *verdict)
{
    return verdict->severity == SEVERITY_CHAT;
}

/** Whether who sent the reset, or the FIN, is who ended the connection. */
static inline bool verdict_is_by_sender(const struct verdict *verdict)
{
    return verdict->by == (verdict->sender_is_client ? PARTY_CLIENT : PARTY_SERVER);
}

/** Bytes that side sent and the other never acknowledged. */
static inline uint32_t verdict_lost(const struct verdict *verdict, bool of_client)
{
    return of_client == verdict->sender_is_client ? verdict->lost_sender : verdict->lost_receiver;
}

#endif
