/* How a reset was made.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "form.h"

#include "duration.h"
#include "limit.h"
#include "seq.h"
#include "trigger.h"

#include <stddef.h>

/* RST+ACK with window 0 behind its own FIN: a socket that its program has closed. */
static bool is_closed_socket(const struct reset *r)
{
    const struct segment *rst = r->seg;

    return rst->flags & SEGMENT_ACK && r->sender->fin_frame && rst->window == 0 &&
           rst->seq == r->sender->fin_seq + 1 && r->sender->has_acked && r->receiver->seen;
}

/*
 * Windows covers the late data in its reset.  gVisor does not; a live socket acknowledges what it
 * has received, and says in its window what room there is.
 */
static bool find_closed_socket(struct reset *r, const struct trail *trail)
{
    if (!is_closed_socket(r))
        return false;
    if (seq_after(r->seg->ack, r->sender->acked))
        trigger_find(r, trail, trigger_is_covered);
    else if (r->seg->ack == r->sender->acked && r->sender->window)
        trigger_find(r, trail, trigger_is_late);
    r->closed_socket = r->trigger != NULL;
    return r->closed_socket;
}

/* pasta resets without the ACK flag, but with the window it last offered. */
static bool keeps_its_window(const struct reset *r)
{
    return !(r->seg->flags & SEGMENT_ACK) && r->sender->seen && r->seg->window &&
           r->seg->seq == r->sender->snd_nxt &&
           side_window(r->sender, r->seg) == r->sender->window && r->sender->word_frame &&
           r->seg->time_ns - r->sender->word_ns <= duration_of_ms(LIMIT_USUAL_WINDOW_MS);
}

/* IPv6 has none: then only that what it may answer cannot be seen lets it be an answer. */
static bool lacks_its_ip_id(const struct reset *r)
{
    if (!r->seg->has_ip_id)
        return !r->receiver->seen;
    return !r->seg->ip_id && r->sender->has_ip_id && r->sender->ip_id;
}

/* Nothing of a socket is in it: its window, its timestamps and its IP IDs are not. */
static bool lacks_a_socket(const struct reset *r)
{
    const struct segment *rst = r->seg;

    return !(rst->flags & SEGMENT_ACK) && !rst->window && lacks_its_ip_id(r) &&
           !rst->has_timestamp && r->sender->stamps && !seq_after(rst->seq, r->sender->snd_nxt);
}

/* Its sender's alert and FIN may be what the capture lacks, beside the answer that drew it. */
static bool is_behind_unseen_close(const struct reset *r)
{
    return !(r->seg->flags & SEGMENT_ACK) && !r->seg->window && !r->sender->fin_frame &&
           seq_after(r->seg->seq, r->sender->snd_nxt) &&
           seq_ahead(r->seg->seq, r->sender->snd_nxt) <= LIMIT_UNSEEN_CLOSE_BYTES;
}

static bool is_ahead(const struct reset *r)
{
    const struct segment *rst = r->seg;

    return rst->flags & SEGMENT_ACK && r->receiver->seen &&
           seq_after(rst->seq, r->sender->snd_nxt) &&
           (side_lacks_bytes(r->sender) || seq_after(rst->ack, r->receiver->snd_nxt));
}

void form_find(struct reset *r, const struct trail *trail)
{
    const struct segment *rst = r->seg;
    const struct side *sender = r->sender;

    if (find_closed_socket(r, trail)) {
        r->form = FORM_REFLEX;
        return;
    }
    trigger_find(r, trail, trigger_is_answered);
    if (keeps_its_window(r) && !trigger_is_news(r)) {
        r->trigger = r->too_soon = NULL;
        r->fitting = 0;
    }
    if (!r->trigger && !sender->seen)
        return;
    if (r->trigger || lacks_a_socket(r) || is_behind_unseen_close(r)) {
        r->form = FORM_REFLEX;
        r->ahead = !r->trigger && seq_after(rst->seq, sender->snd_nxt);
    } else if (rst->seq == sender->snd_nxt || (sender->fin_frame && rst->seq == sender->fin_seq)) {
        r->form = FORM_ACTIVE; /* macOS resets with the number of its own FIN */
        r->bare = !(rst->flags & SEGMENT_ACK);
    } else if (is_ahead(r)) {
        r->form = FORM_ACTIVE;
        r->ahead = true;
    }
}
