/* Messages that end a conversation: goodbyes, and refusals with their words.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PARTING_H
#define PARTING_H

#include "framing.h"

enum { GOODBYE_ANY = 1 };

/** Whether a message says goodbye.  Returns its size, GOODBYE_ANY: any, or 0: it does not. */
uint32_t parting_goodbye(enum talk_protocol protocol, const struct message *message);

/** Whether a message may say goodbye in bytes that were cut by the snap length. */
bool parting_is_cut(enum talk_protocol protocol, const struct message *message);

/** A protocol as one of a set. */
#define PARTING_OF(protocol) (UINT32_C(1) << (protocol))

_Static_assert(TALK_PROTOCOLS <= 32, "a set holds them all");

/**
 * Whether a message turns the other side away in one of the protocols, all of which are asked at
 * once.  Its words, made safe, go to `text` as a string of less than `size` bytes if there is room
 * for any (`size` 0: none).
 */
bool parting_refusal(uint32_t protocols, const struct message *message, char *text, uint32_t size);

#endif
