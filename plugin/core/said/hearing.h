/* What the readers of the protocols share; nothing outside this room includes it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HEARING_H
#define HEARING_H

#include "talk.h"

enum {
    BREATH_MS = 200, /* what is said in one breath; chosen: the longest that stacks hold back
                      * an ACK or a small segment (TCP_DELACK_MAX of Linux) */
};

/** A stretch of payload not yet read. */
struct hearing {
    const uint8_t *at;
    uint32_t captured; /* bytes that can be read */
    uint32_t sent;     /* bytes that were sent; at least `captured` */
    uint32_t seq;      /* raw sequence number of `at` */
    uint32_t ms;       /* when it was sent, as in struct talk */
    bool past_alert;   /* the segment acknowledges the latest record of the other side, an alert */
    bool past_fin;     /* it acknowledges the other side's FIN */
};

/** Take bytes off the stretch; at most `sent`. */
void hearing_skip(struct hearing *h, uint32_t bytes);

/** A word that is no farewell. */
enum speech say_word(struct talk *talk, struct talk *other, const struct hearing *h);

/** Undecoded words. */
struct undecoded {
    uint32_t start; /* raw sequence number */
    uint32_t size;  /* bytes */
    uint32_t limit; /* of the bytes that a farewell has at most */
};

/**
 * A word that is a farewell if the side's FIN comes right behind it, it is no answer, and it is
 * short, with those that came in the same breath before it.
 */
enum speech say_short(struct talk *talk, struct talk *other, const struct hearing *h,
                      const struct undecoded *words);

/** Whether words of that size are no more than a reply to the goodbye of the other side. */
bool is_reply_to_goodbye(const struct talk *talk, const struct talk *other, uint32_t size);

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
