/* Connections of one endpoint that end together.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TOGETHER_H
#define TOGETHER_H

#include "endpoint.h"

/** An unfinished exchange was ended by `server`: with others of the same moment it was killed. */
void together_dead(struct endpoints *all, struct endpoint *server, const struct segment *rst,
                   struct verdict *verdict);

/** `server` refused a call: what it had ended lately was killed. */
void together_refused(struct endpoints *all, struct endpoint *server, const struct segment *rst,
                      struct verdict *verdict);

/** `server` took a call with that SYN-ACK: it is back, if it had refused one behind its deaths. */
void together_back(struct endpoints *all, struct endpoint *server, const struct segment *seg);

/**
 * An idle connection was reset by the address `sender`: with others of different age at the same
 * moment it was in a pool that is emptied.
 * Fooled by: a reaper that looks at its connections seldom, and then ends all that are too old.
 */
void together_cleared(struct endpoints *all, struct endpoint *sender, const struct segment *rst,
                      struct verdict *verdict);

#endif
