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
bool rule_refused(const struct reset *r, struct verdict *v)
{
    const struct side *caller = r->receiver;
    bool answers_syn =
        r->trigger && (r->trigger->flags & (SEGMENT_SYN | SEGMENT_ACK)) == SEGMENT_SYN;

    if (!caller->syn_frame || caller->syn_ack || r->sender->syn_frame || r->sender->seen)
        return false;
    if (!answers_syn && !(r->seg->flags & SEGMENT_ACK && r->seg->ack == caller->isn + 1))
        return false;
    v->detail = DETAIL_CLOSED_PORT;
    v->confidence = r->seg->seq == 0 && answers_syn ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
    if (!answers_syn) /* several SYNs, all but one refused before */
        v->trigger = caller->syn_frame;
    if (caller->syn_count > 1)
        verdict_note(v, CLUE_RETRIED, 0, caller->syn_count, 0);
    verdict_note(v, CLUE_NO_SYN_ACK, 0, 0, 0);
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

bool rule_probe(const struct reset *r, struct verdict *v)
{
    const struct side *opener = r->sender, *acceptor = r->receiver;

    if (!r->sender_is_client || !r->flow->opener_known || !opener->syn_frame || opener->syn_ack ||
        (opener->talk.spoken && !said_only_hello(opener)) || opener->fin_frame ||
        acceptor->reset_frame || r->ahead ||
        gave_up_on_silence(r) || reset_blames_protocol(r))
        return false;
    if (!acceptor->seen) {
        v->detail = opener->syn_options <= LIMIT_BARE_SYN_OPTIONS ? DETAIL_HALF_OPEN_SCAN
                                                                  : DETAIL_ABANDONED_CONNECT;
        v->confidence = CONFIDENCE_POSSIBLE;
        return true;
    }
    if (!acceptor->syn_ack)
        return false;
    if (!r->flow->open_frame) {
        if (r->trigger && r->trigger->ack != opener->isn + 1)
            return false; /* it answers something else than this SYN */
        v->detail = opener->syn_options <= LIMIT_BARE_SYN_OPTIONS ? DETAIL_HALF_OPEN_SCAN
                                                                  : DETAIL_ABANDONED_CONNECT;
        v->confidence = r->form == FORM_REFLEX ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
        if (v->detail == DETAIL_HALF_OPEN_SCAN)
            verdict_note(v, CLUE_FEW_OPTIONS, opener->syn_frame, opener->syn_options, 0);
        return true;
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

bool rule_turned_away(const struct reset *r, struct verdict *v)
{
    const struct side *acceptor = r->sender, *opener = r->receiver;
    int64_t door_ns = duration_of_ms(LIMIT_TURNED_AWAY_MS);
    bool early;

    if (r->sender_is_client || !r->flow->opener_known || !acceptor->syn_ack ||
        acceptor->talk.spoken || r->form == FORM_UNCLEAR || gave_up_on_silence(r) ||
        reset_blames_protocol(r))
        return false;
    if (acceptor->fin_frame)
        return closed_without_a_word(r, v);
    if (opener->fin_frame || !opener->seen || reset_window_doubled(r))
        return false;
    early = !r->flow->open_frame || r->seg->time_ns - r->flow->open_ns <= door_ns;
    if (opener->data_segments ? opener->data_segments > LIMIT_FIRST_FLIGHT_SEGMENTS : !early)
        return false;
    if (opener->data_segments && !early && r->quiet_ns > door_ns)
        return false;
    /* a segment that found no connection some time after the handshake is another story */
    if (r->form == FORM_REFLEX && !answers_handshake(r))
        return false;
    v->detail = opener->talk.spoken ? DETAIL_AT_FIRST_DATA : DETAIL_BEFORE_DATA;
    v->confidence = opener->talk.spoken ? CONFIDENCE_LIKELY : CONFIDENCE_CERTAIN;
    verdict_note(v, opener->talk.spoken ? CLUE_NO_BYTE_OF_SENDER : CLUE_NO_BYTE_AT_ALL, 0, 0, 0);
    if (opener->talk.spoken) {
        verdict_suspect(v, CAUSE_ABORT);
        verdict_suspect(v, CAUSE_CRASH);
    }
    return true;
}
