/* What holds of every verdict, whatever the packets were.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "sanity.h"

#include "duration.h"
#include "limit.h"

/* A frame of 0 links nothing. */
static bool links(const struct sights *sights, uint32_t frame)
{
    return !frame || (frame <= sights->last && sights->segment[frame].frame == frame);
}

static bool links_own(const struct sights *sights, uint32_t stream, uint32_t frame, uint8_t flags)
{
    return !frame || (links(sights, frame) && segment_has(&sights->segment[frame], flags) &&
                      (!sights->stream || sights->stream[frame] == stream));
}

static bool links_side(const struct sights *sights, uint32_t stream, uint32_t frame, unsigned side,
                       uint8_t flags)
{
    return !frame ||
           (links_own(sights, stream, frame, flags) && sights->segment[frame].side == side);
}

static bool run_is_sane(const struct sights *sights, uint32_t stream, const struct run *run)
{
    return links_own(sights, stream, run->first_frame, 0) &&
           links_own(sights, stream, run->last_frame, 0) && run->first_frame <= run->last_frame &&
           !run->count == !run->first_frame;
}

/* In another stream the sides may be counted the other way round. */
static bool kills(const struct sights *sights, uint32_t stream, const struct verdict *v)
{
    bool elsewhere = v->killed_by && links(sights, v->killed_by) &&
                     (!sights->stream || sights->stream[v->killed_by] != stream) &&
                     segment_has(&sights->segment[v->killed_by], SEGMENT_RST);

    return elsewhere || links_side(sights, stream, v->killed_by, !v->sender, SEGMENT_RST);
}

static const char *complain_of_words(const struct verdict *v)
{
    const struct cause_info *info = cause_info(v->cause);

    if (!info || !info->title || !info->means)
        return "no cause with a row";
    if (v->detail && !detail_refines(v->detail, v->cause))
        return "a detail of another cause";
    if (v->confidence < CONFIDENCE_POSSIBLE || v->confidence > CONFIDENCE_CERTAIN)
        return "no such confidence";
    if (v->severity < SEVERITY_CHAT || v->severity > SEVERITY_WARN)
        return "no severity of its own";
    if (v->by > PARTY_MIDDLEBOX || v->form > FORM_SILENCE || v->effect > EFFECT_RESET)
        return "no such party, form or effect";
    return NULL;
}

static bool says(const struct verdict *v, enum clue_kind kind)
{
    for (unsigned i = 0; i < v->clue_count; i++)
        if (verdict_clue(v, i).kind == kind)
            return true;
    return false;
}

bool sanity_is_undoubted(const struct verdict *v)
{
    return verdict_is_of_older_connection(v);
}

static const char *complain_of_alternatives(const struct verdict *v)
{
    for (int i = 0; i < ALTERNATIVE_MAX; i++) {
        if (!v->alternative[i])
            continue;
        if (!cause_info(v->alternative[i]) || v->alternative[i] == v->cause)
            return "an alternative that is none";
        for (int j = 0; j < i; j++)
            if (v->alternative[j] == v->alternative[i])
                return "the same alternative twice";
        if (i && !v->alternative[i - 1])
            return "an alternative behind none";
    }
    if (v->confidence == CONFIDENCE_CERTAIN && v->alternative[0])
        return "certain, and something else fits";
    if (v->confidence == CONFIDENCE_LIKELY && !v->alternative[0] && !v->repeat_of)
        return "likely, and nothing else fits";
    return NULL;
}

/* A capture that lacks something makes nothing certain, nor does one in which two may lie, which
 * is not to be called harmless either.  A repeat has the doubts of its first. */
static const char *complain_of_doubts(const struct verdict *v)
{
    static const enum clue_kind doubts[] = {
        CLUE_ONE_DIRECTION, CLUE_HANDSHAKE_NOT_SEEN, CLUE_TWO_CONNECTIONS, CLUE_SNAPPED,
        CLUE_OPTIONS_CUT,   CLUE_ACKS_UNSEEN,        CLUE_FIN_UNSEEN,      CLUE_SYN_UNSEEN,
    };
    bool certain = v->confidence == CONFIDENCE_CERTAIN && !v->repeat_of && !sanity_is_undoubted(v);

    for (size_t i = 0; i < sizeof doubts / sizeof *doubts; i++)
        if (certain && says(v, doubts[i]))
            return "certain, and a sign against it";
    if (verdict_is_harmless(v) && says(v, CLUE_TWO_CONNECTIONS))
        return "harmless, where two connections may lie";
    return NULL;
}

static const char *complain_of_clues(const struct verdict *v, const struct sights *sights)
{
    if (v->clue_count > CLUE_MAX)
        return "too many clues";
    for (unsigned i = 0; i < v->clue_count; i++)
        if (verdict_clue(v, i).kind >= CLUE_COUNT || !links(sights, verdict_clue(v, i).frame))
            return "a clue that is none, or in no frame";
    for (int i = 0; i < PROOF_MAX; i++)
        if (!links(sights, v->proof[i]))
            return "a proof in no frame";
    return NULL;
}

/* What explains a reset stands before it, or came before it by the clock, or so near behind that
 * the capture may show it late. */
static bool precedes(const struct sights *sights, const struct verdict *v, uint32_t frame)
{
    return frame <= v->frame ||
           sights->segment[frame].time_ns - v->time_ns <= duration_of_ms(LIMIT_OVERTAKEN_MS);
}

static const char *complain_of_order(const struct verdict *v, const struct sights *sights)
{
    if (v->form == FORM_FIN || v->form == FORM_SILENCE) /* judged in the end */
        return NULL;
    if (!precedes(sights, v, v->trigger))
        return "its trigger is long after it";
    if (!precedes(sights, v, v->fin) || !precedes(sights, v, v->fin_peer))
        return "a FIN before it is long after it";
    return precedes(sights, v, v->syn) ? NULL : "its SYN is long after it";
}

static const char *complain_of_links(const struct verdict *v, const struct sights *sights,
                                     uint32_t stream)
{
    if (v->form == FORM_SILENCE) { /* an ICMP error speaks for the other side */
        if (!links_own(sights, stream, v->frame, 0))
            return "its frame is none";
    } else if (!links_side(sights, stream, v->frame, v->sender,
                           v->form == FORM_FIN ? SEGMENT_FIN : SEGMENT_RST))
        return "its frame is no RST of the sender";
    if (!links_side(sights, stream, v->trigger, !v->sender, 0))
        return "its trigger is none of the receiver's frames";
    if (!links_side(sights, stream, v->fin, v->sender, SEGMENT_FIN) ||
        !links_side(sights, stream, v->fin_peer, !v->sender, SEGMENT_FIN))
        return "its FIN is none";
    if (!links_own(sights, stream, v->syn, SEGMENT_SYN))
        return "its SYN is none";
    if (v->repeat_of >= v->frame)
        return "it repeats a later one";
    if (!links_own(sights, stream, v->repeat_of, SEGMENT_RST) &&
        !links_own(sights, stream, v->repeat_of, SEGMENT_FIN))
        return "it repeats no RST and no FIN";
    if (!kills(sights, stream, v))
        return "no RST of the other side, here or elsewhere, killed it";
    if (!run_is_sane(sights, stream, &v->retransmission) || !run_is_sane(sights, stream, &v->probe))
        return "a run without frames";
    return NULL;
}

const char *sanity_complaint(const struct verdict *v, const struct sights *sights, uint32_t stream)
{
    const char *complaint = complain_of_words(v);

    if (!complaint)
        complaint = complain_of_alternatives(v);
    if (!complaint)
        complaint = complain_of_clues(v, sights);
    if (!complaint)
        complaint = complain_of_doubts(v);
    if (!complaint)
        complaint = complain_of_links(v, sights, stream);
    return complaint ? complaint : complain_of_order(v, sights);
}
