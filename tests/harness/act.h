/* What befalls captures on their way: to one segment, or from it on.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ACT_H
#define ACT_H

#include "tape.h"

/** Their numbers stand in the corpus of the fuzzer. */
enum act {
    ACT_LOSE,     /* the segment is missing */
    ACT_DOUBLE,   /* it is there again, up to seven further on */
    ACT_SWAP,     /* it changes places with one of those */
    ACT_CUT,      /* nothing comes behind it, for one `far` in eight */
    ACT_SHIFT,    /* the clock is set, up to nine hours either way */
    ACT_TURN,     /* it comes from the other side */
    ACT_MERGE,    /* another capture lies between the segments: the fuzzer's */
    ACT_BEGIN,    /* nothing comes before it, for one `far` in eight */
    ACT_SILENCE,  /* nothing else of its side is there, or of the other: an odd `far` */
    ACT_SNAP,     /* of everybody's payload so many bytes are there, up to 255 */
    ACT_RENUMBER, /* from it on its side has other numbers: the sequence, and what acknowledges it
                   */
    ACT_JOIN,     /* it, and what is between its ends, comes between those of another */
    ACT_RETAG,    /* from it on its side travels elsewhere */
    ACT_FORGET,   /* nothing is known of its IP, or its timestamp: an odd `far` */
    ACT_REPASS,   /* it passes elsewhere up to 300 ms later, as many hops further as bits say */
    ACT_FLAG,     /* another of its flags is set, or cleared */
    ACTS
};

/** Do it to the n-th take of the tape, which has one at least; `far` as the act says. */
void act_befall(struct tape *tape, enum act act, size_t n, uint16_t far);

#endif
