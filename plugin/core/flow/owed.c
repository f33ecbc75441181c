/* Who spoke last and in what words, who asked, and what was not acknowledged.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "flow.h"
#include "hear.h"
#include "seq.h"

#include <stddef.h>

static bool find_farewell(const struct flow *flow, unsigned who, uint32_t *start)
{
    const struct side *side = FLOW_SIDE(flow, who), *other = FLOW_SIDE(flow, !who);
    bool behind = side->fin_frame && side->fin_seq == side->talk.next && side->data_segments > 1;
    bool closed = side->fin_frame || other->fin_frame ||
                  (side->talk.close_notify && other->talk.close_notify);

    return talk_farewell(&side->talk, behind ? side->fin_ns : TALK_NO_FIN, closed, start);
}

bool flow_says_farewell(const struct flow *flow, unsigned who)
{
    uint32_t start;

    return find_farewell(flow, who, &start);
}

uint32_t flow_farewell_seq(const struct flow *flow, unsigned who)
{
    uint32_t start;

    find_farewell(flow, who, &start);
    return start;
}

unsigned flow_last_speaker(const struct flow *flow)
{
    if (flow->speaker != NOBODY && flow_says_farewell(flow, flow->speaker))
        return flow->firm_speaker;
    return flow->speaker;
}

uint32_t flow_outstanding(const struct flow *flow, unsigned who)
{
    const struct side *side = FLOW_SIDE(flow, who), *other = FLOW_SIDE(flow, !who);
    uint32_t end = side->snd_nxt, farewell;

    if (!side->talk.spoken || !other->has_acked)
        return 0;
    if (side->fin_frame)
        end = side->fin_seq;
    if (find_farewell(flow, who, &farewell) && seq_before(farewell, end))
        end = farewell;
    return seq_ahead(end, other->acked);
}

unsigned flow_asker(const struct flow *flow)
{
    const struct talk *first = &flow->side[0].talk, *second = &flow->side[1].talk;
    bool spoken = first->spoken || second->spoken;
    bool decoded = first->protocol != TALK_OPAQUE || second->protocol != TALK_OPAQUE;
    /* a head of HTTP/1 tells by itself; elsewhere it is who speaks first of two */
    bool told = first->protocol == TALK_HTTP1 || second->protocol == TALK_HTTP1 ||
                (flow->side[0].seen && flow->side[1].seen);
    unsigned opened;

    if (!spoken || !told || (!decoded && !flow->open_frame && !first->tunnel))
        return flow->opener;
    if (first->opened == second->opened) /* of neither the beginning is known */
        return flow->opener;
    opened = first->opened ? 0 : 1;
    return talk_is_asker(&flow->side[opened].talk) ? opened : !opened;
}

/* Whether the protocol counts what it asked and was answered, and nothing of that is missing. */
static bool counts(const struct side *asker, const struct side *other)
{
    return other->talk.spoken && !asker->talk.lost && !other->talk.lost &&
           talk_counts(&asker->talk);
}

static bool asks(const struct flow *flow, unsigned who)
{
    const struct side *side = FLOW_SIDE(flow, who), *other = FLOW_SIDE(flow, !who);

    if (side->seen && !side->talk.conversed)
        return false;
    if (side->talk.asking && talk_is_ticketed(&other->talk))
        return true;
    if (counts(side, other))
        return side->talk.asked > 0;
    /* who says a goodbye that is decoded waits for nothing; TLS says it for the program */
    return flow_last_speaker(flow) == who &&
           (side->talk.farewell != FAREWELL_YES || side->talk.alerted);
}

bool flow_owes(const struct flow *flow, unsigned who)
{
    return flow_asker(flow) == !who && asks(flow, !who);
}

struct question flow_question(const struct flow *flow)
{
    unsigned asker = flow_asker(flow);
    const struct side *side = FLOW_SIDE(flow, asker), *other = FLOW_SIDE(flow, !asker);
    struct question question = { .since_ns = side->word_ns, .frame = side->word_frame };

    if (side->seen && !side->talk.conversed)
        return question;
    question.is_open = asks(flow, asker);
    question.is_begun = question.is_open && counts(side, other) && flow->speaker == !asker;
    question.is_acked = other->has_acked && !flow_outstanding(flow, asker);
    return question;
}

bool flow_is_monologue(const struct flow *flow, unsigned who)
{
    return flow->side[who].talk.spoken && !flow->side[!who].talk.spoken;
}

bool flow_turns_away(const struct flow *flow, const struct segment *seg)
{
    const struct side *side = FLOW_SIDE(flow, seg->side);

    return side->talk.refused && seg->len && side->word_frame == seg->frame;
}

void flow_keep_words(struct flow *flow, const struct segment *seg)
{
    if (flow_oddities(flow)->words)
        talk_quote(&FLOW_SIDE(flow, seg->side)->talk, seg, &flow->oddities->words[seg->side]);
}

const char *flow_last_words(const struct flow *flow, unsigned who)
{
    const struct last_words *words = flow_oddities(flow)->words;
    const struct side *side = FLOW_SIDE(flow, who);

    if (side->talk.fatal)
        return talk_alert(&side->talk);
    return words && side->talk.refused ? words[who].text : NULL;
}
