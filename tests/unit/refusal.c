/* What a refusal tells beside the endpoint's other connections.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "endpoint_suite.h"

START_TEST(a_service_that_was_up_is_down)
{
    struct verdict refusal = { .sender_is_client = false };

    accept_at(5, 0, 7);
    judge(&refusal, CAUSE_REFUSED, 1, 9);
    ck_assert_int_eq(refusal.detail, DETAIL_SERVICE_DOWN);
    ck_assert_uint_eq(refusal.proof[0], 5);
    accept_at(12, 3 * second_ns, 7);
    ck_assert_uint_eq(refusal.proof[1], 12);
    ck_assert_ptr_null(server->refusal);
}
END_TEST

START_TEST(a_service_that_serves_another_is_not_down)
{
    struct verdict refusal = { .sender_is_client = false };

    accept_at(5, 0, 8);
    judge(&refusal, CAUSE_REFUSED, 1, 9);
    refusal.time_ns = second_ns;
    refusal.confidence = CONFIDENCE_CERTAIN;
    accept_at(12, second_ns + second_ns / 100, 8);
    ck_assert_int_eq(refusal.detail, DETAIL_FILTER_REJECT);
    ck_assert_int_eq(refusal.confidence, CONFIDENCE_LIKELY);
    ck_assert_int_eq(refusal.alternative[0], CAUSE_INJECTED);
}
END_TEST

/* Another who is served a while later, or the same at once: it is back. */
START_TEST(a_service_that_is_back_was_down)
{
    static const int64_t waits_ns[] = { 1000000000, 100000000, 10000000 };
    static const uint32_t clients[] = { 8, 8, 7 };
    struct verdict refusal = { .sender_is_client = false };

    accept_at(5, 0, 8);
    judge(&refusal, CAUSE_REFUSED, 1, 9);
    refusal.time_ns = second_ns;
    accept_at(12, second_ns + waits_ns[_i], clients[_i]);
    ck_assert_int_eq(refusal.detail, DETAIL_SERVICE_DOWN);
    ck_assert_uint_eq(refusal.proof[1], 12);
}
END_TEST

START_TEST(a_service_that_is_down_had_ended_something)
{
    struct verdict refusal = { .sender_is_client = false };
    const struct segment fin = { .frame = 8, .time_ns = second_ns / 2 };

    accept_at(5, 0, 8);
    endpoint_end(server, &fin);
    judge(&refusal, CAUSE_REFUSED, 1, 9);
    ck_assert_uint_eq(refusal.proof[1], 8);
}
END_TEST

START_TEST(a_refusal_with_another_ttl_is_of_a_filter)
{
    struct verdict refusal = { .sender_is_client = false };

    endpoint_show_ttl(address, &(struct segment){ .flags = SEGMENT_SYN | SEGMENT_ACK, .ttl = 60 });
    judge(&refusal, CAUSE_REFUSED, 1, 9);
    ck_assert_int_eq(refusal.detail, DETAIL_FILTER_REJECT);
}
END_TEST

/* Behind address translation every refusal shows the TTL of the box. */
START_TEST(what_all_refusals_share_is_no_filter)
{
    struct verdict refusal[2] = { { .sender_is_client = false } };

    endpoint_show_ttl(address, &(struct segment){ .flags = SEGMENT_SYN | SEGMENT_ACK, .ttl = 60 });
    judge(&refusal[0], CAUSE_REFUSED, 1, 9);
    judge(&refusal[1], CAUSE_REFUSED, 2, 10);
    ck_assert_int_eq(refusal[1].detail, DETAIL_NONE);
}
END_TEST

START_TEST(a_host_of_several_ttls_shows_no_filter)
{
    struct verdict refusal = { .sender_is_client = false };

    endpoint_show_ttl(address, &(struct segment){ .flags = SEGMENT_SYN | SEGMENT_ACK, .ttl = 60 });
    endpoint_show_ttl(address, &(struct segment){ .flags = SEGMENT_SYN | SEGMENT_ACK, .ttl = 64 });
    judge(&refusal, CAUSE_REFUSED, 1, 9);
    ck_assert_int_eq(refusal.detail, DETAIL_NONE);
}
END_TEST

static void show_ttl(uint8_t flags, uint8_t ttl)
{
    endpoint_show_ttl(address, &(struct segment){ .flags = flags, .ttl = ttl });
}

static enum detail detail_of_refusal(void)
{
    struct verdict refusal = { .sender_is_client = false };

    judge(&refusal, CAUSE_REFUSED, 1, 9);
    return refusal.detail;
}

/* A refusal of TTL 64 beside what its host has shown. */
START_TEST(what_a_host_cannot_show_is_of_a_filter)
{
    ck_assert_int_eq(detail_of_refusal(), DETAIL_NONE); /* it has shown nothing */
    set_up();
    show_ttl(SEGMENT_SYN, 60); /* a raw socket's */
    ck_assert_int_eq(detail_of_refusal(), DETAIL_NONE);
    set_up();
    show_ttl(SEGMENT_SYN | SEGMENT_ACK, 60);
    show_ttl(SEGMENT_SYN | SEGMENT_ACK, 128); /* no hop away: 64 is its kernel's */
    ck_assert_int_eq(detail_of_refusal(), DETAIL_NONE);
    set_up();
    show_ttl(SEGMENT_SYN | SEGMENT_ACK, 60);
    show_ttl(SEGMENT_SYN | SEGMENT_ACK, 61); /* three or four hops away */
    ck_assert_int_eq(detail_of_refusal(), DETAIL_FILTER_REJECT);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("refusal");

    tcase_add_checked_fixture(tests, set_up, NULL);
    tcase_add_test(tests, a_service_that_was_up_is_down);
    tcase_add_test(tests, a_service_that_serves_another_is_not_down);
    tcase_add_loop_test(tests, a_service_that_is_back_was_down, 0, 3);
    tcase_add_test(tests, a_service_that_is_down_had_ended_something);
    tcase_add_test(tests, a_refusal_with_another_ttl_is_of_a_filter);
    tcase_add_test(tests, what_all_refusals_share_is_no_filter);
    tcase_add_test(tests, a_host_of_several_ttls_shows_no_filter);
    tcase_add_test(tests, what_a_host_cannot_show_is_of_a_filter);
    return suite_run_tests(suite_create("refusal"), tests);
}
