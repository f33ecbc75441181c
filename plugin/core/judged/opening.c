/* Connections that hardly began: who had been asked, had asked, had taken one and said nothing.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "details.h"
#include "duration.h"
#include "limit.h"
#include "questions.h"
#include "seq.h"

static bool answers_syn(const struct reset *r)
{
    return r->trigger && (r->trigger->flags & (SEGMENT_SYN | SEGMENT_ACK)) == SEGMENT_SYN;
}

/*
 * "If the state is CLOSED [...] If the ACK bit is off, sequence number zero is used,
 *  <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>"                       RFC 9293, 3.10.7.1
 */
static bool refuses_by_number(const struct reset *r)
{
    return answers_syn(r) || r->seg->ack == r->receiver->isn + 1;
}

/* The form that only what had no ACK can draw: RFC 9293, 3.10.7.1. */
static bool has_form_of_refusal(const struct reset *r)
{
    return (r->seg->flags & (SEGMENT_RST | SEGMENT_ACK | SEGMENT_SYN | SEGMENT_FIN)) ==
               (SEGMENT_RST | SEGMENT_ACK) &&
           r->seg->seq == 0;
}

/* Nothing else is in the capture. */
static bool refuses_unseen(const struct reset *r)
{
    return !r->receiver->seen && has_form_of_refusal(r) && !r->seg->window;
}

enum fit opening_called(const struct reset *r)
{
    const struct side *caller = r->receiver;

    if (!r->sender->seen && !caller->seen)
        return refuses_unseen(r) ? FIT_POSSIBLE : FIT_REFUTED;
    if (!caller->syn_frame || caller->syn_ack || r->sender->seen)
        return FIT_REFUTED;
    if (refuses_by_number(r))
        return r->seg->seq == 0 && answers_syn(r) ? FIT_PROVEN : FIT_LIKELY;
    /* small stacks get the number wrong; the caller ignores that and asks on */
    return has_form_of_refusal(r) ? FIT_LIKELY : FIT_REFUTED;
}

void detail_refused(const struct reset *r, struct verdict *v)
{
    const struct side *caller = r->receiver;

    v->detail = DETAIL_CLOSED_PORT;
    if (!caller->seen) {
        v->sender_is_client = false;
        v->by = PARTY_SERVER;
        verdict_note(v, CLUE_SYN_UNSEEN, 0, r->seg->ack, 0);
        return;
    }
    if (!answers_syn(r)) /* several SYNs, all but one refused before */
        v->trigger = caller->syn_frame;
    if (!refuses_by_number(r))
        verdict_note(v, CLUE_WRONG_ACK, caller->syn_frame, r->seg->ack, caller->isn + 1);
    if (caller->syn_count > 1)
        verdict_note(v, CLUE_RETRIED, 0, caller->syn_count, 0);
    verdict_note(v, CLUE_NO_SYN_ACK, 0, 0, 0);
}

static bool gave_up_on_silence(const struct reset *r)
{
    return side_probe(r->sender)->count >= LIMIT_PROBES ||
           side_retransmission(r->sender)->count >= LIMIT_RETRANSMISSIONS ||
           (r->receiver->seen && r->receiver->window == 0 && r->receiver->window_max);
}

/* Nothing but a banner: what a server says unasked, in one go. */
static bool only_a_banner(const struct side *acceptor)
{
    return acceptor->data_segments <= LIMIT_BANNER_SEGMENTS && !acceptor->fin_frame;
}

/* TLS begins with what any scanner sends: until its key exchange, the opener has said nothing. */
static bool said_only_hello(const struct side *opener)
{
    return opener->talk.spoken && opener->talk.tls_began && !opener->talk.tls_keyed &&
           !opener->talk.lost;
}

static bool only_hellos(const struct side *opener, const struct side *acceptor)
{
    return said_only_hello(opener) && !acceptor->talk.conversed && !acceptor->talk.alerted &&
           !acceptor->fin_frame;
}

/*
 * A scanner writes a bare SYN on a raw socket, and its kernel, which knows of none, resets the
 * answer.  Whoever resets with the window of its own SYN has a stack that knew.
 */
static enum detail detail_of_half_open(const struct reset *r)
{
    const struct side *opener = r->sender;

    return opener->syn_options <= LIMIT_BARE_SYN_OPTIONS &&
                   !(r->seg->window && r->seg->window == opener->window)
               ? DETAIL_HALF_OPEN_SCAN
               : DETAIL_ABANDONED_CONNECT;
}

static enum fit half_open(const struct reset *r)
{
    if (r->trigger && r->trigger->ack != r->sender->isn + 1)
        return FIT_REFUTED; /* it answers something else than this SYN */
    return detail_of_half_open(r) == DETAIL_HALF_OPEN_SCAN && r->form == FORM_REFLEX ? FIT_PROVEN
                                                                                     : FIT_LIKELY;
}

enum fit opening_asked(const struct reset *r)
{
    const struct side *opener = r->sender, *acceptor = r->receiver;

    if (!opener->syn_frame || opener->syn_ack ||
        (opener->talk.spoken && !said_only_hello(opener)) || opener->fin_frame ||
        acceptor->has_reset || acceptor->talk.strange || seq_after(r->seg->seq, opener->snd_nxt) ||
        gave_up_on_silence(r))
        return FIT_REFUTED;
    if (!acceptor->seen)
        return FIT_POSSIBLE;
    if (!acceptor->syn_ack)
        return FIT_REFUTED;
    if (!r->flow->open_frame)
        return half_open(r);
    return r->form != FORM_REFLEX && (only_hellos(opener, acceptor) || only_a_banner(acceptor))
               ? FIT_LIKELY
               : FIT_REFUTED;
}

void detail_probe(const struct reset *r, struct verdict *v)
{
    const struct side *opener = r->sender, *acceptor = r->receiver;

    if (!r->flow->open_frame) {
        v->detail = detail_of_half_open(r);
        if (acceptor->seen && v->detail == DETAIL_HALF_OPEN_SCAN)
            verdict_note(v, CLUE_FEW_OPTIONS, opener->syn_frame, opener->syn_options, 0);
        return;
    }
    v->detail = DETAIL_CONNECT_SCAN;
    if (opener->talk.spoken)
        verdict_note(v, CLUE_ONLY_HELLO, opener->word_frame, 0, 0);
    else
        verdict_note(v, acceptor->talk.spoken ? CLUE_NO_BYTE_OF_SENDER : CLUE_NO_BYTE_AT_ALL, 0, 0,
                     0);
}

static bool closed_without_a_word(const struct reset *r)
{
    const struct side *acceptor = r->sender;
    bool only_farewell = !flow_outstanding(r->flow, r->receiver_side);

    return acceptor->fin_frame && r->form == FORM_REFLEX && only_farewell &&
           !(r->receiver->fin_frame && r->receiver->fin_frame < acceptor->fin_frame);
}

/* A full accept queue answers the end of the handshake, or the data right behind it. */
static bool answers_handshake(const struct reset *r)
{
    int64_t since_open_ns = r->trigger->time_ns - r->flow->open_ns;

    return since_open_ns <= duration_of_ms(LIMIT_HANDSHAKE_END_MS) ||
           since_open_ns <= LIMIT_HANDSHAKE_END_RTTS * flow_rtt_ns(r->flow);
}

/* Words that turn the other side away, and then a reset in place of a FIN. */
static bool refused_in_words(const struct reset *r)
{
    const struct talk *talk = &r->sender->talk;

    return talk->refused && talk->refused_first && talk->protocol != TALK_HTTP1 &&
           r->form == FORM_ACTIVE && !r->receiver->fin_frame;
}

/*
 * Its kernel had opened the connection, and no program took it: it throws away the end of the
 * handshake and what comes with it (Linux, tcp_conn_request(), sk_acceptq_is_full()).
 */
static bool never_accepted(const struct reset *r)
{
    const struct side *acceptor = r->sender, *opener = r->receiver;
    const struct chain *again = side_retransmission(opener);

    return again->count && again->seq == opener->isn + 1 && acceptor->has_acked &&
           acceptor->acked == opener->isn + 1 && !r->acks_more && !acceptor->fin_frame;
}

/* What it may have disliked. */
static void note_first_flight(const struct reset *r, struct verdict *v)
{
    const struct side *opener = r->receiver;
    uint32_t begin = opener->isn + 1, acked = r->sender->acked;

    if (r->seg->flags & SEGMENT_ACK && seq_after(r->seg->ack, acked))
        acked = r->seg->ack;
    if (!seq_after(acked, opener->snd_nxt)) /* else it is said that the capture lacks some */
        verdict_note(v, CLUE_FIRST_FLIGHT, opener->word_frame, seq_ahead(opener->snd_nxt, begin),
                     seq_ahead(acked, begin));
}

/* Soon behind the handshake, or in answer to what the opener said first. */
static bool is_at_the_door(const struct reset *r)
{
    const struct side *opener = r->receiver;
    int64_t door_ns = duration_of_ms(LIMIT_TURNED_AWAY_MS);
    bool early = !r->flow->open_frame || r->seg->time_ns - r->flow->open_ns <= door_ns;

    if (!opener->data_segments || early)
        return early && opener->data_segments <= LIMIT_FIRST_FLIGHT_SEGMENTS;
    return opener->data_segments <= LIMIT_FIRST_FLIGHT_SEGMENTS && r->quiet_ns <= door_ns &&
           opener->word_ns - r->flow->open_ns <= duration_of_ms(LIMIT_FIRST_FLIGHT_MS);
}

/*
 * Who keeps the connection sends its SYN-ACK again when this has passed; who does not, as behind a
 * SYN cookie, resets an end of the handshake that comes when nobody listens any more, too.
 * "The RTO SHOULD be set to 1 second"                                        RFC 6298, 2.1
 */
static bool opened_late(const struct reset *r)
{
    return r->flow->open_ns - r->sender->syn_ns >= duration_of_ms(LIMIT_FIRST_RTO_MS);
}

/* Later than at once, the program may as well have ended with the connection in its queue. */
static bool is_at_once(const struct reset *r)
{
    int64_t since_ns = r->seg->time_ns - r->receiver->heard_ns;

    if (r->sender->has_reset || r->receiver->heard_frame != r->flow->open_frame || opened_late(r))
        return false; /* more came and went than the end of the handshake */
    return since_ns <= duration_of_ms(LIMIT_HANDSHAKE_END_MS) ||
           since_ns <= LIMIT_HANDSHAKE_END_RTTS * flow_rtt_ns(r->flow);
}

bool opening_was_spoken_to(const struct reset *r)
{
    return r->receiver->talk.spoken ||
           (r->seg->flags & SEGMENT_ACK && seq_after(r->seg->ack, r->receiver->snd_nxt));
}

bool opening_kept_waiting(const struct reset *r)
{
    const struct side *acceptor = r->sender, *opener = r->receiver;

    return opener->talk.spoken && opener->has_isn && !acceptor->talk.spoken &&
           acceptor->has_acked && seq_after(acceptor->acked, opener->isn + 1);
}

static bool turns_away(const struct reset *r)
{
    const struct side *acceptor = r->sender, *opener = r->receiver;

    /* by its number it has said nothing, whatever the capture lacks */
    if (r->seg->seq != acceptor->isn + 1 || opener->fin_frame || reset_window_doubled(r) ||
        !is_at_the_door(r))
        return false;
    /* a segment that found no connection some time after the handshake is another story */
    return r->form != FORM_REFLEX || (r->trigger && answers_handshake(r));
}

/*
 * What came first was acknowledged, longer ago than a kernel holds an ACK back, and no program
 * dropped it when it read that.  It may as well have died since, or closed with all of it unread.
 * Fooled by: a program that looks up for longer whom it serves.
 */
static bool let_time_pass(const struct reset *r)
{
    return opening_kept_waiting(r) &&
           r->seg->time_ns - r->receiver->word_ns > reset_delayed_ack_ns(r);
}

enum fit opening_accepted(const struct reset *r)
{
    const struct side *acceptor = r->sender;

    if (!acceptor->syn_ack || r->form == FORM_UNCLEAR)
        return FIT_REFUTED;
    if (acceptor->talk.spoken)
        return refused_in_words(r) ? FIT_LIKELY : FIT_REFUTED;
    if (never_accepted(r))
        return FIT_LIKELY;
    if (gave_up_on_silence(r))
        return FIT_REFUTED;
    if (acceptor->fin_frame)
        return closed_without_a_word(r) ? FIT_LIKELY : FIT_REFUTED;
    if (!turns_away(r))
        return FIT_REFUTED;
    if (let_time_pass(r))
        return FIT_POSSIBLE;
    return is_at_once(r) ? FIT_PROVEN : FIT_LIKELY;
}

void detail_turned_away(const struct reset *r, struct verdict *v)
{
    const struct side *acceptor = r->sender;
    const struct chain *again = side_retransmission(r->receiver);

    if (acceptor->talk.spoken) {
        v->detail = DETAIL_REFUSED_IN_WORDS;
        verdict_note(v, CLUE_LAST_WORDS, 0, 0, 0);
    } else if (never_accepted(r)) {
        v->detail = DETAIL_NEVER_ACCEPTED;
        verdict_note(v, CLUE_NEVER_ACKED, again->first_frame, again->count, 0);
    } else if (acceptor->fin_frame) {
        v->detail = DETAIL_CLOSED_WITHOUT_A_WORD;
        verdict_note(v, CLUE_FIN, acceptor->fin_frame, r->seg->time_ns - acceptor->fin_ns, 0);
        verdict_note(v, CLUE_NO_BYTE_OF_SENDER, 0, 0, 0);
    } else if (opening_was_spoken_to(r)) {
        v->detail = DETAIL_AT_FIRST_DATA;
        verdict_note(v, CLUE_NO_BYTE_OF_SENDER, 0, 0, 0);
        note_first_flight(r, v);
    } else {
        v->detail = DETAIL_BEFORE_DATA;
        verdict_note(v, CLUE_NO_BYTE_AT_ALL, 0, 0, 0);
    }
}
