/* How protocols frame their messages: the table of framings.def and what is read by it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FRAMING_H
#define FRAMING_H

#include <stdbool.h>
#include <stdint.h>

/** A protocol, by its row. */
enum talk_protocol {
#define FRAMING(id, ...) TALK_##id,
#define GOODBYE(id, at, bytes, exact)
#define REFUSAL(id, at, pattern, words)
#include "framings.def"
    TALK_PROTOCOLS
};

enum { FRAMING_HEAD_MAX = 10 };

/** Bytes of one message or segment; what is beyond `captured` was sent, but cannot be read. */
struct message {
    const uint8_t *at;
    uint32_t captured;
    uint32_t sent;
};

/** What the head of a message tells. */
enum measured {
    MEASURED_MORE,   /* the head goes on */
    MEASURED_SIZE,   /* the size of the whole message */
    MEASURED_LINE,   /* it goes on to the next LF */
    MEASURED_BROKEN, /* it is no message of this protocol */
};

/** Measure a message of a protocol with rows of its own by its first `count` bytes, at least 1. */
enum measured framing_measure(enum talk_protocol protocol, const uint8_t *head, uint32_t count,
                              uint64_t *size);

/**
 * The protocol whose sign stands at the start of a conversation; TALK_OPAQUE: none.  `port` are
 * those of the segment: they support a sign, and are none.
 */
enum talk_protocol framing_recognise(const struct message *first, const uint16_t port[2]);

/** Whether the segment holds exactly one message of the protocol, or whole lines. */
bool framing_fits(enum talk_protocol protocol, const struct message *segment);

/** Who reads a protocol. */
enum reader {
    READER_NONE, /* its messages cannot be told apart */
    READER_TLS,
    READER_HTTP1,
    READER_HTTP2,
    READER_ROW, /* its row of the table tells the lengths */
};

enum reader framing_reader(enum talk_protocol protocol);

/** Whole messages it takes until a length is believed. */
unsigned framing_trusted_after(enum talk_protocol protocol);

/** Whether who speaks first is the one who answers. */
bool framing_server_first(enum talk_protocol protocol);

/** Whether a message may be but a part of the answer. */
bool framing_is_partial(enum talk_protocol protocol);

/** Whether the message ends the session in place of the answer that may be owed. */
bool framing_dismisses(enum talk_protocol protocol, const struct message *m);

/** Whether the message tells the other side where to connect to for a transfer. */
bool framing_opens(enum talk_protocol protocol, const struct message *m);

/** Whether the message says that the answer is to come. */
bool framing_is_interim(enum talk_protocol protocol, const struct message *m);

/** Whether a message that begins with that byte ends an answer. */
bool framing_ends_answer(enum talk_protocol protocol, uint8_t first);

/** Whether it may, as far as its row tells. */
bool framing_may_end_answer(enum talk_protocol protocol, uint8_t first);

/** Whether a message of the side that answers which begins with that byte answers nothing. */
bool framing_is_aside(enum talk_protocol protocol, uint8_t first);

/** Whether the byte, alone in its segment, is a whole message. */
bool framing_is_lone(enum talk_protocol protocol, uint8_t byte);

/** Whether a message that begins with that byte may be but a reply to a goodbye.  Who asks says its
 * own in words that are known, unless the protocol has it reply. */
bool framing_may_reply(enum talk_protocol protocol, uint8_t first, bool by_asker);

/** Bytes that undecoded last words, of who asks or of who answers, may have and still be a goodbye;
 * 0: none may. */
uint32_t framing_goodbye_max(enum talk_protocol protocol, bool by_asker);

/** What is said of one message of the side that asks, or of the other, with its article: "an SMB
 * answer"; of a number that is none of a protocol, "a message". */
const char *framing_message(int64_t protocol, bool asks);

#endif
