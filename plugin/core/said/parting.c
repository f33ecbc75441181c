/* Messages that end a conversation: goodbyes, and refusals with their words.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "parting.h"

#include "mark.h"

#include <stddef.h>

enum { WORDS_POSTGRES = UINT8_MAX, NO_WORDS };

enum {
    REPLY_BYTES_MAX = 512, /* a line of a server, RFC 5321, 4.5.3.1.5 */
    GOODBYE_BYTES_MAX = 96,
};

enum { AT_END = UINT8_MAX };

static const struct goodbye {
    enum talk_protocol protocol;
    struct mark mark;
    uint32_t exact;
} goodbyes[] = {
#define FRAMING(id, ...)
#define GOODBYE(id, at, bytes, exact) { TALK_##id, MARK(at, bytes), exact },
#define REFUSAL(id, at, pattern, words)
#include "framings.def"
};

enum { GOODBYES = sizeof goodbyes / sizeof goodbyes[0] };

/* With AT_END behind words that are the speaker's own, as IMAP's tag is (RFC 9051, 2.2.1). */
static bool stands_in(const struct mark *mark, const struct message *m)
{
    if (mark->at != AT_END)
        return mark_stands_in(mark, m->at, m->captured);
    return m->captured == m->sent && m->sent > mark->size &&
           !memcmp(m->at + m->sent - mark->size, mark->bytes, mark->size);
}

static bool is_said(const struct goodbye *row, const struct message *m)
{
    if (!stands_in(&row->mark, m))
        return false;
    return row->protocol == TALK_OPAQUE && row->exact ? m->sent == row->exact
                                                      : m->sent >= row->exact;
}

uint32_t parting_goodbye(enum talk_protocol protocol, const struct message *m)
{
    if (!m->captured || m->sent > (protocol == TALK_LINES ? REPLY_BYTES_MAX : GOODBYE_BYTES_MAX))
        return 0;
    for (int i = 0; i < GOODBYES && goodbyes[i].protocol <= protocol; i++)
        if (goodbyes[i].protocol == protocol && is_said(&goodbyes[i], m))
            return goodbyes[i].exact ? goodbyes[i].exact : GOODBYE_ANY;
    return 0;
}

bool parting_is_cut(enum talk_protocol protocol, const struct message *m)
{
    if (m->captured >= m->sent)
        return false;
    for (int i = 0; i < GOODBYES && goodbyes[i].protocol <= protocol; i++)
        if (goodbyes[i].protocol == protocol && m->sent >= goodbyes[i].exact &&
            m->captured < (uint32_t)goodbyes[i].mark.at + goodbyes[i].mark.size)
            return true;
    return false;
}

static bool is_like(char sign, uint8_t c)
{
    return c == (uint8_t)sign || (sign == '#' && c >= '0' && c <= '9');
}

/* # of the pattern is any digit. */
static bool matches(const struct mark *mark, const struct message *m)
{
    if (m->captured < (uint32_t)mark->at + mark->size)
        return false;
    for (uint32_t i = 1; i < mark->size; i++)
        if (!is_like(mark->bytes[i], m->at[mark->at + i]))
            return false;
    return true;
}

/* Where the words of the first refusal that matches start; NO_WORDS: none does.  Few messages pass
 * the first byte of any row, which is compared in place. */
static uint32_t find_words(uint32_t protocols, const struct message *m)
{
#define FRAMING(id, ...)
#define GOODBYE(id, at, bytes, exact)
#define REFUSAL(id, place, pattern, words)                                                         \
    if (protocols & PARTING_OF(TALK_##id) && m->captured > (place) &&                              \
        m->at[place] == (uint8_t)(pattern)[0] && matches(&(struct mark)MARK(place, pattern), m))   \
        return words;
#include "framings.def"
    return NO_WORDS;
}

/* What a reader may see: printable ASCII, up to the end of the line. */
static uint32_t quote(const uint8_t *at, uint32_t count, char *text, uint32_t room)
{
    uint32_t used = 0;

    for (uint32_t i = 0; i < count && used < room; i++) {
        if (at[i] == '\r' || at[i] == '\n' || at[i] == 0)
            break;
        text[used++] = at[i] >= ' ' && at[i] <= '~' ? (char)at[i] : '.';
    }
    return used;
}

/* A field of an ErrorResponse: a letter and a string (PostgreSQL, "Error and Notice Fields"). */
static uint32_t quote_field(const struct message *m, uint8_t letter, char *text, uint32_t room)
{
    const uint8_t *at = m->at, *end = m->at + m->captured, *next;

    for (at += m->captured < 5 ? m->captured : 5; at < end && *at;
         at = next < end ? next + 1 : end) {
        next = memchr(at, 0, (size_t)(end - at));
        if (!next)
            next = end;
        if (*at == letter)
            return quote(at + 1, (uint32_t)(next - at) - 1, text, room);
    }
    return 0;
}

static void quote_postgres(const struct message *m, char *text, uint32_t room)
{
    uint32_t used = quote_field(m, 'S', text, room);

    if (used && used + 2 < room) {
        memcpy(text + used, ": ", 2);
        used += 2;
    }
    used += quote_field(m, 'M', text + used, room - used);
    text[used] = 0;
}

bool parting_refusal(uint32_t protocols, const struct message *m, char *text, uint32_t size)
{
    uint32_t words = find_words(protocols, m);

    if (words == NO_WORDS)
        return false;
    if (size && words == WORDS_POSTGRES)
        quote_postgres(m, text, size - 1);
    else if (size)
        text[words < m->captured ? quote(m->at + words, m->captured - words, text, size - 1) : 0] =
            0;
    return true;
}
