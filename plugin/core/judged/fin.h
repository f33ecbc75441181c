/* Rulings on FINs, and what becomes of them.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FIN_H
#define FIN_H

#include "conduct.h"

/** Hear a segment, just folded, that is a FIN or may have a say in an earlier one.  Returns the
 * ruling that begins with it; NULL: none. */
struct ruling *fin_hear(struct conductor *conductor, struct connection *connection,
                        const struct segment *segment);

/**
 * What comes behind a FIN that came too soon is its aftermath: a RST of the same side tells of it
 * in its place, and its verdict takes over what was said of it; one of the other side is one more
 * frame of the same abort.  Returns the ruling on the FIN that such a one repeats; NULL: it is
 * another.
 */
struct ruling *fin_follow(struct conductor *conductor, struct connection *connection,
                          struct verdict *reset);

#endif
