/* What is understood of TLS by its records.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "scene.h"

static const struct scene scenes[] = {
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
    { "TLS in a tunnel",
      SPEECH_SETUP,
      FAREWELL_NO,
      false,
      { TEXT(0, "CONNECT a:443 HTTP/1.1\r\n\r\n"), TEXT(1, "HTTP/1.1 200 OK\r\n\r\n"),
        LONG(0, "\x16\x03\x01\x00\x64", 105) } },
    { "TLS data, header captured",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { SNAP(0, "\x17\x03\x03\x00\x64", 105, 8) } },
    { "a fatal TLS alert is no farewell",
      SPEECH_SETUP,
      FAREWELL_NO,
      false,
      { LONG(0, "\x16\x03\x03\x00\x64", 105), TEXT(1, "\x15\x03\x03\x00\x02\x02\x28") } },
    { "TLS, a short answer of the size of an alert",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { LONG(0, "\x17\x03\x03\x00\x64", 105), LONG(1, "\x17\x03\x03\x00\x14", 25) } },
    { "TLS, an alert behind the answer",
      SPEECH_WORD,
      FAREWELL_AT_CLOSE,
      false,
      { LONG(0, "\x17\x03\x03\x00\x64", 105), LONG(1, "\x17\x03\x03\x01\x90", 405),
        LONG(1, "\x17\x03\x03\x00\x13", 24) } },
    { "TLS, the head of a frame beside the alert",
      SPEECH_WORD,
      FAREWELL_AT_CLOSE,
      false,
      { LONG(0, "\x17\x03\x03\x00\x64", 105), LONG(1, "\x17\x03\x03\x01\x90", 405),
        LONG(1, "\x17\x03\x03\x00\x13", 24), LONG(1, "\x17\x03\x03\x00\x1a", 31) } },
    { "TLS 1.2, nine bytes are no alert",
      SPEECH_WORD,
      FAREWELL_BEFORE_FIN,
      false,
      { TEXT(0, "\x14\x03\x03\x00\x01_"), LONG(0, "\x16\x03\x03\x00\x28", 45),
        LONG(0, "\x17\x03\x03\x00\x64", 105), LONG(0, "\x17\x03\x03\x00\x21", 38) } },
    { "TLS, short words of the asker",
      SPEECH_WORD,
      FAREWELL_BEFORE_FIN,
      false,
      { LONG(0, "\x17\x03\x03\x00\x64", 105), LONG(1, "\x17\x03\x03\x01\x90", 405),
        LONG(0, "\x17\x03\x03\x00\x22", 39) } },
    { "TLS, a record that acknowledges an alert",
      SPEECH_FAREWELL,
      FAREWELL_YES,
      false,
      { LONG(0, "\x17\x03\x03\x00\x64", 105), TEXT(1, "\x15\x03\x03\x00\x02\x01\x00"),
        LONG(0, "\x17\x03\x03\x00\x32", 55) } },
    { "TLS, a longer one is a word",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { LONG(0, "\x17\x03\x03\x00\x64", 105), TEXT(1, "\x15\x03\x03\x00\x02\x01\x00"),
        LONG(0, "\x17\x03\x03\x00\x41", 70) } },
    { "TLS, the head of a frame in front of the alert",
      SPEECH_WORD,
      FAREWELL_AT_CLOSE,
      false,
      { LONG(0, "\x17\x03\x03\x00\x64", 105), LONG(1, "\x17\x03\x03\x01\x90", 405),
        LONG(1, "\x17\x03\x03\x00\x21", 38), LONG(1, "\x17\x03\x03\x00\x13", 24) } },
    { "TLS heartbeat",
      SPEECH_SETUP,
      FAREWELL_NO,
      false,
      { LONG(0, "\x17\x03\x03\x00\x64", 105), LONG(0, "\x18\x03\x03\x00\x13", 24) } },
    { "no TLS record behind one",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { LONG(0, "\x17\x03\x03\x00\x64", 105), TEXT(0, "\x17\x03\x03\x48\x01__") } },
};

START_TEST(a_scene_is_understood)
{
    scene_is_understood(&scenes[_i]);
}
END_TEST

START_TEST(set_up_is_no_conversation)
{
    static const struct line hello = LONG(0, "\x16\x03\x01\x00\x64\x01", 105);
    static const struct line data = LONG(0, "\x17\x03\x03\x00\x64", 105);
    struct stage stage = stage_at(1);

    stage_hear(&stage, &hello);
    ck_assert(stage.talk[0].spoken && !stage.talk[0].conversed);
    stage_hear(&stage, &data);
    ck_assert(stage.talk[0].conversed);
}
END_TEST

#define CLIENT_HELLO LONG(0, "\x16\x03\x01\x00\x64\x01", 105)
#define SERVER_HELLO LONG(1, "\x16\x03\x03\x00\x64\x02", 105)

/* A handshake, and what is known at its end. */
static const struct handshake {
    const char *name;
    bool in_handshake, keyed, fatal;
    const char *alert;
    struct line line[LINES_MAX];
} handshakes[] = {
    { "hello", true, false, false, NULL, { CLIENT_HELLO } },
    { "both hellos", true, false, false, NULL, { CLIENT_HELLO, SERVER_HELLO } },
    { "TLS 1.2, the client's key exchange",
      true,
      true,
      false,
      NULL,
      { CLIENT_HELLO, SERVER_HELLO,
        LONG(0, "\x16\x03\x03\x00\x04\x10___\x14\x03\x03\x00\x01\x01\x16\x03\x03\x00\x28", 60) } },
    { "TLS 1.2, both Finished",
      false,
      true,
      false,
      NULL,
      { CLIENT_HELLO, SERVER_HELLO,
        LONG(0, "\x16\x03\x03\x00\x04\x10___\x14\x03\x03\x00\x01\x01\x16\x03\x03\x00\x28", 60),
        LONG(1, "\x14\x03\x03\x00\x01\x01\x16\x03\x03\x00\x28", 51) } },
    { "TLS 1.3, the server's flight",
      true,
      false,
      false,
      NULL,
      { CLIENT_HELLO, SERVER_HELLO, LONG(1, "\x17\x03\x03\x03\x20", 805),
        TEXT(0, "\x14\x03\x03\x00\x01\x01") } },
    { "TLS 1.3, the client's Finished",
      false,
      true,
      false,
      NULL,
      { CLIENT_HELLO, SERVER_HELLO, LONG(1, "\x17\x03\x03\x03\x20", 805),
        LONG(0, "\x14\x03\x03\x00\x01\x01\x17\x03\x03\x00\x35", 64) } },
    { "TLS 1.3, an alert in its place",
      true,
      true,
      true,
      NULL,
      { CLIENT_HELLO, SERVER_HELLO, LONG(1, "\x17\x03\x03\x03\x20", 805),
        LONG(0, "\x14\x03\x03\x00\x01\x01\x17\x03\x03\x00\x13", 30) } },
    { "a second hello is none of these",
      true,
      false,
      false,
      NULL,
      { CLIENT_HELLO, SERVER_HELLO,
        LONG(0, "\x14\x03\x03\x00\x01\x01\x16\x03\x03\x00\x64\x01", 111) } },
    { "unknown_ca",
      true,
      true,
      true,
      "unknown_ca",
      { CLIENT_HELLO, SERVER_HELLO, TEXT(0, "\x15\x03\x03\x00\x02\x02\x30") } },
};

START_TEST(a_handshake_is_followed)
{
    const struct handshake *row = &handshakes[_i];
    struct stage stage = stage_at(1);
    const struct talk *client = &stage.talk[0];

    stage_play(&stage, row->line);
    ck_assert_msg(talk_is_in_handshake(client, &stage.talk[1]) == row->in_handshake, "%s",
                  row->name);
    ck_assert_msg(client->tls_keyed == row->keyed, "%s: keyed", row->name);
    ck_assert_msg(client->fatal == row->fatal, "%s: fatal", row->name);
    ck_assert_pstr_eq(talk_alert(client), row->alert);
}
END_TEST

START_TEST(close_notify_is_remembered_until_more_is_said)
{
    static const struct line data = LONG(0, "\x17\x03\x03\x00\x64", 105);
    static const struct line sealed = LONG(0, "\x17\x03\x03\x00\x13", 24);
    static const struct line clear = TEXT(0, "\x15\x03\x03\x00\x02\x01\x00");
    static const struct line cancelled = TEXT(0, "\x15\x03\x03\x00\x02\x01\x5a");
    struct stage stage = stage_at(1);

    stage_hear(&stage, &data);
    ck_assert(!stage.talk[0].close_notify);
    stage_hear(&stage, &sealed);
    ck_assert(stage.talk[0].close_notify);
    stage_hear(&stage, &data);
    ck_assert(!stage.talk[0].close_notify);
    stage_hear(&stage, &cancelled);
    ck_assert(!stage.talk[0].close_notify);
    ck_assert_str_eq(talk_alert(&stage.talk[0]), "user_canceled");
    stage_hear(&stage, &clear);
    ck_assert(stage.talk[0].close_notify);
}
END_TEST

START_TEST(bulk_is_known_by_its_records)
{
    static const struct line question = LONG(0, "\x17\x03\x03\x00\x64", 105);
    static const struct line full = LONG(1, "\x17\x03\x03\x04\x00", 1029);
    static const struct line rest = LONG(1, "\x17\x03\x03\x02\x00", 517);
    struct stage stage = stage_at(1);
    const struct talk *server = &stage.talk[1];

    stage_hear(&stage, &question);
    stage_hear(&stage, &full);
    stage_hear(&stage, &full);
    ck_assert_msg(!talk_broke_off_bulk(server), "two of a length prove nothing");
    stage_hear(&stage, &full);
    ck_assert(talk_broke_off_bulk(server));
    stage_hear(&stage, &rest);
    ck_assert_msg(!talk_broke_off_bulk(server), "a shorter one ends it");
}
END_TEST

/* What a TLS 1.3 server says behind the handshake, and whether that answers the question. */
static const struct ticket {
    const char *name;
    bool asks;
    struct line line[LINES_MAX];
} tickets[] = {
    { "two tickets",
      true,
      { LONG(1, "\x17\x03\x03\x01\x0a", 271), LONG(1, "\x17\x03\x03\x01\x0a", 271) } },
    { "one may be an answer", false, { LONG(1, "\x17\x03\x03\x01\x0a", 271) } },
    { "two lengths",
      false,
      { LONG(1, "\x17\x03\x03\x01\x0a", 271), LONG(1, "\x17\x03\x03\x01\x0b", 272) } },
    { "too long",
      false,
      { LONG(1, "\x17\x03\x03\x02\x01", 518), LONG(1, "\x17\x03\x03\x02\x01", 518) } },
    { "two breaths",
      false,
      { LONG(1, "\x17\x03\x03\x01\x0a", 271),
        { .side = 1,
          .bytes = "\x17\x03\x03\x01\x0a",
          .size = 5,
          .length = 271,
          .after_ms = 300 } } },
    { "three of them",
      false,
      { LONG(1, "\x17\x03\x03\x01\x0a", 271), LONG(1, "\x17\x03\x03\x01\x0a", 271),
        LONG(1, "\x17\x03\x03\x01\x0a", 271) } },
    { "tickets, then the answer",
      false,
      { LONG(1, "\x17\x03\x03\x01\x0a", 271), LONG(1, "\x17\x03\x03\x01\x0a", 271),
        LONG(1, "\x17\x03\x03\x00\x40", 69) } },
};

START_TEST(tickets_answer_nothing)
{
    static const struct line before[LINES_MAX] = {
        CLIENT_HELLO, SERVER_HELLO, LONG(1, "\x17\x03\x03\x03\x20", 805),
        LONG(0, "\x14\x03\x03\x00\x01\x01\x17\x03\x03\x00\x35", 64),
        LONG(0, "\x17\x03\x03\x00\x64", 105)
    };
    const struct ticket *row = &tickets[_i];
    struct stage stage = stage_at(1);

    stage_play(&stage, before);
    stage_play(&stage, row->line);
    ck_assert_msg(talk_asks(&stage.talk[0]) == row->asks, "%s", row->name);
    ck_assert_msg(stage.talk[1].answered != row->asks, "%s: answered", row->name);
    ck_assert_msg(talk_is_ticketed(&stage.talk[1]) == row->asks, "%s: ticketed", row->name);
}
END_TEST

START_TEST(a_frame_behind_an_answer_belongs_to_the_farewell)
{
    static const struct line lines[LINES_MAX] = { LONG(0, "\x17\x03\x03\x00\x64", 105),
                                                  LONG(1, "\x17\x03\x03\x01\x90", 405),
                                                  LONG(1, "\x17\x03\x03\x00\x1a", 31),
                                                  LONG(1, "\x17\x03\x03\x00\x13", 24) };
    struct stage stage = stage_at(0);
    uint32_t start;

    stage_play(&stage, lines);
    ck_assert(talk_farewell(&stage.talk[1], stage.now_ms * 1000000, true, &start));
    ck_assert_uint_eq(start, 405);
}
END_TEST

START_TEST(a_frame_in_front_of_an_alert_counts_before_the_own_fin_alone)
{
    static const struct line lines[LINES_MAX] = { LONG(0, "\x17\x03\x03\x00\x64", 105),
                                                  LONG(1, "\x17\x03\x03\x01\x00", 261),
                                                  LATE(0, "\x17\x03\x03\x00\x03___", 1000),
                                                  LONG(0, "\x17\x03\x03\x00\x13", 24) };
    struct stage stage = stage_at(0);
    uint32_t start;

    stage_play(&stage, lines);
    ck_assert(talk_farewell(&stage.talk[0], stage.now_ms * 1000000, true, &start));
    ck_assert_uint_eq(start, 105);
    ck_assert(talk_farewell(&stage.talk[0], TALK_NO_FIN, true, &start));
    ck_assert_uint_eq(start, 113);
    ck_assert(!talk_farewell(&stage.talk[0], TALK_NO_FIN, false, &start));
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("talk_tls");

    tcase_add_loop_test(tests, a_scene_is_understood, 0, ROWS(scenes));
    tcase_add_test(tests, set_up_is_no_conversation);
    tcase_add_loop_test(tests, a_handshake_is_followed, 0, ROWS(handshakes));
    tcase_add_test(tests, close_notify_is_remembered_until_more_is_said);
    tcase_add_test(tests, bulk_is_known_by_its_records);
    tcase_add_loop_test(tests, tickets_answer_nothing, 0, ROWS(tickets));
    tcase_add_test(tests, a_frame_behind_an_answer_belongs_to_the_farewell);
    tcase_add_test(tests, a_frame_in_front_of_an_alert_counts_before_the_own_fin_alone);
    return suite_run_tests(suite_create("talk_tls"), tests);
}
