/* A packet of the ladder in a few words.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LABEL_H
#define LABEL_H

#include "prose.h"

/** What the packet is: "SYN, ACK", "FIN, 37 bytes"; allocated in the pool. */
const char *label_text(wmem_allocator_t *pool, const struct rung *rung);

/** What it means for the abort: "drew the reset"; NULL: nothing of its own. */
const char *label_note(const struct scene *scene, const struct rung *rung);

/** That, and the first line of the message that begins in it; NULL: neither is known. */
const char *label_remark(const struct scene *scene, const struct rung *rung);

/** Whether the packet goes from the client to the server. */
bool label_from_client(const struct scene *scene, const struct rung *rung);

#endif
