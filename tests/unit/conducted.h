/* A conductor between a client and a server, for the tests of what it does with their segments.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CONDUCTED_H
#define CONDUCTED_H

#include "conduct.h"
#include "loans.h"
#include "scenario.h"
#include "suite.h"

#include <stdio.h>
#include <string.h>

enum { BYTES_MAX = 1 << 24, RULINGS = 16 };

static const int64_t ms_ns = 1000000;
enum { IN_TURN = 8 }; /* connections that differ in their numbers */

static const uint32_t isn[2] = { 1000, UINT32_MAX - 2 };
static const uint8_t client[4] = { 192, 0, 2, 1 }, server[4] = { 198, 51, 100, 1 };

static struct conductor conductor;
static struct loans loans;
static struct scenario scenario;
static const struct ruled *ruled[RULINGS];
static const struct ruling *ruling[RULINGS]; /* on those */
static unsigned ruling_count;
static uint32_t frame;
static struct outcome latest;

/* False: so few bytes are not enough to start with. */
static inline bool start_with(size_t bytes)
{
    static const struct memory memory = { .steps = 1 << 10,
                                          .endpoints = 1 << 10,
                                          .callers = 1 << 6 };
    const struct lender lender = loans_begin(&loans, bytes);

    ruling_count = frame = 0;
    return conductor_start(&conductor, &lender, &memory);
}

static inline void start(void)
{
    ck_assert(start_with(BYTES_MAX));
}

static inline void note(const struct outcome *outcome)
{
    if (!outcome->ruled)
        return;
    ruled[ruling_count] = outcome->ruled;
    ruling[ruling_count++] = ruled_ruling(outcome->ruled);
}

static inline struct outcome hear(struct segment segment, bool from_client, uint32_t path)
{
    struct sighting sighting = {
        .segment = segment,
        .address = { from_client ? client : server, from_client ? server : client },
        .address_bytes = sizeof client,
        .path = path,
    };
    struct outcome outcome;

    sighting.segment.frame = ++frame;
    outcome = conductor_hear(&conductor, &sighting, &tuning_default);
    note(&outcome);
    return outcome;
}

/* The lines of a connection from a port of its own, from that time on. */
static inline void play_to(uint16_t service, uint16_t port, int64_t from_ns, const char *lines)
{
    const char *reset = strstr(lines, " R");
    const uint32_t own_isn[2] = { isn[0], isn[1] - port % IN_TURN };
    char text[4096] = "";
    size_t used = 0;

    if (!reset)
        used += (size_t)snprintf(text, sizeof text, "expect none\n");
    for (; reset; reset = strstr(reset + 1, " R"))
        used += (size_t)snprintf(text + used, sizeof text - used, "expect crash >=possible\n");
    snprintf(text + used, sizeof text - used, "ports %u %u\n%s", port, service, lines);
    ck_assert_msg(scenario_parse(&scenario, "lines", text), "%s", scenario.error);
    for (size_t i = 0; i < scenario.step_count; i++) {
        struct segment segment = scenario_segment(&scenario, i, own_isn);

        segment.time_ns += from_ns;
        latest = hear(segment, segment.side == 0, 0);
    }
    scenario_free(&scenario);
}

static inline void play(uint16_t port, int64_t from_ns, const char *lines)
{
    play_to(80, port, from_ns, lines);
}

#endif
