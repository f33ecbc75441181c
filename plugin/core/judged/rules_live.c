/* Rules for live sockets that were destroyed: fast_close, abort.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "duration.h"
#include "limit.h"
#include "rules.h"
#include "seq.h"

static bool window_stayed_low(const struct reset *r)
{
    uint32_t now = side_window(r->sender, r->seg);

    return r->seg->flags & SEGMENT_ACK && now && r->receiver->data_segments &&
           now + LIMIT_SMALLEST_MSS_BYTES <= r->sender->window_max;
}

static bool note_unread(const struct reset *r, struct verdict *v)
{
    uint32_t now = side_window(r->sender, r->seg);

    if (reset_window_doubled(r))
        verdict_note(v, CLUE_WINDOW_JUMP, 0, now, r->sender->window);
    else if (window_stayed_low(r))
        verdict_note(v, CLUE_WINDOW_STAYED_LOW, 0, now, r->sender->window_max);
    else
        return false;
    return true;
}

static bool closes_in_place_of_fin(const struct reset *r)
{
    const struct side *peer = r->receiver;
    uint32_t covered = r->seg->flags & SEGMENT_ACK ? r->seg->ack : r->sender->acked;

    return peer->fin_frame && !r->sender->fin_frame && !r->sender_out &&
           (seq_after(covered, peer->fin_seq) || side_fin_acked(peer, r->sender));
}

bool rule_fast_close(const struct reset *r, struct verdict *v)
{
    if ((r->form != FORM_ACTIVE && !reset_answers_ack_of_fin(r)) || reset_blames_protocol(r))
        return false;
    if (reset_answers_ack_of_fin(r)) {
        v->detail = DETAIL_AFTER_OWN_FIN;
        verdict_note(v, CLUE_FIN, r->sender->fin_frame, r->seg->time_ns - r->sender->fin_ns, 0);
        verdict_note(v, CLUE_BARE_ACK, r->trigger->frame, 0, 0);
        v->confidence = CONFIDENCE_LIKELY;
        verdict_suspect(v, CAUSE_AFTER_CLOSE);
        return true;
    }
    if (closes_in_place_of_fin(r)) {
        v->detail = DETAIL_INSTEAD_OF_FIN;
        verdict_note(v, CLUE_FIN_PEER, r->receiver->fin_frame,
                     r->seg->time_ns - r->receiver->fin_ns, 0);
    } else if (r->sender->fin_frame && !r->sender_out && !r->receiver_out &&
               r->receiver->word_frame < r->sender->fin_frame) {
        v->detail = DETAIL_AFTER_OWN_FIN;
        verdict_note(v, CLUE_FIN, r->sender->fin_frame, r->seg->time_ns - r->sender->fin_ns, 0);
    } else if (!r->sender->fin_frame && (r->finished || r->finished_by_reset)) {
        v->detail = DETAIL_AFTER_EXCHANGE;
        if (r->speaker != NOBODY)
            verdict_note(v, CLUE_ANSWERED, r->flow->side[r->speaker].word_frame, 0, 0);
        if (!r->finished)
            verdict_note(v, CLUE_RST_ACKS, 0, r->acks_more, 0);
    } else {
        return false;
    }
    if (note_unread(r, v))
        v->detail = DETAIL_UNREAD_LEFTOVER;
    v->confidence = CONFIDENCE_LIKELY;
    verdict_suspect(v, CAUSE_ABORT);
    return true;
}

/* The finer guess, from what each side still had to do. */
static enum detail abort_detail(const struct reset *r, bool unread)
{
    const struct side *peer = r->receiver;
    bool peer_spoke_last = r->speaker == r->receiver_side;
    bool peer_was_cut = talk_is_cut(&peer->talk) || r->receiver_out > r->acks_more;
    bool waited_long = r->quiet_ns >= duration_of_ms(LIMIT_WAITED_MS);
    bool waited = waited_long ||
                  (r->flow->answer_ns && r->quiet_ns >= LIMIT_WAITED_TIMES * r->flow->answer_ns);

    if (r->sender_out || (r->speaker == r->sender_side && !peer->window && peer->window_max))
        return DETAIL_TRANSFER_CUT;
    if (peer->talk.alerted || r->sender->talk.alerted)
        return DETAIL_DISLIKED_ANSWER;
    if (r->sender_is_client) {
        if (peer_spoke_last && waited_long)
            return DETAIL_STALLED;
        if (peer_spoke_last)
            return talk_is_cut(&peer->talk) ? DETAIL_DOWNLOAD_CANCELLED : DETAIL_UNREAD_DATA;
        return waited ? DETAIL_GAVE_UP_WAITING : DETAIL_NONE;
    }
    if (unread)
        return DETAIL_UNREAD_DATA;
    if (r->sender->talk.conversed && peer_was_cut)
        return DETAIL_UPLOAD_REJECTED;
    return peer_spoke_last || r->receiver_out ? DETAIL_UNREAD_DATA : DETAIL_NONE;
}

bool rule_abort(const struct reset *r, struct verdict *v)
{
    bool unread;

    if (r->form != FORM_ACTIVE || reset_blames_protocol(r))
        return false;
    unread = note_unread(r, v);
    v->detail = abort_detail(r, unread);
    v->confidence = r->ahead || r->bare ? CONFIDENCE_POSSIBLE : CONFIDENCE_LIKELY;
    if (r->sender_out)
        verdict_note(v, CLUE_OWN_DATA_LOST, 0, r->sender_out, 0);
    else if (v->detail == DETAIL_TRANSFER_CUT)
        verdict_note(v, CLUE_WINDOW_CLOSED, 0, 0, 0);
    if (!r->sender_is_client && talk_ending(&r->sender->talk).entirety == ENTIRE_BY_CLOSE)
        verdict_note(v, CLUE_CUT_BODY, 0, 0, 0);
    if (r->receiver_out)
        verdict_note(v, CLUE_QUESTION_UNACKED, r->receiver->word_frame, r->receiver_out, 0);
    else if (r->speaker == r->receiver_side && !r->sender_is_client)
        verdict_note(v, CLUE_ASKED, r->receiver->word_frame, 0, 0);
    if (talk_ending(&r->receiver->talk).missing)
        verdict_note(v, CLUE_CUT_SHORT, 0, talk_ending(&r->receiver->talk).missing, 0);
    if (r->acks_more)
        verdict_note(v, CLUE_RST_ACKS, 0, r->acks_more, 0);
    verdict_suspect(v, CAUSE_CRASH);
    if (!r->sender_out && !r->receiver_out)
        verdict_suspect(v, CAUSE_FAST_CLOSE);
    return true;
}
