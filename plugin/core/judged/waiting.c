/* Timers that end a connection: those of its host, and what limits an idle one.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "details.h"
#include "duration.h"
#include "limit.h"
#include "questions.h"
#include "seq.h"
#include "timers.h"

/* Whether what the sender repeated was never acknowledged, or by nothing that reached it. */
static bool unheeded(const struct reset *r)
{
    const struct chain *chain = side_retransmission(r->sender);

    if (chain->count < LIMIT_RETRANSMISSIONS)
        return false;
    return !r->receiver->has_acked || !seq_after(r->receiver->acked, chain->seq) ||
           chain->answers >= LIMIT_LOST_ACKS;
}

/* Timers of the same length drift. */
static bool is_due(int64_t waited_ns, int64_t interval_ns)
{
    return duration_distance_ns(waited_ns, interval_ns) <= interval_ns / LIMIT_PROBE_PACE_PART;
}

/*
 * The timer doubles (RFC 6298, 5.5), up to a bound.  At another time a program gave up, or died.
 */
static bool comes_with_the_timer(const struct reset *r, const struct chain *chain)
{
    int64_t waited_ns = r->seg->time_ns - chain->last_ns;

    return is_due(waited_ns, chain->interval_ns) ||
           is_due(waited_ns, LIMIT_BACK_OFF_TIMES * chain->interval_ns);
}

static void note_retransmissions(const struct reset *r, struct verdict *v)
{
    const struct chain *chain = side_retransmission(r->sender);

    verdict_note(v, CLUE_RETRANSMITTED, chain->first_frame, chain->count,
                 chain->last_ns - chain->first_ns);
    if (chain->answers)
        verdict_note(v, CLUE_ACKS_IGNORED, 0, chain->answers, 0);
    else if (r->receiver->seen && !r->trigger)
        verdict_note(v, CLUE_QUIET, 0, r->quiet_ns, 0);
}

/* Nothing came back since its FIN, so no acknowledgement of that either. */
static bool closed_in_vain(const struct reset *r)
{
    return r->form == FORM_ACTIVE && r->sender->fin_frame &&
           (!r->receiver->seen || r->receiver->heard_ns < r->sender->fin_ns) &&
           r->seg->time_ns - r->sender->fin_ns > duration_of_ms(LIMIT_FIN_UNHEARD_MS);
}

/*
 * "When the number of transmissions of the same segment reaches a threshold R2 greater than R1,
 *  close the connection."                                           RFC 9293, 3.8.3
 * Linux closes it without a reset: only the next segment of the peer finds out.
 */
enum fit waiting_retransmission(const struct reset *r)
{
    const struct chain *chain = side_retransmission(r->sender);

    if (!unheeded(r))
        return closed_in_vain(r) ? FIT_POSSIBLE : FIT_REFUTED;
    if (r->form == FORM_REFLEX && (!r->trigger || r->trigger->time_ns < chain->last_ns))
        return FIT_REFUTED;
    return r->form == FORM_ACTIVE && chain->count >= LIMIT_RETRANSMISSIONS_SURE &&
                   !chain->answers && comes_with_the_timer(r, chain)
               ? FIT_PROVEN
               : FIT_LIKELY;
}

void detail_timeout(const struct reset *r, struct verdict *v)
{
    const struct chain *chain = side_retransmission(r->sender);

    if (!unheeded(r)) {
        v->detail = DETAIL_CLOSE_UNANSWERED;
        verdict_note(v, CLUE_FIN, r->sender->fin_frame, r->seg->time_ns - r->sender->fin_ns, 0);
        return;
    }
    v->detail = r->form == FORM_REFLEX ? DETAIL_GAVE_UP_SILENTLY : DETAIL_RESET;
    note_retransmissions(r, v);
    if (r->form == FORM_ACTIVE && !comes_with_the_timer(r, chain))
        verdict_note(v, CLUE_NOT_DUE, chain->last_frame, r->seg->time_ns - chain->last_ns,
                     chain->interval_ns);
}

/* Found out by the next segment of a peer that had been silent: the probing had stopped. */
static bool stopped_probing(const struct reset *r, const struct chain *probe)
{
    return r->trigger && r->trigger->time_ns - probe->last_ns > probe->interval_ns;
}

static bool is_unheeded_keepalive(const struct reset *r, const struct chain *probe)
{
    return probe->count >= LIMIT_PROBES && !probe->uneven && !probe->closed_window &&
           !probe->echo_moved && !chain_is_heard(probe, r->seg);
}

static const struct chain *probes(const struct reset *r)
{
    return side_probe_until(r->sender, r->trigger ? r->trigger->frame : 0);
}

/* gVisor resets for none of its timers, Linux not for a closed window. */
static void give_up_silently(const struct reset *r, struct verdict *v)
{
    const struct chain *probe = probes(r);

    v->detail = DETAIL_GAVE_UP_SILENTLY;
    v->probe = (struct run){ probe->first_frame, probe->last_frame, probe->count };
    verdict_note(v, CLUE_STOPPED_PROBING, r->trigger->frame, r->trigger->time_ns - probe->last_ns,
                 probe->interval_ns);
}

/* At no pace and no moment that a timer has; a clock that stepped takes them away. */
static bool was_probed_in_vain(const struct reset *r, const struct chain *probe)
{
    return probe->count >= LIMIT_PROBES && !probe->closed_window && !probe->echo_moved &&
           !chain_is_heard(probe, r->seg) && r->receiver->heard_ns < probe->first_ns;
}

/* "A TCP implementation MUST NOT interpret failure to respond to any specific probe as a dead
 *  connection"                                                      RFC 9293, 3.8.4 */
enum fit waiting_keepalive(const struct reset *r)
{
    const struct chain *probe = probes(r);

    if (is_unheeded_keepalive(r, probe)) {
        if (stopped_probing(r, probe) && r->lull_ns < probe->first_ns)
            return FIT_LIKELY;
        if (r->form == FORM_ACTIVE && is_due(r->seg->time_ns - probe->last_ns, probe->interval_ns))
            return probe->count > LIMIT_PROBES && !probe->answers ? FIT_PROVEN : FIT_LIKELY;
    }
    return r->form == FORM_ACTIVE && was_probed_in_vain(r, probe) ? FIT_POSSIBLE : FIT_REFUTED;
}

void detail_keepalive_timeout(const struct reset *r, struct verdict *v)
{
    const struct chain *probe = probes(r);

    if (r->form == FORM_REFLEX)
        give_up_silently(r, v);
    else
        v->detail = DETAIL_RESET;
    verdict_note(v, CLUE_PROBED, probe->first_frame, probe->count, probe->interval_ns);
    if (r->form == FORM_REFLEX)
        return;
    if (probe->answers)
        verdict_note(v, CLUE_PROBE_ANSWERS_LOST, 0, 0, 0);
    else
        verdict_note(v, CLUE_QUIET, 0, r->quiet_ns, 0);
}

/* Probes into a closed window: RFC 9293, 3.8.6.1. */
enum fit waiting_persist(const struct reset *r)
{
    const struct chain *probe = probes(r);

    if (probe->count < LIMIT_PROBES || !probe->closed_window)
        return FIT_REFUTED;
    return stopped_probing(r, probe) || (r->form == FORM_ACTIVE && !r->receiver->window)
               ? FIT_LIKELY
               : FIT_REFUTED;
}

void detail_zero_window_timeout(const struct reset *r, struct verdict *v)
{
    const struct chain *probe = probes(r);

    if (r->form == FORM_REFLEX)
        give_up_silently(r, v);
    else
        v->detail = DETAIL_RESET;
    verdict_note(v, CLUE_WINDOW_PROBED, probe->first_frame, probe->count,
                 probe->last_ns - probe->first_ns);
}

static bool is_timed(const struct reset *r)
{
    return timer_fitting_s(r->idle_ns) || timer_is_round(r->idle_ns);
}

/* A pause that ended in a reset nobody asked for: a timer, or a program that closed. */
static enum fit expires_at_reset(const struct reset *r)
{
    if (!r->finished)
        return FIT_REFUTED;
    if (is_timed(r))
        return FIT_LIKELY;
    /* a server's program seldom resets what is idle: a box or a reaper does */
    return r->sender_is_client ? FIT_FAINT : FIT_POSSIBLE;
}

static bool expired_silently(const struct reset *r)
{
    /* what was outstanding when the pause began is what the trigger did not bring */
    return r->trigger && !r->sender_out && !side_retransmission(r->sender)->count &&
           (r->trigger->frame == r->receiver->word_frame || r->finished);
}

enum fit waiting_expiry(const struct reset *r)
{
    if (r->sender->fin_frame || r->receiver->fin_frame || r->idle_ns < r->tuning->idle_ns ||
        r->receiver->has_reset || !r->receiver->seen)
        return FIT_REFUTED;
    if (r->form == FORM_ACTIVE)
        return expires_at_reset(r);
    return expired_silently(r) ? FIT_LIKELY : FIT_REFUTED;
}

/* What the length of the pause tells, and what was done to keep the connection. */
static void note_pause(const struct reset *r, struct verdict *v)
{
    bool silently = v->detail == DETAIL_EXPIRED_SILENTLY;
    int64_t timer_s = silently ? timer_within_s(r->idle_ns) : timer_fitting_s(r->idle_ns);
    int64_t end_ns = r->trigger ? r->trigger->time_ns : r->seg->time_ns;

    verdict_note(v, CLUE_IDLE, 0, r->idle_ns, 0);
    if (timer_s)
        verdict_note(v, silently ? CLUE_TIMER_WITHIN : CLUE_TIMER, 0, r->idle_ns, timer_s);
    else if (!silently && timer_is_round(r->idle_ns))
        verdict_note(v, CLUE_ROUND, 0, r->idle_ns, 0);
    if (r->probes_in_pause)
        verdict_note(v, CLUE_KEEPALIVES_UNANSWERED, 0, r->probes_in_pause, end_ns - r->probed_ns);
    else
        verdict_note(v, CLUE_NO_KEEPALIVES, 0, 0, 0);
}

void detail_idle_timeout(const struct reset *r, struct verdict *v)
{
    v->detail = r->form == FORM_ACTIVE ? DETAIL_RESET_AT_EXPIRY : DETAIL_EXPIRED_SILENTLY;
    note_pause(r, v);
    if (!r->too_soon)
        return;
    v->by = PARTY_MIDDLEBOX; /* a box on the path had the state, and lost it */
    verdict_note(v, CLUE_TOO_SOON, r->too_soon->frame, r->seg->time_ns - r->too_soon->time_ns,
                 r->rtt_ns);
}
