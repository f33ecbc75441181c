/* What a RST states of its reason.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "reason.h"
#include "hear.h"

#include "suite.h"

#include <string.h>

#define BYTES(text) (const uint8_t *)(text), sizeof(text) - 1

struct row {
    const uint8_t *bytes;
    size_t count;
    const char *text;
    enum cause cause;
};

static const struct row payloads[] = {
    { BYTES("Access Denied"), "Access Denied", CAUSE_NONE },
    { BYTES("BIG-IP: [0x2664c65:2574] Policy action"), "BIG-IP: [0x2664c65:2574] Policy action",
      CAUSE_NONE },
    { BYTES("Connection refused"), "Connection refused", CAUSE_NONE },
    { BYTES("\x33\xaa\0\x01\0\0\0\0"), "diagnostic payload: illegal option length (1)",
      CAUSE_PROTOCOL_ERROR },
    { BYTES("\x33\xaa\0\x09\0\0\0\0"), "diagnostic payload: not authorized (9)", CAUSE_NONE },
    { BYTES("\x33\xaa\0\x0e\0\0\0\0"), "diagnostic payload: connection timeout (14)",
      CAUSE_TIMEOUT },
    { BYTES("\x33\xaa\xff\xff\0\0\0\0"), "diagnostic payload: not a registered reason (65535)",
      CAUSE_NONE },
    { BYTES("\x33\xaa\0\x0e\0\0\x7e\xd9"), "diagnostic payload: code 14 of enterprise 32473",
      CAUSE_NONE },
    { BYTES("\x33\xaa\0\0\0\0\0\0"), "", CAUSE_NONE }, /* 0 must not be used */
    { BYTES("\x33\xaa\0\x0e\0\0\0"), "", CAUSE_NONE },
    { BYTES("\x33\xaa\0\x0e\0\0\0\0\0"), "", CAUSE_NONE },
    { BYTES("\x33\xaaRequest timed out"), "", CAUSE_NONE }, /* a malformed one is no text */
    { BYTES("\xf3\x17gone"), "gone", CAUSE_NONE },
    { BYTES("a\nb`c|d"), "a.b`c|d", CAUSE_NONE },
    { BYTES("\x16\x03\x01\0\x20\x80\x81"), "", CAUSE_NONE },
    { BYTES("no"), "", CAUSE_NONE },
    { BYTES(""), "", CAUSE_NONE },
};

static const struct row options[] = {
    { BYTES("\x1e\x04\x80\x03"), "MP_TCPRST: administratively prohibited (3)", CAUSE_NONE },
    { BYTES("\x01\x01\x1e\x04\x81\x02"), "MP_TCPRST: lack of resources (2), transient",
      CAUSE_NONE },
    { BYTES("\x1e\x04\x80\xff"), "MP_TCPRST: unassigned (255)", CAUSE_NONE },
    { BYTES("\x1e\x0c\x70\0\0\0\0\0\0\0\0\0"),
      "MP_FASTCLOSE: the whole Multipath TCP connection is closed", CAUSE_NONE },
    { BYTES("\x1e\x04\x80"), "", CAUSE_NONE },
    { BYTES("\x1e\0\x80\x03"), "", CAUSE_NONE },
    { BYTES("\0\x1e\x04\x80\x03"), "", CAUSE_NONE },
    { BYTES("\x1e"), "", CAUSE_NONE },
};

static void check_reason(const struct segment *rst, const struct row *row)
{
    struct reason reason = reason_read(rst);

    ck_assert_str_eq(reason.text, row->text);
    ck_assert_int_eq(reason.cause, row->cause);
}

START_TEST(a_payload_states_a_reason)
{
    const struct row *row = &payloads[_i];
    uint8_t *exact = malloc(row->count + !row->count); /* a read beyond it is an error */
    struct segment rst = { .flags = SEGMENT_RST,
                           .payload = exact,
                           .len = (uint32_t)row->count,
                           .captured = (uint32_t)row->count };

    memcpy(exact, row->bytes, row->count);
    check_reason(&rst, row);
    free(exact);
}
END_TEST

START_TEST(an_option_states_a_reason)
{
    const struct row *row = &options[_i];
    uint8_t *exact = malloc(row->count);
    struct segment rst = { .flags = SEGMENT_RST,
                           .options = exact,
                           .option_bytes = (uint8_t)row->count };

    memcpy(exact, row->bytes, row->count);
    check_reason(&rst, row);
    free(exact);
}
END_TEST

START_TEST(a_long_text_is_cut)
{
    uint8_t text[2 * REASON_TEXT_MAX];
    struct segment rst = {
        .flags = SEGMENT_RST, .payload = text, .len = sizeof text, .captured = sizeof text
    };

    memset(text, 'x', sizeof text);
    ck_assert_uint_eq(strlen(reason_read(&rst).text), REASON_TEXT_MAX - 1);
}
END_TEST

static const char *meaning_of(const char *payload, const char *option)
{
    struct segment rst = { .flags = SEGMENT_RST,
                           .payload = (const uint8_t *)payload,
                           .len = payload ? 8 : 0,
                           .captured = payload ? 8 : 0,
                           .options = (const uint8_t *)option,
                           .option_bytes = option ? 4 : 0 };

    return reason_read(&rst).meaning;
}

START_TEST(a_registered_reason_has_its_words)
{
    ck_assert_str_eq(meaning_of("\x33\xaa\0\x0e\0\0\0\0", NULL), "connection timeout");
    ck_assert_ptr_null(meaning_of("\x33\xaa\0\x0e\0\0\0\x09", NULL));
    ck_assert_ptr_null(meaning_of("no words", NULL));
    ck_assert_str_eq(meaning_of(NULL, "\x1e\x04\x80\x03"), "administratively prohibited");
    ck_assert_ptr_null(meaning_of(NULL, "\x1e\x04\x80\xff"));
}
END_TEST

/* What a RST with text states whose sender has said `answer` before. */
static struct reason reason_behind(const char *answer, uint32_t seq)
{
    struct flow flow = { .side[0] = { .seen = true } };
    struct segment said = { .flags = SEGMENT_ACK,
                            .payload = (const uint8_t *)answer,
                            .len = (uint32_t)strlen(answer),
                            .captured = (uint32_t)strlen(answer) };
    struct segment rst = { .flags = SEGMENT_RST,
                           .seq = seq,
                           .payload = (const uint8_t *)"limit reached",
                           .len = 13,
                           .captured = 13 };

    talk_hear(&flow.side[0].talk, &flow.side[1].talk, &said);
    flow.side[0].snd_nxt = said.len;
    return reason_read_in(&flow, &rst);
}

START_TEST(bytes_of_the_stream_state_nothing)
{
    struct reason said;
    static const char whole[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    static const char cut[] = "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello";

    said = reason_behind(whole, sizeof whole - 1);
    ck_assert_str_eq(said.text, "limit reached");
    said = reason_behind(cut, sizeof cut - 1);
    ck_assert_str_eq(said.text, "");
    said = reason_behind(whole, sizeof whole - 6);
    ck_assert_str_eq(said.text, "");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("reason");
    TCase *tests = tcase_create("reason");

    tcase_add_loop_test(tests, a_payload_states_a_reason, 0, ROWS(payloads));
    tcase_add_loop_test(tests, an_option_states_a_reason, 0, ROWS(options));
    tcase_add_test(tests, a_long_text_is_cut);
    tcase_add_test(tests, a_registered_reason_has_its_words);
    tcase_add_test(tests, bytes_of_the_stream_state_nothing);
    return suite_run_tests(suite, tests);
}
