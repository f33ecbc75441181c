/* The three questions that are asked of a reset.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef QUESTIONS_H
#define QUESTIONS_H

#include "answers.h"
#include "reset.h"

/**
 * Who made this end, how far its sender's half had come, what was owed: a fit for every answer.
 * Nothing but the reset is read; `answers` begin as zeroes.
 */
void questions_ask(const struct reset *reset, struct answers *answers);

/** How far its sender's half had come, alone. */
void stage_ask(const struct reset *reset, struct answers *answers);

/** Of a stage: whether it had been asked for a connection, had asked, had taken one. */
enum fit opening_called(const struct reset *reset);
enum fit opening_asked(const struct reset *reset);
enum fit opening_accepted(const struct reset *reset);

/** Whether its receiver had said something, be it by what the reset acknowledges. */
bool opening_was_spoken_to(const struct reset *reset);

/** Whether its sender had acknowledged what its receiver said first, and gave no answer. */
bool opening_kept_waiting(const struct reset *reset);

/** Of a maker that is a timer of its host, or an idle limit. */
enum fit waiting_retransmission(const struct reset *reset);
enum fit waiting_keepalive(const struct reset *reset);
enum fit waiting_persist(const struct reset *reset);
enum fit waiting_expiry(const struct reset *reset);

/** Of a side that had closed alone, and of a live socket: who made its end, and what was owed. */
void gone_ask(const struct reset *reset, struct answers *answers);
void living_ask(const struct reset *reset, struct answers *answers);

/** Whether both sides had closed, and nothing of the sender was left to acknowledge. */
bool gone_is_over(const struct reset *reset);

/** Of a stage: whether the connection is none that its sender has a half of, any more. */
enum fit misplaced_here(const struct reset *reset);

/** Of a box on or beside the path. */
enum fit forgery_fits(const struct reset *reset);

/** Of its TCP. */
enum fit misplaced_protocol(const struct reset *reset);

#endif
