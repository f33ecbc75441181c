/* What the readers of the protocols share; nothing outside this room includes it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HEARING_H
#define HEARING_H

#include "talk.h"

enum {
    BREATH_MS = 200,   /* "a run may be several segments or records, within 200 ms" */
    NEVER_IN_A_RUN = 0 /* a limit below which no word is short enough */
};

/** A stretch of payload not yet read. */
struct hearing {
    const uint8_t *at;
    uint32_t captured; /* bytes that can be read */
    uint32_t sent;     /* bytes that were sent; at least `captured` */
    uint32_t seq;      /* raw sequence number of `at` */
    uint32_t ms;       /* when it was sent, as in struct talk */
    bool past_alert;   /* the segment acknowledges the latest record of the other side, an alert */
};

/** Take bytes off the stretch; at most `sent`. */
void hearing_skip(struct hearing *h, uint32_t bytes);

/** A word that is no farewell. */
enum speech say_word(struct talk *talk, struct talk *other, const struct hearing *h);

/**
 * A word of `size` bytes from `start` on that is undecoded: a farewell if the side's FIN comes
 * right behind it, it is no answer, and the run it ends has `limit` bytes at most.
 */
enum speech say_short(struct talk *talk, struct talk *other, const struct hearing *h,
                      uint32_t start, uint32_t size, uint32_t limit);

/** A farewell; what was said before belongs to no run with it. */
enum speech say_goodbye(struct talk *talk, uint32_t start, const struct hearing *h,
                        enum talk_farewell kind);

/* Each reads all of the stretch.  `talk->protocol` is theirs; if it is not afterwards, nothing but
 * what came before `h->at` was theirs. */
enum speech hear_tls(struct talk *talk, struct talk *other, struct hearing *h);
enum speech hear_http1(struct talk *talk, struct talk *other, struct hearing *h);
enum speech hear_http2(struct talk *talk, struct talk *other, struct hearing *h);
enum speech hear_framed(struct talk *talk, struct talk *other, struct hearing *h);

/** Whether a TLS record may start with these bytes. */
bool tls_starts(const uint8_t *bytes, uint32_t count);

/** Whether they are a hello, with which another protocol goes over to TLS. */
bool tls_says_hello(const uint8_t *bytes, uint32_t count);

#endif
