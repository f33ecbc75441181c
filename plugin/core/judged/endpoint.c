/* What a capture shows of one endpoint over all its connections.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "endpoint.h"

#include "duration.h"
#include "limit.h"
#include "timers.h"

#include <stddef.h>

struct endpoint *endpoint_find(struct endpoints *endpoints, uint32_t key)
{
    struct endpoint *slot = &endpoints->slots[key & (endpoints->capacity - 1)];

    if (slot->key != key)
        *slot = (struct endpoint){ .key = key };
    return slot;
}

const struct endpoint *endpoint_find_known(const struct endpoints *endpoints, uint32_t key)
{
    static const struct endpoint nobody;
    const struct endpoint *slot = &endpoints->slots[key & (endpoints->capacity - 1)];

    return slot->key == key ? slot : &nobody;
}

static bool is_compared(const struct verdict *v, enum comparison as)
{
    return v && cause_comparison(v->cause, v->detail) == as;
}

/* What was remembered as that; NULL: nothing, or it has turned out to be something else. */
static struct verdict *remembered(const struct death *death, enum comparison as)
{
    return is_compared(death->verdict, as) ? death->verdict : NULL;
}

static void note_change(struct endpoints *all, struct verdict *v)
{
    for (unsigned i = 0; i < all->changes; i++)
        if (all->changed[i] == v)
            return;
    if (all->changes < CHANGES_MAX)
        all->changed[all->changes++] = v;
}

/* A service that is down for one and serves another at the same moment is not down. */
static bool serves_others(const struct endpoint *endpoint, uint32_t client,
                          const struct segment *seg)
{
    return endpoint->accepted_frame && client != endpoint->refused &&
           seg->time_ns - endpoint->refusal->time_ns <= duration_of_ms(LIMIT_SERVES_MS);
}

static void call_filter(struct verdict *v)
{
    v->detail = DETAIL_FILTER_REJECT;
    if (v->confidence == CONFIDENCE_CERTAIN)
        v->confidence = CONFIDENCE_LIKELY;
    verdict_suspect(v, CAUSE_INJECTED);
}

void endpoint_accept(struct endpoints *all, struct endpoint *endpoint, uint32_t client,
                     const struct segment *seg)
{
    struct verdict *refusal = endpoint->refusal;

    if (is_compared(refusal, COMPARED_AS_REFUSAL)) {
        if (serves_others(endpoint, client, seg)) {
            call_filter(refusal);
            verdict_note(refusal, CLUE_SERVES_OTHERS, seg->frame, seg->time_ns - refusal->time_ns,
                         0);
        } else {
            verdict_note(refusal, CLUE_BACK, seg->frame, seg->time_ns - refusal->time_ns, 0);
        }
        verdict_prove(refusal, seg->frame);
        note_change(all, refusal);
    }
    endpoint->refusal = NULL;
    endpoint->accepted_frame = seg->frame;
    endpoint->accepted_ns = seg->time_ns;
}

void endpoint_end(struct endpoint *endpoint, const struct segment *seg)
{
    endpoint->ended_frame = seg->frame;
    endpoint->ended_ns = seg->time_ns;
}

void endpoint_survive(struct endpoint *endpoint, int64_t pause_ns)
{
    if (pause_ns > endpoint->survived_ns)
        endpoint->survived_ns = pause_ns;
}

void endpoint_show_ttl(struct endpoint *address, const struct segment *seg)
{
    if (seg->flags & SEGMENT_ACK || seg->option_count > LIMIT_BARE_SYN_OPTIONS)
        ttls_show(&address->ttls, seg->ttl);
}

static void forget_death(struct death *death, const struct verdict *v)
{
    if (death->verdict == v)
        *death = (struct death){ NULL, 0 };
}

void endpoint_forget(struct endpoint *endpoint, const struct verdict *v)
{
    for (int i = 0; i < DEATHS_MAX; i++)
        forget_death(&endpoint->death[i], v);
    for (int i = 0; i < CHECKS_MAX; i++)
        forget_death(&endpoint->check[i], v);
    forget_death(&endpoint->idle, v);
    if (endpoint->refusal == v)
        endpoint->refusal = NULL;
}

/* The exchange was cut because the whole endpoint went away; what it was taken for fits as well. */
static void blame_endpoint(struct endpoints *all, struct verdict *v, struct clue clue)
{
    enum cause was = v->cause;

    if (v->detail == DETAIL_KILLED)
        return;
    v->detail = DETAIL_KILLED;
    v->cause = CAUSE_CRASH;
    if (v->confidence == CONFIDENCE_POSSIBLE || was != CAUSE_CRASH)
        v->confidence = CONFIDENCE_LIKELY;
    for (int i = 0; i < ALTERNATIVE_MAX; i++)
        if (v->alternative[i] == CAUSE_CRASH)
            v->alternative[i] = was;
    verdict_suspect(v, was);
    verdict_note(v, clue.kind, clue.frame, clue.n, clue.m);
    verdict_prove(v, clue.frame);
    note_change(all, v);
}

/* NULL: there was none, or not within that time before the RST. */
static struct verdict *recent_death(const struct endpoint *server, int i, const struct segment *rst,
                                    int64_t within_ns)
{
    const struct death *death = &server->death[i];

    return rst->time_ns - death->time_ns <= within_ns ? remembered(death, COMPARED_AS_DEATH) : NULL;
}

/* A TTL that a host who always showed one never did, or that is none of its distance. */
static bool is_odd(const struct ttls *ttls, uint8_t ttl)
{
    return ttl && ttls->shown[0] && !ttls_has(ttls, ttl) &&
           (ttls_is_stable(ttls) || !ttls_allow(ttls, ttl));
}

static void call_down(const struct endpoint *server, struct verdict *v)
{
    v->detail = DETAIL_SERVICE_DOWN;
    verdict_note(v, CLUE_ACCEPTED_BEFORE, server->accepted_frame, 0, 0);
    verdict_prove(v, server->accepted_frame);
    if (!server->ended_frame)
        return;
    verdict_note(v, CLUE_ENDED, server->ended_frame, v->time_ns - server->ended_ns, 0);
    verdict_prove(v, server->ended_frame);
}

/* Whoever accepts after it has not gone away as a whole. */
static bool served_behind(const struct endpoint *server, const struct death *death)
{
    return server->accepted_frame &&
           server->accepted_ns - death->time_ns > duration_of_ms(LIMIT_DEATHS_MS);
}

static void judge_refusal(struct endpoints *all, struct endpoint *server,
                          const struct endpoint *address, uint32_t client,
                          const struct segment *rst, struct verdict *v)
{
    bool odd = is_odd(&address->ttls, rst->ttl);

    all->refusals++;
    all->odd_refusals += odd;
    if (odd &&
        (all->odd_refusals < all->refusals || (all->refusals == 1 && !server->accepted_frame))) {
        call_filter(v);
        verdict_note(v, CLUE_TTL, 0, rst->ttl, address->ttls.shown[0]);
    } else if (server->accepted_frame) {
        call_down(server, v);
    }
    server->refusal = v;
    server->refused = client;
    for (int i = 0; i < DEATHS_MAX; i++) {
        struct verdict *death =
            recent_death(server, i, rst, duration_of_ms(LIMIT_REFUSED_AFTER_MS));

        if (death && !served_behind(server, &server->death[i]))
            blame_endpoint(all, death, (struct clue){ CLUE_REFUSED_AFTERWARDS, rst->frame, 0, 0 });
    }
}

static void judge_death(struct endpoints *all, struct endpoint *server, const struct segment *rst,
                        struct verdict *v)
{
    int together = 1;

    server->death[server->deaths++ % DEATHS_MAX] = (struct death){ v, rst->time_ns };
    for (int i = 0; i < DEATHS_MAX; i++) {
        const struct verdict *death = recent_death(server, i, rst, duration_of_ms(LIMIT_DEATHS_MS));

        together += death && death != v;
    }
    for (int i = 0; i < DEATHS_MAX && together >= LIMIT_DEATHS; i++) {
        struct verdict *death = recent_death(server, i, rst, duration_of_ms(LIMIT_DEATHS_MS));

        if (death)
            blame_endpoint(
                all, death,
                (struct clue){ CLUE_DIED_TOGETHER, death == v ? 0 : rst->frame, together, 0 });
    }
}

/* The same opener, at the same pace: a monitor. */
static void judge_probe(struct endpoints *all, struct endpoint *server, uint32_t checker,
                        const struct segment *rst, struct verdict *v)
{
    int64_t interval = rst->time_ns - server->check[1].time_ns;

    if (server->checker != checker) {
        server->checker = checker;
        server->check[0] = server->check[1] = (struct death){ NULL, 0 };
        server->check_interval_ns = 0;
    }
    if (server->check[0].verdict && duration_distance_ns(interval, server->check_interval_ns) <=
                                        server->check_interval_ns / LIMIT_CHECK_PACE_PART) {
        struct verdict *checks[] = { server->check[0].verdict, server->check[1].verdict, v };

        for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
            if (!is_compared(checks[i], COMPARED_AS_CHECK) ||
                checks[i]->detail == DETAIL_HEALTH_CHECK)
                continue;
            checks[i]->detail = DETAIL_HEALTH_CHECK;
            verdict_note(checks[i], CLUE_PERIODIC, 0, interval, 0);
            note_change(all, checks[i]);
        }
    }
    server->check_interval_ns = server->check[1].verdict ? interval : 0;
    server->check[0] = server->check[1];
    server->check[1] = (struct death){ v, rst->time_ns };
}

static void reinterpret(struct verdict *v, enum cause cause, enum detail detail)
{
    v->alternative[0] = v->cause;
    v->alternative[1] = CAUSE_NONE;
    v->cause = cause;
    v->detail = detail;
    v->confidence = CONFIDENCE_LIKELY;
    v->severity = cause_severity(cause, detail);
}

/* Several of different age at one moment: no limit was reached, a program cleared up. */
static void empty_pool(struct endpoints *all, struct verdict *v, const struct verdict *other)
{
    if (verdict_is_harmless(v))
        return;
    v->cause = CAUSE_FAST_CLOSE;
    v->detail = DETAIL_AFTER_EXCHANGE;
    v->confidence = CONFIDENCE_LIKELY;
    v->severity = cause_severity(v->cause, v->detail);
    verdict_forget_suspects(v);
    verdict_suspect(v, CAUSE_IDLE_TIMEOUT);
    verdict_note(v, CLUE_POOL_EMPTIED, other->frame, other->idle_ns, 0);
    note_change(all, v);
}

/*
 * An idle connection reset unprompted: the same gap in another one tells of a timer, another
 * idle age at the same moment of a pool being emptied.
 */
static void judge_expiry(struct endpoints *all, struct endpoint *server, const struct segment *rst,
                         struct verdict *v)
{
    struct verdict *other = remembered(&server->idle, COMPARED_AS_EXPIRY);

    if (other && timer_fits(v->idle_ns, other->idle_ns)) {
        if (v->cause == CAUSE_FAST_CLOSE &&
            rst->time_ns - server->idle.time_ns > duration_of_ms(LIMIT_POOL_MS)) {
            reinterpret(v, CAUSE_IDLE_TIMEOUT, DETAIL_RESET_AT_EXPIRY);
            verdict_note(v, CLUE_SAME_GAP, other->frame, other->idle_ns, 0);
            if (other->cause == CAUSE_FAST_CLOSE) {
                reinterpret(other, CAUSE_IDLE_TIMEOUT, DETAIL_RESET_AT_EXPIRY);
                verdict_note(other, CLUE_SAME_GAP, v->frame, v->idle_ns, 0);
                note_change(all, other);
            }
        }
    } else if (other && rst->time_ns - server->idle.time_ns <= duration_of_ms(LIMIT_POOL_MS)) {
        empty_pool(all, other, v);
        empty_pool(all, v, other);
    }
    server->idle = (struct death){ v, rst->time_ns };
}

/* The timer that ended it lies between the longest pause survived and the shortest that was not. */
static void bracket_pause(struct endpoint *server, struct verdict *v)
{
    if (!server->killed_ns || v->idle_ns < server->killed_ns)
        server->killed_ns = v->idle_ns;
    if (server->survived_ns >= duration_of_ms(LIMIT_PAUSE_MS))
        verdict_note(v, CLUE_BRACKET, 0, server->survived_ns, server->killed_ns);
}

void endpoint_judge(struct endpoints *endpoints, struct endpoint *server,
                    const struct endpoint *address, uint32_t checker, const struct segment *rst,
                    struct verdict *v)
{
    bool by_server = !v->sender_is_client;

    switch (cause_comparison(v->cause, v->detail)) {
    case COMPARED_AS_REFUSAL:
        judge_refusal(endpoints, server, address, checker, rst, v);
        break;
    case COMPARED_AS_DEATH:
        if (by_server)
            judge_death(endpoints, server, rst, v);
        break;
    case COMPARED_AS_CHECK:
        if (!by_server)
            judge_probe(endpoints, server, checker, rst, v);
        break;
    case COMPARED_AS_EXPIRY:
        if (v->idle_ns >= duration_of_ms(LIMIT_PAUSE_MS))
            judge_expiry(endpoints, server, rst, v);
        break;
    case COMPARED_WITH_NOTHING:
        break;
    }
    if (cause_info(v->cause)->rests_on_pause)
        bracket_pause(server, v);
}
