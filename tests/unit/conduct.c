/* Which segments the conductor takes for one connection, and what connections say of each other.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "conducted.h"

#include "event.h"

static struct segment plain(uint8_t flags, uint32_t seq, uint32_t ack)
{
    return (struct segment){ .flags = flags,
                             .seq = seq,
                             .ack = ack,
                             .time_ns = (int64_t)frame * 10 * ms_ns,
                             .header_bytes = 20,
                             .ttl = 64,
                             .port = { 49152, 80 },
                             .window_shift = SEGMENT_NO_SHIFT };
}

static struct segment back(struct segment segment)
{
    segment.port[0] = 80;
    segment.port[1] = 49152;
    return segment;
}

#define ASKED                                                                                      \
    "+0 A S 0:0(0) win 64240\n+0.010 B S. 0:0(0) ack 1 win 65160\n+0 A . 1:1(0) ack 1\n"           \
    "+0.010 A P. 1:28(27) ack 1 data \"GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n\"\n"                \
    "+0.010 B P. 1:44(43) ack 28 data \"HTTP/1.1 200 OK\\r\\nContent-Length: "                     \
    "5\\r\\n\\r\\nhello\"\n"                                                                       \
    "+0.010 A . 28:28(0) ack 44\n"
#define ASKS_AGAIN      "A P. 28:55(27) ack 44 data \"GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n\"\n"
#define NOBODY_IS_THERE "B R 44:44(0) win 0 id 0\n"

START_TEST(two_deaths_at_once_are_one)
{
    start();
    for (uint16_t i = 0; i < 2; i++)
        play(50000 + i, i * ms_ns, ASKED "+1.100 " ASKS_AGAIN "+0.010 " NOBODY_IS_THERE);
    ck_assert_uint_eq(ruling_count, 2);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_int_eq(ruling[i]->verdict.detail, DETAIL_KILLED);
        ck_assert_msg(ruling[i]->is_changed, "the change of %u is not handed out", i);
    }
}
END_TEST

/* On both sides of a translator, by which the numbers stay as they are. */
START_TEST(a_death_shown_twice_is_one)
{
    start();
    for (uint16_t i = 0; i < 2; i++)
        play((uint16_t)(50000 + i * IN_TURN), i * ms_ns,
             ASKED "+1.100 " ASKS_AGAIN "+0.010 " NOBODY_IS_THERE);
    ck_assert_uint_eq(ruling_count, 2);
    for (unsigned i = 0; i < 2; i++)
        ck_assert_int_eq(ruling[i]->verdict.detail, DETAIL_VANISHED);
    play(50001, 2 * ms_ns, ASKED "+1.100 " ASKS_AGAIN "+0.010 " NOBODY_IS_THERE);
    for (unsigned i = 0; i < 3; i++)
        ck_assert_int_eq(ruling[i]->verdict.detail, DETAIL_KILLED);
}
END_TEST

/* The same numbers later are another death. */
START_TEST(two_deaths_of_the_same_numbers_are_two)
{
    start();
    for (uint16_t i = 0; i < 2; i++)
        play((uint16_t)(50000 + i * IN_TURN), ms_ns * 50 * i,
             ASKED "+1.100 " ASKS_AGAIN "+0.010 " NOBODY_IS_THERE);
    for (unsigned i = 0; i < 2; i++)
        ck_assert_int_eq(ruling[i]->verdict.detail, DETAIL_KILLED);
}
END_TEST

/* Shown too early and judged again, one death is still one. */
START_TEST(a_death_judged_again_is_one)
{
    start();
    play(50000, 0,
         ASKED "+0.100 " ASKS_AGAIN "+0.001 B . 44:44(0) ack 55\n+1.110 " NOBODY_IS_THERE
               "+0.0005 A P. 55:65(10) ack 44\n");
    ck_assert_uint_ne(ruling[0]->verdict.trigger, 0);
    ck_assert_int_eq(ruling[0]->verdict.cause, CAUSE_CRASH);
    ck_assert_int_ne(ruling[0]->verdict.detail, DETAIL_KILLED);
}
END_TEST

static bool is_bracketed(const struct verdict *v)
{
    for (unsigned i = 0; i < v->clue_count; i++)
        if (verdict_clue(v, i).kind == CLUE_BRACKET)
            return true;
    return false;
}

/* Neither by the reset that ended it, nor by the words of who broke the silence. */
START_TEST(a_pause_that_killed_was_not_survived)
{
    start();
    play(50000, 0,
         ASKED "+60 A . 28:38(10) ack 44\n+0.001 A P. 38:48(10) ack 44\n+0.010 " NOBODY_IS_THERE);
    play(50001, 0, ASKED "+90 " ASKS_AGAIN "+0.010 " NOBODY_IS_THERE);
    ck_assert_int_eq(ruling[1]->verdict.cause, CAUSE_IDLE_TIMEOUT);
    ck_assert(!is_bracketed(&ruling[1]->verdict));
    play(50002, 0, ASKED "+20 " ASKS_AGAIN "+0.010 B . 44:44(0) ack 55\n");
    play(50003, 0, ASKED "+90 " ASKS_AGAIN "+0.010 " NOBODY_IS_THERE);
    ck_assert(is_bracketed(&ruling[2]->verdict));
}
END_TEST

/* The first misses the number by far; of two that work, the earlier. */
START_TEST(a_connection_ends_by_what_works)
{
    start();
    play(50000, 0, ASKED "+0.010 B R 9044:9044(0)\n+0.010 A R. 28:28(0) ack 44\n");
    ck_assert_int_eq(ruling[0]->verdict.effect, EFFECT_NONE);
    ck_assert_ptr_eq(conductor_end_of(latest.connection), ruling[1]);
    play(50001, 0, ASKED "+0.010 B R. 44:44(0) ack 28\n+0.010 A R. 28:28(0) ack 44\n");
    ck_assert_ptr_eq(conductor_end_of(latest.connection), ruling[2]);
}
END_TEST

/* A connection that was closed while it was kept, by a server that takes no other afterwards. */
START_TEST(a_reused_connection_of_a_dead_server_was_killed)
{
    start();
    play(50000, 0, ASKED "+2 B F. 44:44(0) ack 28\n+0.001 " ASKS_AGAIN "+0.010 " NOBODY_IS_THERE);
    ck_assert_int_eq(ruling[0]->verdict.cause, CAUSE_STALE_REUSE);
    ck_assert_int_eq(ruling[0]->verdict.confidence, CONFIDENCE_CERTAIN);
    play(50002, 0, ASKED "+0.5 B F. 44:44(0) ack 28\n+0.001 " ASKS_AGAIN "+0.010 " NOBODY_IS_THERE);
    play(50001, 3000 * ms_ns, "+0 A S 0:0(0) win 64240\n+0.010 B R. =0:0(0) ack 1 win 0\n");
    ck_assert_int_eq(ruling[0]->verdict.detail, DETAIL_KILLED);
    ck_assert_int_eq(ruling[0]->verdict.confidence, CONFIDENCE_LIKELY);
    ck_assert_int_eq(ruling[0]->verdict.alternative[0], CAUSE_STALE_REUSE);
    ck_assert_int_eq(ruling[1]->verdict.detail, DETAIL_KILLED);
    ck_assert_int_eq(ruling[1]->verdict.alternative[0], CAUSE_STALE_REUSE);
}
END_TEST

/* The last RST is shown before what it answers: judged again, it must not lose its company. */
START_TEST(they_are_also_when_one_is_shown_too_early)
{
    start();
    for (uint16_t i = 0; i < 2; i++)
        play(50000 + i, i * ms_ns, ASKED "+1.100 " ASKS_AGAIN "+0.010 " NOBODY_IS_THERE);
    play(50002, 2 * ms_ns, ASKED "+1.110 " NOBODY_IS_THERE "+0.0005 " ASKS_AGAIN);
    ck_assert_uint_eq(ruling_count, 3);
    for (unsigned i = 0; i < 3; i++) {
        ck_assert_int_eq(ruling[i]->verdict.cause, CAUSE_CRASH);
        ck_assert_int_eq(ruling[i]->verdict.detail, DETAIL_KILLED);
    }
    ck_assert_uint_ne(ruling[2]->verdict.trigger, 0);
}
END_TEST

/* It belonged to them before, and does again. */
START_TEST(what_is_judged_again_is_counted_once)
{
    start();
    for (uint16_t i = 0; i < 2; i++)
        play(50000 + i, i * ms_ns, ASKED "+1.100 " ASKS_AGAIN "+0.010 " NOBODY_IS_THERE);
    play(50002, 2 * ms_ns,
         ASKED "+0.100 " ASKS_AGAIN "+0.001 B . 44:44(0) ack 55\n+1.009 " NOBODY_IS_THERE
               "+0.0005 A P. 55:65(10) ack 44\n");
    ck_assert_uint_ne(ruling[2]->verdict.trigger, 0);
    ck_assert_int_eq(ruling[2]->verdict.detail, DETAIL_KILLED);
    ck_assert_uint_eq(ruling[2]->verdict.event->count, 3);
}
END_TEST

/* Newer versions of Wireshark begin a stream here. */
#define REFUSED "+0.500 A S 0:0(0) win 64240\n+0.010 B R. 0:0(0) ack 1 win 0\n"

/* The capture begins in the middle of a connection that the service closes before it goes. */
START_TEST(a_service_is_known_by_its_fin)
{
    start();
    play(50000, 0, "+0 A . 28:28(0) ack 44\n+0.010 B F. 44:44(0) ack 28\n");
    play(50001, 0, REFUSED);
    ck_assert_int_eq(ruling[0]->verdict.detail, DETAIL_SERVICE_DOWN);
    ck_assert_uint_eq(ruling[0]->verdict.proof[0], 2);
    ck_assert_uint_eq(ruling[0]->verdict.proof[1], 0);
}
END_TEST

/* A client's FIN tells nothing of a service, nor does the reset of what nobody knew. */
START_TEST(a_service_is_not_known_by_less)
{
    static const char *const lines[] = { "+0 A F. 28:28(0) ack 44\n+0.010 B . 44:44(0) ack 29\n",
                                         "+0 A . 28:28(0) ack 44\n+0.010 B R 44:44(0) win 0\n" };

    for (int i = 0; i < ROWS(lines); i++) {
        start();
        play(50000, 0, lines[i]);
        play(50001, 0, REFUSED);
        ck_assert_int_eq(ruling[ruling_count - 1]->verdict.detail, DETAIL_CLOSED_PORT);
    }
}
END_TEST

START_TEST(the_same_syn_after_a_reset_goes_on)
{
    struct connection *first;

    start();
    first = hear(plain(SEGMENT_SYN, 1000, 0), true, 0).connection;
    hear(back(plain(SEGMENT_RST | SEGMENT_ACK, 0, 1001)), false, 0);
    ck_assert_ptr_eq(hear(plain(SEGMENT_SYN, 1000, 0), true, 0).connection, first);
    hear(back(plain(SEGMENT_RST | SEGMENT_ACK, 0, 1001)), false, 0);
    ck_assert_ptr_eq(ruled_ruling(ruled[1]), ruling[0]);
    ck_assert_ptr_eq(hear(back(plain(SEGMENT_SYN | SEGMENT_ACK, 5000, 1001)), false, 0).connection,
                     first);
}
END_TEST

START_TEST(another_syn_begins_anew)
{
    struct outcome again;
    struct connection *first;

    start();
    first = hear(plain(SEGMENT_SYN, 1000, 0), true, 0).connection;
    hear(back(plain(SEGMENT_SYN | SEGMENT_ACK, 5000, 1001)), false, 0);
    again = hear(plain(SEGMENT_SYN, 2000, 0), true, 0);
    ck_assert(again.is_new);
    ck_assert_ptr_ne(again.connection, first);
    ck_assert_ptr_eq(connection_older(again.connection), first);
}
END_TEST

/* Both numbers are others: its SYN is not in the capture. */
START_TEST(a_syn_ack_of_other_numbers_begins_anew)
{
    struct connection *first;

    start();
    first = hear(plain(SEGMENT_SYN, 1000, 0), true, 0).connection;
    hear(back(plain(SEGMENT_SYN | SEGMENT_ACK, 5000, 1001)), false, 0);
    ck_assert_ptr_eq(hear(back(plain(SEGMENT_SYN | SEGMENT_ACK, 6000, 1001)), false, 0).connection,
                     first); /* a SYN cookie made anew */
    ck_assert(hear(back(plain(SEGMENT_SYN | SEGMENT_ACK, 7000, 3001)), false, 0).is_new);
}
END_TEST

START_TEST(a_syn_behind_the_middle_of_a_connection_begins_anew)
{
    struct connection *first;

    start();
    first = hear(plain(SEGMENT_ACK, 1001, 5001), true, 0).connection;
    ck_assert_ptr_eq(hear(plain(SEGMENT_SYN, 1000, 0), true, 0).connection, first); /* shown late */
    ck_assert(hear(plain(SEGMENT_SYN, 3000, 0), true, 0).is_new);
}
END_TEST

/* The same addresses and ports in two VLANs, at the same time. */
START_TEST(what_travels_apart_is_apart)
{
    struct connection *one, *other;

    start();
    one = hear(plain(SEGMENT_SYN, 1000, 0), true, 10).connection;
    other = hear(plain(SEGMENT_SYN, 900000000, 0), true, 20).connection;
    ck_assert_ptr_ne(one, other);
    ck_assert_ptr_eq(hear(back(plain(SEGMENT_SYN | SEGMENT_ACK, 5, 1001)), false, 10).connection,
                     one);
    ck_assert_ptr_eq(
        hear(back(plain(SEGMENT_SYN | SEGMENT_ACK, 7, 900000001)), false, 20).connection, other);
    ck_assert_ptr_eq(hear(plain(SEGMENT_ACK, 1001, 6), true, 10).connection, one);
    ck_assert_ptr_eq(hear(plain(SEGMENT_ACK, 900000001, 8), true, 20).connection, other);
}
END_TEST

/* Each direction in a VLAN of its own, as mirrors of some switches show them. */
START_TEST(what_fits_is_together_on_two_paths)
{
    struct connection *one;

    start();
    one = hear(plain(SEGMENT_SYN, 1000, 0), true, 10).connection;
    ck_assert_ptr_eq(hear(back(plain(SEGMENT_SYN | SEGMENT_ACK, 5, 1001)), false, 20).connection,
                     one);
    ck_assert_ptr_eq(hear(plain(SEGMENT_ACK, 1001, 6), true, 10).connection, one);
}
END_TEST

/* In another VLAN, with numbers of its own. */
START_TEST(what_does_not_fit_is_apart_on_two_paths)
{
    static const uint32_t far = 2U << 20;
    const struct segment strange[] = { plain(SEGMENT_ACK, 1001 + far, 6),
                                       plain(SEGMENT_ACK, 1001, 6 + far) };

    for (int i = 0; i < ROWS(strange); i++) {
        start();
        hear(plain(SEGMENT_SYN, 1000, 0), true, 10);
        hear(back(plain(SEGMENT_SYN | SEGMENT_ACK, 5, 1001)), false, 10);
        ck_assert(hear(strange[i], true, 20).is_new);
    }
}
END_TEST

/* On the second look, and out of order. */
START_TEST(a_frame_finds_its_connection_again)
{
    struct connection *first, *second;
    struct sighting sighting = { .address = { server, client }, .address_bytes = sizeof client };

    start();
    first = hear(plain(SEGMENT_SYN, 1000, 0), true, 0).connection;
    hear(back(plain(SEGMENT_SYN | SEGMENT_ACK, 5000, 1001)), false, 0);
    second = hear(plain(SEGMENT_SYN, 2000, 0), true, 0).connection;
    sighting.segment = back(plain(SEGMENT_ACK, 5001, 1001));
    for (sighting.segment.frame = 1; sighting.segment.frame < 3; sighting.segment.frame++)
        ck_assert_ptr_eq(connections_find(&conductor.connections, &sighting), first);
    ck_assert_ptr_eq(connections_find(&conductor.connections, &sighting), second);
    sighting.segment.port[0]++;
    ck_assert_ptr_null(connections_find(&conductor.connections, &sighting));
}
END_TEST

START_TEST(many_connections_are_found)
{
    enum { MANY = 5000 };
    static struct connection *known[MANY];

    start();
    for (uint32_t i = 0; i < MANY; i++) {
        struct segment syn = plain(SEGMENT_SYN, i, 0);

        syn.port[0] = (uint16_t)(1000 + i);
        known[i] = hear(syn, true, 0).connection;
    }
    for (uint32_t i = 0; i < MANY; i++) {
        struct segment syn_ack = back(plain(SEGMENT_SYN | SEGMENT_ACK, 7, i + 1U));

        syn_ack.port[1] = (uint16_t)(1000 + i);
        ck_assert_ptr_eq(hear(syn_ack, false, 0).connection, known[i]);
    }
}
END_TEST

/* Whatever is refused, nothing breaks. */
/* A SYN with a number of its own on those ports, an old ACK in answer, and a reset. */
#define TRIES_AGAIN_WITH(ttl)                                                                      \
    "+0 A S =500000:500000(0) win 64240 <mss 1460,sack,ws 7>\n"                                    \
    "+0.010 B . 44:44(0) ack =1028 " ttl "\n+0.0001 A R =1028:1028(0) win 0 id 0\n"

static bool has_clue(const struct ruling *r, enum clue_kind kind)
{
    for (unsigned i = 0; i < r->verdict.clue_count; i++)
        if (verdict_clue(&r->verdict, i).kind == kind)
            return true;
    return false;
}

static const struct {
    const char *older, *newer;
    int64_t later_ns;
    enum confidence confidence;
    enum clue_kind clue;
} stale[] = {
    { ASKED, TRIES_AGAIN_WITH(""), 60000000000, CONFIDENCE_CERTAIN, CLUE_OLDER_ABANDONED },
    { ASKED, TRIES_AGAIN_WITH(""), 5000000000, CONFIDENCE_CERTAIN, CLUE_OLDER_ABANDONED },
    { ASKED, TRIES_AGAIN_WITH(""), 200000000, CONFIDENCE_CERTAIN, CLUE_OLDER_ALIVE },
    { ASKED "+1 B F. 44:44(0) ack 28\n+0 A F. 28:28(0) ack 45\n", TRIES_AGAIN_WITH(""), 9000000000,
      CONFIDENCE_CERTAIN, CLUE_OLDER_CLOSED },
    { ASKED, TRIES_AGAIN_WITH("ttl 57"), 60000000000, CONFIDENCE_LIKELY, CLUE_STRANGE_CHALLENGE },
};

/* Its owner had reset it, and only that was lost: it neither lived on nor was left. */
START_TEST(a_stale_socket_may_have_been_reset)
{
    start();
    play(50000, 0, ASKED "+0.100 A R. 28:28(0) ack 44\n");
    play(50000, 200000000, TRIES_AGAIN_WITH(""));
    ck_assert_uint_eq(ruling_count, 2);
    ck_assert_int_eq(ruling[1]->verdict.detail, DETAIL_STALE_SOCKET);
    ck_assert(has_clue(ruling[1], CLUE_PREDECESSOR));
    ck_assert(!has_clue(ruling[1], CLUE_OLDER_ALIVE));
}
END_TEST

START_TEST(a_stale_socket_has_a_predecessor)
{
    start();
    play(50000, 0, stale[_i].older);
    play(50000, stale[_i].later_ns, stale[_i].newer);
    ck_assert_uint_eq(ruling_count, 1);
    ck_assert_int_eq(ruling[0]->verdict.detail, DETAIL_STALE_SOCKET);
    ck_assert_int_eq(ruling[0]->verdict.confidence, stale[_i].confidence);
    ck_assert(has_clue(ruling[0], CLUE_PREDECESSOR));
    ck_assert(has_clue(ruling[0], stale[_i].clue));
}
END_TEST

/* A SYN whose options were cut short is no scanner's bare one. */
START_TEST(cut_options_are_not_missing_ones)
{
    for (int cut = 0; cut < 2; cut++) {
        struct segment syn = plain(SEGMENT_SYN, 1000, 0);

        start();
        syn.header_bytes = cut ? 40 : 20;
        hear(syn, true, 0);
        hear(back(plain(SEGMENT_SYN | SEGMENT_ACK, 5000, 1001)), false, 0);
        hear(plain(SEGMENT_RST, 1001, 0), true, 0);
        ck_assert_int_eq(ruling[0]->verdict.cause, CAUSE_PROBE);
        ck_assert_int_eq(ruling[0]->verdict.confidence,
                         cut ? CONFIDENCE_POSSIBLE : CONFIDENCE_CERTAIN);
    }
}
END_TEST

/* The predecessor has another number: the ACK is not of that connection. */
START_TEST(a_stranger_is_no_predecessor)
{
    start();
    play(50000, 0, ASKED "+1 A P. 28:30(2) ack 44\n+0.010 B . 44:44(0) ack 30\n");
    play(50000, 60000 * ms_ns, TRIES_AGAIN_WITH(""));
    ck_assert_int_eq(ruling[0]->verdict.confidence, CONFIDENCE_LIKELY);
    ck_assert(!has_clue(ruling[0], CLUE_OLDER_ABANDONED));
}
END_TEST

START_TEST(without_one_it_is_likely)
{
    start();
    play(50000, 0, TRIES_AGAIN_WITH(""));
    ck_assert_int_eq(ruling[0]->verdict.detail, DETAIL_STALE_SOCKET);
    ck_assert_int_eq(ruling[0]->verdict.confidence, CONFIDENCE_LIKELY);
    ck_assert(!has_clue(ruling[0], CLUE_PREDECESSOR));
}
END_TEST

/* What the address shows on another connection is its own. */
START_TEST(a_ttl_of_another_connection_does_not_betray)
{
    for (int known = 0; known < 2; known++) {
        start();
        if (known)
            play(50000, 0, "+0 A S 0:0(0)\n+0.010 B S. 0:0(0) ack 1 ttl 57\n");
        play(50001, ms_ns, ASKED "+0.500 B R. 44:44(0) ack 28 ttl 57\n");
        ck_assert_int_eq(ruling[0]->verdict.cause, known ? CAUSE_FAST_CLOSE : CAUSE_INJECTED);
    }
}
END_TEST

START_TEST(without_memory_it_goes_on)
{
    for (size_t bytes = 0; bytes < 300000; bytes += 997) {
        start_with(bytes);
        play(50000, 0, ASKED "+1.100 " ASKS_AGAIN "+1 " ASKS_AGAIN "+0.010 " NOBODY_IS_THERE);
    }
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("conduct");

    tcase_add_test(tests, two_deaths_at_once_are_one);
    tcase_add_test(tests, a_death_shown_twice_is_one);
    tcase_add_test(tests, two_deaths_of_the_same_numbers_are_two);
    tcase_add_test(tests, a_death_judged_again_is_one);
    tcase_add_test(tests, a_pause_that_killed_was_not_survived);
    tcase_add_test(tests, a_connection_ends_by_what_works);
    tcase_add_test(tests, they_are_also_when_one_is_shown_too_early);
    tcase_add_test(tests, what_is_judged_again_is_counted_once);
    tcase_add_test(tests, a_reused_connection_of_a_dead_server_was_killed);
    tcase_add_test(tests, a_service_is_known_by_its_fin);
    tcase_add_test(tests, a_service_is_not_known_by_less);
    tcase_add_test(tests, the_same_syn_after_a_reset_goes_on);
    tcase_add_test(tests, another_syn_begins_anew);
    tcase_add_test(tests, a_syn_ack_of_other_numbers_begins_anew);
    tcase_add_test(tests, a_syn_behind_the_middle_of_a_connection_begins_anew);
    tcase_add_test(tests, what_travels_apart_is_apart);
    tcase_add_test(tests, what_fits_is_together_on_two_paths);
    tcase_add_test(tests, what_does_not_fit_is_apart_on_two_paths);
    tcase_add_test(tests, a_frame_finds_its_connection_again);
    tcase_add_test(tests, many_connections_are_found);
    tcase_add_loop_test(tests, a_stale_socket_has_a_predecessor, 0, ROWS(stale));
    tcase_add_test(tests, a_stale_socket_may_have_been_reset);
    tcase_add_test(tests, cut_options_are_not_missing_ones);
    tcase_add_test(tests, a_stranger_is_no_predecessor);
    tcase_add_test(tests, without_one_it_is_likely);
    tcase_add_test(tests, a_ttl_of_another_connection_does_not_betray);
    tcase_add_test(tests, without_memory_it_goes_on);
    return suite_run_tests(suite_create("conduct"), tests);
}
