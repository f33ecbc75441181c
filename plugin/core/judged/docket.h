/* The docket: a conductor's rulings, from their beginning to what others change of them.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DOCKET_H
#define DOCKET_H

#include "conduct.h"

/** Zeroed memory that lives as long as the conductor; NULL: there is none. */
void *docket_lend(const struct conductor *conductor, size_t bytes);

/** The flow's oddities, lent if it has none yet; NULL: no memory. */
struct oddities *docket_oddities(const struct conductor *conductor, struct flow *flow);

/** Keep what the segment says, which turns the other side away. */
void docket_keep_words(const struct conductor *conductor, struct flow *flow,
                       const struct segment *segment);

/** Begin a ruling on a RST or a FIN; NULL: no memory. */
struct ruling *docket_begin(struct conductor *conductor, struct connection *connection,
                            const struct segment *segment, const struct reason *reason);

/** Let the RST of that verdict be one more of the same abort; NULL: no memory. */
struct repeat *docket_repeat(struct conductor *conductor, struct ruling *first,
                             const struct verdict *verdict, const struct reason *reason);

/** Keep the other leg of a proxy, if there is one by that FIN or RST. */
void docket_keep_leg(struct conductor *conductor, struct ruling *ruling, const struct segment *end);

/** Keep what leads to its frame. */
void docket_keep_ladder(struct conductor *conductor, struct ruling *ruling);

/** Judge it beside what other connections of the same ends and of the same server show. */
void docket_compare(struct conductor *conductor, struct ruling *ruling);

/** It says something new: it stands in the outcome of the segment at hand. */
void docket_note(struct conductor *conductor, struct ruling *ruling);

/** The same, for a later segment had a say in it. */
void docket_note_later(struct conductor *conductor, struct ruling *ruling,
                       const struct segment *segment);

/** It is about to be judged anew: what it meant for others is forgotten. */
void docket_forget(struct conductor *conductor, struct ruling *ruling);

/** There was nothing to it, or something else tells of it. */
void docket_withdraw(struct conductor *conductor, struct ruling *ruling);

/** Who accepted the connection. */
struct endpoint *docket_server(struct conductor *conductor, const struct connection *connection);

/** The address of that side, whatever its port. */
struct endpoint *docket_host(struct conductor *conductor, const struct connection *connection,
                             unsigned side);

/** What its other connections show that it does. */
struct habits docket_habits(const struct conductor *conductor, const struct connection *connection);

#endif
