/* Rules for connections that hardly began: refused, probe, turned_away.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "duration.h"
#include "limit.h"
#include "rules.h"
#include "seq.h"

/*
 * "If the state is CLOSED [...] If the ACK bit is off, sequence number zero is used,
 *  <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>"                       RFC 9293, 3.10.7.1
 */
static bool refuses_by_number(const struct reset *r, struct verdict *v)
{
    const struct side *caller = r->receiver;
    bool answers_syn =
        r->trigger && (r->trigger->flags & (SEGMENT_SYN | SEGMENT_ACK)) == SEGMENT_SYN;

    if (!answers_syn && !(r->seg->flags & SEGMENT_ACK && r->seg->ack == caller->isn + 1))
        return false;
    v->confidence = r->seg->seq == 0 && answers_syn ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
    if (!answers_syn) /* several SYNs, all but one refused before */
        v->trigger = caller->syn_frame;
    return true;
}

/* The form that only what had no ACK can draw: RFC 9293, 3.10.7.1. */
static bool has_form_of_refusal(const struct reset *r)
{
    return (r->seg->flags & (SEGMENT_RST | SEGMENT_ACK | SEGMENT_SYN | SEGMENT_FIN)) ==
               (SEGMENT_RST | SEGMENT_ACK) &&
           r->seg->seq == 0;
}

/* Small stacks get the number wrong; the caller ignores that and asks on. */
static bool refuses_in_vain(const struct reset *r, struct verdict *v)
{
    const struct side *caller = r->receiver;

    if (!has_form_of_refusal(r))
        return false;
    v->confidence = CONFIDENCE_LIKELY;
    v->trigger = caller->syn_frame;
    verdict_note(v, CLUE_WRONG_ACK, caller->syn_frame, r->seg->ack, caller->isn + 1);
    verdict_suspect(v, CAUSE_INJECTED);
    return true;
}

/* Nothing else is in the capture. */
static bool refuses_unseen(const struct reset *r, struct verdict *v)
{
    if (!has_form_of_refusal(r) || r->seg->window || r->seg->ack == 0)
        return false;
    v->detail = DETAIL_CLOSED_PORT;
    v->confidence = CONFIDENCE_POSSIBLE;
    v->sender_is_client = false;
    v->by = PARTY_SERVER;
    verdict_note(v, CLUE_SYN_UNSEEN, 0, r->seg->ack, 0);
    return true;
}

bool rule_refused(const struct reset *r, struct verdict *v)
{
    const struct side *caller = r->receiver;

    if (!r->sender->seen && !caller->seen)
        return refuses_unseen(r, v);
    if (!caller->syn_frame || caller->syn_ack || r->sender->syn_frame || r->sender->seen ||
        !(refuses_by_number(r, v) || refuses_in_vain(r, v)))
        return false;
    v->detail = DETAIL_CLOSED_PORT;
    if (caller->syn_count > 1)
        verdict_note(v, CLUE_RETRIED, 0, caller->syn_count, 0);
    verdict_note(v, CLUE_NO_SYN_ACK, 0, 0, 0);
    verdict_suspect(v, CAUSE_INJECTED);
    return true;
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

static bool half_open(const struct reset *r, struct verdict *v)
{
    const struct side *opener = r->sender;

    v->detail = detail_of_half_open(r);
    v->confidence = CONFIDENCE_LIKELY;
    if (v->detail == DETAIL_ABANDONED_CONNECT) {
        verdict_suspect(v, CAUSE_NO_CONNECTION); /* an address translation was not undone */
        return true;
    }
    if (r->form == FORM_REFLEX)
        v->confidence = CONFIDENCE_CERTAIN;
    else
        verdict_suspect(v, CAUSE_FAST_CLOSE); /* a program that took its call back */
    verdict_note(v, CLUE_FEW_OPTIONS, opener->syn_frame, opener->syn_options, 0);
    return true;
}

bool rule_probe(const struct reset *r, struct verdict *v)
{
    const struct side *opener = r->sender, *acceptor = r->receiver;

    if (!opener->syn_frame || opener->syn_ack ||
        (opener->talk.spoken && !said_only_hello(opener)) || opener->fin_frame ||
        acceptor->reset_frame || acceptor->talk.strange || r->ahead || gave_up_on_silence(r) ||
        reset_blames_protocol(r))
        return false;
    if (!acceptor->seen) {
        v->detail = detail_of_half_open(r);
        v->confidence = CONFIDENCE_POSSIBLE;
        return true;
    }
    if (!acceptor->syn_ack)
        return false;
    if (!r->flow->open_frame) {
        if (r->trigger && r->trigger->ack != opener->isn + 1)
            return false; /* it answers something else than this SYN */
        return half_open(r, v);
    }
    if (r->form == FORM_REFLEX || !(only_hellos(opener, acceptor) || only_a_banner(acceptor)))
        return false;
    v->detail = DETAIL_CONNECT_SCAN;
    v->confidence = CONFIDENCE_LIKELY;
    if (opener->talk.spoken)
        verdict_note(v, CLUE_ONLY_HELLO, opener->word_frame, 0, 0);
    else
        verdict_note(v, acceptor->talk.spoken ? CLUE_NO_BYTE_OF_SENDER : CLUE_NO_BYTE_AT_ALL, 0, 0,
                     0);
    verdict_suspect(v, opener->talk.spoken ? CAUSE_ABORT : CAUSE_FAST_CLOSE);
    return true;
}

static bool closed_without_a_word(const struct reset *r, struct verdict *v)
{
    const struct side *acceptor = r->sender;
    bool only_farewell = !flow_outstanding(r->flow, r->receiver_side);

    if (!acceptor->fin_frame || r->form != FORM_REFLEX ||
        (r->receiver->fin_frame && r->receiver->fin_frame < acceptor->fin_frame) || !only_farewell)
        return false;
    v->detail = DETAIL_CLOSED_WITHOUT_A_WORD;
    v->confidence = CONFIDENCE_LIKELY;
    verdict_note(v, CLUE_FIN, acceptor->fin_frame, r->seg->time_ns - acceptor->fin_ns, 0);
    verdict_note(v, CLUE_NO_BYTE_OF_SENDER, 0, 0, 0);
    verdict_suspect(v, CAUSE_CRASH);
    verdict_suspect(v, CAUSE_AFTER_CLOSE);
    return true;
}

/* A full accept queue answers the end of the handshake, or the data right behind it. */
static bool answers_handshake(const struct reset *r)
{
    int64_t since_open_ns = r->trigger->time_ns - r->flow->open_ns;

    return since_open_ns <= duration_of_ms(LIMIT_HANDSHAKE_END_MS) ||
           since_open_ns <= LIMIT_HANDSHAKE_END_RTTS * flow_rtt_ns(r->flow);
}

/* Words that turn the other side away, and then a reset in place of a FIN. */
static bool refused_in_words(const struct reset *r, struct verdict *v)
{
    const struct talk *talk = &r->sender->talk;

    if (!talk->refused || !talk->refused_first || talk->protocol == TALK_HTTP1 ||
        r->form != FORM_ACTIVE || r->sender->fin_frame || r->receiver->fin_frame)
        return false;
    v->detail = DETAIL_REFUSED_IN_WORDS;
    v->confidence = CONFIDENCE_LIKELY;
    verdict_note(v, CLUE_LAST_WORDS, 0, 0, 0);
    verdict_suspect(v, CAUSE_ABORT);
    return true;
}

/*
 * Its kernel had opened the connection, and no program took it: it throws away the end of the
 * handshake and what comes with it (Linux, tcp_conn_request(), sk_acceptq_is_full()).
 */
static bool never_accepted(const struct reset *r, struct verdict *v)
{
    const struct side *acceptor = r->sender, *opener = r->receiver;
    const struct chain *again = side_retransmission(opener);

    if (!again->count || again->seq != opener->isn + 1 || !acceptor->has_acked ||
        acceptor->acked != opener->isn + 1 || r->acks_more || acceptor->fin_frame)
        return false;
    v->detail = DETAIL_NEVER_ACCEPTED;
    v->confidence = CONFIDENCE_LIKELY;
    verdict_note(v, CLUE_NEVER_ACKED, again->first_frame, again->count, 0);
    verdict_suspect(v, CAUSE_TIMEOUT);
    return true;
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

/* Later than at once, the program may as well have ended with the connection in its queue. */
static bool is_at_once(const struct reset *r)
{
    int64_t since_ns = r->seg->time_ns - r->receiver->heard_ns;

    if (r->sender->reset_frame || r->receiver->heard_frame != r->flow->open_frame)
        return false; /* more came and went than the end of the handshake */
    return since_ns >= 0 && (since_ns <= duration_of_ms(LIMIT_HANDSHAKE_END_MS) ||
                             since_ns <= LIMIT_HANDSHAKE_END_RTTS * flow_rtt_ns(r->flow));
}

static bool turns_away(const struct reset *r, struct verdict *v)
{
    const struct side *acceptor = r->sender, *opener = r->receiver;
    bool spoken = opener->talk.spoken ||
                  (r->seg->flags & SEGMENT_ACK && seq_after(r->seg->ack, opener->snd_nxt));

    /* by its number it has said nothing, whatever the capture lacks */
    if (r->seg->seq != acceptor->isn + 1 || opener->fin_frame || !opener->seen ||
        reset_window_doubled(r) || !is_at_the_door(r))
        return false;
    /* a segment that found no connection some time after the handshake is another story */
    if (r->form == FORM_REFLEX && (!r->trigger || !answers_handshake(r)))
        return false;
    v->detail = spoken ? DETAIL_AT_FIRST_DATA : DETAIL_BEFORE_DATA;
    v->confidence = is_at_once(r) ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
    verdict_note(v, spoken ? CLUE_NO_BYTE_OF_SENDER : CLUE_NO_BYTE_AT_ALL, 0, 0, 0);
    if (spoken) {
        note_first_flight(r, v);
        verdict_suspect(v, CAUSE_ABORT);
    }
    verdict_suspect(v, CAUSE_CRASH);
    return true;
}

bool rule_turned_away(const struct reset *r, struct verdict *v)
{
    const struct side *acceptor = r->sender;

    if (!acceptor->syn_ack || r->form == FORM_UNCLEAR || reset_blames_protocol(r))
        return false;
    if (acceptor->talk.spoken)
        return refused_in_words(r, v);
    if (never_accepted(r, v))
        return true;
    if (gave_up_on_silence(r))
        return false;
    return acceptor->fin_frame ? closed_without_a_word(r, v) : turns_away(r, v);
}
