/* Resets that their sender did not make.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "details.h"
#include "distance.h"
#include "duration.h"
#include "limit.h"
#include "questions.h"
#include "seq.h"

/* What the address shows on its other connections explains much, such as a balancer in front. */
static bool shows_elsewhere(const struct reset *r)
{
    const struct ttls *elsewhere = &r->elsewhere[r->sender_side];

    return r->form == FORM_ACTIVE ? ttls_has(elsewhere, r->seg->ttl)
                                  : elsewhere->shown[0] && ttls_allow(elsewhere, r->seg->ttl);
}

/* "TSopt MUST be sent [...] only if" both SYNs had it: RFC 7323, 3.2. */
static bool has_extra_option(const struct reset *r)
{
    const struct side *sender = r->sender;

    return r->form == FORM_ACTIVE && r->seg->has_timestamp && sender->syn_frame &&
           !sender->stamps && sender->ttls.times >= LIMIT_FIRM_TTL_SEGMENTS;
}

/*
 * A TTL that cannot be the sender's: a live socket goes on with the one it has; a kernel without a
 * socket takes a default, at the same distance.
 */
static bool is_misfit(const struct reset *r)
{
    const struct ttls *ttls = &r->sender->ttls;

    if (has_extra_option(r))
        return true;
    if (!r->seg->ttl || shows_elsewhere(r))
        return false;
    if (r->form == FORM_ACTIVE)
        return r->sender->syn_frame && ttls_is_stable(ttls) &&
               ttls->times >= LIMIT_FIRM_TTL_SEGMENTS && !ttls_has(ttls, r->seg->ttl);
    return r->form == FORM_REFLEX && !ttls_allow(ttls, r->seg->ttl);
}

/* Its SYN may be a raw socket's, or another's who borrowed the address: then the kernel's TTL
 * differs, and only what follows tells. */
static bool is_of_lone_syn(const struct reset *r)
{
    return !r->flow->open_frame && r->sender->syn_frame;
}

/* A box answers at the end of a pause, or for a connection that it has seen reset. */
static bool is_of_forgotten_state(const struct reset *r)
{
    const struct resetting *before = flow_reset(r->flow, r->receiver_side);

    return r->form == FORM_REFLEX &&
           (r->idle_ns >= r->tuning->idle_ns ||
            (before->first_frame &&
             r->seg->time_ns - before->latest_ns > duration_of_ms(LIMIT_BOTH_WAYS_MS)));
}

/* The header goes on where its sender was: one slow handshake measures no distance. */
static bool runs_on(const struct reset *r)
{
    uint16_t step = (uint16_t)(r->seg->ip_id - r->sender->ip_id);

    return !r->sender->rtt_again && ttls_is_stable(&r->sender->ttls) &&
           ttls_has(&r->sender->ttls, r->seg->ttl) && r->seg->has_ip_id && r->sender->has_ip_id &&
           step && step <= LIMIT_IP_ID_NEAR_STEPS;
}

/* How far away its maker is, beside its sender. */
static void note_distance(const struct reset *r, struct verdict *v)
{
    const struct side *sender = r->sender;
    uint8_t shown = sender->ttls.shown[0];
    int64_t took_ns = r->too_soon ? r->seg->time_ns - r->too_soon->time_ns : r->rtt_ns;

    if (took_ns >= 0 && took_ns < r->rtt_ns)
        verdict_note(v, CLUE_NEARER, 0, 100 * took_ns / r->rtt_ns, 0);
    if (r->seg->ttl && shown && ttls_hops(shown) > ttls_hops(r->seg->ttl))
        verdict_note(v, CLUE_HOPS, 0, ttls_hops(r->seg->ttl), ttls_hops(shown));
}

static void note_misfit(const struct reset *r, struct verdict *v)
{
    const struct side *sender = r->sender;

    if (has_extra_option(r))
        verdict_note(v, CLUE_EXTRA_OPTION, 0, 0, 0);
    if (ttls_has(&sender->ttls, r->seg->ttl) || !r->seg->ttl)
        return;
    if (r->form == FORM_REFLEX)
        verdict_note(v, CLUE_TTL_IMPOSSIBLE, 0, r->seg->ttl, sender->ttls.shown[0]);
    else
        verdict_note(v, CLUE_TTL, 0, r->seg->ttl, sender->ttls.shown[0]);
    if (r->form == FORM_ACTIVE && r->seg->has_ip_id && sender->has_ip_id &&
        (uint16_t)(r->seg->ip_id - sender->ip_id) > LIMIT_IP_ID_OFF_STEPS)
        verdict_note(v, CLUE_IP_ID, 0, r->seg->ip_id, sender->ip_id);
}

static enum detail detail_of_misfit(const struct reset *r, struct verdict *v)
{
    const struct resetting *before = flow_reset(r->flow, r->receiver_side);

    if (reset_finds_all_closed(r))
        return DETAIL_STATE_CLEANUP;
    if (!before->first_frame ||
        r->seg->time_ns - before->latest_ns > duration_of_ms(LIMIT_BOTH_WAYS_MS))
        return DETAIL_MISFIT;
    verdict_note(v, CLUE_KILLED_BEFORE, before->first_frame, 0, 0);
    return DETAIL_BOTH_WAYS;
}

static bool is_too_soon(const struct reset *r)
{
    return r->too_soon && r->idle_ns < r->tuning->idle_ns; /* else: idle_timeout */
}

static bool is_signed_oddly(const struct reset *r)
{
    return r->seg->is_signed && !r->sender->is_signed;
}

static bool is_raised(const struct reset *r)
{
    return !r->trigger && reset_raises_sequence(r->flow, r->seg);
}

static bool fits_nowhere(const struct reset *r)
{
    return is_misfit(r) && !is_of_lone_syn(r) && !is_of_forgotten_state(r);
}

/*
 * What comes later proves most forgeries (judge_reconsider()); at once only a header shows that
 * does not fit.  Missing timestamps or an IP ID of 0 are none of a reflex: the kernel makes it
 * without a socket (Linux, tcp_v4_send_reset()).
 */
enum fit forgery_fits(const struct reset *r)
{
    if (!r->sender->seen)
        return FIT_REFUTED;
    if (is_signed_oddly(r) || is_raised(r) || fits_nowhere(r) ||
        (is_too_soon(r) && !runs_on(r) && distance_is_steady(r)))
        return FIT_LIKELY;
    return is_too_soon(r) || (is_misfit(r) && !is_of_forgotten_state(r)) ? FIT_POSSIBLE
                                                                         : FIT_REFUTED;
}

void detail_injected(const struct reset *r, struct verdict *v)
{
    const struct resetting *before = flow_reset(r->flow, r->sender_side);

    if (is_signed_oddly(r)) {
        v->detail = DETAIL_EVASION;
        verdict_note(v, CLUE_SIGNED, 0, 0, 0);
    } else if (is_raised(r)) {
        v->detail = DETAIL_SEQUENCE;
        verdict_note(v, seq_after(r->seg->seq, before->latest_seq) ? CLUE_RISING : CLUE_REVERSED,
                     before->first_frame, before->latest_seq, r->seg->seq);
    } else if (fits_nowhere(r)) {
        v->detail = detail_of_misfit(r, v);
        note_misfit(r, v);
    } else if (is_too_soon(r)) {
        v->detail = DETAIL_TOO_SOON;
        verdict_note(v, CLUE_TOO_SOON, r->too_soon->frame, r->seg->time_ns - r->too_soon->time_ns,
                     r->rtt_ns);
        verdict_prove(v, r->too_soon->frame);
    }
    note_distance(r, v);
    if (v->detail != DETAIL_EVASION)
        v->by = PARTY_MIDDLEBOX;
}
