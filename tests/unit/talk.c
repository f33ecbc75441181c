/* What is understood of an application: who asks, what is a farewell, what turns away.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "scene.h"

static const struct scene scenes[] = {
    { "opaque, short", SPEECH_WORD, FAREWELL_BEFORE_FIN, false, { TEXT(0, "hello") } },
    { "opaque, long", SPEECH_WORD, FAREWELL_NO, false, { LONG(0, "", 65) } },
    { "nothing captured", SPEECH_WORD, FAREWELL_NO, false, { SNAP(0, "", 200, UINT32_MAX) } },
    { "XMPP end of stream", SPEECH_FAREWELL, FAREWELL_YES, false, { TEXT(0, "</stream:stream>") } },
    { "opaque, an answer however short",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { TEXT(0, "ask"), TEXT(1, "yes") } },
    { "opaque, what follows an answer at once",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { TEXT(0, "ask"), LONG(1, "", 900), TEXT(1, "end") } },
    { "opaque, what follows an answer later",
      SPEECH_WORD,
      FAREWELL_BEFORE_FIN,
      false,
      { TEXT(0, "ask"), LONG(1, "", 900), LATE(1, "bye", 900) } },
    { "opaque, a question behind the answer",
      SPEECH_WORD,
      FAREWELL_BEFORE_FIN,
      false,
      { TEXT(0, "ask"), TEXT(1, "yes"), TEXT(0, "bye") } },
    { "a goodbye", SPEECH_FAREWELL, FAREWELL_YES, false, { TEXT(0, "QUIT\r\n") } },
    { "the reply to it",
      SPEECH_FAREWELL,
      FAREWELL_YES,
      false,
      { TEXT(0, "QUIT\r\n"), TEXT(1, "221 bye\r\n") } },
    { "a long message behind a goodbye is data",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { TEXT(0, "QUIT\r\n"), LONG(1, "", 65) } },
    { "an answer between question and goodbye is none",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { TEXT(0, "ask"), TEXT(0, "QUIT\r\n"), TEXT(1, "yes") } },
    { "interactive exit",
      SPEECH_FAREWELL,
      FAREWELL_YES,
      false,
      { TEXT(0, "ls\n"), LONG(1, "", 300), TEXT(0, "exit\n") } },
    { "exit and more is none", SPEECH_WORD, FAREWELL_BEFORE_FIN, false, { TEXT(0, "exit\nls\n") } }
};

START_TEST(a_scene_is_understood)
{
    scene_is_understood(&scenes[_i]);
}
END_TEST

/* Where the farewell of the side that spoke last starts, counted from its first byte; -1: none. */
static int64_t farewell_at(const struct line *line, int64_t fin_ms, bool closed)
{
    struct stage stage = stage_at(1000);
    unsigned side = line[scene_lines(line) - 1].side;
    uint32_t start;

    stage_play(&stage, line);
    return talk_farewell(&stage.talk[side],
                         fin_ms < 0 ? TALK_NO_FIN : (stage.now_ms + fin_ms) * 1000000, closed,
                         &start)
               ? (int64_t)start - 1000
               : -1;
}

START_TEST(a_run_of_short_words_is_a_farewell_right_before_the_fin)
{
    static const struct line run[LINES_MAX] = { TEXT(0, "ask"), LONG(1, "", 400),
                                                LATE(0, "one", 5000), LATE(0, "two", 100) };
    static const struct line slow[LINES_MAX] = { TEXT(0, "ask"), LONG(1, "", 400),
                                                 LATE(0, "one", 5000), LATE(0, "two", 300) };
    static const struct line again[LINES_MAX] = { TEXT(0, "ask"), LONG(1, "", 400),
                                                  LATE(0, "one", 5000), LATE(0, "QUIT\r\n", 10) };

    ck_assert_int_eq(farewell_at(run, 100, true), 3);
    ck_assert_int_eq(farewell_at(run, 300, true), -1);
    ck_assert_int_eq(farewell_at(run, -1, true), -1);
    ck_assert_int_eq(farewell_at(slow, 10, true), 6);
    ck_assert_int_eq(farewell_at(again, -1, false), 6);
}
END_TEST

START_TEST(a_run_has_64_bytes_at_most)
{
    static const struct line fits[LINES_MAX] = { TEXT(0, "ask"), LONG(1, "", 400), LONG(0, "", 40),
                                                 LONG(0, "", 24) };
    static const struct line larger[LINES_MAX] = { TEXT(0, "ask"), LONG(1, "", 400),
                                                   LONG(0, "", 40), LONG(0, "", 25) };

    ck_assert_int_eq(farewell_at(fits, 0, true), 3);
    ck_assert_int_eq(farewell_at(larger, 0, true), 43);
}
END_TEST

/* Last words of a server, behind what was said before. */
static const struct refusal {
    const char *words; /* NULL: none */
    bool first;
    struct line line[LINES_MAX];
} refusals[] = {
    { "Exceeded MaxStartups", true, { TEXT(1, "Exceeded MaxStartups\r\n") } },
    { "421 too many connections", true, { TEXT(1, "421 too many connections\r\n") } },
    { "421 idle",
      false,
      { TEXT(1, "220 hello\r\n"), TEXT(0, "EHLO a\r\n"), TEXT(1, "421 idle\r\n") } },
    { "550 no such user",
      false,
      { TEXT(1, "220 hello\r\n"), TEXT(0, "RCPT a\r\n"), TEXT(1, "550 no such user\r\n") } },
    { NULL, false, { TEXT(1, "220 hello\r\n") } },
    { NULL, false, { TEXT(1, "opaque"), TEXT(1, "421 of something\r\n") } },
    { NULL, false, { TEXT(1, "421 idle\r\n"), TEXT(1, "and more\r\n") } },
    { "-ERR max number of clients reached",
      true,
      { TEXT(1, "-ERR max number of clients reached\r\n") } },
    { "Host '10.0.0.1' is blocked",
      true,
      { TEXT(1, "\x1d\0\0\0\xff\x69\x04Host '10.0.0.1' is blocked") } },
    { "FATAL: terminating connection due to administrator command",
      true, /* the session had not begun */
      { TEXT(0, "\0\0\0\x08\0\3\0\0"), TEXT(1, "R\0\0\0\x08\0\0\0\0"),
        TEXT(1, "E\0\0\0\x54SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator "
                "command\0\0") } },
    { "FATAL: too many cli",
      true,
      { TEXT(0, "\0\0\0\x08\0\3\0\0"), TEXT(1, "E\0\0\0\x20SFATAL\0Mtoo many cli") } },
    { "FATAL: ", true, { TEXT(0, "\0\0\0\x08\0\3\0\0"), TEXT(1, "E\0\0\0\x20SFATAL\0\0") } },
    { "FATAL: terminating connection due to administrator command",
      false,
      { TEXT(0, "\0\0\0\x08\0\3\0\0"), TEXT(1, "R\0\0\0\x08\0\0\0\0Z\0\0\0\5I"),
        TEXT(0, "Q\0\0\0\5\0"),
        TEXT(1, "T\0\0\0\6\0\0E\0\0\0\x54SFATAL\0VFATAL\0C57P01\0Mterminating connection due to "
                "administrator command\0\0") } },
    { "HTTP/1.1 503 Service Unavailable",
      true,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\n"),
        TEXT(1, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n") } },
    { NULL,
      false,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\n"),
        TEXT(1, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") } },
    { "ERROR :Closing Link: flood",
      false,
      { TEXT(0, "NICK a\r\nUSER a\r\n"), TEXT(1, ":b 001 a :hello\r\n"),
        TEXT(1, "ERROR :Closing Link: flood\r\n") } },
    { "ERROR :Closing Link", true, { TEXT(1, "ERROR :Closing Link\r\n") } },
    { "Password required, but none set",
      true,
      { TEXT(1, "\xff\xfb\x01"), TEXT(1, "\r\nPassword required, but none set\r\n") } },
    { "GNUTELLA/0.6 503 Full", true, { TEXT(1, "GNUTELLA/0.6 503 Full\r\n") } },
    { "421 .[31m.", true, { TEXT(1, "421 \x1b[31m\x07\r\n") } },
};

START_TEST(a_refusal_is_quoted)
{
    const struct refusal *row = &refusals[_i];
    unsigned count = scene_lines(row->line);
    struct stage stage = stage_at(1);
    struct last_words words = { .frame = 0 };
    struct segment last = { .side = 1, .flags = SEGMENT_ACK, .frame = 7 };

    for (unsigned i = 0; i + 1 < count; i++)
        stage_hear(&stage, &row->line[i]);
    last.seq = stage.next[1];
    last.len = last.captured = row->line[count - 1].size;
    last.payload = (const uint8_t *)row->line[count - 1].bytes;
    talk_hear(&stage.talk[1], &stage.talk[0], &last);
    ck_assert(stage.talk[1].refused == (row->words != NULL));
    if (row->words) {
        talk_quote(&stage.talk[1], &last, &words);
        ck_assert_str_eq(words.text, row->words);
        ck_assert_uint_eq(words.frame, 7);
    }
    ck_assert(stage.talk[1].refused_first == row->first);
}
END_TEST

START_TEST(words_are_cut_to_their_room)
{
    uint8_t text[400];
    struct talk talk = { .next = 0 };
    struct segment seg = { .len = sizeof text, .captured = sizeof text, .payload = text };
    struct last_words words;

    memset(text, 'x', sizeof text);
    memcpy(text, "421 ", 4);
    talk_quote(&talk, &seg, &words);
    ck_assert_uint_eq(strlen(words.text), LAST_WORDS_SIZE - 1);
}
END_TEST

START_TEST(what_was_heard_before_is_not_news)
{
    static const struct line line = TEXT(0, "GET / HTTP/1.1\r\n\r\n");
    struct stage stage = stage_at(1);

    ck_assert_int_eq(stage_hear(&stage, &line), SPEECH_WORD);
    stage.next[0] = 1;
    ck_assert_int_eq(stage_hear(&stage, &line), SPEECH_NONE);
    stage.next[0] = 5;
    ck_assert_int_ne(stage_hear(&stage, &line), SPEECH_NONE);
}
END_TEST

START_TEST(who_speaks_first_asks_unless_a_greeting_is_usual)
{
    static const struct line opaque[LINES_MAX] = { TEXT(1, "prompt> "), TEXT(0, "answer") };
    static const struct line greeted[LINES_MAX] = { TEXT(1, "220 hello\r\n"),
                                                    TEXT(0, "EHLO a\r\n") };
    static const struct line served[LINES_MAX] = { TEXT(1, "220 hello\r\n"), TEXT(0, "EHLO a\r\n"),
                                                   TEXT(1, "250 a\r\n") };
    struct stage stage = stage_at(1);

    stage_play(&stage, opaque);
    ck_assert(talk_is_asker(&stage.talk[1]) && !talk_is_asker(&stage.talk[0]));
    ck_assert(!talk_asks(&stage.talk[1]) && stage.talk[0].answered);
    stage = stage_at(1);
    stage_play(&stage, greeted);
    ck_assert(talk_is_asker(&stage.talk[0]) && !talk_is_asker(&stage.talk[1]));
    ck_assert(talk_asks(&stage.talk[0]) && !stage.talk[1].answered);
    stage = stage_at(1);
    stage_play(&stage, served);
    ck_assert(!talk_asks(&stage.talk[0]) && stage.talk[1].answered);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("talk");

    tcase_add_loop_test(tests, a_scene_is_understood, 0, ROWS(scenes));
    tcase_add_test(tests, a_run_of_short_words_is_a_farewell_right_before_the_fin);
    tcase_add_test(tests, a_run_has_64_bytes_at_most);
    tcase_add_loop_test(tests, a_refusal_is_quoted, 0, ROWS(refusals));
    tcase_add_test(tests, words_are_cut_to_their_room);
    tcase_add_test(tests, what_was_heard_before_is_not_news);
    tcase_add_test(tests, who_speaks_first_asks_unless_a_greeting_is_usual);
    return suite_run_tests(suite_create("talk"), tests);
}
