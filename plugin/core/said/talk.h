/* What one side says: just enough of the application's framing to know whether it had finished.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TALK_H
#define TALK_H

#include "http.h"
#include "segment.h"

/** What the new bytes of a segment amount to; the greatest of its parts counts. */
enum speech {
    SPEECH_NONE,     /* no new byte */
    SPEECH_CONTROL,  /* asks and answers nothing: HTTP/2 SETTINGS, WINDOW_UPDATE, PING */
    SPEECH_FAREWELL, /* asks for no answer; its loss harms nobody */
    SPEECH_SETUP,    /* TLS handshake: asks and answers, but is not yet the conversation */
    SPEECH_WORD,     /* a question, an answer, or part of one */
};

enum talk_protocol { TALK_OPAQUE, TALK_TLS, TALK_HTTP1, TALK_HTTP2 };

/** When the latest bytes are a farewell. */
enum talk_farewell {
    FAREWELL_NO,
    FAREWELL_BEFORE_FIN, /* undecoded and short: if this side's FIN follows at once */
    FAREWELL_AT_CLOSE,   /* a TLS 1.3 record of an alert's size: if either side has closed */
    FAREWELL_YES
};

enum { TALK_HEAD_MAX = 9 };

/** The talk of one side.  Zero-initialised: nothing said yet. */
struct talk {
    uint32_t next;         /* raw sequence number of the next byte to read */
    uint32_t left;         /* bytes of the present record, frame or body still to come */
    uint32_t farewell_seq; /* where the trailing farewell starts; with farewell != FAREWELL_NO */
    uint8_t head[TALK_HEAD_MAX]; /* of a record or frame whose header is split; of a chunked body
                                  * the latest bytes */
    uint8_t head_bytes;
    uint8_t protocol;       /* enum talk_protocol */
    uint8_t body;           /* enum http_body */
    uint8_t farewell;       /* enum talk_farewell */
    bool spoken : 1;        /* anything at all */
    bool opened : 1;        /* it spoke first */
    bool conversed : 1;     /* anything beyond TLS set-up, a CONNECT and its answer */
    bool lost : 1;          /* bytes are missing: framing is unknown until the next start */
    bool snapped : 1;       /* bytes that would have told were cut by the snap length */
    bool open : 1;          /* HTTP/2: a stream's END_STREAM has not come */
    bool asked_connect : 1; /* its last request was CONNECT */
    bool asked_head : 1;    /* its last request was HEAD: the answer has no body */
    bool tunnel : 1;        /* inside a CONNECT tunnel */
    bool alerted : 1;       /* its latest TLS record is an alert */
    bool sealed_setup : 1;  /* TLS 1.3 server: its first data records finish the handshake */
    uint8_t data_records;   /* TLS, saturates */
};

/**
 * Hear the new bytes of a segment: those from `talk->next` on.  `other` is the
 * talk of the other side (a question decides how its answer ends).
 * Reads at most seg->captured bytes of the payload.
 */
enum speech talk_hear(struct talk *talk, struct talk *other, const struct segment *seg);

/** Whether what was said stops inside a message whose end was announced. */
bool talk_is_cut(const struct talk *talk);

#endif
