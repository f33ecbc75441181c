/* What is understood of the protocols of the table of framings.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "scene.h"

static const struct scene scenes[] = {
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
    { "an LDAP goodbye inside a longer message",
      SPEECH_WORD,
      FAREWELL_BEFORE_FIN,
      false,
      { LONG(0, "\x30\x0a\x02\x01\x01\x42\x00", 12) } },
    { "WebSocket Close behind an upgrade",
      SPEECH_WORD,
      FAREWELL_YES,
      false,
      { TEXT(0, "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"),
        TEXT(1, "HTTP/1.1 101 Switching\r\nUpgrade: WebSocket\r\n\r\n"),
        TEXT(1, "\x81\x02hi\x88\x02\x03\xe8") } },
    { "COTP Disconnect Request",
      SPEECH_FAREWELL,
      FAREWELL_YES,
      false,
      { TEXT(0, "\x03\x00\x00\x07\x02\xe0\x00"), TEXT(1, "\x03\x00\x00\x07\x02\xd0\x00"),
        TEXT(0, "\x03\x00\x00\x0b\x06\x80\x00\x00\x00\x00\x00") } },
    { "COTP data is none",
      SPEECH_WORD,
      FAREWELL_BEFORE_FIN,
      false,
      { TEXT(0, "\x03\x00\x00\x07\x02\xe0\x00"), TEXT(1, "\x03\x00\x00\x07\x02\xd0\x00"),
        TEXT(0, "\x03\x00\x00\x07\x02\xf0\x80") } },
    { "TNS end of file",
      SPEECH_FAREWELL,
      FAREWELL_YES,
      false,
      { LONG(0, "\x00\x40\x00\x00\x01\x00\x00\x00", 64),
        TEXT(1, "\x00\x08\x00\x00\x02\x00\x00\x00"),
        TEXT(0, "\x00\x0a\x00\x00\x06\x00\x00\x00\x00\x40") } },
    { "LDAP unbind inside SASL",
      SPEECH_WORD,
      FAREWELL_BEFORE_FIN,
      false,
      { LONG(0, "\x30\x32\x02\x01\x01\x60", 52), LONG(1, "\x30\x0a\x02\x01\x01\x61", 12),
        LONG(0, "\x00\x00\x00\x47", 75) } },
    { "LDAP search inside SASL",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { LONG(0, "\x30\x32\x02\x01\x01\x60", 52), LONG(1, "\x30\x0a\x02\x01\x01\x61", 12),
        LONG(0, "\x00\x00\x00\x6c", 112) } },
    { "MQTT DISCONNECT",
      SPEECH_FAREWELL,
      FAREWELL_YES,
      false,
      { TEXT(0, "\x10\x0a\x00\x04MQTT\x04\x02\x00\x3c"), TEXT(1, "\x20\x02\x00\x00"),
        TEXT(0, "\xe0\x00") } },
    { "MQTT PINGREQ is none",
      SPEECH_WORD,
      FAREWELL_BEFORE_FIN,
      false,
      { TEXT(0, "\x10\x0a\x00\x04MQTT\x04\x02\x00\x3c"), TEXT(1, "\x20\x02\x00\x00"),
        TEXT(0, "\xc0\x00") } },
    { "OPC UA CloseSecureChannel",
      SPEECH_FAREWELL,
      FAREWELL_YES,
      false,
      { TEXT(0, "HELF\x08\x00\x00\x00"), TEXT(1, "ACKF\x08\x00\x00\x00"),
        LONG(0, "CLOF\x39\x00\x00\x00", 57) } },
    { "Redis QUIT",
      SPEECH_FAREWELL,
      FAREWELL_YES,
      false,
      { TEXT(0, "*1\r\n$4\r\nPING\r\n"), TEXT(1, "+PONG\r\n"), TEXT(0, "*1\r\n$4\r\nQUIT\r\n") } },
    { "its +OK",
      SPEECH_FAREWELL,
      FAREWELL_YES,
      false,
      { TEXT(0, "*1\r\n$4\r\nPING\r\n"), TEXT(1, "+PONG\r\n"), TEXT(0, "*1\r\n$4\r\nQUIT\r\n"),
        TEXT(1, "+OK\r\n") } },
    { "SMTP QUIT",
      SPEECH_FAREWELL,
      FAREWELL_YES,
      false,
      { TEXT(1, "220 a\r\n"), TEXT(0, "NOOP\r\n"), TEXT(1, "250 ok\r\n"), TEXT(0, "QUIT\r\n") } },
    { "its 221",
      SPEECH_FAREWELL,
      FAREWELL_YES,
      false,
      { TEXT(1, "220 a\r\n"), TEXT(0, "QUIT\r\n"), TEXT(1, "221 bye\r\n") } },
    { "SMTP answer before the FIN is none",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { TEXT(1, "220 a\r\n"), TEXT(0, "NOOP\r\n"), TEXT(1, "250 ok\r\n") } },
    { "IMAP BYE",
      SPEECH_FAREWELL,
      FAREWELL_YES,
      false,
      { TEXT(1, "* OK a\r\n"), TEXT(0, "a LOGOUT\r\n"), TEXT(1, "* BYE\r\n") } },
    { "HART-IP Session Close is of port 5094 alone",
      SPEECH_WORD,
      FAREWELL_BEFORE_FIN,
      false,
      { TEXT(0, "\x01\x00\x00\x00\x00\x01\x00\x08"), TEXT(1, "\x01\x01\x00\x00\x00\x01\x00\x08"),
        TEXT(0, "\x01\x00\x01\x00\x00\x02\x00\x08") } },
    { "SMTP goes over to TLS",
      SPEECH_SETUP,
      FAREWELL_NO,
      false,
      { TEXT(1, "220 a\r\n"), TEXT(0, "STARTTLS\r\n"), TEXT(1, "220 go\r\n"),
        LONG(0, "\x16\x03\x01\x00\x64\x01", 105) } },
    { "PostgreSQL goes over to TLS",
      SPEECH_SETUP,
      FAREWELL_NO,
      false,
      { TEXT(0, "\x00\x00\x00\x08\x04\xd2\x16\x2f"), TEXT(1, "S"),
        LONG(0, "\x16\x03\x01\x00\x64\x01", 105), LONG(1, "\x16\x03\x03\x00\x64\x02", 105) } }
};

START_TEST(a_goodbye_is_understood)
{
    scene_is_understood(&scenes[_i]);
}
END_TEST

/* Conversations whose last message lacks bytes. */
static const struct cut_short {
    enum talk_protocol protocol;
    const char *message;
    uint16_t port;
    int64_t missing;
    struct line line[LINES_MAX];
} cuts[] = {
    { TALK_WEBSOCKET,
      "a WebSocket frame",
      0,
      100,
      { TEXT(0, "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"),
        TEXT(1, "HTTP/1.1 101 Switching\r\nUpgrade: WebSocket\r\n\r\n"), TEXT(0, "\x81\x82____hi"),
        TEXT(1, "\x81\x02hi"), LONG(1, "\x82\x7e\x01\x00", 160) } },
    { TALK_WEBSOCKET,
      "a WebSocket frame",
      0,
      65915,
      { TEXT(0, "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"),
        TEXT(1, "HTTP/1.1 101 Switching\r\nUpgrade: WebSocket\r\n\r\n"), TEXT(0, "\x81\x82____hi"),
        TEXT(1, "\x81\x02hi"), TEXT(1, "\x82\x7f\x00\x00\x00\x00\x00\x01\x01\x7b") } },
    { TALK_SMB,
      "an SMB answer",
      0,
      100,
      { LONG(0, "\x00\x00\x00\x44\xfeSMB\x40\x00", 72),
        LONG(1, "\x00\x00\x00\x44\xfeSMB\x40\x00", 72), LONG(1, "\x00\x00\x01\x00\xfeSMB", 160) } },
    { TALK_TPKT,
      "a TPKT message",
      0,
      100,
      { TEXT(0, "\x03\x00\x00\x07\x02\xe0\x00"), TEXT(1, "\x03\x00\x00\x07\x02\xd0\x00"),
        LONG(1, "\x03\x00\x01\x00", 156) } },
    { TALK_TNS,
      "a TNS packet",
      0,
      100,
      { LONG(0, "\x00\x40\x00\x00\x01\x00\x00\x00", 64),
        LONG(1, "\x00\x00\x01\x00\x06\x00\x00\x00", 156) } },
    { TALK_LDAP,
      "an LDAP answer",
      0,
      100,
      { LONG(0, "\x30\x32\x02\x01\x01\x63", 52),
        LONG(1, "\x30\x82\x01\x00\x02\x01\x01\x64", 160) } },
    { TALK_LDAP,
      "an LDAP answer",
      0,
      100,
      { LONG(0, "\x30\x32\x02\x01\x01\x63", 52), LONG(1, "\x00\x00\x01\x00", 160) } },
    { TALK_DNS,
      "a DNS answer",
      0,
      100,
      { LONG(0, "\x00\x1d__\x01\x00\x00\x01\x00\x00\x00\x00", 31),
        LONG(1, "\x01\x00__\x81\x80", 158) } },
    { TALK_MYSQL,
      "a MySQL answer",
      0,
      100,
      { LONG(1, "\x4a\x00\x00\x00\x0a", 78), LONG(0, "\x20\x00\x00\x01", 36),
        LONG(1, "\x00\x01\x00\x01", 160) } },
    { TALK_POSTGRES,
      "a PostgreSQL message",
      0,
      100,
      { TEXT(0, "\x00\x00\x00\x08\x00\x03\x00\x00"), LONG(1, "D\x00\x00\x01\x00", 157) } },
    { TALK_MONGO,
      "a MongoDB answer",
      0,
      100,
      { LONG(0, "\x40\x00\x00\x00________\xdd\x07\x00\x00", 64),
        LONG(1, "\x00\x01\x00\x00", 156) } },
    { TALK_KAFKA,
      "a Kafka answer",
      0,
      100,
      { LONG(0, "\x00\x00\x00\x10\x00\x12\x00\x03", 20), LONG(1, "\x00\x00\x00\x10", 20),
        LONG(1, "\x00\x00\x01\x00", 160) } },
    { TALK_REDIS,
      "a Redis answer",
      0,
      100,
      { TEXT(0, "*2\r\n$3\r\nGET\r\n$1\r\na\r\n"), LONG(1, "$256\r\n", 164) } },
    { TALK_AMQP,
      "an AMQP frame",
      0,
      100,
      { TEXT(0, "AMQP\x00\x00\x09\x01"), LONG(1, "\x01\x00\x00\x00\x00\x00\xf8", 156) } },
    { TALK_AMQP,
      "an AMQP frame",
      0,
      100,
      { TEXT(0, "AMQP\x00\x01\x00\x00"), LONG(1, "\x00\x00\x01\x00", 156) } },
    { TALK_MQTT,
      "an MQTT packet",
      0,
      100,
      { TEXT(0, "\x10\x0a\x00\x04MQTT\x04\x02\x00\x3c"), TEXT(1, "\x20\x02\x00\x00"),
        LONG(1, "\x30\x80\x02", 159) } },
    { TALK_HARTIP,
      "a HART-IP answer",
      5094,
      100,
      { TEXT(0, "\x01\x00\x00\x00\x00\x01\x00\x08"),
        LONG(1, "\x01\x01\x00\x00\x00\x01\x01\x00", 156) } },
    { TALK_OPCUA,
      "an OPC UA answer",
      0,
      100,
      { TEXT(0, "HELF\x08\x00\x00\x00"), LONG(1, "MSGF\x00\x01\x00\x00", 156) } }
};

static struct stage play(const struct line *line, uint16_t port)
{
    struct stage stage = stage_at(UINT32_MAX - 30);

    stage.port[1] = port ? port : 53;
    stage_play(&stage, line);
    return stage;
}

START_TEST(a_cut_message_is_told)
{
    const struct cut_short *row = &cuts[_i];
    struct stage stage = play(row->line, row->port);
    const struct talk *talk = &stage.talk[1];
    struct ending ending = talk_ending(talk);

    ck_assert_msg(talk->protocol == row->protocol, "%s: %d, protocol %u", row->message, _i,
                  talk->protocol);
    ck_assert_msg(ending.entirety == ENTIRE_CUT && ending.cut == CUT_MESSAGE, "%s: %d",
                  row->message, ending.entirety);
    ck_assert_msg(ending.missing == row->missing, "%s: %lld bytes", row->message,
                  (long long)ending.missing);
    ck_assert(!ending.is_certain);
    ck_assert_str_eq(talk_message(talk), row->message);
}
END_TEST

START_TEST(what_comes_after_all_makes_it_whole)
{
    const struct cut_short *row = &cuts[_i];
    struct stage stage = play(row->line, row->port);
    const struct line rest = LONG(1, "", (uint32_t)row->missing);

    if (row->missing > LENGTH_MAX)
        return;
    stage_hear(&stage, &rest);
    ck_assert_msg(!talk_is_cut(&stage.talk[1]), "%s", row->message);
}
END_TEST

START_TEST(a_head_may_be_split_anywhere)
{
    const struct cut_short *row = &cuts[_i];
    struct stage stage = stage_at(1);
    unsigned last = scene_lines(row->line) - 1;

    stage.port[1] = row->port ? row->port : 53;
    for (unsigned i = 0; i < last; i++)
        stage_hear(&stage, &row->line[i]);
    for (uint32_t i = 0; i < row->line[last].size; i++) {
        const struct line byte = { .side = 1, .bytes = row->line[last].bytes + i, .size = 1 };

        stage_hear(&stage, &byte);
    }
    ck_assert_msg(stage.talk[1].protocol == row->protocol, "%s", row->message);
    ck_assert_msg(talk_ending(&stage.talk[1]).missing >= row->missing, "%s", row->message);
}
END_TEST

/* What must not be called cut. */
static const struct unproven {
    const char *name;
    uint16_t port;
    struct line line[LINES_MAX];
} unproven[] = {
    { "an LDAP length without an end",
      0,
      { LONG(0, "\x30\x32\x02\x01\x01\x63", 52), LONG(1, "\x30\x80\x02\x01", 60) } },
    { "an LDAP message of another tag",
      0,
      { LONG(0, "\x30\x32\x02\x01\x01\x63", 52), LONG(1, "\x31\x20\x02\x01", 60) } },
    { "an MQTT length of five bytes",
      0,
      { TEXT(0, "\x10\x0a\x00\x04MQTT\x04\x02\x00\x3c"), TEXT(1, "\x20\x02\x00\x00"),
        LONG(1, "\x30\x80\x80\x80\x80\x01", 60) } },
    { "a null of Redis", 0, { TEXT(0, "*1\r\n$4\r\nPING\r\n"), TEXT(1, "$-1\r\n") } },
    { "a bulk string of Redis without a length",
      0,
      { TEXT(0, "*1\r\n$4\r\nPING\r\n"), LONG(1, "$x", 60) } },
    { "a bulk string of Redis, too long a head",
      0,
      { TEXT(0, "*1\r\n$4\r\nPING\r\n"), LONG(1, "$123456789", 60) } },
    { "an AMQP frame of type 9",
      0,
      { TEXT(0, "AMQP\x00\x00\x09\x01"), LONG(1, "\x09\x00\x00\x00\x00\x00\xf8", 60) } },
    { "a PostgreSQL message of no letter",
      0,
      { TEXT(0, "\x00\x00\x00\x08\x00\x03\x00\x00"), LONG(1, "\x01\x00\x00\x01\x00", 60) } },
    { "a WebSocket length beyond 63 bits",
      0,
      { TEXT(0, "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"),
        TEXT(1, "HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n"),
        LONG(1, "\x82\x7f\x80\x00\x00\x00\x00\x00\x00\x00", 60) } },
    { "a TNS packet shorter than its head",
      0,
      { LONG(0, "\x00\x40\x00\x00\x01\x00\x00\x00", 64),
        LONG(1, "\x00\x04\x00\x00\x06\x00\x00\x00", 60) } },
    { "a length that is not believed yet",
      0,
      { LONG(0, "\x00\x00\x00\x10\x00\x12\x00\x03", 20), LONG(1, "\x00\x00\x01\x00", 160) } },
    { "a DNS query at another port",
      5300,
      { LONG(0, "\x00\x1d__\x01\x00\x00\x01\x00\x00\x00\x00", 31), LONG(1, "\x01\x00__", 158) } },
    { "RDP's fast path behind TPKT",
      0,
      { TEXT(0, "\x03\x00\x00\x07\x02\xe0\x00"), TEXT(1, "\x03\x00\x00\x07\x02\xd0\x00"),
        LONG(1, "\x04\x80\xff", 100) } },
    { "a length beyond what the protocol allows",
      0,
      { LONG(0, "\x40\x00\x00\x00________\xdd\x07\x00\x00", 64),
        LONG(1, "\x00\x00\x00\x70", 156) } },
    { "an MQTT packet of type 0",
      0,
      { TEXT(0, "\x10\x0a\x00\x04MQTT\x04\x02\x00\x3c"), TEXT(1, "\x20\x02\x00\x00"),
        LONG(1, "\x00\x80\x02", 156) } },
    { "an SSH packet",
      0,
      { TEXT(1, "SSH-2.0-a\r\n"), TEXT(0, "SSH-2.0-b\r\n"), LONG(1, "\x00\x00\x10\x00", 100) } },
    { "an RFB update",
      0,
      { TEXT(1, "RFB 003.008\n"), TEXT(0, "RFB 003.008\n"), LONG(1, "\x00\x00\x00\x01", 100) } },
    { "a line without its end",
      0,
      { TEXT(1, "220 a\r\n"), TEXT(0, "NOOP\r\n"), TEXT(1, "250 o") } },
    { "a reserved WebSocket opcode",
      0,
      { TEXT(0, "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"),
        TEXT(1, "HTTP/1.1 101 Switching\r\nUpgrade: WebSocket\r\n\r\n"), TEXT(0, "\x81\x82____hi"),
        TEXT(1, "\x81\x02hi"), LONG(1, "\x8f\x7e\x01\x00", 160) } }
};

START_TEST(what_was_not_read_for_certain_is_not_cut)
{
    const struct unproven *row = &unproven[_i];
    struct stage stage = play(row->line, row->port);

    ck_assert_msg(talk_ending(&stage.talk[1]).entirety == ENTIRE_UNKNOWN, "%s", row->name);
}
END_TEST

START_TEST(behind_a_gap_a_whole_message_is_recognised)
{
    const struct cut_short *row = &cuts[_i];
    struct stage stage = play(row->line, row->port);
    const struct line *last = &row->line[scene_lines(row->line) - 1];
    const struct line stray = TEXT(1, "stray");
    const struct line whole = { .side = 1,
                                .bytes = last->bytes,
                                .size = last->size,
                                .length = (last->length ? last->length : last->size) +
                                          (uint32_t)row->missing };

    if (row->missing > LENGTH_MAX)
        return;
    stage.next[1] += 1000;
    stage_hear(&stage, &stray);
    ck_assert_msg(stage.talk[1].lost, "%s", row->message);
    stage_hear(&stage, &whole);
    ck_assert_msg(!stage.talk[1].lost, "%s", row->message);
}
END_TEST

START_TEST(behind_a_gap_nothing_is_known_of_what_has_no_length)
{
    static const struct line lines[LINES_MAX] = { TEXT(1, "SSH-2.0-a\r\n"),
                                                  TEXT(0, "SSH-2.0-b\r\n") };
    static const struct line more = LONG(1, "\0\0\0\x18", 28);
    struct stage stage = stage_at(1);

    stage_play(&stage, lines);
    stage.next[1] += 100;
    stage_hear(&stage, &more);
    ck_assert(stage.talk[1].lost);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("talk_framings");

    tcase_add_loop_test(tests, a_goodbye_is_understood, 0, ROWS(scenes));
    tcase_add_loop_test(tests, a_cut_message_is_told, 0, ROWS(cuts));
    tcase_add_loop_test(tests, what_comes_after_all_makes_it_whole, 0, ROWS(cuts));
    tcase_add_loop_test(tests, a_head_may_be_split_anywhere, 0, ROWS(cuts));
    tcase_add_loop_test(tests, what_was_not_read_for_certain_is_not_cut, 0, ROWS(unproven));
    tcase_add_loop_test(tests, behind_a_gap_a_whole_message_is_recognised, 0, ROWS(cuts));
    tcase_add_test(tests, behind_a_gap_nothing_is_known_of_what_has_no_length);
    return suite_run_tests(suite_create("talk_framings"), tests);
}
