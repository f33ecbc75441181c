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
        .sender = (uint8_t)side,
        .sender_is_client = client,
        .client_known = flow->opener_known,
    };
}

void verdict_name(struct verdict *v, enum detail detail)
{
    v->detail = detail;
    v->cause = detail_info(detail)->cause;
    v->severity = cause_severity(v->cause, detail);
}

void verdict_note(struct verdict *v, enum clue_kind kind, uint32_t frame, int64_t n, int64_t m)
{
    if (v->clue_count < CLUE_MAX)
        v->clue[v->clue_count++] = (struct clue){ .kind = kind, .frame = frame, .n = n, .m = m };
}

void verdict_suspect(struct verdict *v, enum cause cause)
{
    for (int i = 0; i < ALTERNATIVE_MAX; i++) {
        if (v->alternative[i] == cause || v->cause == cause)
            return;
        if (v->alternative[i] == CAUSE_NONE) {
            v->alternative[i] = cause;
            return;
        }
    }
}

void verdict_forget_suspects(struct verdict *v)
{
    for (int i = 0; i < ALTERNATIVE_MAX; i++)
        v->alternative[i] = CAUSE_NONE;
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
    for (int i = 0; i < ALTERNATIVE_MAX; i++)
        v->alternative[i] = first->alternative[i];
}

void verdict_take_over(struct verdict *v, const struct verdict *of_fin)
{
    verdict_forget_suspects(v);
    verdict_inherit(v, of_fin);
    v->missing = of_fin->missing;
    for (int i = 0; i < of_fin->clue_count; i++)
        verdict_note(v, of_fin->clue[i].kind, of_fin->clue[i].frame, of_fin->clue[i].n,
                     of_fin->clue[i].m);
    for (int i = 0; i < PROOF_MAX && of_fin->proof[i]; i++)
        verdict_prove(v, of_fin->proof[i]);
}
