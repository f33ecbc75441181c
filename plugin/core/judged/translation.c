/* What came from an address that was never asked, and belongs to another connection of the same
 * caller: an address translation was not undone.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "translation.h"

#include "limit.h"
#include "seq.h"

#include <stddef.h>

static struct caller *slot_of(const struct translations *all, const struct connection *connection,
                              unsigned side)
{
    return &all->slots[connection_endpoint(connection, side) & (all->capacity - 1)];
}

/* Opened by the address and port of that side of the other one, to elsewhere. */
static bool is_call_of(const struct connection *call, const struct connection *other, unsigned side)
{
    unsigned opener = call->flow.opener;

    return connection_is_end(call, opener, other, side) &&
           !connection_is_end(call, !opener, other, !side);
}

void translations_note_call(struct translations *all, struct connection *connection)
{
    struct caller *slot = slot_of(all, connection, connection->flow.opener);

    if (slot->latest == connection)
        return;
    slot->before = slot->latest;
    slot->latest = connection;
}

/* A number that the side has used lately in that connection, or the next. */
static bool is_number_of(const struct side *side, uint32_t seq)
{
    return side->has_isn && seq_after(seq, side->isn) && !seq_after(seq, side->snd_nxt + 1) &&
           seq_ahead(side->snd_nxt, seq) < LIMIT_UNSEEN_BYTES;
}

/* The call of that side's address and port, to elsewhere, in which `whose` number that is: the
 * caller's or the other end's. */
static struct connection *find_call(const struct caller *slot, const struct connection *own,
                                    unsigned side, uint32_t seq, bool of_caller)
{
    struct connection *const calls[] = { slot->latest, slot->before };

    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        struct connection *call = calls[i];
        unsigned caller = call ? call->flow.opener : 0;

        if (call && is_call_of(call, own, side) &&
            is_number_of(&call->flow.side[of_caller ? caller : !caller], seq))
            return call;
    }
    return NULL;
}

/* The caller asked somebody else, or it is the same call that is shown before its translation.
 * Scanners, which write bare SYNs, ask many with one number. */
static bool never_asked(const struct connection *connection, unsigned side)
{
    const struct flow *flow = &connection->flow;

    return !flow->side[side].syn_frame ||
           (flow->opener == side && !flow->open_frame && !side_opened_barely(&flow->side[side]));
}

/* Its sender's half is one of another connection; `other` may have made the end all the same.  The
 * clue stands in a frame of the connection that explains it. */
static void explain(struct ruling *ruling, enum detail detail, enum maker other,
                    const struct connection *related, enum clue_kind clue, uint32_t frame)
{
    struct verdict *v = &ruling->verdict;

    v->answers = (struct answers){ 0 };
    v->ceiling = CONFIDENCE_LIKELY;
    verdict_fit(v, MAKER_NOBODY, STAGE_NEVER, DEBT_NOTHING, FIT_LIKELY);
    answer_fits(&v->answers.maker[other], FIT_POSSIBLE, OBJECTION_ELSEWHERE);
    verdict_conclude(v, detail);
    verdict_note(v, clue, frame, 0, 0);
    ruling->related = related;
}

static void call_untranslated(struct caller *slot, struct ruling *ruling, struct connection *owner)
{
    uint32_t call = owner->flow.side[owner->flow.opener].syn_frame;

    explain(ruling, DETAIL_UNTRANSLATED, MAKER_BOX, owner, CLUE_BELONGS_ELSEWHERE, call);
    verdict_prove(&ruling->verdict, call);
    ruling->verdict.overturnable = false;
    slot->owner = owner;
    slot->stray = ruling;
}

/* Its reset went, translated, to the end of the other connection, which knows of none since. */
static void call_consequence(struct ruling *ruling, const struct ruling *stray)
{
    explain(ruling, DETAIL_CONSEQUENCE, MAKER_DEATH, stray->connection, CLUE_KILLED_ELSEWHERE,
            stray->verdict.frame);
    ruling->verdict.killed_by = stray->verdict.frame;
}

void translations_judge(struct translations *all, struct ruling *ruling)
{
    struct connection *own = ruling->connection, *owner;
    const struct segment *rst = &ruling->segment;
    const struct verdict *v = &ruling->verdict;
    unsigned side = rst->side;
    const struct flow *flow = &own->flow;
    struct caller *slot = slot_of(all, own, side);
    const struct ruling *stray = translations_stray(all, own);

    if (stray && side != flow->opener && !flow->side[side].fin_frame && v->form == FORM_REFLEX) {
        call_consequence(ruling, stray);
        return;
    }
    owner = v->form == FORM_REFLEX && never_asked(own, side)
                ? find_call(slot, own, side, rst->seq, true)
                : NULL;
    if (!owner && !flow->side[0].seen && !flow->side[1].seen) {
        slot = slot_of(all, own, !side);
        owner = find_call(slot, own, !side, rst->seq, false);
    }
    if (owner)
        call_untranslated(slot, ruling, owner);
}

const struct ruling *translations_stray(const struct translations *all,
                                        const struct connection *connection)
{
    const struct caller *slot = slot_of(all, connection, connection->flow.opener);

    return slot->owner == connection ? slot->stray : NULL;
}

void translations_explain(struct ruling *silence, const struct ruling *stray)
{
    explain(silence, DETAIL_UNTRANSLATED, MAKER_RETRANSMISSION, stray->connection,
            CLUE_ANSWERED_ELSEWHERE, stray->verdict.trigger);
    verdict_prove(&silence->verdict, stray->verdict.trigger);
}
