/* What a capture shows of one endpoint over all its connections.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "endpoint.h"

#include "duration.h"
#include "limit.h"
#include "timers.h"
#include "together.h"

#include <stddef.h>

/* Clients are many: in a half of their own they do not drive servers out. */
enum half { OF_PORTS, OF_ADDRESSES };

static struct endpoint *slot_of(const struct endpoints *all, uint32_t key, enum half half)
{
    uint32_t slots = all->capacity >> 1;

    return &all->slots[half * slots + (key & (slots - 1))];
}

static struct endpoint *take(const struct endpoints *all, uint32_t key, enum half half)
{
    struct endpoint *slot = slot_of(all, key, half);

    if (slot->key != key)
        *slot = (struct endpoint){ .key = key };
    return slot;
}

static const struct endpoint *look(const struct endpoints *all, uint32_t key, enum half half)
{
    static const struct endpoint nobody;
    const struct endpoint *slot = slot_of(all, key, half);

    return slot->key == key ? slot : &nobody;
}

struct endpoint *endpoint_find(struct endpoints *all, uint32_t key)
{
    return take(all, key, OF_PORTS);
}

struct endpoint *endpoint_find_address(struct endpoints *all, uint32_t key)
{
    return take(all, key, OF_ADDRESSES);
}

const struct endpoint *endpoint_find_known(const struct endpoints *all, uint32_t key)
{
    return look(all, key, OF_PORTS);
}

const struct endpoint *endpoint_find_known_address(const struct endpoints *all, uint32_t key)
{
    return look(all, key, OF_ADDRESSES);
}

void endpoints_note(struct endpoints *all, struct verdict *v)
{
    for (unsigned i = 0; i < all->changes; i++)
        if (all->changed[i] == v)
            return;
    if (v && all->changes < CHANGES_MAX)
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
    answer_fits(&v->answers.maker[MAKER_BOX], FIT_POSSIBLE, OBJECTION_REFUSES);
    verdict_conclude(v, DETAIL_FILTER_REJECT);
}

void endpoint_accept(struct endpoints *all, struct endpoint *endpoint, uint32_t client,
                     const struct segment *seg)
{
    struct verdict *refusal = endpoint->refusal;

    if (verdict_comparison(refusal) == COMPARED_AS_REFUSAL) {
        if (serves_others(endpoint, client, seg)) {
            call_filter(refusal);
            verdict_note(refusal, CLUE_SERVES_OTHERS, seg->frame, seg->time_ns - refusal->time_ns,
                         0);
        } else {
            verdict_note(refusal, CLUE_BACK, seg->frame, seg->time_ns - refusal->time_ns, 0);
        }
        verdict_prove(refusal, seg->frame);
        endpoints_note(all, refusal);
    }
    together_back(all, endpoint, seg);
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

/* A TTL that a host who always showed one never did, or that is none of its distance. */
static bool is_odd(const struct ttls *ttls, uint8_t ttl)
{
    return ttl && ttls->shown[0] && !ttls_has(ttls, ttl) &&
           (ttls_is_stable(ttls) || !ttls_allow(ttls, ttl));
}

static void call_down(const struct endpoint *server, struct verdict *v)
{
    v->detail = DETAIL_SERVICE_DOWN;
    if (server->accepted_frame) {
        verdict_note(v, CLUE_ACCEPTED_BEFORE, server->accepted_frame, 0, 0);
        verdict_prove(v, server->accepted_frame);
    }
    if (!server->ended_frame)
        return;
    verdict_note(v, CLUE_ENDED, server->ended_frame, v->time_ns - server->ended_ns, 0);
    verdict_prove(v, server->ended_frame);
}

static void judge_refusal(struct endpoints *all, const struct company *company,
                          const struct segment *rst, struct verdict *v)
{
    struct endpoint *server = company->server;
    const struct ttls *ttls = &company->address->ttls;
    bool odd = is_odd(ttls, rst->ttl);

    all->refusals++;
    all->odd_refusals += odd;
    if (odd &&
        (all->odd_refusals < all->refusals || (all->refusals == 1 && !server->accepted_frame))) {
        call_filter(v);
        verdict_note(v, CLUE_TTL, 0, rst->ttl, ttls->shown[0]);
    } else if (server->accepted_frame || server->ended_frame) {
        call_down(server, v);
    }
    server->refusal = v;
    server->refused = company->opener;
    together_refused(all, server, rst, v);
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
            if (verdict_comparison(checks[i]) != COMPARED_AS_CHECK ||
                checks[i]->detail == DETAIL_HEALTH_CHECK)
                continue;
            checks[i]->detail = DETAIL_HEALTH_CHECK;
            verdict_note(checks[i], CLUE_PERIODIC, 0, interval, 0);
            endpoints_note(all, checks[i]);
        }
    }
    server->check_interval_ns = server->check[1].verdict ? interval : 0;
    server->check[0] = server->check[1];
    server->check[1] = (struct death){ v, rst->time_ns };
}

/* A timer ended it, as it did the other one. */
static void blame_timer(struct verdict *v, const struct verdict *other)
{
    verdict_blame(v, MAKER_EXPIRY, OBJECTION_SAME_GAP);
    verdict_conclude(v, DETAIL_RESET_AT_EXPIRY);
    verdict_note(v, CLUE_SAME_GAP, other->frame, other->idle_ns, 0);
}

/* An idle connection reset unprompted: the same gap in another one tells of a timer. */
static void judge_expiry(struct endpoints *all, struct endpoint *server, const struct segment *rst,
                         struct verdict *v)
{
    struct verdict *other = death_as(&server->idle, COMPARED_AS_EXPIRY);

    if (other && timer_fits(v->idle_ns, other->idle_ns) && !verdict_blames(v, MAKER_EXPIRY) &&
        rst->time_ns - server->idle.time_ns > duration_of_ms(LIMIT_POOL_MS)) {
        blame_timer(v, other);
        if (!verdict_blames(other, MAKER_EXPIRY)) {
            blame_timer(other, v);
            endpoints_note(all, other);
        }
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

void endpoint_judge(struct endpoints *endpoints, const struct company *company,
                    const struct segment *rst, struct verdict *v)
{
    bool by_server = !v->sender_is_client;

    switch (verdict_comparison(v)) {
    case COMPARED_AS_REFUSAL:
        judge_refusal(endpoints, company, rst, v);
        break;
    case COMPARED_AS_DEATH:
        if (v->by == PARTY_SERVER)
            together_dead(endpoints, company->server, rst, v);
        break;
    case COMPARED_AS_CHECK:
        if (!by_server)
            judge_probe(endpoints, company->server, company->opener, rst, v);
        break;
    case COMPARED_AS_EXPIRY:
        if (v->idle_ns < duration_of_ms(LIMIT_PAUSE_MS))
            break;
        judge_expiry(endpoints, company->server, rst, v);
        together_cleared(endpoints, company->sender, rst, v);
        break;
    case COMPARED_WITH_NOTHING:
        break;
    }
    if (cause_info(v->cause)->rests_on_pause)
        bracket_pause(company->server, v);
}
