/* One server, and verdicts on its connections one after the other.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ENDPOINT_SUITE_H
#define ENDPOINT_SUITE_H

#include "endpoint.h"
#include "loans.h"
#include "suite.h"

enum { SLOTS = 16 };

static const int64_t second_ns = INT64_C(1000000000);
static struct endpoint slots[SLOTS];
static struct endpoints endpoints;
static struct endpoint *server, *address, *caller;
static struct loans loans;
static struct lender lender;

static inline void set_up(void)
{
    for (int i = 0; i < SLOTS; i++)
        slots[i] = (struct endpoint){ .key = 0 };
    lender = loans_begin(&loans, 1 << 16);
    endpoints = (struct endpoints){ .lender = &lender, .slots = slots, .capacity = SLOTS };
    server = endpoint_find(&endpoints, 1);
    address = endpoint_find(&endpoints, 2);
    caller = endpoint_find(&endpoints, 3);
}

enum { CHECKER = 7, OTHER_CHECKER = 8 };

static inline void tear_down(void)
{
    loans_end(&loans);
}

/* Answers that come to that cause, likely. */
static inline void answer_for(struct verdict *verdict, enum cause cause)
{
    for (unsigned maker = 0; maker < MAKERS; maker++)
        for (unsigned stage = 0; stage < STAGES; stage++)
            for (unsigned debt = 0; debt < DEBTS; debt++)
                if (answers_cell(maker, stage, debt) == cause) {
                    verdict_fit(verdict, maker, stage, debt, FIT_LIKELY);
                    verdict_weigh(verdict);
                    return;
                }
}

static inline void judge_ms(struct verdict *verdict, enum cause cause, int64_t at_ms,
                            uint32_t frame, uint32_t checker)
{
    struct segment rst = { .frame = frame, .time_ns = at_ms * second_ns / 1000, .ttl = 64 };

    verdict->ceiling = CONFIDENCE_CERTAIN;
    answer_for(verdict, cause);
    verdict->by = verdict->sender_is_client ? PARTY_CLIENT : PARTY_SERVER;
    verdict->frame = verdict->seq = frame; /* each has numbers of its own */
    verdict->time_ns = rst.time_ns;
    endpoint_judge(
        &endpoints,
        &(struct company){ server, address, verdict->sender_is_client ? caller : address, checker },
        &rst, verdict);
}

/* A verdict of that cause, on a RST at that second. */
static inline void judge(struct verdict *verdict, enum cause cause, int64_t at_s, uint32_t frame)
{
    judge_ms(verdict, cause, at_s * 1000, frame, CHECKER);
}

static inline void accept_at(uint32_t frame, int64_t time_ns, uint32_t client)
{
    struct segment syn_ack = { .frame = frame, .time_ns = time_ns };

    endpoint_accept(&endpoints, server, client, &syn_ack);
}

#endif
