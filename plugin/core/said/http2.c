/* HTTP/2 in the clear: its frames, and which streams stand open (RFC 9113, 4.1 and 5.1).
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "hearing.h"

enum {
    HEAD = 9,
    DATA = 0,
    HEADERS = 1,
    RST_STREAM = 3,
    SETTINGS = 4,
    PING = 6,
    GOAWAY = 7,
    WINDOW_UPDATE = 8,
    CONTINUATION = 9,
    PING_BYTES = 8,
    WINDOW_UPDATE_BYTES = 4,
    END_STREAM = 0x1,
    ACK = 0x1,
};

static void end_question(struct talk *asker)
{
    if (asker->asked)
        asker->asked--;
    asker->asking = asker->asked > 0;
}

/* "Streams initiated by a client MUST use odd-numbered stream identifiers"  RFC 9113, 5.1.1 */
static void open_stream(struct talk *talk, uint32_t stream)
{
    if (!talk->opened || !(stream & 1) || stream <= talk->http2.stream)
        return;
    talk->http2.stream = stream;
    if (talk->asked < UINT8_MAX)
        talk->asked++;
}

static enum speech begin_message(struct talk *talk, struct talk *other, const struct hearing *h,
                                 bool ends)
{
    bool asked = other->asked > 0;

    talk->open = !ends;
    say_word(talk, other, h);
    if (talk->opened)
        return SPEECH_WORD;
    talk->answered |= asked;
    if (ends)
        end_question(other);
    else
        other->asking = asked;
    return SPEECH_WORD;
}

/* Nothing is owed: what keeps the connection, or makes room in it, asks for nothing. */
static bool owes_nothing(const struct talk *talk, const struct talk *other)
{
    return (talk->answered || other->answered) && !other->asked;
}

static enum speech begin_frame(struct talk *talk, struct talk *other, const struct hearing *h,
                               uint32_t start)
{
    const uint8_t *head = talk->head;
    bool flag = head[4] & END_STREAM; /* and ACK, of SETTINGS */
    uint32_t stream = (uint32_t)(head[5] & 0x7f) << 24 | (uint32_t)head[6] << 16 |
                      (uint32_t)head[7] << 8 | head[8];

    talk->left = (uint64_t)head[0] << 16 | (uint64_t)head[1] << 8 | head[2];
    switch (head[3]) {
    case GOAWAY:
        return say_goodbye(talk, start, h, FAREWELL_YES);
    case SETTINGS:
        if (flag)
            return say_goodbye(talk, start, h, FAREWELL_YES);
        break;
    case HEADERS:
        open_stream(talk, stream);
        return begin_message(talk, other, h, flag);
    case DATA:
        talk->http2.alike = talk->http2.data == talk->left;
        talk->http2.data = talk->left & 0xffffff;
        return begin_message(talk, other, h, flag);
    case CONTINUATION:
        return say_word(talk, other, h);
    case RST_STREAM:
        talk->open = false;
        end_question(talk->opened ? talk : other);
        break;
    case PING:
        if (talk->left == PING_BYTES && owes_nothing(talk, other))
            return say_goodbye(talk, start, h, FAREWELL_YES);
        break;
    case WINDOW_UPDATE:
        if (talk->left == WINDOW_UPDATE_BYTES && owes_nothing(talk, other))
            return say_goodbye(talk, start, h, FAREWELL_YES);
        break;
    default:
        break;
    }
    talk->farewell = FAREWELL_NO;
    return SPEECH_CONTROL;
}

enum speech hear_http2(struct talk *talk, struct talk *other, struct hearing *h)
{
    enum speech speech = SPEECH_NONE, part;

    while (h->sent) {
        uint32_t bytes = talk->left < h->sent ? (uint32_t)talk->left : h->sent;
        uint32_t start = h->seq - talk->head_bytes;

        if (bytes) {
            talk->left -= bytes;
            hearing_skip(h, bytes);
            if (speech == SPEECH_NONE)
                speech = talk->farewell == FAREWELL_YES ? SPEECH_FAREWELL : SPEECH_WORD;
            continue;
        }
        while (h->captured && talk->head_bytes < HEAD) {
            talk->head[talk->head_bytes++] = *h->at;
            hearing_skip(h, 1);
        }
        if (talk->head_bytes < HEAD) {
            talk->lost |= h->sent > 0;
            hearing_skip(h, h->sent);
            return speech;
        }
        talk->head_bytes = 0;
        part = begin_frame(talk, other, h, start);
        if (part > speech)
            speech = part;
    }
    return speech;
}
