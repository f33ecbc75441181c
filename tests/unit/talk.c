/* What is understood of an application's framing: where messages end, and what says goodbye.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "talk.h"

#include "suite.h"

#include <string.h>

enum { LINES_MAX = 5, LENGTH_MAX = 2000 };

/** What one side sends at a time.  Without a length it is as long as the text. */
struct line {
    unsigned side;
    const char *bytes;
    uint32_t size; /* of bytes; what is missing to `length` is filled with x */
    uint32_t length;
    uint32_t captured; /* 0: all of it */
};

#define TEXT(who, text)                                                                            \
    {                                                                                              \
        .side = who, .bytes = text, .size = sizeof(text) - 1                                       \
    }
#define LONG(who, text, n)                                                                         \
    {                                                                                              \
        .side = who, .bytes = text, .size = sizeof(text) - 1, .length = n                          \
    }
#define SNAP(who, text, n, seen)                                                                   \
    {                                                                                              \
        .side = who, .bytes = text, .size = sizeof(text) - 1, .length = n, .captured = seen        \
    }

/** A conversation, and what is to be said of its last line and of the side that spoke it. */
static const struct scene {
    const char *name;
    enum speech speech;
    enum talk_farewell farewell;
    bool cut;
    struct line line[LINES_MAX];
} scenes[] = {
    { "opaque, short", SPEECH_WORD, FAREWELL_BEFORE_FIN, false, { TEXT(0, "hello") } },
    { "opaque, long", SPEECH_WORD, FAREWELL_NO, false, { LONG(0, "", 65) } },

    { "TLS handshake", SPEECH_SETUP, FAREWELL_NO, false, { LONG(0, "\x16\x03\x01\x00\x64", 105) } },
    { "TLS data", SPEECH_WORD, FAREWELL_NO, false, { LONG(0, "\x17\x03\x03\x00\x64", 105) } },
    { "TLS data, first half",
      SPEECH_WORD,
      FAREWELL_NO,
      true,
      { LONG(0, "\x17\x03\x03\x00\x64", 50) } },
    { "TLS data, both halves",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { LONG(0, "\x17\x03\x03\x00\x64", 50), LONG(0, "", 55) } },
    { "TLS header, split",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { LONG(0, "\x17\x03\x03\x00\x64\x00", 105), TEXT(0, "\x17\x03\x03"),
        LONG(0, "\x00\x64", 102) } },
    { "TLS header, first half",
      SPEECH_NONE,
      FAREWELL_NO,
      true,
      { LONG(0, "\x17\x03\x03\x00\x64", 105), TEXT(0, "\x17\x03\x03") } },
    { "TLS alert in the clear",
      SPEECH_FAREWELL,
      FAREWELL_YES,
      false,
      { TEXT(0, "\x15\x03\x03\x00\x02\x01\x00") } },
    { "TLS 1.3 record of an alert's size",
      SPEECH_WORD,
      FAREWELL_AT_CLOSE,
      false,
      { LONG(0, "\x17\x03\x03\x00\x64", 105), LONG(0, "\x17\x03\x03\x00\x13", 24) } },
    { "TLS data, then an alert",
      SPEECH_WORD,
      FAREWELL_YES,
      false,
      { TEXT(0, "\x17\x03\x03\x00\x01_\x15\x03\x03\x00\x02\x01\x00") } },

    { "HTTP request", SPEECH_WORD, FAREWELL_NO, false, { TEXT(0, "GET / HTTP/1.1\r\n\r\n") } },
    { "HTTP answer with a length",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\n"),
        TEXT(1, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello") } },
    { "HTTP answer short of its length",
      SPEECH_WORD,
      FAREWELL_NO,
      true,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\n"),
        TEXT(1, "HTTP/1.1 200 OK\r\ncontent-LENGTH:  5\r\n\r\nhel") } },
    { "HTTP answer, its end in another segment",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\n"),
        TEXT(1, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"), TEXT(1, "lo") } },
    { "HTTP chunks without the last",
      SPEECH_WORD,
      FAREWELL_NO,
      true,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\n"),
        TEXT(1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n") } },
    { "HTTP chunks with the last",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\n"),
        TEXT(1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"),
        TEXT(1, "0\r\n\r\n") } },
    { "HTTP answer to HEAD",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { TEXT(0, "HEAD / HTTP/1.1\r\n\r\n"),
        TEXT(1, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n") } },
    { "HTTP 304 has no body",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\n"),
        TEXT(1, "HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n") } },
    { "HTTP 100, then the answer, short",
      SPEECH_WORD,
      FAREWELL_NO,
      true,
      { TEXT(0, "PUT / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"),
        TEXT(1, "HTTP/1.1 100 Continue\r\n\r\n"), TEXT(0, "abc"),
        TEXT(1, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n") } },
    { "HTTP 100 and the answer in one",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { TEXT(0, "PUT / HTTP/1.1\r\nContent-Length: 0\r\nExpect: 100-continue\r\n\r\n"),
        TEXT(1, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") } },
    { "HTTP upload, half of it",
      SPEECH_WORD,
      FAREWELL_NO,
      true,
      { LONG(0, "POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\n", 500) } },
    { "HTTP answers, pipelined",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n"),
        TEXT(1, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb") } },
    { "TLS in a tunnel",
      SPEECH_SETUP,
      FAREWELL_NO,
      false,
      { TEXT(0, "CONNECT a:443 HTTP/1.1\r\n\r\n"), TEXT(1, "HTTP/1.1 200 OK\r\n\r\n"),
        LONG(0, "\x16\x03\x01\x00\x64", 105) } },

    { "HTTP/2 preface and SETTINGS",
      SPEECH_CONTROL,
      FAREWELL_NO,
      false,
      { TEXT(0, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00") } },
    { "HTTP/2 request",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { TEXT(0, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"),
        TEXT(0, "\x00\x00\x02\x01\x05\x00\x00\x00\x01__") } },
    { "HTTP/2 answer without its end",
      SPEECH_WORD,
      FAREWELL_NO,
      true,
      { TEXT(0, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"),
        TEXT(0, "\x00\x00\x02\x01\x05\x00\x00\x00\x01__"),
        TEXT(1, "\x00\x00\x02\x01\x04\x00\x00\x00\x01__") } },
    { "HTTP/2 answer with its end",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { TEXT(0, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"),
        TEXT(0, "\x00\x00\x02\x01\x05\x00\x00\x00\x01__"),
        TEXT(1, "\x00\x00\x02\x01\x04\x00\x00\x00\x01__"),
        TEXT(1, "\x00\x00\x03\x00\x01\x00\x00\x00\x01___") } },
    { "HTTP/2 SETTINGS ACK",
      SPEECH_FAREWELL,
      FAREWELL_YES,
      false,
      { TEXT(0, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"),
        TEXT(0, "\x00\x00\x00\x04\x01\x00\x00\x00\x00") } },
    { "HTTP/2 GOAWAY",
      SPEECH_FAREWELL,
      FAREWELL_YES,
      false,
      { TEXT(0, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"),
        TEXT(0, "\x00\x00\x08\x07\x00\x00\x00\x00\x00________") } },

    { "SMTP QUIT", SPEECH_FAREWELL, FAREWELL_YES, false, { TEXT(0, "QUIT\r\n") } },
    { "its 221",
      SPEECH_FAREWELL,
      FAREWELL_YES,
      false,
      { TEXT(0, "QUIT\r\n"), TEXT(1, "221 bye\r\n") } },
    { "LDAP unbind",
      SPEECH_FAREWELL,
      FAREWELL_YES,
      false,
      { TEXT(0, "\x30\x05\x02\x01\x03\x42\x00") } },
    { "LDAP unbind of Windows",
      SPEECH_FAREWELL,
      FAREWELL_YES,
      false,
      { TEXT(0, "\x30\x84\x00\x00\x00\x05\x02\x01\x03\x42\x00") } },
    { "LDAP search is no unbind",
      SPEECH_WORD,
      FAREWELL_BEFORE_FIN,
      false,
      { TEXT(0, "\x30\x05\x02\x01\x03\x63\x00") } },
    { "MySQL COM_QUIT", SPEECH_FAREWELL, FAREWELL_YES, false, { TEXT(0, "\x01\x00\x00\x00\x01") } },
    { "PostgreSQL Terminate",
      SPEECH_FAREWELL,
      FAREWELL_YES,
      false,
      { TEXT(0, "X\x00\x00\x00\x04") } },
    { "SMB2 Logoff",
      SPEECH_FAREWELL,
      FAREWELL_YES,
      false,
      { LONG(0, "\x00\x00\x00\x44\xfeSMB\x40\x00\x00\x00\x00\x00\x00\x00\x02\x00", 72) } },
    { "SMB2 Tree Disconnect",
      SPEECH_FAREWELL,
      FAREWELL_YES,
      false,
      { LONG(0, "\x00\x00\x00\x44\xfeSMB\x40\x00\x00\x00\x00\x00\x00\x00\x04\x00", 72) } },
    { "SMB2 Read is none",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { LONG(0, "\x00\x00\x00\x44\xfeSMB\x40\x00\x00\x00\x00\x00\x00\x00\x08\x00", 72) } },
    { "WebSocket Close", SPEECH_FAREWELL, FAREWELL_YES, false, { TEXT(0, "\x88\x02\x03\xe8") } },
    { "WebSocket Close, masked",
      SPEECH_FAREWELL,
      FAREWELL_YES,
      false,
      { TEXT(0, "\x88\x82____\x03\xe8") } },
    { "XMPP end of stream", SPEECH_FAREWELL, FAREWELL_YES, false, { TEXT(0, "</stream:stream>") } },

    { "headers cut by the snap length",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { SNAP(0, "GET / HTTP/1.1\r\n\r\n", 0, 10) } },
    { "nothing captured", SPEECH_WORD, FAREWELL_NO, false, { SNAP(0, "", 200, UINT32_MAX) } },
    { "TLS data, header captured",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { SNAP(0, "\x17\x03\x03\x00\x64", 105, 8) } },
};

static const uint32_t isns[] = { 1, UINT32_MAX - 3, UINT32_MAX - 60 };

static uint8_t buffer[LENGTH_MAX];

/* Hears a line where the side's last one ended. */
static enum speech hear(struct talk talk[2], uint32_t next[2], const struct line *line)
{
    struct segment segment = { .side = (uint8_t)line->side, .flags = SEGMENT_ACK };

    memset(buffer, 'x', sizeof buffer);
    memcpy(buffer, line->bytes, line->size);
    segment.seq = next[line->side];
    segment.len = line->length ? line->length : line->size;
    segment.captured = line->captured ? line->captured : segment.len;
    segment.payload = line->captured == UINT32_MAX ? NULL : buffer;
    if (!segment.payload)
        segment.captured = 0;
    next[line->side] += segment.len;
    return talk_hear(&talk[line->side], &talk[!line->side], &segment);
}

static unsigned count_lines(const struct scene *scene)
{
    unsigned count = 0;

    while (count < LINES_MAX && scene->line[count].bytes)
        count++;
    return count;
}

START_TEST(a_scene_is_understood)
{
    const struct scene *scene = &scenes[_i];
    unsigned count = count_lines(scene);

    for (int i = 0; i < ROWS(isns); i++) {
        struct talk talk[2] = { { .next = 0 } };
        uint32_t next[2] = { isns[i], isns[i] };
        enum speech speech = SPEECH_NONE;
        const struct talk *last = &talk[scene->line[count - 1].side];

        for (unsigned j = 0; j < count; j++)
            speech = hear(talk, next, &scene->line[j]);
        ck_assert_msg(speech == scene->speech, "%s: speech %d, expected %d", scene->name, speech,
                      scene->speech);
        ck_assert_msg(last->farewell == scene->farewell, "%s: farewell %d, expected %d",
                      scene->name, last->farewell, scene->farewell);
        ck_assert_msg(talk_is_cut(last) == scene->cut, "%s: cut %d", scene->name,
                      talk_is_cut(last));
    }
}
END_TEST

START_TEST(what_was_heard_before_is_not_news)
{
    static const struct line line = TEXT(0, "GET / HTTP/1.1\r\n\r\n");
    struct talk talk[2] = { { .next = 0 } };
    uint32_t next[2] = { 1, 1 };

    ck_assert_int_eq(hear(talk, next, &line), SPEECH_WORD);
    next[0] = 1;
    ck_assert_int_eq(hear(talk, next, &line), SPEECH_NONE);
    next[0] = 5;
    ck_assert_int_ne(hear(talk, next, &line), SPEECH_NONE);
}
END_TEST

START_TEST(set_up_is_no_conversation)
{
    static const struct line hello = LONG(0, "\x16\x03\x01\x00\x64", 105);
    static const struct line data = LONG(0, "\x17\x03\x03\x00\x64", 105);
    struct talk talk[2] = { { .next = 0 } };
    uint32_t next[2] = { 1, 1 };

    hear(talk, next, &hello);
    ck_assert(talk[0].spoken && !talk[0].conversed);
    hear(talk, next, &data);
    ck_assert(talk[0].conversed);
}
END_TEST

START_TEST(a_tunnel_starts_anew)
{
    static const struct line lines[] = { TEXT(0, "CONNECT a:443 HTTP/1.1\r\n\r\n"),
                                         TEXT(1, "HTTP/1.1 200 OK\r\n\r\n") };
    struct talk talk[2] = { { .next = 0 } };
    uint32_t next[2] = { 1, 1 };

    hear(talk, next, &lines[0]);
    hear(talk, next, &lines[1]);
    ck_assert(talk[0].tunnel && talk[1].tunnel);
    ck_assert(!talk[0].conversed && !talk[1].conversed);
}
END_TEST

START_TEST(after_a_gap_the_next_start_is_recognised)
{
    static const struct line head = LONG(1, "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", 300);
    static const struct line rest = LONG(1, "", 100);
    static const struct line again = TEXT(1, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
    struct talk talk[2] = { { .next = 0 } };
    uint32_t next[2] = { 1, 1 };

    hear(talk, next, &head);
    ck_assert(talk_is_cut(&talk[1]));
    next[1] += 1000;
    hear(talk, next, &rest);
    ck_assert_msg(!talk_is_cut(&talk[1]), "of what was lost nothing is claimed");
    hear(talk, next, &again);
    ck_assert(talk_is_cut(&talk[1]));
}
END_TEST

START_TEST(an_answer_without_a_length_lasts_until_the_close)
{
    static const struct line lines[] = { TEXT(0, "GET / HTTP/1.0\r\n\r\n"),
                                         TEXT(1, "HTTP/1.0 200 OK\r\n\r\nhello") };
    struct talk talk[2] = { { .next = 0 } };
    uint32_t next[2] = { 1, 1 };

    hear(talk, next, &lines[0]);
    hear(talk, next, &lines[1]);
    ck_assert_int_eq(talk[1].body, BODY_UNTIL_CLOSE);
    ck_assert(!talk_is_cut(&talk[1]));
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("talk");

    tcase_add_loop_test(tests, a_scene_is_understood, 0, ROWS(scenes));
    tcase_add_test(tests, what_was_heard_before_is_not_news);
    tcase_add_test(tests, set_up_is_no_conversation);
    tcase_add_test(tests, a_tunnel_starts_anew);
    tcase_add_test(tests, after_a_gap_the_next_start_is_recognised);
    tcase_add_test(tests, an_answer_without_a_length_lasts_until_the_close);
    return suite_run_tests(suite_create("talk"), tests);
}
