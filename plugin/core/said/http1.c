/* HTTP/1: requests, and the answers that are counted against them (RFC 9112).
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "hearing.h"

#include <string.h>

enum { REMEMBERED = 16, SWITCHING_PROTOCOLS = 101 };

/* What follows belongs to another conversation, which the client opens. */
static enum speech enter_tunnel(struct talk *proxy, struct talk *client)
{
    *proxy = (struct talk){ .next = proxy->next, .spoken = true, .tunnel = true };
    *client = (struct talk){ .next = client->next, .spoken = true, .opened = true, .tunnel = true };
    return SPEECH_SETUP;
}

/* "The server [...] will switch protocols"  RFC 9110, 15.2.2 */
static enum speech upgrade(struct talk *talk, struct talk *other)
{
    uint8_t next = talk->http.is_websocket ? TALK_WEBSOCKET : TALK_OPAQUE;

    talk->http = other->http = (struct http){ .phase = HTTP_START };
    talk->framed.whole = other->framed.whole =
        UINT8_MAX; /* what frames it is agreed: lengths are believed */
    talk->protocol = other->protocol = next;
    other->asked = 0;
    other->asking = false;
    talk->answered = talk->conversed = true;
    talk->left = other->left = 0;
    return SPEECH_WORD;
}

static void ask(struct talk *talk)
{
    if (talk->asked < REMEMBERED) {
        talk->http.heads = (uint16_t)((talk->http.heads & ((1U << talk->asked) - 1)) |
                                      (unsigned)talk->http.is_head << talk->asked);
        talk->asked++;
    } else {
        talk->http.crowded = true;
    }
}

static void end_question(struct talk *asker)
{
    asker->http.heads = (uint16_t)(asker->http.heads >> 1);
    if (asker->asked)
        asker->asked--;
    asker->asking = asker->asked > 0;
}

/* A head that is too long, or slow, is answered before it ends: 431 (RFC 6585, 5), 414, 408. */
static void answer(struct talk *talk, struct talk *asker)
{
    if (!asker->asked && asker->protocol == TALK_HTTP1)
        asker->http.is_answered = talk->answered = true;
    talk->answered |= asker->asked > 0;
}

static void end_message(struct talk *talk, struct talk *other)
{
    talk->http.phase = HTTP_START;
    if (!talk->http.is_answer)
        return;
    answer(talk, other);
    end_question(other);
}

/* Behind an answer that only the close ends no other can come: nothing more is owed. */
static void answer_all(struct talk *talk, struct talk *other)
{
    answer(talk, other);
    other->asked = 0;
    other->http.heads = 0;
    other->asking = false;
}

static void begin_body(struct talk *talk, struct talk *other, enum http_body body)
{
    static const uint8_t phases[] = { [BODY_NONE] = HTTP_START,
                                      [BODY_LENGTH] = HTTP_BODY,
                                      [BODY_CHUNKED] = HTTP_CHUNK_SIZE,
                                      [BODY_UNTIL_CLOSE] = HTTP_UNTIL_CLOSE };

    talk->http.pos = 0;
    talk->http.phase = phases[body];
    if (body != BODY_LENGTH)
        talk->left = 0;
    if (body == BODY_NONE) {
        end_message(talk, other);
    } else if (body == BODY_UNTIL_CLOSE) {
        answer_all(talk, other);
    }
}

static enum speech end_request(struct talk *talk, struct talk *other, const struct hearing *h)
{
    bool conversed = talk->conversed || !talk->http.is_connect;
    enum http_body body = http_body_of(&talk->http, talk->left);

    if (!talk->http.is_answered)
        ask(talk);
    say_word(talk, other, h);
    talk->conversed = conversed;
    talk->asking = talk->asked > 0;
    talk->opened = true;
    other->opened = false;
    begin_body(talk, other, body);
    return SPEECH_WORD;
}

static enum speech end_head(struct talk *talk, struct talk *other, const struct hearing *h)
{
    const struct http *http = &talk->http;
    bool of_head = other->asked && other->http.heads & 1;

    if (!http->is_answer)
        return end_request(talk, other, h);
    if (http->status == SWITCHING_PROTOCOLS)
        return upgrade(talk, other);
    if (http->status < 200) {
        talk->http.phase = HTTP_START;
        talk->farewell = FAREWELL_NO;
        return SPEECH_CONTROL; /* "interim" responses: the answer is to come  RFC 9110, 15.2 */
    }
    if (http->status / 100 == 2 && other->protocol == TALK_HTTP1 && other->http.is_connect)
        return enter_tunnel(talk, other);
    talk->opened = false;
    other->opened = true;
    say_word(talk, other, h);
    if (other->http.crowded) { /* this may be the answer to a HEAD */
        talk->lost = true;
        return SPEECH_WORD;
    }
    begin_body(talk, other, of_head ? BODY_NONE : http_body_of(http, talk->left));
    return SPEECH_WORD;
}

/* Takes of a body, or of a chunk, what is there. */
static void take_body(struct talk *talk, struct talk *other, struct hearing *h)
{
    uint32_t bytes = h->sent;

    if (talk->http.phase == HTTP_UNTIL_CLOSE) {
        if (other->protocol == TALK_HTTP1)
            answer_all(talk, other);
    } else {
        bytes = talk->left < h->sent ? (uint32_t)talk->left : h->sent;
        talk->left -= bytes;
    }
    hearing_skip(h, bytes);
    if (talk->http.phase == HTTP_CHUNK_DATA && !talk->left)
        talk->http.phase = HTTP_CHUNK_END;
    else if (talk->http.phase == HTTP_BODY && !talk->left)
        end_message(talk, other);
}

/* Leading CRLFs ask nothing: "a server [...] SHOULD ignore at least one empty line"  RFC 9112, 2.2
 */
static void skip_empty_lines(struct hearing *h)
{
    while (h->captured && (*h->at == '\r' || *h->at == '\n'))
        hearing_skip(h, 1);
}

/* One head, or one line between chunks.  What is no HTTP is left for others to read. */
static enum speech read_lines(struct talk *talk, struct talk *other, struct hearing *h)
{
    const struct hearing before = *h;
    bool starts = talk->http.phase == HTTP_START;
    struct http_bytes bytes = { h->at, h->captured };
    enum http_event event = http_read(&talk->http, &talk->left, &bytes);

    hearing_skip(h, h->captured - bytes.count);
    switch (event) {
    case HTTP_MORE:
        talk->lost = h->sent && talk->http.phase != HTTP_CHUNK_DATA;
        talk->farewell = FAREWELL_NO;
        return SPEECH_WORD;
    case HTTP_HEAD:
        return end_head(talk, other, h);
    case HTTP_MESSAGE:
        end_message(talk, other);
        return SPEECH_WORD;
    case HTTP_BROKEN:
        break;
    }
    *h = before;
    talk->lost = !starts;
    talk->protocol = starts ? TALK_OPAQUE : TALK_HTTP1;
    talk->left = 0;
    return SPEECH_CONTROL;
}

static bool is_in_body(const struct talk *talk)
{
    return talk->http.phase == HTTP_BODY || talk->http.phase == HTTP_UNTIL_CLOSE ||
           talk->http.phase == HTTP_CHUNK_DATA;
}

enum speech hear_http1(struct talk *talk, struct talk *other, struct hearing *h)
{
    enum speech speech = SPEECH_CONTROL, part;

    while (h->sent) {
        if (is_in_body(talk)) {
            take_body(talk, other, h);
            talk->farewell = FAREWELL_NO;
            speech = SPEECH_WORD;
            continue;
        }
        if (talk->http.phase == HTTP_START)
            skip_empty_lines(h);
        if (!h->sent)
            break;
        if (!h->captured)
            talk->lost = true;
        part = talk->lost ? SPEECH_WORD : read_lines(talk, other, h);
        if (part > speech)
            speech = part;
        if (talk->lost)
            hearing_skip(h, h->sent);
        if (talk->protocol != TALK_HTTP1)
            break;
    }
    return speech;
}
