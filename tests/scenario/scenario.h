/* A connection written down as text: what each side sends, and what must be said of it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SCENARIO_H
#define SCENARIO_H

#include "segment.h"
#include "verdict.h"

#include <stddef.h>

/*
 * The notation, after packetdrill's:
 *
 *   # prose
 *   silent N CAUSE... fin N CAUSE...      of an abort without a RST: N is the last segment, the FIN
 *   expect CAUSE[/DETAIL] CONFIDENCE KEY=VALUE...
 *                       one line per RST, in order; `expect none`: no RST
 *   ports 49152 80      of A and B
 *   over ipv4           the verdict needs what only IPv4 has
 *   +0.014  B  R.  1:1(0)  ack 1 win 0
 *                       seconds after the line before (-: the clock steps back), side, flags
 *                       (S F R P U and . for ACK), first:last(bytes)
 *
 * CONFIDENCE is possible, likely or certain, `<=likely` or `>=likely`.  KEY=VALUE: see
 * expectation.c; VALUE may offer several, A|B, or rule them out, !A|B.  Of keys with several values
 * one must be it: `clue` (an ID of clues.def), `alternative`, `proof`.  A speaks first.  Numbers
 * are relative to the first of their side; with `=` before them (`=0:0(0)`, `ack =0`) they stand as
 * on the wire.  A segment line goes on with any of
 *
 *   ack N   win N   ttl N   id N   ts N   cut N (bytes of payload captured)
 *   data "GET / HTTP/1.1\r\n"   hex 16030100   (the rest of the payload is filled with x)
 *   <mss 1460,sack,ts 1 2,ws 7,md5>   opt 1e048001   (any other TCP options, as on the wire)
 *
 * The capture goes on for a day (SCENARIO_GOES_ON_NS) behind the last line.
 * What is left out: the side's window of before (512 at first), TTL 64, the side's next IP ID.
 */

enum {
    SCENARIO_STEPS = 400,
    SCENARIO_EXPECTATIONS = 24,
    EXPECTATION_KEYS = 12,
    WORD_SIZE = 32,
    OPTIONS_MAX = 40, /* bytes: a header has 60 */
};

#define SCENARIO_GOES_ON_NS INT64_C(86400000000000)

/** TCP options as on the wire, in the order in which they stand on the line. */
struct options {
    uint8_t byte[OPTIONS_MAX];
    uint8_t size;
};

/** One segment line.  Sequence numbers are relative unless they are said to be raw. */
struct scenario_step {
    struct segment segment; /* `payload` and `options` belong to the scenario */
    struct options options;
    bool raw_seq, raw_ack;
    unsigned line;
};

struct expectation {
    enum cause cause;
    enum detail detail; /* DETAIL_NONE: not asked */
    enum confidence at_least, at_most;
    struct {
        char name[WORD_SIZE], value[WORD_SIZE];
    } key[EXPECTATION_KEYS];
    size_t key_count;
    uint32_t frame; /* of an abort without a reset; 0: of the next RST */
    unsigned line;
    char text[160]; /* from the cause on */
};

struct scenario {
    struct scenario_step step[SCENARIO_STEPS];
    size_t step_count;
    struct expectation expectation[SCENARIO_EXPECTATIONS];
    size_t expectation_count;
    bool expects_none, ipv4_only, has_syn;
    uint16_t port[2];
    char error[256]; /* "file:line: what is wrong" */
};

/** Read a scenario; false: see `error`.  Either way, scenario_free() it. */
bool scenario_read(struct scenario *scenario, const char *path);

/** The same from a text; `name` stands in messages. */
bool scenario_parse(struct scenario *scenario, const char *name, const char *text);

void scenario_free(struct scenario *scenario);

/** The frame an expectation is about. */
uint32_t scenario_expected_frame(const struct scenario *scenario, size_t expectation);

/** The segment of a step for these initial sequence numbers, numbered from frame 1. */
struct segment scenario_segment(const struct scenario *scenario, size_t step,
                                const uint32_t isn[2]);

/**
 * Whether the verdict is as expected.  When not, `complaint` says what differs.
 */
bool expectation_met(const struct expectation *expected, const struct verdict *verdict,
                     char *complaint, size_t size);

/** Whether expectation_met() knows that key. */
bool expectation_knows(const char *key);

#endif
