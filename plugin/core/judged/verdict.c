/* What is claimed of the end of a connection, and how a claim is put together.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict.h"

#include "limit.h"

bool verdict_ttl_may_be_linux(uint8_t ttl)
{
    return !ttl || (ttl > LIMIT_TTL_OF_SMALL_STACKS_STEPS && ttl <= LIMIT_TTL_OF_LINUX_STEPS);
}

struct verdict verdict_begin(const struct flow *flow, unsigned side, enum form form)
{
    bool client = flow->opener == side;

    return (struct verdict){
        .by = client ? PARTY_CLIENT : PARTY_SERVER,
        .form = form,
        .fin = flow->side[side].fin_frame,
        .fin_peer = flow->side[!side].fin_frame,
        .syn = flow->side[flow->opener == 1].syn_frame,
        .since_fin_ns = -1,
        .since_trigger_ns = -1,
        .since_open_ns = -1,
        .idle_ns = -1,
        .waited_ns = -1,
        .unanswered_ns = -1,
        .patience_ns = -1,
        .quiet_ns = -1,
        .said_goodbye = flow_says_farewell(flow, side),
        .sender_may_be_linux = verdict_ttl_may_be_linux(flow->side[side].ttls.shown[0]),
        .receiver_may_be_linux = verdict_ttl_may_be_linux(flow->side[!side].ttls.shown[0]),
        .ceiling = CONFIDENCE_CERTAIN,
        .sender = (uint8_t)side,
        .sender_is_client = client,
        .client_known = flow->opener_known,
    };
}

static void raise_to(struct answer *answer, enum fit fit)
{
    if (answer->fit < fit)
        answer_fits(answer, fit, OBJECTION_NONE);
}

void verdict_fit(struct verdict *v, enum maker maker, enum stage stage, enum debt debt,
                 enum fit fit)
{
    raise_to(&v->answers.maker[maker], fit);
    raise_to(&v->answers.stage[stage], fit);
    raise_to(&v->answers.debt[debt], fit);
}

static void raise_best(struct answer *answers, unsigned count)
{
    unsigned best = 0;

    for (unsigned i = 1; i < count; i++)
        if (answers[i].fit > answers[best].fit)
            best = i;
    raise_to(&answers[best], FIT_LIKELY);
}

void verdict_blame(struct verdict *v, enum maker maker, enum objection objection)
{
    struct answers *a = &v->answers;
    enum fit fit = (enum fit)a->maker[maker].fit;

    answers_prefer(a->maker, MAKERS, maker, fit < FIT_LIKELY ? FIT_LIKELY : fit, objection);
    raise_best(a->stage, STAGES);
    raise_best(a->debt, DEBTS);
    if (v->ceiling < CONFIDENCE_LIKELY)
        v->ceiling = CONFIDENCE_LIKELY;
}

void verdict_conclude(struct verdict *v, enum detail detail)
{
    verdict_weigh(v);
    v->detail = detail;
    v->severity = verdict_allows(v, cause_severity(v->cause, detail));
}

enum severity verdict_allows(const struct verdict *v, enum severity severity)
{
    return severity == SEVERITY_CHAT && v->may_have_broken ? SEVERITY_NOTE : severity;
}

_Static_assert(CLUE_COUNT <= UINT8_MAX, "its kind is a byte");

/* Which of the verdict's numbers it is, if need be a new one; false: there is no room. */
static bool find_number(struct verdict *v, int64_t number, uint8_t *which)
{
    uint8_t at = 0;

    while (number && at < v->number_count && v->number[at] != number)
        at++;
    *which = number ? (uint8_t)(at + 1) : 0;
    if (!number || at < v->number_count)
        return true;
    if (at == NUMBER_MAX)
        return false;
    v->number[v->number_count++] = number;
    return true;
}

void verdict_note(struct verdict *v, enum clue_kind kind, uint32_t frame, int64_t n, int64_t m)
{
    struct noted noted = { .frame = frame, .kind = (uint8_t)kind };

    if (v->clue_count < CLUE_MAX && find_number(v, n, &noted.n) && find_number(v, m, &noted.m))
        v->noted[v->clue_count++] = noted;
}

/* Only what leaves no other cause is certain. */
static enum confidence confidence_of(const struct fitting fitting[], unsigned count)
{
    if (fitting[0].fit == FIT_PROVEN && (count == 1 || fitting[1].fit == FIT_UNSEEN))
        return CONFIDENCE_CERTAIN;
    return fitting[0].fit >= FIT_LIKELY ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE;
}

/* A capture that lacks something does not refute what it does not show.  Of what is faint two are
 * enough. */
static bool is_alternative(const struct verdict *v, const struct fitting *fitting, unsigned place)
{
    if (v->confidence == CONFIDENCE_CERTAIN)
        return false;
    return fitting->fit >= (place < LIMIT_FAINT_ALTERNATIVES ? FIT_UNSEEN : FIT_POSSIBLE);
}

static void name_alternatives(struct verdict *v, const struct fitting fitting[], unsigned count)
{
    for (unsigned i = 0; i < ALTERNATIVE_MAX; i++) {
        bool fits = i < count && is_alternative(v, &fitting[i], i);

        v->alternative[i] = (uint8_t)(fits ? fitting[i].cause : CAUSE_NONE);
        v->against[i] = (uint8_t)(fits ? fitting[i].objection : OBJECTION_NONE);
    }
}

void verdict_weigh(struct verdict *v)
{
    struct fitting fitting[FITTING_MAX];
    unsigned count = answers_weigh(&v->answers, fitting);
    unsigned decided = count && fitting[0].fit >= FIT_POSSIBLE; /* by the first of them */

    v->cause = CAUSE_UNKNOWN;
    v->confidence = CONFIDENCE_POSSIBLE;
    if (decided) {
        v->cause = fitting[0].cause;
        v->confidence = confidence_of(fitting, count);
    }
    if (v->confidence > v->ceiling)
        v->confidence = v->ceiling;
    name_alternatives(v, &fitting[decided], count - decided);
}

void verdict_limit(struct verdict *v, enum confidence ceiling)
{
    if (v->ceiling <= ceiling)
        return;
    v->ceiling = ceiling;
    if (v->confidence > ceiling)
        verdict_weigh(v);
}

void verdict_prove(struct verdict *v, uint32_t frame)
{
    for (int i = 0; i < PROOF_MAX; i++) {
        if (v->proof[i] == frame)
            return;
        if (!v->proof[i]) {
            v->proof[i] = frame;
            return;
        }
    }
}

bool verdict_is_of_older_connection(const struct verdict *v)
{
    const struct detail_info *detail = detail_info(v->detail);

    return detail && detail->of_older_connection;
}

bool verdict_ends_nothing(const struct verdict *v)
{
    const struct detail_info *detail = detail_info(v->detail);

    return detail && detail->ends_nothing;
}

enum comparison verdict_comparison(const struct verdict *v)
{
    return v ? cause_comparison(v->cause, v->detail) : COMPARED_WITH_NOTHING;
}

void verdict_inherit(struct verdict *v, const struct verdict *first)
{
    v->cause = first->cause;
    v->detail = first->detail;
    v->confidence = first->confidence;
    v->severity = first->severity;
    v->by = first->by;
    v->killed_by = first->killed_by;
    v->ceiling = first->ceiling;
    v->answers = first->answers;
    for (int i = 0; i < ALTERNATIVE_MAX; i++) {
        v->alternative[i] = first->alternative[i];
        v->against[i] = first->against[i];
    }
}

void verdict_take_over(struct verdict *v, const struct verdict *of_fin)
{
    enum confidence ceiling = v->ceiling < CONFIDENCE_LIKELY ? CONFIDENCE_LIKELY : v->ceiling;

    verdict_inherit(v, of_fin);
    verdict_limit(v, ceiling);
    v->missing = of_fin->missing;
    for (unsigned i = 0; i < of_fin->clue_count; i++) {
        const struct clue clue = verdict_clue(of_fin, i);

        verdict_note(v, clue.kind, clue.frame, clue.n, clue.m);
    }
    for (int i = 0; i < PROOF_MAX && of_fin->proof[i]; i++)
        verdict_prove(v, of_fin->proof[i]);
}
