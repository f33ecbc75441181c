/* A caller whose address was translated anew: its numbers go on from another address or port.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "rebinding.h"

#include "limit.h"
#include "seq.h"

#include <stddef.h>

/* The next number of that side, or one that was sent lately and may have got lost. */
static bool is_next(const struct side *side, uint32_t seq)
{
    return side->seen && !seq_after(seq, side->snd_nxt) &&
           seq_ahead(side->snd_nxt, seq) < LIMIT_REBOUND_BYTES;
}

static bool goes_on_with(const struct connection *own, const struct connection *before)
{
    unsigned caller = own->flow.opener, opener = before->flow.opener;
    const struct side *side = &own->flow.side[caller];

    return before != own && !connection_is_end(own, caller, before, opener) &&
           before->flow.side[opener].heard_frame < own->first_frame &&
           is_next(&before->flow.side[opener], side->isn + 1) &&
           is_next(&before->flow.side[!opener], side->acked);
}

void rebinding_note(const struct connection *newest, struct ruling *ruling)
{
    const struct connection *own = ruling->connection;
    unsigned caller = own->flow.opener;
    const struct side *side = &own->flow.side[caller];

    if (ruling->related || ruling->verdict.form != FORM_REFLEX ||
        ruling->verdict.sender == caller || side->syn_frame || !side->has_isn || !side->has_acked)
        return;
    for (int i = 0; newest && i < REBINDING_SIBLINGS; i++, newest = newest->sibling) {
        const struct side *before = &newest->flow.side[newest->flow.opener];

        if (!goes_on_with(own, newest))
            continue;
        ruling->related = newest;
        verdict_note(&ruling->verdict, CLUE_REBOUND, before->heard_frame,
                     newest->flow.port[newest->flow.opener],
                     ruling->segment.time_ns - before->heard_ns);
        return;
    }
}
