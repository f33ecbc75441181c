/* What one side says: just enough of the application's framing to know whether it had finished.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TALK_H
#define TALK_H

#include "framing.h"
#include "http.h"
#include "segment.h"

/** What the new bytes of a segment amount to; the greatest of its parts counts. */
enum speech {
    SPEECH_NONE,     /* no new byte */
    SPEECH_CONTROL,  /* asks and answers nothing: HTTP/2 SETTINGS, WINDOW_UPDATE, PING; HTTP 1xx */
    SPEECH_FAREWELL, /* asks for no answer; its loss harms nobody */
    SPEECH_SETUP,    /* TLS handshake: asks and answers, but is not yet the conversation */
    SPEECH_WORD,     /* a question, an answer, or part of one */
};

/** When the latest bytes are a farewell. */
enum talk_farewell {
    FAREWELL_NO,
    FAREWELL_BEFORE_FIN, /* undecoded and short: if this side's FIN follows at once */
    FAREWELL_AT_CLOSE,   /* a TLS 1.3 record of an alert's size: if either side has closed */
    FAREWELL_YES
};

/** Of TLS: what its records tell without being opened.  Lengths are those of the records. */
struct tls_said {
    uint16_t record;          /* bytes of the latest data record */
    uint16_t longest;         /* bytes of the longest */
    uint8_t before;           /* the low byte of the length of the record before the latest */
    uint8_t alert;            /* the latest that could be read, plus 1; 0: none */
    uint8_t weak;             /* bytes of the trailing farewell in front of its alert, which are one
                               * only if this side's FIN follows */
    uint8_t data_records : 2; /* saturates */
    uint8_t alike : 2;        /* records in a row, since the other side's last long one, before the
                               * latest and as long; saturates */
    uint8_t by_turns : 2;     /* likewise, each as long as the one two before it */
    bool notify_doubted : 1;  /* close_notify may as well be the head of an HTTP/2 frame */
    bool fresh : 1;           /* the other side has sent a long record since the latest */
};

/** Of HTTP/2. */
struct http2_said {
    uint32_t stream;    /* the latest that this side opened */
    uint32_t data : 24; /* bytes of the latest DATA frame */
    uint32_t alike : 1; /* the one before had as many; a bool would not share the word on Windows */
};

/** Of what is read by its row of the table. */
struct framed {
    uint16_t refusal_bytes; /* from where `refused` words begin to the end of their segment; 0: they
                             * begin it */
    uint8_t whole;          /* messages that came whole, of both sides; saturates */
    bool opens : 1;         /* it has told the other side where to connect to for a transfer */
    bool served : 1;        /* it has sent the message that ends an answer */
    bool may_end : 1;       /* its latest message, asides apart, may be the last of an answer */
    bool dismissed : 1;     /* its latest words end the session in place of an answer, or in it */
};

/** The talk of one side.  Zero-initialised: nothing said yet. */
struct talk {
    uint64_t left;         /* bytes of the present record, frame, body or chunk still to come */
    uint32_t next;         /* raw sequence number of the next byte to read */
    uint32_t farewell_seq; /* where the trailing farewell starts; with farewell != FAREWELL_NO */
    uint32_t farewell_ms;  /* when it started; of segment.time_ns, wraps */
    uint32_t word_ms;      /* its latest bytes, likewise */
    union {
        struct http http;        /* TALK_HTTP1: the message that is being read */
        struct tls_said tls;     /* TALK_TLS */
        struct http2_said http2; /* TALK_HTTP2 */
        struct framed framed;    /* rows of the table */
    };
    uint8_t head[FRAMING_HEAD_MAX]; /* of a record, frame or message whose header is split */
    uint8_t protocol;               /* enum talk_protocol */
    uint8_t asked; /* HTTP: requests that the other side has not answered; saturates */
    uint8_t head_bytes : 4;
    uint8_t farewell : 2;   /* enum talk_farewell */
    bool spoken : 1;        /* anything at all */
    bool opened : 1;        /* it spoke first */
    bool conversed : 1;     /* anything beyond TLS set-up, a CONNECT and its answer */
    bool lost : 1;          /* bytes are missing: framing is unknown until the next start */
    bool snapped : 1;       /* bytes that would have told were cut by the snap length */
    bool open : 1;          /* HTTP/2: a stream's END_STREAM has not come; rows of the table: its
                             * latest message does not end an answer, as far as the row tells */
    bool in_line : 1;       /* inside a line whose LF has not come */
    bool tunnel : 1;        /* inside a CONNECT tunnel */
    bool strange : 1;       /* it answered the hello of TLS in another protocol */
    bool interrupted : 1;   /* the other side has said a word since the trailing farewell */
    bool asking : 1;        /* its question stands: the other side has not said a word since */
    bool replying : 1;      /* its latest words are an answer, and so is what follows at once */
    bool answered : 1;      /* it has answered a question on this connection */
    bool alerted : 1;       /* its latest TLS record is an alert */
    bool close_notify : 1;  /* its latest TLS record is a close_notify, or has the size of one */
    bool fatal : 1;         /* it sent a fatal TLS alert in the clear */
    bool sealed_setup : 1;  /* TLS 1.3 server: its first data records finish the handshake */
    bool ticket : 1;        /* TLS 1.3 server: its first word may have been a session ticket */
    bool tls_began : 1;     /* the TLS handshake was seen from its first record on */
    bool tls_changed : 1;   /* it sent a ChangeCipherSpec */
    bool tls_old : 1;       /* before TLS 1.3: alerts have a type of their own, sealed or not */
    bool tls_finished : 1;  /* its Finished was seen, or (TLS 1.3) acknowledged by the other's */
    bool tls_keyed : 1;     /* it sent more than hellos and ChangeCipherSpec: a key exchange, ... */
    bool worded : 1;        /* it has sent text; telnet's negotiations are none */
    bool refused : 1;       /* its latest words turn the other side away: see struct last_words */
    bool refused_first : 1; /* and no text of it came before them */
};

/**
 * Where the trailing farewell starts, if there is one as things stand: `closes_ns` is when this
 * side's FIN came right behind its last byte, `closed` whether either side has sent one.  Returns
 * false if there is none.
 */
#define TALK_NO_FIN INT64_MIN

bool talk_farewell(const struct talk *talk, int64_t closes_ns, bool closed, uint32_t *start);

/** Whether the message that was said last is whole. */
enum entirety {
    ENTIRE_UNKNOWN,  /* not decoded, lost or snapped; or nothing was said */
    ENTIRE_WHOLE,    /* its own framing says so */
    ENTIRE_CUT,      /* its own framing says that more was to come */
    ENTIRE_BY_CLOSE, /* the close ends it (RFC 9112, 6.3) */
};

/** What was cut. */
enum cut {
    CUT_NOTHING,
    CUT_HEAD,    /* inside the head of an HTTP message */
    CUT_LENGTH,  /* bytes are missing of a Content-Length */
    CUT_CHUNK,   /* inside a chunk, or before the last one */
    CUT_FRAME,   /* inside a frame of HTTP/2 */
    CUT_STREAM,  /* HTTP/2: between frames, END_STREAM has not come */
    CUT_RECORD,  /* inside a TLS record */
    CUT_MESSAGE, /* inside a message of another framing */
    CUT_ANSWER,  /* between the messages of an answer, of which the last has not come */
};

/** How the talk of one side ended, as things stand. */
struct ending {
    int64_t missing; /* bytes that the cut thing lacks; 0: not known */
    enum entirety entirety;
    enum cut cut;
    bool is_certain; /* a length or a chunk of HTTP says so; else it is likely at best */
};

struct ending talk_ending(const struct talk *talk);

/** Whether what was said stops inside a message whose end was announced. */
bool talk_is_cut(const struct talk *talk);

/**
 * Whether a question of the side `asker` stands open.  HTTP counts answers against requests (1xx is
 * none); elsewhere a question is a word of the asker behind which the other side said none.
 * Whether it was acknowledged, and since when it stands: flow_question().
 */
bool talk_asks(const struct talk *asker);

/** Whether its protocol counts what is asked and what is answered; elsewhere last words may want no
 * answer. */
bool talk_counts(const struct talk *talk);

/** Whether last words that are no goodbye want an answer: in a protocol whose goodbyes are known.
 */
bool talk_wants_answer(const struct talk *talk);

/**
 * Whether this side asks, of two that have spoken: the one whose HTTP requests were seen, else the
 * one that spoke first, unless its protocol has the other side begin with a greeting.
 */
bool talk_is_asker(const struct talk *talk);

/**
 * Whether all that a TLS 1.3 server has said behind the handshake are two records of one length, in
 * one breath: session tickets, which answer nothing (RFC 8446, 4.6.1; OpenSSL sends two).
 * Fooled by: an answer of two equal, short records.
 */
bool talk_is_ticketed(const struct talk *talk);

/** Whether both TLS handshakes were seen to begin, and not both to finish. */
bool talk_is_in_handshake(const struct talk *talk, const struct talk *other);

/**
 * RFC 8446, 6.1: a side that sent FIN without close_notify, behind long records in a row of one
 * length, or of two by turns, as buffers leave them: bulk that was cut between two records.
 * Fooled by: a whole file of a multiple of that many bytes.
 */
bool talk_broke_off_bulk(const struct talk *talk);

/**
 * Whether an answer of HTTP/2 may have been whole before END_STREAM came: a Content-Length that is
 * packed in its head may have told (RFC 9113, 8.1.1).  Not of DATA frames of one size in a row.
 */
bool talk_may_be_whole(const struct talk *talk);

/** Whether its latest TLS record is one of a run of long ones, of which nothing tells the end. */
bool talk_may_be_in_bulk(const struct talk *talk);

/** Whether its latest words end the session in place of the answer that it owed. */
bool talk_is_dismissal(const struct talk *talk);

/** Whether it has told the other side where to connect to for a transfer. */
static inline bool talk_opens(const struct talk *talk)
{
    return talk->protocol > TALK_HTTP2 && talk->framed.opens;
}

/** Whether it said what ends every exchange: a fatal alert, or an answer in another protocol. */
static inline bool talk_offends(const struct talk *talk)
{
    return talk->fatal || talk->strange;
}

/** Whether its latest TLS record is a close_notify, or has the size of one: it ends in order,
 * unless that was the last answer. */
static inline bool talk_may_part(const struct talk *talk)
{
    return talk->protocol == TALK_TLS && talk->close_notify;
}

/** Whether it is sure that its latest TLS record is a close_notify. */
bool talk_is_notified(const struct talk *talk);

/** The TLS alert that could be read last, by its name of RFC 8446, 6; NULL: none. */
const char *talk_alert(const struct talk *talk);

/** What is said of one message of that side, with its article: "an HTTP answer". */
const char *talk_message(const struct talk *talk);

enum { LAST_WORDS_SIZE = 121 };

/** What a side said in the clear when it turned the other away.  Printable ASCII. */
struct last_words {
    uint32_t frame;
    char text[LAST_WORDS_SIZE];
};

#endif
