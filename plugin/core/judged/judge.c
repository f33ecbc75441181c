/* From one reset and the flow it ends to a verdict with its evidence.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge.h"

#include "details.h"
#include "duration.h"
#include "limit.h"
#include "questions.h"
#include "seq.h"
#include "trigger.h"

static detail_fn *const detail_of[] = {
#define CAUSE(NUMBER, ID, token, ...) [CAUSE_##ID] = detail_##token,
#include "causes.def"
};

static struct run run_of(const struct chain *chain)
{
    return (struct run){ chain->first_frame, chain->last_frame, chain->count };
}

/* When it came, behind what. */
static void measure(const struct reset *r, struct verdict *v)
{
    const struct side *sender = r->sender, *receiver = r->receiver;

    if (sender->fin_frame)
        v->since_fin_ns = duration_distance_ns(r->trigger ? r->trigger->time_ns : r->seg->time_ns,
                                               sender->fin_ns);
    else if (receiver->fin_frame)
        v->since_fin_ns = r->seg->time_ns - receiver->fin_ns;
    if (sender->fin_frame && (!receiver->fin_frame || sender->fin_frame < receiver->fin_frame))
        v->waited_ns = duration_of_ms(r->flow->waited_ms);
    if (r->flow->open_frame)
        v->since_open_ns = r->seg->time_ns - r->flow->open_ns;
    if (r->flow->started)
        v->idle_ns = r->idle_ns;
    if (receiver->seen)
        v->quiet_ns = r->quiet_ns;
    if (side_retransmission(sender)->count)
        v->unanswered_ns =
            side_retransmission(sender)->last_ns - side_retransmission(sender)->first_ns;
}

/* A live socket of Linux resets with its window; Windows, BSD and gVisor with none. */
static bool may_be_linux(const struct reset *r)
{
    uint8_t own = r->sender->ttls.shown[0];
    bool windowless = r->form == FORM_ACTIVE && !r->seg->window && r->sender->window;

    return !windowless && verdict_ttl_may_be_linux(own ? own : r->seg->ttl);
}

/* What can be said of every reset, whatever its cause. */
static struct verdict describe(const struct reset *r)
{
    const struct side *sender = r->sender, *receiver = r->receiver;
    struct verdict v = verdict_begin(r->flow, r->sender_side, r->form);

    v.frame = r->seg->frame;
    v.seq = r->seg->seq;
    v.ack = r->seg->flags & SEGMENT_ACK ? r->seg->ack : 0;
    v.time_ns = r->seg->time_ns;
    v.bare = !(r->seg->flags & SEGMENT_ACK) && !(r->trigger && r->trigger->len);
    v.sender_is_client = r->sender_is_client;
    v.by = r->sender_is_client ? PARTY_CLIENT : PARTY_SERVER;
    v.sender_may_be_linux = may_be_linux(r);
    v.lost_sender = r->sender_out;
    v.lost_receiver = r->receiver_out > r->acks_more ? r->receiver_out - r->acks_more : 0;
    v.missing = sender->fin_frame ? talk_ending(&sender->talk).missing : 0;
    if (!sender->syn_frame && !receiver->syn_frame)
        v.syn = 0;
    if (r->trigger) {
        v.trigger = r->trigger->frame;
        v.since_trigger_ns = r->seg->time_ns - r->trigger->time_ns;
        v.late_write =
            r->trigger->len && sender->fin_frame && seq_after(r->trigger->ack, sender->fin_seq);
    }
    if (side_retransmission(sender)->count)
        v.retransmission = run_of(side_retransmission(sender));
    if (side_probe(sender)->count >= LIMIT_PROBES)
        v.probe = run_of(side_probe(sender));
    measure(r, &v);
    return v;
}

/* What else of the header fits its sender; what does not is the business of forgery_fits(). */
static void note_provenance(const struct reset *r, struct verdict *v)
{
    const struct side *sender = r->sender;
    uint16_t step = (uint16_t)(r->seg->ip_id - sender->ip_id);
    bool same = ttls_has(&sender->ttls, r->seg->ttl);

    if (!r->seg->ttl || !ttls_is_stable(&sender->ttls))
        return;
    if (r->form == FORM_REFLEX && !same && ttls_allow(&sender->ttls, r->seg->ttl))
        verdict_note(v, CLUE_TTL_DEFAULT, 0, r->seg->ttl, sender->ttls.shown[0]);
    else if (r->form == FORM_ACTIVE && same && r->seg->has_ip_id && step &&
             step <= LIMIT_IP_ID_NEAR_STEPS)
        verdict_note(v, CLUE_TTL_AND_IP_ID, 0, r->seg->ttl, step);
    else if (r->form == FORM_ACTIVE && same)
        verdict_note(v, CLUE_TTL_SAME, 0, r->seg->ttl, 0);
}

/* The form of a host without a live socket. */
static void note_reflex(const struct reset *r, struct verdict *v)
{
    const struct segment *rst = r->seg;
    const struct step *trigger = r->trigger;

    if (!trigger && r->ahead)
        verdict_note(v, CLUE_UNSEEN_CLOSE, 0, rst->seq, seq_ahead(rst->seq, r->sender->snd_nxt));
    else if (!trigger)
        verdict_note(v, CLUE_REFLEX_LOST, 0, 0, 0);
    else if (r->closed_socket && seq_after(rst->ack, r->sender->acked))
        verdict_note(v, CLUE_CLOSED_SOCKET, trigger->frame, rst->seq, rst->ack);
    else if (r->closed_socket)
        verdict_note(v, CLUE_CLOSED_SOCKET_DROPS, trigger->frame, rst->seq, rst->ack);
    else if (rst->flags & trigger->flags & SEGMENT_ACK)
        verdict_note(v, CLUE_REFLEX_ACKS, trigger->frame, rst->seq, rst->ack);
    else if (rst->flags & SEGMENT_ACK)
        verdict_note(v, CLUE_REFLEX_NO_ACK, trigger->frame, rst->ack, rst->seq);
    else
        verdict_note(v, CLUE_REFLEX, trigger->frame, rst->seq, rst->window);
    if (trigger && trigger->flags & SEGMENT_RST)
        verdict_note(v, CLUE_ANSWERS_RESET, trigger->frame, 0, 0);
}

/* How the header tells the form: the arithmetic a reader can check. */
static void note_form(const struct reset *r, struct verdict *v)
{
    const struct segment *rst = r->seg;

    if (r->form == FORM_REFLEX)
        note_reflex(r, v);
    else if (r->ahead)
        verdict_note(v, CLUE_ACTIVE_AHEAD, 0, rst->seq, seq_ahead(rst->seq, r->sender->snd_nxt));
    else if (r->bare)
        verdict_note(v, CLUE_ACTIVE_BARE, 0, rst->seq, 0);
    else if (r->form == FORM_ACTIVE)
        verdict_note(v, CLUE_ACTIVE, 0, rst->seq, rst->ack);
    if (r->fitting > 1)
        verdict_note(v, CLUE_ONE_OF, 0, r->fitting, r->receiver_out);
    note_provenance(r, v);
}

/*
 * "1) If the RST bit is set and the sequence number is outside the current receive window,
 *     silently drop the reset.  2) If the RST bit is set and the sequence number exactly matches
 *     the next expected sequence number (RCV.NXT), then TCP endpoints MUST reset"
 *                                                                         RFC 9293, 3.10.7.4
 */
static enum effect find_effect(const struct reset *r)
{
    const struct side *sender = r->sender, *receiver = r->receiver;

    if (receiver->syn_frame && !receiver->syn_ack && !sender->seen)
        return r->seg->flags & SEGMENT_ACK && r->seg->ack == receiver->snd_nxt ? EFFECT_RESET
                                                                               : EFFECT_NONE;
    if (!receiver->has_acked || !sender->seen)
        return EFFECT_UNKNOWN;
    if (reset_finds_all_closed(r))
        return EFFECT_NONE; /* nothing was left to reset */
    if (seq_before(r->seg->seq, receiver->acked) &&
        !(sender->fin_frame && r->seg->seq == sender->fin_seq))
        return EFFECT_NONE;
    return seq_after(r->seg->seq, sender->snd_nxt) && !r->ahead ? EFFECT_NONE : EFFECT_RESET;
}

/* Whether the capture lacks what the reset rests on; it is said. */
static bool lacks_the_ground(const struct reset *r, struct verdict *v)
{
    const struct side *sender = r->sender, *receiver = r->receiver;
    bool no_word_of_sender =
        !sender->seen && receiver->syn_frame && !receiver->syn_ack && receiver->has_acked;
    bool no_word_of_receiver = !receiver->seen && !receiver->has_reset;
    bool fin_unseen = sender->fin_unseen && !sender->fin_frame;

    if (no_word_of_sender || no_word_of_receiver)
        verdict_note(v, CLUE_ONE_DIRECTION, 0, 0, 0);
    if (r->acks_unseen > 1)
        verdict_note(v, CLUE_ACKS_UNSEEN, 0, r->acks_unseen, 0);
    if (fin_unseen)
        verdict_note(v, CLUE_FIN_UNSEEN, 0, sender->snd_nxt, 0);
    return no_word_of_sender || no_word_of_receiver || r->acks_unseen > 1 || fin_unseen ||
           (r->form == FORM_REFLEX && !r->trigger && !reset_finds_all_closed(r));
}

static bool lacks_segments(const struct side *side)
{
    return side_lacks_bytes(side) || side->talk.lost;
}

/*
 * Whether the capture lacks something: bytes, one half of the handshake, or what the reset answers,
 * if it came sooner than an answer to what is shown can.
 */
static bool has_gaps(const struct reset *r)
{
    const struct side *sender = r->sender, *receiver = r->receiver;
    bool half_open = r->flow->opener_known && ((sender->seen && !sender->syn_frame) ||
                                               (receiver->seen && !receiver->syn_frame));

    return lacks_segments(sender) || lacks_segments(receiver) || half_open ||
           (r->trigger && trigger_is_within(r, r->trigger, LIMIT_TOO_NEW_QUARTERS));
}

/* Whether the capture begins so late that not both have said something in it: what was said before
 * may have been a question.  No segment of a connection lacks the ACK flag (RFC 9293, 3.1). */
static bool begins_too_late(const struct reset *r)
{
    bool is_of_none = r->trigger && !(r->trigger->flags & SEGMENT_ACK);

    return !r->flow->opener_known && !is_of_none &&
           !(r->sender->word_frame && r->receiver->word_frame);
}

/* Whether it shows only the direction of the reset, and that there was another. */
static bool shows_one_direction(const struct reset *r)
{
    return r->sender->has_acked && !r->receiver->seen;
}

/* Whether an end that broke something may look harmless for what the capture lacks: of a client
 * that had closed, how it did, and what came behind that; else also what the other said last, which
 * may have been a question. */
static bool lacks_its_end(const struct reset *r)
{
    bool left = r->sender->fin_frame && r->form == FORM_REFLEX && r->sender_is_client &&
                !(r->trigger && seq_after(r->trigger->seq, r->sender->acked));

    return !reset_finds_all_closed(r) &&
           (begins_too_late(r) || shows_one_direction(r) || lacks_segments(r->sender) ||
            (!left && lacks_segments(r->receiver)));
}

static bool rests_on_words(const struct verdict *v)
{
    const struct detail_info *detail = detail_info(v->detail); /* NULL: none */

    return cause_info(v->cause)->rests_on_words || (detail && detail->rests_on_words);
}

/* A capture of one side is never certain, nor is one without its handshake, or with gaps. */
static void doubt(const struct reset *r, struct verdict *v)
{
    const struct flow *flow = r->flow;

    if (flow->started && lacks_the_ground(r, v))
        verdict_limit(v, CONFIDENCE_POSSIBLE);
    if (reset_is_of_two(r))
        verdict_note(v, CLUE_TWO_CONNECTIONS, 0, 0, 0);
    if ((r->sender->talk.snapped || r->receiver->talk.snapped) && rests_on_words(v)) {
        verdict_note(v, CLUE_SNAPPED, 0, 0, 0);
        verdict_limit(v, CONFIDENCE_POSSIBLE);
    }
    if ((r->sender->options_cut || r->receiver->options_cut || segment_lacks_options(r->seg)) &&
        (cause_info(v->cause)->rests_on_options ||
         r->bare)) { /* timestamps tell a bare one's form */
        verdict_note(v, CLUE_OPTIONS_CUT, 0, 0, 0);
        verdict_limit(v, CONFIDENCE_POSSIBLE);
    }
    if (flow->started && !flow->opener_known)
        verdict_note(v, CLUE_HANDSHAKE_NOT_SEEN, 0, 0, 0);
    if (!flow->opener_known || has_gaps(r) || reset_is_of_two(r))
        verdict_limit(v, CONFIDENCE_LIKELY);
}

/* A first reset that did not end the connection is no model for the next one. */
static bool is_repeat(const struct verdict *first, const struct reset *r)
{
    if (!first || verdict_ends_nothing(first))
        return false;
    switch (cause_info(first->cause)->next_reset) {
    case NEXT_REPEATS_UNTIL_OPEN:
        return !r->sender->syn_frame;
    case NEXT_REPEATS_IN_BURST:
        return false;
    case NEXT_REPEATS:
        break;
    }
    return true;
}

/* Forgers seldom send one reset only; where no stack can have made two, it made none of them. */
static bool is_of_the_same_burst(const struct verdict *first, const struct verdict *v)
{
    const struct detail_info *detail = detail_info(first->detail);

    return cause_info(first->cause)->next_reset == NEXT_REPEATS_IN_BURST &&
           (v->cause == first->cause || (detail && detail->whole_burst)) &&
           v->time_ns - first->time_ns <= duration_of_ms(LIMIT_RESET_BURST_MS);
}

/* Contradictory flags are no end of a connection: who forges one writes them, or a poor stack. */
static void ask(struct reset *r, const struct trail *trail, struct verdict *v)
{
    r->kept = reset_kept(r, trail);
    r->alone_ns = reset_alone_ns(r, trail);
    if (misplaced_flags(r)) {
        answer_fits(&v->answers.maker[MAKER_BOX], FIT_FAINT, OBJECTION_NONE);
        verdict_fit(v, MAKER_PROGRAM, STAGE_OPEN, DEBT_SENDER, FIT_FAINT);
    } else {
        questions_ask(r, &v->answers);
    }
    verdict_weigh(v);
    detail_of[v->cause](r, v);
}

struct verdict judge_reset(const struct flow *flow, struct trail *trail, const struct segment *rst,
                           const struct verdict *first, const struct surroundings *around)
{
    struct reset r = reset_in_context(flow, trail, rst, around);
    struct verdict v = describe(&r);

    note_form(&r, &v);
    v.effect = find_effect(&r);
    if (is_repeat(first, &r)) {
        verdict_inherit(&v, first);
        v.repeat_of = first->frame;
    } else {
        ask(&r, trail, &v);
    }
    if (first && is_of_the_same_burst(first, &v)) {
        verdict_inherit(&v, first);
        v.repeat_of = first->frame;
    }
    if (!v.repeat_of)
        doubt(&r, &v);
    if (v.severity == SEVERITY_DEFAULT) /* the rule has not said more */
        v.severity = cause_severity(v.cause, v.detail);
    /* nothing tells a forger from its sender where no TTL is known */
    v.may_have_broken = reset_is_of_two(&r) || lacks_its_end(&r) || !r.seg->ttl;
    v.severity = verdict_allows(&v, v.severity);
    v.overturnable = !verdict_ends_nothing(&v); /* a side that goes on did not send it */
    v.provisional = v.overturnable || verdict_comparison(&v) != COMPARED_WITH_NOTHING;
    if (r.trigger)
        trail_step(trail, r.trigger->serial)->spent = true;
    return v;
}
