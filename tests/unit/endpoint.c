/* What several connections of one endpoint show together.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "endpoint_suite.h"
#include "event.h"
#include "judge.h"
#include "timers.h"

START_TEST(who_is_refused_long_afterwards_need_not_have_died)
{
    struct verdict death = { .sender_is_client = false }, refusal = { .sender_is_client = false };

    judge(&death, CAUSE_ABORT, 1, 5);
    judge(&refusal, CAUSE_REFUSED, 300, 9);
    ck_assert_int_eq(death.cause, CAUSE_ABORT);
}
END_TEST

START_TEST(deaths_one_after_the_other_are_several)
{
    struct verdict death[3] = { { .sender_is_client = false } };

    for (uint32_t i = 0; i < 3; i++)
        judge_ms(&death[i], CAUSE_CRASH, INT64_C(300) * i, i + 5, CHECKER);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(death[i].detail, DETAIL_NONE);
}
END_TEST

/* Three clients that go away at once are no one's end. */
START_TEST(clients_do_not_die_for_the_server)
{
    struct verdict death[3];

    for (uint32_t i = 0; i < 3; i++) {
        death[i] = (struct verdict){ .sender_is_client = true };
        judge(&death[i], CAUSE_ABORT, 1, i + 5);
        ck_assert_int_eq(death[i].detail, DETAIL_NONE);
    }
}
END_TEST

START_TEST(who_is_refused_afterwards_died)
{
    struct verdict death = { .sender_is_client = false }, refusal = { .sender_is_client = false };

    judge(&death, CAUSE_ABORT, 1, 5);
    death.alternative[0] = CAUSE_CRASH;
    judge(&refusal, CAUSE_REFUSED, 2, 9);
    ck_assert_int_eq(death.cause, CAUSE_CRASH);
    ck_assert_int_eq(death.detail, DETAIL_KILLED);
    ck_assert_int_eq(death.alternative[0], CAUSE_ABORT);
    ck_assert_int_eq(death.confidence, CONFIDENCE_LIKELY);
}
END_TEST

/* What was refused later has nothing to do with a death behind which others were served. */
START_TEST(who_serves_others_in_between_was_not_killed)
{
    struct verdict death = { .sender_is_client = false }, refusal = { .sender_is_client = false };

    judge(&death, CAUSE_ABORT, 1, 5);
    accept_at(7, second_ns * 3 / 2, CHECKER);
    judge(&refusal, CAUSE_REFUSED, 2, 9);
    ck_assert_int_eq(death.cause, CAUSE_ABORT);
}
END_TEST

/* What it had accepted as it died is accepted still. */
START_TEST(who_accepts_as_it_dies_is_killed)
{
    struct verdict death = { .sender_is_client = false }, refusal = { .sender_is_client = false };

    judge(&death, CAUSE_ABORT, 1, 5);
    accept_at(7, second_ns * 11 / 10, CHECKER);
    judge(&refusal, CAUSE_REFUSED, 2, 9);
    ck_assert_int_eq(death.cause, CAUSE_CRASH);
}
END_TEST

/* However many addresses come, a port is forgotten for other ports alone. */
START_TEST(clients_do_not_drive_servers_out)
{
    accept_at(5, second_ns, CHECKER);
    for (uint32_t key = 100; key < 200; key++)
        endpoint_find_address(&endpoints, key);
    ck_assert_uint_eq(endpoint_find_known(&endpoints, 1)->accepted_frame, 5);
    for (uint32_t key = 100; key < 200; key++)
        endpoint_find(&endpoints, key);
    ck_assert_uint_eq(endpoint_find_known(&endpoints, 1)->accepted_frame, 0);
    ck_assert_uint_eq(endpoint_find_known_address(&endpoints, 199)->key, 199);
}
END_TEST

START_TEST(who_died_once_is_not_killed_again)
{
    struct verdict death = { .sender_is_client = false };
    struct verdict refusal[2] = { { .sender_is_client = false } };

    judge(&death, CAUSE_CRASH, 1, 5);
    judge(&refusal[0], CAUSE_REFUSED, 2, 9);
    judge(&refusal[1], CAUSE_REFUSED, 3, 10);
    ck_assert_uint_eq(death.proof[0], 9);
    ck_assert_uint_eq(death.proof[1], 0);
    ck_assert_uint_eq(death.event->count, 1);
    ck_assert_uint_eq(death.event->refused, 2);
    ck_assert_ptr_eq(refusal[1].event, death.event);
    event_tell(&death);
    ck_assert_uint_eq(death.clue_count, 1);
    ck_assert_int_eq(verdict_clue(&death, 0).kind, CLUE_REFUSED_AFTERWARDS);
    ck_assert_uint_eq(verdict_clue(&death, 0).frame, 9);
    ck_assert_int_eq(verdict_clue(&death, 0).n, 1); /* once more */
}
END_TEST

START_TEST(what_turned_out_to_be_forged_is_no_witness)
{
    struct verdict death[2] = { { .sender_is_client = false } };
    struct verdict refusal = { .sender_is_client = false };
    struct verdict probe[3] = { { .sender_is_client = true },
                                { .sender_is_client = true },
                                { .sender_is_client = true } };

    judge(&death[0], CAUSE_ABORT, 1, 5);
    death[0].cause = CAUSE_INJECTED;
    judge(&death[1], CAUSE_ABORT, 1, 6);
    ck_assert_int_eq(death[1].detail, DETAIL_NONE); /* one is left */
    judge(&refusal, CAUSE_REFUSED, 2, 9);
    ck_assert_int_eq(death[0].cause, CAUSE_INJECTED);
    ck_assert_int_eq(death[1].detail, DETAIL_KILLED);
    refusal.cause = CAUSE_INJECTED;
    accept_at(12, 3 * second_ns, 7);
    ck_assert_uint_eq(refusal.clue_count, 0);
    for (uint32_t i = 0; i < 3; i++) {
        judge(&probe[i], CAUSE_PROBE, 10 + i, 20 + i);
        probe[0].cause = CAUSE_INJECTED;
    }
    ck_assert_int_eq(probe[0].detail, DETAIL_NONE);
    ck_assert_int_eq(probe[2].detail, DETAIL_HEALTH_CHECK);
}
END_TEST

START_TEST(two_deaths_at_once_are_one)
{
    struct verdict death[2] = { { .sender_is_client = false } };

    for (uint32_t i = 0; i < 2; i++)
        judge(&death[i], CAUSE_CRASH, 1, i + 5);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(death[i].detail, DETAIL_KILLED);
}
END_TEST

/* The server resets what clients do to it: they broke the exchanges off. */
START_TEST(what_clients_end_is_no_death_of_the_server)
{
    struct verdict death[3];
    const struct segment rst = { .frame = 5, .time_ns = second_ns, .ttl = 64 };

    for (int i = 0; i < 3; i++) {
        death[i] = (struct verdict){ .cause = CAUSE_ABORT, .by = PARTY_CLIENT };
        endpoint_judge(&endpoints, &(struct company){ server, address, address, CHECKER }, &rst,
                       &death[i]);
        ck_assert_int_eq(death[i].detail, DETAIL_NONE);
    }
}
END_TEST

/* The first one tells of all, how long it took, who was refused, and when the service was back. */
START_TEST(deaths_of_one_moment_are_told_once)
{
    struct verdict death[12] = { { .sender_is_client = false } };
    struct verdict refusal = { .sender_is_client = false }, other = { .sender_is_client = false };
    struct verdict shown;

    for (uint32_t i = 0; i < ROWS(death); i++)
        judge_ms(&death[i], CAUSE_ABORT, 1000 + INT64_C(50) * i, i + 5, CHECKER);
    judge(&refusal, CAUSE_REFUSED, 2, 30);
    accept_at(40, 4 * second_ns, CHECKER);
    judge(&other, CAUSE_REFUSED, 5, 50);
    for (uint32_t i = 0; i < ROWS(death); i++) {
        ck_assert_int_eq(death[i].detail, DETAIL_KILLED);
        ck_assert_ptr_eq(death[i].event, death[0].event);
        shown = death[i];
        event_tell(&shown);
        ck_assert_uint_eq(shown.clue_count, i ? 1 : 3);
        ck_assert_int_eq(verdict_clue(&shown, 0).n, ROWS(death));
        ck_assert_int_eq(verdict_clue(&shown, 0).m, 550 * second_ns / 1000);
        ck_assert_uint_eq(verdict_clue(&shown, 0).frame, i ? 5 : 16);
        ck_assert_uint_eq(shown.proof[0], i ? 5 : 6);
    }
    shown = death[0];
    event_tell(&shown);
    ck_assert_uint_eq(verdict_clue(&shown, 1).frame, 30);
    ck_assert_int_eq(verdict_clue(&shown, 2).kind, CLUE_BACK);
    ck_assert_uint_eq(verdict_clue(&shown, 2).frame, 40);
    ck_assert_int_eq(verdict_clue(&shown, 2).n, 4 * second_ns - death[11].time_ns);
    event_tell(&refusal);
    ck_assert_int_eq(verdict_clue(&refusal, refusal.clue_count - 1).kind, CLUE_WENT_DOWN);
    ck_assert_ptr_null(other.event); /* it had come back by then */
}
END_TEST

START_TEST(what_is_judged_anew_leaves_its_event)
{
    struct verdict death[3] = { { .sender_is_client = false } }, shown;

    for (uint32_t i = 0; i < 3; i++)
        judge(&death[i], CAUSE_CRASH, 1, i + 5);
    endpoint_forget(server, &death[0]);
    event_leave(&death[0]);
    ck_assert_uint_eq(death[1].event->count, 2);
    shown = death[1];
    event_tell(&shown);
    ck_assert_uint_eq(shown.clue_count, 0); /* nobody tells at the moment */
    death[0] = (struct verdict){ .sender_is_client = false };
    judge(&death[0], CAUSE_ABORT, 1, 5);
    ck_assert_int_eq(death[0].detail, DETAIL_KILLED);
    ck_assert_uint_eq(death[0].event->count, 3);
    ck_assert_ptr_eq(death[0].event->first, &death[0]);
}
END_TEST

/* Looked for in the changes since the last time. */
static bool has_changed(const struct verdict *verdict)
{
    bool found = false;

    for (unsigned i = 0; i < endpoints.changes; i++)
        found |= endpoints.changed[i] == verdict;
    endpoints.changes = 0;
    return found;
}

static void kill_three(struct verdict death[3])
{
    for (uint32_t i = 0; i < 3; i++) {
        death[i] = (struct verdict){ .sender_is_client = false };
        judge(&death[i], CAUSE_ABORT, 1, i + 5);
    }
    endpoints.changes = 0;
}

START_TEST(a_refusal_changes_what_the_first_tells)
{
    struct verdict death[3], late = { .sender_is_client = false };
    struct verdict refusal = { .sender_is_client = false };

    kill_three(death);
    judge(&refusal, CAUSE_REFUSED, 2, 10);
    ck_assert(has_changed(&death[0]));
    event_leave(&refusal);
    ck_assert_uint_eq(death[0].event->count, 3);
    judge(&late, CAUSE_ABORT, 10, 20); /* long afterwards it is another matter */
    ck_assert_int_eq(late.detail, DETAIL_NONE);
}
END_TEST

/* It died alone, as far as was known, and refused; then another of its connections ended. */
START_TEST(a_death_behind_a_refusal_is_of_the_same_event)
{
    struct verdict death[2] = { { .sender_is_client = false } };
    struct verdict refusal = { .sender_is_client = false };
    uint8_t clues;

    judge(&death[0], CAUSE_ABORT, 1, 5);
    judge_ms(&refusal, CAUSE_REFUSED, 1050, 6, CHECKER);
    clues = refusal.clue_count;
    event_tell(&refusal);
    ck_assert_uint_eq(refusal.clue_count, clues); /* one connection is no event worth telling */
    endpoints.changes = 0;
    judge_ms(&death[1], CAUSE_ABORT, 1100, 7, CHECKER);
    ck_assert_ptr_eq(death[1].event, death[0].event);
    ck_assert(has_changed(&death[0]));
}
END_TEST

START_TEST(deaths_apart_are_events_apart)
{
    struct verdict death[2] = { { .sender_is_client = false } };
    struct verdict refusal = { .sender_is_client = false };

    judge(&death[0], CAUSE_ABORT, 1, 5);
    judge(&death[1], CAUSE_ABORT, 10, 6);
    judge(&refusal, CAUSE_REFUSED, 20, 9);
    ck_assert_int_eq(death[0].detail, DETAIL_KILLED);
    ck_assert_ptr_ne(death[0].event, death[1].event);
    ck_assert_ptr_eq(refusal.event, death[1].event);
}
END_TEST

/* Others were served between the deaths and the refusal, which has its own reason. */
START_TEST(a_refusal_behind_service_is_of_no_event)
{
    struct verdict death[3], refusal = { .sender_is_client = false };

    kill_three(death);
    accept_at(8, 3 * second_ns, CHECKER);
    ck_assert_uint_eq(death[0].event->back_frame, 0); /* it was never away */
    judge(&refusal, CAUSE_REFUSED, 10, 9);
    ck_assert_ptr_null(refusal.event);
}
END_TEST

START_TEST(who_is_back_dies_anew)
{
    struct verdict death[3], refusal = { .sender_is_client = false };
    struct verdict again[2] = { { .sender_is_client = false } };

    kill_three(death);
    judge_ms(&refusal, CAUSE_REFUSED, 1050, 10, CHECKER);
    accept_at(11, 1060 * second_ns / 1000, CHECKER);
    for (uint32_t i = 0; i < 2; i++)
        judge_ms(&again[i], CAUSE_ABORT, 1100, 12 + i, CHECKER);
    ck_assert_ptr_ne(again[1].event, death[0].event);
    ck_assert_uint_eq(death[0].event->count, 3);
    ck_assert_uint_eq(again[1].event->count, 2);
}
END_TEST

START_TEST(what_turned_out_to_be_forged_has_no_event)
{
    struct verdict death[3];

    kill_three(death);
    ck_assert_ptr_eq(event_teller(&death[1]), &death[0]);
    ck_assert_ptr_null(event_teller(&death[0]));
    death[1].cause = CAUSE_INJECTED;
    death[1].detail = DETAIL_NONE;
    ck_assert_ptr_null(event_teller(&death[1]));
}
END_TEST

START_TEST(probes_at_one_pace_are_health_checks)
{
    struct verdict probe[4] = { { .sender_is_client = false } };

    for (uint32_t i = 0; i < 4; i++) {
        probe[i].sender_is_client = true;
        judge(&probe[i], CAUSE_PROBE, INT64_C(10) * i, i + 5);
    }
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(probe[i].detail, DETAIL_HEALTH_CHECK);
    ck_assert_uint_eq(probe[1].clue_count, 1);
}
END_TEST

START_TEST(a_pace_may_drift)
{
    static const int64_t at_s[] = { 0, 10, 21 };
    struct verdict probe[3];

    for (uint32_t i = 0; i < 3; i++) {
        probe[i] = (struct verdict){ .sender_is_client = true };
        judge(&probe[i], CAUSE_PROBE, at_s[i], i + 5);
    }
    ck_assert_int_eq(probe[2].detail, DETAIL_HEALTH_CHECK);
}
END_TEST

/* Another monitor's, a server's, and two at one moment. */
START_TEST(other_probes_are_no_health_checks)
{
    struct verdict probe[3], server_probe[3], at_once[2];

    for (uint32_t i = 0; i < 3; i++) {
        server_probe[i] = (struct verdict){ .sender_is_client = false };
        judge(&server_probe[i], CAUSE_PROBE, INT64_C(10) * i, i + 5);
        ck_assert_int_eq(server_probe[i].detail, DETAIL_NONE);
    }
    for (uint32_t i = 0; i < 3; i++) {
        probe[i] = (struct verdict){ .sender_is_client = true };
        judge_ms(&probe[i], CAUSE_PROBE, INT64_C(10000) * i, i + 5,
                 i < 2 ? CHECKER : OTHER_CHECKER);
        ck_assert_int_eq(probe[i].detail, DETAIL_NONE);
    }
    for (uint32_t i = 0; i < 2; i++) {
        at_once[i] = (struct verdict){ .sender_is_client = true };
        judge(&at_once[i], CAUSE_PROBE, 100, i + 5);
        ck_assert_int_eq(at_once[i].detail, DETAIL_NONE);
    }
}
END_TEST

START_TEST(a_probe_that_was_forgotten_keeps_no_pace)
{
    struct verdict probe[3];

    for (uint32_t i = 0; i < 3; i++) {
        probe[i] = (struct verdict){ .sender_is_client = true };
        judge(&probe[i], CAUSE_PROBE, i ? 9 + i : 0, i + 5);
        if (i == 1)
            endpoint_forget(server, &probe[1]);
    }
    ck_assert_int_eq(probe[0].detail, DETAIL_HEALTH_CHECK);
    ck_assert_int_eq(probe[1].detail, DETAIL_NONE);
}
END_TEST

START_TEST(what_is_judged_anew_is_forgotten)
{
    struct verdict death = { .sender_is_client = false }, refusal = { .sender_is_client = false };
    struct verdict probe = { .sender_is_client = true }, idle = { .idle_ns = 60 * second_ns };
    struct verdict *all[] = { &death, &refusal, &probe, &idle };

    judge(&death, CAUSE_ABORT, 1, 5);
    judge(&probe, CAUSE_PROBE, 2, 6);
    idle.detail = DETAIL_AFTER_EXCHANGE;
    judge(&idle, CAUSE_FAST_CLOSE, 3, 7);
    judge(&refusal, CAUSE_REFUSED, 4, 8);
    for (int i = 0; i < ROWS(all); i++)
        endpoint_forget(server, all[i]);
    ck_assert_ptr_null(server->death[0].verdict);
    ck_assert_ptr_null(server->check[1].verdict);
    ck_assert_ptr_null(server->idle.verdict);
    ck_assert_ptr_null(server->refusal);
}
END_TEST

START_TEST(the_same_gap_twice_is_a_timer)
{
    struct verdict reset[3] = { { .idle_ns = 60 * second_ns },
                                { .idle_ns = 60 * second_ns },
                                { .idle_ns = 60 * second_ns } };

    for (int i = 0; i < ROWS(reset); i++) {
        reset[i].detail = DETAIL_AFTER_EXCHANGE;
        judge(&reset[i], CAUSE_FAST_CLOSE, INT64_C(5) * (i + 1), (uint32_t)i + 5);
    }
    for (int i = 0; i < ROWS(reset); i++) {
        ck_assert_int_eq(reset[i].cause, CAUSE_IDLE_TIMEOUT);
        ck_assert_uint_eq(reset[i].clue_count, 1);
        ck_assert_int_eq(verdict_clue(&reset[i], 0).kind, CLUE_SAME_GAP);
        ck_assert_int_eq(reset[i].detail, DETAIL_RESET_AT_EXPIRY);
        ck_assert_int_eq(reset[i].alternative[0], CAUSE_FAST_CLOSE);
        ck_assert_int_eq(reset[i].confidence, CONFIDENCE_LIKELY);
        ck_assert_int_eq(reset[i].severity,
                         cause_severity(CAUSE_IDLE_TIMEOUT, DETAIL_RESET_AT_EXPIRY));
    }
}
END_TEST

START_TEST(what_a_timer_ended_needs_no_second_one)
{
    struct verdict reset[2] = { { .idle_ns = 60 * second_ns }, { .idle_ns = 60 * second_ns } };

    for (int i = 0; i < ROWS(reset); i++) {
        reset[i].detail = DETAIL_RESET_AT_EXPIRY;
        judge(&reset[i], CAUSE_IDLE_TIMEOUT, INT64_C(5) * (i + 1), (uint32_t)i + 5);
    }
    for (int i = 0; i < ROWS(reset); i++)
        ck_assert_uint_eq(reset[i].clue_count, 0);
}
END_TEST

/* Connections that were last used together and are closed together show no timer. */
START_TEST(the_same_gap_at_one_moment_is_no_timer)
{
    struct verdict reset[2] = { { .idle_ns = 60 * second_ns }, { .idle_ns = 60 * second_ns } };

    for (int i = 0; i < 2; i++) {
        reset[i].detail = DETAIL_AFTER_EXCHANGE;
        judge(&reset[i], CAUSE_FAST_CLOSE, 5, (uint32_t)i + 5);
        ck_assert_int_eq(reset[i].cause, CAUSE_FAST_CLOSE);
    }
}
END_TEST

/* Nobody's limit is that short. */
START_TEST(moments_are_no_pauses)
{
    struct verdict reset[2] = { { .idle_ns = second_ns }, { .idle_ns = second_ns } };

    for (int i = 0; i < 2; i++) {
        reset[i].detail = DETAIL_AFTER_EXCHANGE;
        judge(&reset[i], CAUSE_FAST_CLOSE, INT64_C(5) * (i + 1), (uint32_t)i + 5);
        ck_assert_int_eq(reset[i].cause, CAUSE_FAST_CLOSE);
    }
}
END_TEST

START_TEST(different_ages_one_after_the_other_are_no_pool)
{
    struct verdict reset[2] = { { .idle_ns = 60 * second_ns }, { .idle_ns = 300 * second_ns } };

    for (int i = 0; i < 2; i++) {
        reset[i].detail = DETAIL_RESET_AT_EXPIRY;
        judge(&reset[i], CAUSE_IDLE_TIMEOUT, INT64_C(5) * (i + 1), (uint32_t)i + 5);
        ck_assert_int_eq(reset[i].cause, CAUSE_IDLE_TIMEOUT);
    }
}
END_TEST

/* Resets of connections of those ages by one client, to whichever server, at one moment. */
static void clear_up(struct verdict *resets, const int64_t ages_s[], int count,
                     enum severity severity)
{
    for (int i = 0; i < count; i++) {
        resets[i] = (struct verdict){ .sender_is_client = true,
                                      .idle_ns = ages_s[i] * second_ns,
                                      .detail = DETAIL_AFTER_EXCHANGE,
                                      .severity = severity };
        judge_ms(&resets[i], CAUSE_FAST_CLOSE, 100000 + i, (uint32_t)i + 5, CHECKER);
    }
}

START_TEST(different_ages_at_one_moment_are_a_pool)
{
    static const int64_t ages_s[] = { 60, 15, 45, 61, 15 };
    struct verdict reset[ROWS(ages_s)], shown;

    clear_up(reset, ages_s, ROWS(ages_s), SEVERITY_NOTE);
    for (int i = 0; i < ROWS(ages_s); i++) {
        ck_assert_int_eq(reset[i].cause, CAUSE_FAST_CLOSE);
        ck_assert_int_eq(reset[i].detail, DETAIL_AFTER_EXCHANGE);
        ck_assert_int_eq(reset[i].alternative[0], CAUSE_IDLE_TIMEOUT);
        ck_assert(verdict_is_harmless(&reset[i]));
    }
    shown = reset[0];
    event_tell(&shown);
    ck_assert_int_eq(verdict_clue(&shown, 0).kind, CLUE_POOL_EMPTIED);
    ck_assert_int_eq(verdict_clue(&shown, 0).n, 5);
    ck_assert_uint_eq(verdict_clue(&shown, 0).frame, 9);
    ck_assert_uint_eq(shown.proof[0], 6);
    ck_assert_uint_eq(shown.proof[1], 0);
}
END_TEST

/* Two can be chance, and three of which two were last used together are two. */
START_TEST(two_ages_at_one_moment_are_no_pool)
{
    static const int64_t ages_s[] = { 60, 15, 61 };
    struct verdict reset[ROWS(ages_s)];

    clear_up(reset, ages_s, ROWS(ages_s), SEVERITY_NOTE);
    for (int i = 0; i < ROWS(ages_s); i++)
        ck_assert(!verdict_is_harmless(&reset[i]));
}
END_TEST

/* Other hosts' resets at that moment are not its. */
START_TEST(a_pool_is_emptied_by_one_host)
{
    static const int64_t ages_s[] = { 60, 15 };
    struct verdict reset[ROWS(ages_s)], other = { .idle_ns = 100 * second_ns,
                                                  .detail = DETAIL_AFTER_EXCHANGE,
                                                  .severity = SEVERITY_NOTE };

    clear_up(reset, ages_s, ROWS(ages_s), SEVERITY_NOTE);
    judge(&other, CAUSE_FAST_CLOSE, 100, 9);
    ck_assert(!verdict_is_harmless(&other));
    ck_assert_ptr_null(reset[0].event);
}
END_TEST

/* What no limit was suspected of stays as it is. */
START_TEST(what_was_kept_in_a_pool_is_harmless)
{
    static const int64_t ages_s[] = { 60, 15, 45 };
    struct verdict reset[ROWS(ages_s)];

    clear_up(reset, ages_s, ROWS(ages_s), SEVERITY_CHAT);
    ck_assert_int_eq(reset[2].alternative[0], CAUSE_NONE);
    ck_assert_uint_eq(reset[2].event->count, 3);
}
END_TEST

START_TEST(what_it_survived_brackets_the_timer)
{
    struct verdict expired[2] = { { .idle_ns = 60 * second_ns }, { .idle_ns = 90 * second_ns } };

    endpoint_survive(server, 30 * second_ns);
    endpoint_survive(server, 20 * second_ns);
    for (uint32_t i = 0; i < 2; i++) {
        judge(&expired[i], CAUSE_IDLE_TIMEOUT, INT64_C(100) * (i + 1), i + 5);
        ck_assert_uint_eq(expired[i].clue_count, 1);
        ck_assert_int_eq(verdict_clue(&expired[i], 0).n, 30 * second_ns);
        ck_assert_int_eq(verdict_clue(&expired[i], 0).m, 60 * second_ns);
    }
}
END_TEST

static struct segment syn_at(uint32_t frame, int64_t at_s)
{
    return (struct segment){ .frame = frame,
                             .time_ns = at_s * second_ns,
                             .seq = 1000,
                             .flags = SEGMENT_SYN,
                             .header_bytes = 20,
                             .port = { 49152, 80 },
                             .window_shift = SEGMENT_NO_SHIFT };
}

START_TEST(an_icmp_error_refuses_a_silent_connect)
{
    struct step steps[8];
    struct trail trail = { .steps = steps, .capacity = 8 };
    struct oddities oddities = { .words = NULL };
    struct flow flow = { .oddities = &oddities };
    struct sighting quote = { .segment = syn_at(4, 0), .error = { 3, 3 }, .address_bytes = 4 };
    struct verdict verdict;

    for (uint32_t frame = 1; frame < 4; frame++) {
        struct segment syn = syn_at(frame, frame);

        flow_fold(&flow, &trail, &syn);
    }
    quote.segment.seq++;
    flow_quote(&flow, &quote);
    ck_assert_uint_eq(oddities.icmp.frame, 0); /* quotes another SYN */
    quote.segment.seq--;
    quote.error.code = 4;
    flow_quote(&flow, &quote);
    ck_assert_uint_eq(oddities.icmp.frame, 0); /* a packet too big: it is sent again in pieces */
    quote.error.code = 3;
    quote.segment.frame = 5;
    flow_quote(&flow, &quote);
    ck_assert(judge_silence(&flow, 0, 1000 * second_ns, &verdict));
    ck_assert_int_eq(verdict.cause, CAUSE_REFUSED);
    ck_assert_int_eq(verdict.detail, DETAIL_BY_ICMP);
    ck_assert_uint_eq(verdict.proof[0], 5);
    ck_assert(!verdict.sender_is_client); /* who asked is refused */
    ck_assert_int_eq(verdict.by, PARTY_SERVER);
    quote.error.code = 13;
    flow_quote(&flow, &quote);
    ck_assert(judge_silence(&flow, 0, 1000 * second_ns, &verdict));
    ck_assert_int_eq(verdict.by, PARTY_MIDDLEBOX);
}
END_TEST

START_TEST(a_timer_has_an_owner_or_none)
{
    ck_assert_ptr_nonnull(timer_owner(350));
    ck_assert_ptr_null(timer_owner(351));
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("endpoint");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, who_is_refused_long_afterwards_need_not_have_died);
    tcase_add_test(tests, who_serves_others_in_between_was_not_killed);
    tcase_add_test(tests, who_accepts_as_it_dies_is_killed);
    tcase_add_test(tests, deaths_one_after_the_other_are_several);
    tcase_add_test(tests, clients_do_not_die_for_the_server);
    tcase_add_test(tests, who_is_refused_afterwards_died);
    tcase_add_test(tests, clients_do_not_drive_servers_out);
    tcase_add_test(tests, who_died_once_is_not_killed_again);
    tcase_add_test(tests, what_turned_out_to_be_forged_is_no_witness);
    tcase_add_test(tests, two_deaths_at_once_are_one);
    tcase_add_test(tests, what_clients_end_is_no_death_of_the_server);
    tcase_add_test(tests, deaths_of_one_moment_are_told_once);
    tcase_add_test(tests, what_is_judged_anew_leaves_its_event);
    tcase_add_test(tests, a_refusal_changes_what_the_first_tells);
    tcase_add_test(tests, a_death_behind_a_refusal_is_of_the_same_event);
    tcase_add_test(tests, deaths_apart_are_events_apart);
    tcase_add_test(tests, a_refusal_behind_service_is_of_no_event);
    tcase_add_test(tests, who_is_back_dies_anew);
    tcase_add_test(tests, what_turned_out_to_be_forged_has_no_event);
    tcase_add_test(tests, moments_are_no_pauses);
    tcase_add_test(tests, probes_at_one_pace_are_health_checks);
    tcase_add_test(tests, a_pace_may_drift);
    tcase_add_test(tests, other_probes_are_no_health_checks);
    tcase_add_test(tests, a_probe_that_was_forgotten_keeps_no_pace);
    tcase_add_test(tests, what_is_judged_anew_is_forgotten);
    tcase_add_test(tests, the_same_gap_twice_is_a_timer);
    tcase_add_test(tests, what_a_timer_ended_needs_no_second_one);
    tcase_add_test(tests, the_same_gap_at_one_moment_is_no_timer);
    tcase_add_test(tests, different_ages_one_after_the_other_are_no_pool);
    tcase_add_test(tests, different_ages_at_one_moment_are_a_pool);
    tcase_add_test(tests, two_ages_at_one_moment_are_no_pool);
    tcase_add_test(tests, a_pool_is_emptied_by_one_host);
    tcase_add_test(tests, what_was_kept_in_a_pool_is_harmless);
    tcase_add_test(tests, what_it_survived_brackets_the_timer);
    tcase_add_test(tests, an_icmp_error_refuses_a_silent_connect);
    tcase_add_test(tests, a_timer_has_an_owner_or_none);
    return suite_run_tests(suite_create("endpoint"), tests);
}
