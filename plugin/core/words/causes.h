/* The table of causes, details and kinds of evidence as C sees it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CAUSES_H
#define CAUSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cause {
    CAUSE_NONE = 0,
#define CAUSE(NUMBER, ID, token, ...) CAUSE_##ID = NUMBER,
#include "causes.def"
};

enum detail {
    DETAIL_NONE = 0,
#define DETAIL(NUMBER, CAUSE_ID, ID, token, ...) DETAIL_##ID = NUMBER,
#include "details.def"
};

enum clue_kind {
#define CLUE(ID, sentence) CLUE_##ID,
#include "clues.def"
    CLUE_COUNT
};

enum objection {
    OBJECTION_NONE,
#define OBJECTION(ID, sentence) OBJECTION_##ID,
#include "objections.def"
    OBJECTIONS
};

/** Wireshark's words for how much an expert info matters. */
enum severity { SEVERITY_DEFAULT, SEVERITY_CHAT, SEVERITY_NOTE, SEVERITY_WARN };

/** Families of causes: what a palette has a colour for. */
enum family {
    FAMILY_HARMLESS,
    FAMILY_NOBODY_HOME,
    FAMILY_SILENCE,
    FAMILY_BROKEN,
    FAMILY_DELIBERATE,
    FAMILY_FORGED,
    FAMILY_UNKNOWN
};

/** What the next reset of the same side is to one of that cause. */
enum next_reset {
    NEXT_REPEATS,            /* the same abort once more */
    NEXT_REPEATS_UNTIL_OPEN, /* likewise, unless the side has sent a SYN-ACK meanwhile */
    NEXT_REPEATS_IN_BURST /* a first one, unless it is of that cause itself and follows at once */
};

/** As what an end is compared with other ends of the same endpoint: endpoint.c remembers those. */
enum comparison {
    COMPARED_WITH_NOTHING,
    COMPARED_AS_REFUSAL,
    COMPARED_AS_DEATH, /* of an unfinished exchange, by the server's side */
    COMPARED_AS_CHECK, /* of a monitor, by the client's side */
    COMPARED_AS_EXPIRY /* of an idle connection, unprompted */
};

/** What a reset of that cause is to a FIN that came too soon before it. */
enum behind_fin {
    BEHIND_FIN_UNRELATED, /* another end: both are told of */
    BEHIND_FIN_ALREADY,   /* likewise, unless the end had come before the FIN */
    BEHIND_FIN_AFTERMATH, /* what the FIN was is what it is */
    BEHIND_FIN_ITSELF     /* it tells of the same end, and knows more than the FIN */
};

/** One row of causes.def.  Strings are static; NULL: nothing to say. */
struct cause_info {
    const char *token;         /* "refused" */
    const char *filter;        /* "tcp.abort.refused": the expert info's own field */
    const char *title;         /* a few words, for columns and statistics */
    const char *means;         /* one sentence: what happened */
    const char *example;       /* the capture that shows it best: captures/<example>.pcap */
    const char *summary;       /* the sentence for a ticket, in the words of prose.h */
    const char *sender_sees;   /* what the program behind the reset sees */
    const char *receiver_sees; /* what the program it silences sees */
    const char *check;         /* one thing to check; commands stand in backticks */
    const char *decides;       /* the one observation that tells it from others that fit */
    const char *rfc;           /* the section that makes it so */
    const char *sees;          /* what its rule looks at */
    const char *fooled_by;     /* what looks the same and is not */
    const char *source;        /* where stacks do it: functions of a kernel, sections of an RFC */
    const char *neighbour;     /* "token: what decides": the cause or detail that is nearest */
    const char *link;          /* the link that tells most of it; NULL: as of any reset */
    enum cause cause;
    enum severity severity;
    enum family family;
    enum next_reset next_reset;
    enum comparison compared;
    enum behind_fin behind_fin;
    bool rests_on_words;   /* on what the two sides said, not on headers alone */
    bool rests_on_options; /* on options that a SYN or the reset carries, or on there being none */
    bool rests_on_pause;   /* on how long nothing was said */
};

/** One row of details.def. */
struct detail_info {
    enum detail detail;
    enum cause cause;   /* that it refines, in its own words */
    enum cause also[2]; /* others that it refines, in theirs */
    const char *token;
    const char *means;
    const char *summary;       /* NULL: the cause's */
    const char *receiver_sees; /* NULL: the cause's */
    const char *check;         /* NULL: the cause's */
    const char *fin_summary;   /* where a FIN ended it, and no reset; NULL: the same */
    const char *fin_sees;      /* what the other side's program sees then; NULL: the same */
    const char *link;          /* NULL: the cause's */
    const char *sees;          /* NULL, like the three below: the cause's rule finds it */
    const char *fooled_by;
    const char *source;
    const char *neighbour;
    enum severity severity;   /* SEVERITY_DEFAULT: the cause's */
    enum comparison compared; /* COMPARED_WITH_NOTHING: the cause's */
    bool of_older_connection; /* on the same ports: the reset does not speak of this one */
    bool rests_on_words;      /* though its cause does not */
    bool says_why;            /* the side that ended it said why: no later reset knows better */
    bool whole_burst;         /* of no reset of the burst is it in doubt */
    bool ends_nothing;        /* it leaves its sender in the state it was in */
};

extern const struct cause_info cause_table[]; /* in the order of causes.def */
extern const size_t cause_count;
extern const struct detail_info detail_table[];
extern const size_t detail_count;
extern const char *const clue_sentence[CLUE_COUNT];
extern const char *const objection_sentence[OBJECTIONS]; /* NULL of OBJECTION_NONE */

/** The row of a cause; NULL for CAUSE_NONE. */
const struct cause_info *cause_info(enum cause cause);

/** The row of a detail; NULL for DETAIL_NONE. */
const struct detail_info *detail_info(enum detail detail);

/** Whether the detail refines the cause. */
bool detail_refines(enum detail detail, enum cause cause);

/** The row of a detail, if it has words of its own for the cause; else NULL. */
const struct detail_info *detail_words(enum detail detail, enum cause cause);

/** The severity of a cause, as the detail refines it. */
enum severity cause_severity(enum cause cause, enum detail detail);

/** As what an end of that cause and detail is compared with others. */
enum comparison cause_comparison(enum cause cause, enum detail detail);

/** The cause of that token, CAUSE_NONE when there is none. */
enum cause cause_by_token(const char *token);

/** The detail of that token, DETAIL_NONE when there is none. */
enum detail detail_by_token(const char *token);

#endif
