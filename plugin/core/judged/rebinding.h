/* A caller whose address was translated anew: its numbers go on from another address or port.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REBINDING_H
#define REBINDING_H

#include "ruling.h"

enum { REBINDING_SIBLINGS = 256 }; /* of the same server, that are looked through */

/**
 * Look at a fresh ruling on what the server did not know beside its other connections: if the
 * caller's numbers, of which the capture has no SYN, are the next ones of another connection, it
 * notes so; `ruling->related` is that connection.  No cause changes.  `newest` is the latest
 * connection of the same server, or of others that share its slot; NULL: none.
 * Fooled by: a capture from both sides of a translator.
 */
void rebinding_note(const struct connection *newest, struct ruling *ruling);

#endif
