/* Who made an end, where the packets of its sender alone do not tell.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "duration.h"
#include "limit.h"
#include "questions.h"
#include "trigger.h"

static void let_fit(struct answers *a, enum maker maker, enum fit fit, enum objection objection)
{
    answer_fits(&a->maker[maker], fit, objection);
}

/* Its host knows of no connection, and never did, or no more. */
static void ask_host(const struct reset *r, struct answers *a)
{
    bool never = a->stage[STAGE_NEVER].fit && !a->stage[STAGE_ASKED].fit;

    let_fit(a, MAKER_NOBODY, FIT_PROVEN, OBJECTION_NONE);
    if (!never || reset_is_stray(r))
        return;
    if (r->sender->syn_frame && !r->receiver->has_reset) { /* a stale socket */
        let_fit(a, MAKER_BOX, FIT_POSSIBLE, OBJECTION_OWN_HEADER);
        return;
    }
    let_fit(a, MAKER_DEATH, FIT_POSSIBLE, OBJECTION_NOT_HERE);
    if (r->trigger && r->trigger->flags & SEGMENT_SYN)
        answer_fits(&a->stage[STAGE_ASKED], FIT_POSSIBLE, OBJECTION_NONE);
}

/*
 * A process that dies leaves a FIN, an active RST, or data behind which the FIN waits; a host is
 * silent for a while before it knows nothing.
 */
static bool has_vanished(const struct reset *r)
{
    bool broken = r->sender_out || talk_is_cut(&r->sender->talk);

    if (!trigger_is_news(r) || r->receiver->fin_frame || r->sender->fin_unseen ||
        r->idle_ns >= r->tuning->idle_ns)
        return false;
    /* one that had nothing more to say may have gone at any time since */
    return broken || (!reset_is_lately(r) && r->idle_ns <= duration_of_ms(LIMIT_GONE_LATELY_MS));
}

/* It had an open connection, and its host knows of none: it died, or something else answers. */
static void ask_gone(const struct reset *r, struct answers *a)
{
    bool vanished = has_vanished(r);
    bool lately = r->trigger && reset_is_lately(r);

    if (!r->trigger) { /* what it answers is not in the capture */
        let_fit(a, MAKER_NOBODY, FIT_FAINT, OBJECTION_NONE);
        let_fit(a, MAKER_DEATH, FIT_FAINT, OBJECTION_NONE);
        answer_fits(&a->debt[DEBT_FAREWELL], FIT_LIKELY, OBJECTION_NONE);
        if (!r->ahead)
            return;
        answer_fits(&a->stage[STAGE_CLOSED], FIT_LIKELY, OBJECTION_NONE);
        answer_fits(&a->stage[STAGE_OPEN], FIT_FAINT, OBJECTION_NONE);
        return;
    }
    answer_fits(&a->debt[DEBT_UNASKED], FIT_LIKELY, OBJECTION_NONE);
    let_fit(a, MAKER_NOBODY, vanished ? FIT_POSSIBLE : FIT_LIKELY, OBJECTION_KNEW);
    let_fit(a, MAKER_DEATH, vanished ? FIT_LIKELY : FIT_POSSIBLE,
            lately ? OBJECTION_LATELY : OBJECTION_ALONE);
    if (vanished || lately)
        let_fit(a, MAKER_BOX, vanished ? FIT_FAINT : FIT_POSSIBLE, OBJECTION_OWN_HEADER);
}

/* Nothing was left to do. */
static void ask_closed(const struct reset *r, struct answers *a)
{
    enum debt debt = reset_answers_data(r) ? DEBT_RECEIVER : DEBT_NOTHING;

    let_fit(a, MAKER_PROGRAM, FIT_PROVEN, OBJECTION_NONE);
    answer_fits(&a->stage[STAGE_CLOSED], FIT_UNSEEN, OBJECTION_BOTH_CLOSED);
    answer_fits(&a->debt[debt], FIT_LIKELY, OBJECTION_NONE);
}

/* Its number is none that its sender would write; the capture may lack what makes it one, or all
 * there was of a connection. */
static void ask_unclear(const struct reset *r, struct answers *a)
{
    if (!r->sender->seen) {
        if (!a->maker[MAKER_NOBODY].fit)
            let_fit(a, MAKER_NOBODY, FIT_FAINT, OBJECTION_NO_TRIGGER);
        if (!a->stage[STAGE_CALLED].fit)
            answer_fits(&a->stage[STAGE_NEVER], FIT_FAINT, OBJECTION_NONE);
        return;
    }
    let_fit(a, MAKER_PROGRAM, FIT_FAINT, OBJECTION_WRONG_NUMBER);
    answer_fits(&a->debt[DEBT_SENDER], FIT_FAINT, OBJECTION_NONE);
    answer_fits(&a->debt[DEBT_NOTHING], FIT_FAINT, OBJECTION_NONE);
}

static void ask_sender(const struct reset *r, struct answers *a)
{
    const struct answer *stage = a->stage;

    if (stage[STAGE_CALLED].fit || stage[STAGE_NEVER].fit)
        ask_host(r, a);
    if (stage[STAGE_CALLED].fit)
        let_fit(a, MAKER_BOX, answer_beside(&stage[STAGE_CALLED]), OBJECTION_OWN_HEADER);
    if (stage[STAGE_OVER].fit)
        ask_closed(r, a);
    else if (r->sender->fin_frame && r->form == FORM_REFLEX && !stage[STAGE_NEVER].fit)
        gone_ask(r, a);
    else if (r->form == FORM_ACTIVE && stage[STAGE_NEVER].fit < FIT_LIKELY)
        living_ask(r, a);
    else if (r->form == FORM_REFLEX && stage[STAGE_OPEN].fit == FIT_PROVEN)
        ask_gone(r, a);
    else if (r->form == FORM_UNCLEAR)
        ask_unclear(r, a);
    if (stage[STAGE_ACCEPTED].fit && opening_kept_waiting(r))
        answer_fits(&a->debt[DEBT_NOTHING], FIT_REFUTED, OBJECTION_NONE);
    if (stage[STAGE_ACCEPTED].fit <= a->maker[MAKER_PROGRAM].fit &&
        stage[STAGE_ACCEPTED].fit < FIT_LIKELY)
        return;
    let_fit(a, MAKER_PROGRAM, (enum fit)stage[STAGE_ACCEPTED].fit, OBJECTION_NONE);
    /* one that dies with nothing unread closes by a FIN */
    let_fit(a, MAKER_DEATH,
            stage[STAGE_ACCEPTED].fit == FIT_PROVEN ? FIT_UNSEEN
            : r->form == FORM_REFLEX                ? FIT_POSSIBLE
                                                    : FIT_FAINT,
            OBJECTION_ALONE);
}

/* What is likely, or as likely as the sender itself, leaves less of all others. */
static void prefer(struct answers *a, enum maker maker, enum fit fit, enum objection against)
{
    if (fit == FIT_REFUTED)
        return;
    answers_prefer(a->maker, MAKERS, maker, fit, against);
    if (a->maker[MAKER_DEATH].fit == FIT_POSSIBLE)
        let_fit(a, MAKER_DEATH, FIT_FAINT, against);
}

/* What is likely leaves less of all others; what is less stands beside them. */
static void propose(struct answers *a, enum maker maker, enum fit fit, enum objection against,
                    enum objection objection)
{
    if (fit >= FIT_LIKELY)
        prefer(a, maker, fit, against);
    else if (fit > a->maker[maker].fit)
        let_fit(a, maker, fit, objection);
}

/* Timers tell by what went before: data sent in vain says more than a probe, and that more than a
 * pause. */
static void ask_timers(const struct reset *r, struct answers *a)
{
    enum fit expiry = waiting_expiry(r);

    if (expiry == FIT_FAINT)
        let_fit(a, MAKER_EXPIRY, FIT_POSSIBLE, OBJECTION_NOT_TIMED);
    else
        prefer(a, MAKER_EXPIRY, expiry, OBJECTION_IDLE);
    prefer(a, MAKER_PERSIST, waiting_persist(r), OBJECTION_UNHEARD);
    propose(a, MAKER_KEEPALIVE, waiting_keepalive(r), OBJECTION_UNHEARD, OBJECTION_UNEVEN);
    prefer(a, MAKER_RETRANSMISSION, waiting_retransmission(r), OBJECTION_UNHEARD);
}

void questions_ask(const struct reset *r, struct answers *a)
{
    stage_ask(r, a);
    ask_sender(r, a);
    ask_timers(r, a);
    propose(a, MAKER_PROTOCOL, misplaced_protocol(r), OBJECTION_FORBIDDEN, OBJECTION_NOT_FORBIDDEN);
    propose(a, MAKER_BOX, forgery_fits(r), OBJECTION_SIGN, OBJECTION_OWN_HEADER);
}
