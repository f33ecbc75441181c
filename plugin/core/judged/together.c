/* Connections of one endpoint that end together.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "together.h"

#include "duration.h"
#include "event.h"
#include "limit.h"
#include "timers.h"

/* Ends as they come; a newer one takes the place of the oldest. */
static void remember(struct endpoint *endpoint, struct verdict *v, const struct segment *rst)
{
    endpoint->death[endpoint->deaths++ % DEATHS_MAX] = (struct death){ v, rst->time_ns };
}

/* Those of that kind, not longer before the RST, the oldest first.  Returns how many. */
static int recent(const struct endpoint *endpoint, enum comparison as, const struct segment *rst,
                  int64_t within_ns, struct verdict *found[DEATHS_MAX])
{
    int count = 0;

    for (unsigned i = 0; i < DEATHS_MAX; i++) {
        const struct death *death = &endpoint->death[(endpoint->deaths + i) % DEATHS_MAX];
        struct verdict *v = death_as(death, as);

        if (v && rst->time_ns - death->time_ns <= within_ns)
            found[count++] = v;
    }
    return count;
}

/** Whether two ends are no more than one. */
typedef bool alike_fn(const struct verdict *a, const struct verdict *b);

/*
 * One segment between two pairs of addresses: the capture shows the connection on both sides of a
 * translator, which leaves the numbers as they are (RFC 3022, 4.1).
 */
static bool is_same_segment(const struct verdict *a, const struct verdict *b)
{
    return a->seq == b->seq &&
           duration_distance_ns(a->time_ns, b->time_ns) <= duration_of_ms(LIMIT_OVERTAKEN_MS);
}

/* One timer can have ended both. */
static bool is_same_age(const struct verdict *a, const struct verdict *b)
{
    return timer_fits(a->idle_ns, b->idle_ns);
}

static int different(struct verdict *const ends[], int count, alike_fn *alike)
{
    int found = 0;

    for (int i = 0; i < count; i++) {
        bool is_another = true;

        for (int j = 0; j < i; j++)
            is_another &= !alike(ends[i], ends[j]);
        found += is_another;
    }
    return found;
}

static struct event *begin_event(struct endpoints *all, struct endpoint *endpoint,
                                 enum comparison as)
{
    endpoint->event = lender_lend(all->lender, sizeof *endpoint->event);
    if (endpoint->event)
        endpoint->event->as = as;
    return endpoint->event;
}

static void join(struct endpoints *all, struct event *event, struct verdict *v)
{
    event_join(event, v);
    endpoints_note(all, v);
    if (event->count == 2)
        endpoints_note(all, event->first);
}

/* The exchange was cut because the whole endpoint went away; what it was taken for fits as well. */
static void blame_endpoint(struct endpoints *all, struct event *event, struct verdict *v)
{
    if (v->detail == DETAIL_KILLED)
        return;
    verdict_blame(v, MAKER_DEATH, OBJECTION_TOGETHER);
    verdict_conclude(v, DETAIL_KILLED);
    join(all, event, v);
}

/* Whoever accepts after it has not gone away as a whole. */
static bool served_behind(const struct endpoint *server, int64_t death_ns)
{
    return server->accepted_frame &&
           server->accepted_ns - death_ns > duration_of_ms(LIMIT_DEATHS_MS);
}

void together_refused(struct endpoints *all, struct endpoint *server, const struct segment *rst,
                      struct verdict *v)
{
    const int64_t within_ns = duration_of_ms(LIMIT_REFUSED_AFTER_MS);
    struct verdict *deaths[DEATHS_MAX];
    int count = recent(server, COMPARED_AS_DEATH, rst, within_ns, deaths);

    for (int i = 0; i < count; i++) {
        if (served_behind(server, deaths[i]->time_ns) || deaths[i]->detail == DETAIL_KILLED)
            continue;
        if (!event_goes_on(server->event, deaths[i]->time_ns, duration_of_ms(LIMIT_DEATHS_MS)) &&
            !begin_event(all, server, COMPARED_AS_DEATH))
            return;
        blame_endpoint(all, server->event, deaths[i]);
    }
    if (!event_goes_on(server->event, rst->time_ns, within_ns) ||
        served_behind(server, server->event->last_ns))
        return;
    event_refuse(server->event, v);
    endpoints_note(all, server->event->first);
}

void together_back(struct endpoints *all, struct endpoint *server, const struct segment *seg)
{
    struct event *event = server->event;

    if (!event || !event->refused || event->back_frame)
        return;
    event_return(event, seg);
    endpoints_note(all, event->first);
}

void together_dead(struct endpoints *all, struct endpoint *server, const struct segment *rst,
                   struct verdict *v)
{
    const int64_t within_ns = duration_of_ms(LIMIT_DEATHS_MS);
    struct verdict *deaths[DEATHS_MAX];
    bool goes_on = event_goes_on(server->event, rst->time_ns, within_ns);
    int count;

    remember(server, v, rst);
    if (goes_on) {
        blame_endpoint(all, server->event, v);
        return;
    }
    count = recent(server, COMPARED_AS_DEATH, rst, within_ns, deaths);
    if (different(deaths, count, is_same_segment) < LIMIT_DEATHS ||
        !begin_event(all, server, COMPARED_AS_DEATH))
        return;
    for (int i = 0; i < count; i++)
        blame_endpoint(all, server->event, deaths[i]);
}

/* A program cleared up. */
static void empty_pool(struct endpoints *all, struct event *event, struct verdict *v)
{
    join(all, event, v);
    if (verdict_is_harmless(v))
        return;
    verdict_blame(v, MAKER_PROGRAM, OBJECTION_POOL);
    answers_prefer(v->answers.stage, STAGES, STAGE_OPEN, FIT_LIKELY, OBJECTION_POOL);
    answers_prefer(v->answers.debt, DEBTS, DEBT_NOTHING, FIT_LIKELY, OBJECTION_POOL);
    answer_fits(&v->answers.maker[MAKER_EXPIRY], FIT_POSSIBLE, OBJECTION_POOL);
    verdict_conclude(v, DETAIL_AFTER_EXCHANGE);
}

void together_cleared(struct endpoints *all, struct endpoint *sender, const struct segment *rst,
                      struct verdict *v)
{
    const int64_t within_ns = duration_of_ms(LIMIT_POOL_MS);
    struct verdict *ends[DEATHS_MAX];
    int count;

    if (event_goes_on(sender->event, rst->time_ns, within_ns)) {
        empty_pool(all, sender->event, v);
        return;
    }
    remember(sender, v, rst);
    count = recent(sender, COMPARED_AS_EXPIRY, rst, within_ns, ends);
    if (different(ends, count, is_same_age) < LIMIT_POOL_RESETS ||
        !begin_event(all, sender, COMPARED_AS_EXPIRY))
        return;
    for (int i = 0; i < count; i++)
        empty_pool(all, sender->event, ends[i]);
}
