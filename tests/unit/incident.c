/* Aborts put together to incidents.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "incident.h"

#include "event.h"
#include "suite.h"

enum { ABORTS_MAX = 100 };

static const int64_t second_ns = INT64_C(1000000000);
static struct connection connection[ABORTS_MAX];
static struct ruling ruling[ABORTS_MAX];
static struct matter matter[ABORTS_MAX];
static struct matter_key key[ABORTS_MAX];
static struct incident incident[ABORTS_MAX];
static uint32_t count;

static void set_up(void)
{
    count = 0;
}

/* In a connection of its own, from a client to a port of a server; each in a frame of its own. */
static struct ruling *abort_at(int64_t second, uint8_t client, uint16_t port, enum cause cause,
                               enum party by)
{
    struct connection *c = &connection[count];
    struct ruling *r = &ruling[count];

    *c = (struct connection){ .address = { { 192, 0, 2, client }, { 198, 51, 100, 1 } },
                              .address_bytes = 4,
                              .flow.port = { (uint16_t)(40000 + count), port } };
    *r = (struct ruling){ .connection = c,
                          .verdict = { .frame = 10 + 10 * count,
                                       .time_ns = second * second_ns,
                                       .cause = cause,
                                       .severity = cause_severity(cause, DETAIL_NONE),
                                       .by = by } };
    count++;
    return r;
}

static struct ruling *crash_at(int64_t second, uint16_t port)
{
    return abort_at(second, 1, port, CAUSE_CRASH, PARTY_SERVER);
}

static uint32_t group(void)
{
    for (uint32_t i = 0; i < count; i++)
        matter[i] = matter_of(&ruling[i], &ruling[i].verdict);
    return incidents_group(matter, count, key, incident);
}

START_TEST(nothing_is_no_incident)
{
    ck_assert_uint_eq(group(), 0);
}
END_TEST

START_TEST(what_a_server_ends_for_one_reason_is_one)
{
    crash_at(0, 80);
    crash_at(50, 80);
    crash_at(100, 80);
    ck_assert_uint_eq(group(), 1);
    ck_assert_uint_eq(incident[0].aborts, 3);
    ck_assert_uint_eq(incident[0].harmful, 3);
    ck_assert_uint_eq(incident[0].first, 0);
    ck_assert_uint_eq(incident[0].last, 2);
    ck_assert_uint_eq(matter[0].next, 1);
    ck_assert_uint_eq(matter[2].next, 0);
    ck_assert_uint_eq(matter[2].incident, 0);
}
END_TEST

START_TEST(another_time_port_reason_or_party_is_another)
{
    crash_at(0, 80);
    crash_at(61, 80);
    crash_at(0, 81);
    abort_at(0, 1, 80, CAUSE_REFUSED, PARTY_SERVER);
    abort_at(0, 1, 80, CAUSE_CRASH, PARTY_CLIENT);
    ck_assert_uint_eq(group(), 5);
}
END_TEST

/* A client's port changes, and whom it asked does not matter. */
START_TEST(a_client_is_one_by_its_address)
{
    abort_at(0, 1, 80, CAUSE_ABORT, PARTY_CLIENT);
    abort_at(1, 1, 443, CAUSE_ABORT, PARTY_CLIENT);
    abort_at(1, 2, 443, CAUSE_ABORT, PARTY_CLIENT);
    ck_assert_uint_eq(group(), 2);
    ck_assert_uint_eq(incident[0].aborts, 2);
}
END_TEST

START_TEST(one_event_is_one_incident)
{
    struct event event = { .as = COMPARED_AS_DEATH };

    abort_at(0, 1, 80, CAUSE_REFUSED, PARTY_SERVER);
    for (uint16_t i = 0; i < 3; i++)
        crash_at(INT64_C(300) * i, (uint16_t)(80 + i))->verdict.event = &event;
    event.first = &ruling[2].verdict;
    ruling[0].verdict.event = &event;
    ck_assert_uint_eq(group(), 1);
    ck_assert_uint_eq(incident[0].teller, 2); /* who tells of the event */
    ck_assert_uint_eq(incident[0].first, 0);
}
END_TEST

START_TEST(one_explains_the_other)
{
    crash_at(0, 80);
    abort_at(300, 1, 81, CAUSE_ABORT, PARTY_SERVER)->leg =
        &(const struct leg){ .connection = &connection[0] };
    abort_at(600, 1, 82, CAUSE_NO_CONNECTION, PARTY_SERVER)->related = &connection[1];
    abort_at(900, 1, 83, CAUSE_NO_CONNECTION, PARTY_SERVER)->verdict.killed_by = 30;
    crash_at(900, 84)->related = &connection[50]; /* which was not aborted */
    crash_at(1200, 85)->verdict.killed_by = 35;   /* nor was it in this frame */
    ck_assert_uint_eq(group(), 3);
    ck_assert_uint_eq(incident[0].aborts, 4);
}
END_TEST

/* A harmless one stands beside a harmful one in its connection; others like it do not. */
START_TEST(harm_does_not_spread)
{
    crash_at(0, 80);
    abort_at(1, 1, 80, CAUSE_AFTER_CLOSE, PARTY_CLIENT)->connection = &connection[0];
    abort_at(2, 1, 80, CAUSE_AFTER_CLOSE, PARTY_CLIENT);
    abort_at(3, 1, 80, CAUSE_AFTER_CLOSE, PARTY_CLIENT);
    ck_assert_uint_eq(group(), 2);
    ck_assert_uint_eq(incident[0].aborts, 2);
    ck_assert_uint_eq(incident[1].aborts, 2);
    ck_assert_uint_eq(incident[1].harmful, 0);
}
END_TEST

START_TEST(a_connection_is_one)
{
    crash_at(0, 80);
    abort_at(300, 1, 80, CAUSE_AFTER_CLOSE, PARTY_CLIENT)->connection = &connection[0];
    ck_assert_uint_eq(group(), 1);
    ck_assert_uint_eq(incident[0].harmful, 1);
    ck_assert_uint_eq(incident[0].teller, 0);
}
END_TEST

START_TEST(the_worst_comes_first)
{
    abort_at(0, 1, 80, CAUSE_FAST_CLOSE, PARTY_SERVER);
    crash_at(0, 81);
    abort_at(0, 1, 82, CAUSE_EARLY_CLOSE, PARTY_SERVER);
    crash_at(0, 83);
    crash_at(0, 83);
    abort_at(0, 1, 82, CAUSE_EARLY_CLOSE, PARTY_SERVER);
    ruling[2].verdict.severity = ruling[5].verdict.severity = SEVERITY_NOTE;
    ck_assert_uint_eq(group(), 4);
    ck_assert_uint_eq(incident[0].first, 3);
    ck_assert_uint_eq(incident[1].first, 1);
    ck_assert_uint_eq(incident[2].first, 2);
    ck_assert_uint_eq(incident[3].first, 0);
    ck_assert_uint_eq(incident[3].harmful, 0);
}
END_TEST

/* The most severe tells, though it came later. */
START_TEST(the_most_severe_tells)
{
    abort_at(0, 1, 80, CAUSE_FAST_CLOSE, PARTY_SERVER)->leg =
        &(const struct leg){ .connection = &connection[1] };
    crash_at(1, 81);
    ck_assert_uint_eq(group(), 1);
    ck_assert_uint_eq(incident[0].teller, 1);
    ck_assert_int_eq(incident[0].severity, SEVERITY_WARN);
    ck_assert_uint_eq(incident[0].harmful, 1);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("incident");

    tcase_add_checked_fixture(tests, set_up, NULL);
    tcase_add_test(tests, nothing_is_no_incident);
    tcase_add_test(tests, what_a_server_ends_for_one_reason_is_one);
    tcase_add_test(tests, another_time_port_reason_or_party_is_another);
    tcase_add_test(tests, a_client_is_one_by_its_address);
    tcase_add_test(tests, one_event_is_one_incident);
    tcase_add_test(tests, one_explains_the_other);
    tcase_add_test(tests, harm_does_not_spread);
    tcase_add_test(tests, a_connection_is_one);
    tcase_add_test(tests, the_worst_comes_first);
    tcase_add_test(tests, the_most_severe_tells);
    return suite_run_tests(suite_create("incident"), tests);
}
