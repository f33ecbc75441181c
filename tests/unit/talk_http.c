/* What is understood of HTTP, line by line and frame by frame.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "scene.h"

static const struct scene scenes[] = {
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
    { "headers cut by the snap length",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { SNAP(0, "GET / HTTP/1.1\r\n\r\n", 0, 10) } },
    { "HTTP chunks with an extension and trailers",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\n"),
        TEXT(1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0;c\r\nX: "
                "y\r\nZ: w\r\n\r\n") } },
    { "HTTP chunks that end inside a trailer",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\n"),
        TEXT(
            1,
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n") } },
    { "HTTP last chunk without its empty line",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\n"),
        TEXT(1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n") } },
    { "HTTP chunk whose data looks like the last one",
      SPEECH_WORD,
      FAREWELL_NO,
      true,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\n"),
        TEXT(1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\nxxx0\r\n\r\n") } },
    { "HTTP chunk, a size split over segments",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\n"),
        TEXT(1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1"), LONG(1, "0\r\n", 19),
        TEXT(1, "\r\n0\r"), TEXT(1, "\n\r\n") } },
    { "HTTP chunks, the next answer in the same segment",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n"),
        TEXT(1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\nHTTP/1.1 "
                "200 OK\r\nContent-Length: 0\r\n\r\n") } },
    { "HTTP chunks, the next answer short",
      SPEECH_WORD,
      FAREWELL_NO,
      true,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n"),
        TEXT(1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\nHTTP/1.1 "
                "200 OK\r\nContent-Length: 3\r\n\r\n") } },
    { "HTTP coding behind another",
      SPEECH_WORD,
      FAREWELL_NO,
      true,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\n"),
        TEXT(1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n5\r\nhel") } },
    { "HTTP no size where one is due",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\n"),
        TEXT(1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n") } },
    { "HTTP length of 2^32 + 5",
      SPEECH_WORD,
      FAREWELL_NO,
      true,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\n"),
        TEXT(1, "HTTP/1.1 200 OK\r\nContent-Length: 4294967301\r\n\r\nhello") } },
    { "HTTP length beyond 64 bits",
      SPEECH_WORD,
      FAREWELL_NO,
      true,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\n"),
        TEXT(1, "HTTP/1.1 200 OK\r\nContent-Length: 36893488147419103233\r\n\r\na") } },
    { "HTTP chunk beyond 64 bits",
      SPEECH_WORD,
      FAREWELL_NO,
      true,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\n"),
        TEXT(1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000001\r\na") } },
    { "HTTP head split inside a name",
      SPEECH_WORD,
      FAREWELL_NO,
      true,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\n"), TEXT(1, "HTTP/1.1 200 OK\r\nServer: a\r\nConte"),
        TEXT(1, "nt-Length: 1"), TEXT(1, "2\r"), TEXT(1, "\n\r\nhello") } },
    { "HTTP head split inside the empty line",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\n"), TEXT(1, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r"),
        TEXT(1, "\nab") } },
    { "HTTP head that goes on",
      SPEECH_WORD,
      FAREWELL_NO,
      true,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\n"), TEXT(1, "HTTP/1.1 200 OK\r\nServer: a\r\n") } },
    { "HTTP lines that end in LF alone",
      SPEECH_WORD,
      FAREWELL_NO,
      true,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\n"),
        TEXT(1, "HTTP/1.1 200 OK\nContent-Length: 9\n\nhello") } },
    { "HTTP request behind CRLFs",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { TEXT(0, "\r\n\r\nGET / HTTP/1.1\r\n\r\n") } },
    { "HTTP, stray CRLFs ask nothing",
      SPEECH_CONTROL,
      FAREWELL_NO,
      false,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\n"), TEXT(1, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        TEXT(0, "\r\n") } },
    { "HTTP pipelined HEAD, its answer has no body",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\nHEAD / HTTP/1.1\r\n\r\n"),
        TEXT(1, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP/1.1 200 OK\r\nContent-Length: "
                "9\r\n\r\n") } },
    { "HTTP pipelined HEAD, then a GET cut",
      SPEECH_WORD,
      FAREWELL_NO,
      true,
      { TEXT(0, "HEAD / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n"),
        TEXT(1, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: "
                "9\r\n\r\na") } },
    { "HTTP 103 alone is no answer",
      SPEECH_CONTROL,
      FAREWELL_NO,
      false,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\n"),
        TEXT(1, "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n") } },
    { "HTTP 204 has no body",
      SPEECH_WORD,
      FAREWELL_NO,
      false,
      { TEXT(0, "GET / HTTP/1.1\r\n\r\n"),
        TEXT(1, "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n") } },
    { "no HTTP although it begins so",
      SPEECH_WORD,
      FAREWELL_BEFORE_FIN,
      false,
      { TEXT(0, "GET it\r\n") } },
    { "HTTP/2 DATA, half a frame",
      SPEECH_WORD,
      FAREWELL_NO,
      true,
      { TEXT(0, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"),
        TEXT(0, "\x00\x00\x02\x01\x05\x00\x00\x00\x01__"),
        TEXT(1,
             "\x00\x00\x02\x01\x04\x00\x00\x00\x01__\x00\x00\x09\x00\x01\x00\x00\x00\x01__") } }
};

START_TEST(a_scene_is_understood)
{
    scene_is_understood(&scenes[_i]);
}
END_TEST

START_TEST(a_tunnel_starts_anew)
{
    static const struct line lines[LINES_MAX] = { TEXT(0, "CONNECT a:443 HTTP/1.1\r\n\r\n"),
                                                  TEXT(1, "HTTP/1.1 200 OK\r\n\r\n") };
    struct stage stage = stage_at(1);

    stage_play(&stage, lines);
    ck_assert(stage.talk[0].tunnel && stage.talk[1].tunnel);
    ck_assert(!stage.talk[0].conversed && !stage.talk[1].conversed);
}
END_TEST

START_TEST(after_a_gap_the_next_start_is_recognised)
{
    static const struct line head = LONG(1, "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", 300);
    static const struct line rest = LONG(1, "", 100);
    static const struct line again = TEXT(1, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
    struct stage stage = stage_at(1);

    stage_hear(&stage, &head);
    ck_assert(talk_is_cut(&stage.talk[1]));
    stage.next[1] += 1000;
    stage_hear(&stage, &rest);
    ck_assert_msg(!talk_is_cut(&stage.talk[1]), "of what was lost nothing is claimed");
    stage_hear(&stage, &again);
    ck_assert(talk_is_cut(&stage.talk[1]));
}
END_TEST

/* How an answer to a request ends. */
static const struct row {
    const char *request, *answer;
    int64_t missing;
    enum entirety entirety;
    enum cut cut;
    bool certain, asks;
} endings[] = {
    { "GET / HTTP/1.0\r\n\r\n", "HTTP/1.0 200 OK\r\n\r\nhello", 0, ENTIRE_BY_CLOSE, CUT_NOTHING,
      false, false },
    { "GET /\r\n", "hello", 0, ENTIRE_BY_CLOSE, CUT_NOTHING, false, false },
    { "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", 4, ENTIRE_CUT,
      CUT_LENGTH, true, true },
    { "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 0,
      ENTIRE_WHOLE, CUT_NOTHING, true, false },
    { "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 0, ENTIRE_WHOLE, CUT_NOTHING, true,
      true },
    { "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n", 0, ENTIRE_WHOLE, CUT_NOTHING, true,
      true },
    { "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\nhello",
      5, ENTIRE_CUT, CUT_CHUNK, true, true },
    { "GET / HTTP/1.1\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", 0, ENTIRE_CUT,
      CUT_CHUNK, true, true },
    { "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", 0,
      ENTIRE_BY_CLOSE, CUT_NOTHING, false, true },
    { "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\nServer", 0, ENTIRE_CUT, CUT_HEAD, false, true },
};

START_TEST(an_answer_ends_as_its_framing_says)
{
    const struct row *row = &endings[_i];
    const struct line lines[LINES_MAX] = {
        { .side = 0, .bytes = row->request, .size = (uint32_t)strlen(row->request) },
        { .side = 1, .bytes = row->answer, .size = (uint32_t)strlen(row->answer) },
    };
    struct stage stage = stage_at(1);
    struct ending ending;

    stage_play(&stage, lines);
    ending = talk_ending(&stage.talk[1]);
    ck_assert_int_eq(ending.entirety, row->entirety);
    ck_assert_int_eq(ending.cut, row->cut);
    ck_assert_int_eq(ending.missing, row->missing);
    ck_assert(ending.is_certain == row->certain);
    ck_assert(talk_asks(&stage.talk[0]) == row->asks);
    ck_assert_str_eq(talk_message(&stage.talk[0]), "an HTTP request");
    ck_assert_str_eq(talk_message(&stage.talk[1]), "an HTTP answer");
}
END_TEST

START_TEST(more_requests_than_are_remembered_prove_nothing)
{
    static const struct line request = TEXT(0, "GET / HTTP/1.1\r\n\r\n");
    static const struct line answer = TEXT(1, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
    struct stage stage = stage_at(1);

    for (int i = 0; i < 17; i++)
        stage_hear(&stage, &request);
    stage_hear(&stage, &answer);
    ck_assert_int_eq(talk_ending(&stage.talk[1]).entirety, ENTIRE_UNKNOWN);
}
END_TEST

START_TEST(streams_are_counted)
{
    static const struct line lines[LINES_MAX] = {
        TEXT(0, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"),
        TEXT(0, "\x00\x00\x02\x01\x05\x00\x00\x00\x01__\x00\x00\x02\x01\x05\x00\x00\x00\x03__"),
        TEXT(1, "\x00\x00\x02\x01\x05\x00\x00\x00\x03__"),
    };
    static const struct line reset = TEXT(0, "\x00\x00\x04\x03\x00\x00\x00\x00\x01____");
    struct stage stage = stage_at(1);

    stage_play(&stage, lines);
    ck_assert(talk_asks(&stage.talk[0]) && stage.talk[1].answered);
    stage_hear(&stage, &reset);
    ck_assert(!talk_asks(&stage.talk[0]));
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("talk_http");

    tcase_add_loop_test(tests, a_scene_is_understood, 0, ROWS(scenes));
    tcase_add_test(tests, a_tunnel_starts_anew);
    tcase_add_test(tests, after_a_gap_the_next_start_is_recognised);
    tcase_add_loop_test(tests, an_answer_ends_as_its_framing_says, 0, ROWS(endings));
    tcase_add_test(tests, more_requests_than_are_remembered_prove_nothing);
    tcase_add_test(tests, streams_are_counted);
    return suite_run_tests(suite_create("talk_http"), tests);
}
