/* What befell several connections of one endpoint at one moment: told once, the others refer to it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "event.h"

bool event_goes_on(const struct event *event, int64_t time_ns, int64_t within_ns)
{
    return event && !event->back_frame && time_ns - event->last_ns <= within_ns;
}

void event_join(struct event *event, struct verdict *v)
{
    if (!event->first) {
        event->first = v;
    } else {
        verdict_prove(v, event->first->frame);
        if (event->count == 1)
            verdict_prove(event->first, v->frame);
    }
    if (!event->count++)
        event->first_ns = event->last_ns = v->time_ns;
    if (v->time_ns >= event->last_ns) {
        event->last_ns = v->time_ns;
        event->last_frame = v->frame;
    }
    v->event = event;
}

void event_leave(struct verdict *v)
{
    struct event *event = v->event;

    if (!event || verdict_comparison(v) != event->as)
        return;
    event->count--;
    if (event->first == v)
        event->first = NULL;
    v->event = NULL;
}

void event_refuse(struct event *event, struct verdict *refusal)
{
    refusal->event = event;
    if (event->refused++)
        return;
    event->refused_frame = refusal->frame;
    if (event->first)
        verdict_prove(event->first, refusal->frame);
}

void event_return(struct event *event, const struct segment *syn_ack)
{
    event->back_frame = syn_ack->frame;
    event->back_ns = syn_ack->time_ns;
    if (event->first)
        verdict_prove(event->first, syn_ack->frame);
}

static void tell_all(struct verdict *v, const struct event *event)
{
    if (event->count > 1)
        verdict_note(v, event->as == COMPARED_AS_DEATH ? CLUE_DIED_TOGETHER : CLUE_POOL_EMPTIED,
                     event->last_frame, event->count, event->last_ns - event->first_ns);
    if (event->refused)
        verdict_note(v, CLUE_REFUSED_AFTERWARDS, event->refused_frame, event->refused - 1, 0);
    if (event->back_frame)
        verdict_note(v, CLUE_BACK, event->back_frame, event->back_ns - event->last_ns, 0);
}

const struct verdict *event_teller(const struct verdict *v)
{
    const struct event *event = v->event;
    enum comparison as = verdict_comparison(v);

    if (!event || (as != event->as && as != COMPARED_AS_REFUSAL) || event->first == v)
        return NULL;
    return event->first;
}

void event_tell(struct verdict *v)
{
    const struct event *event = v->event;
    enum comparison as = verdict_comparison(v);

    if (!event || !event->first)
        return;
    if (as == event->as && event->first->frame == v->frame)
        tell_all(v, event);
    else if (as == event->as)
        verdict_note(v, CLUE_ONE_OF_EVENT, event->first->frame, event->count,
                     event->last_ns - event->first_ns);
    else if (as == COMPARED_AS_REFUSAL && event->count > 1)
        verdict_note(v, CLUE_WENT_DOWN, event->first->frame, event->count,
                     event->last_ns - event->first_ns);
}
