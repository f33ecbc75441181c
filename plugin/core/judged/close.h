/* A FIN in its context, and what is said of it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLOSE_H
#define CLOSE_H

#include "judge.h"

/** A FIN in its context, as things stand. */
struct close {
    const struct flow *flow;
    const struct segment *fin;
    const struct side *closer, *other;
    const struct habits *habits; /* of the server's endpoint */
    struct ending ending;        /* of what the closer said */
    struct question question;    /* the latest of whoever asks */
    int64_t over_ns;             /* since the FIN, when nothing can follow any more; else below 0 */
    bool is_asker;               /* the closer asks, the other side answers */
};

/** What the first FIN turns out to be, of the side that asks and of the side that answers. */
enum closing asker_closed(const struct close *close, struct verdict *verdict);
enum closing answerer_closed(const struct close *close, struct verdict *verdict);

/** Whether the side of the FIN, folded already, was the first to close, be it by words. */
bool close_came_first(const struct flow *flow, const struct segment *fin);

/** Whether it came as soon behind the latest question as a kernel answers. */
bool close_is_at_once(const struct close *close);

/** Whether the one who answers does, as far as this connection or its endpoint has shown. */
bool close_is_answered(const struct close *close, const struct talk *answerer);

/** Say a detail, and let the cell that makes it so fit. */
void close_say(struct verdict *verdict, enum detail detail, enum maker maker, enum debt debt,
               enum fit fit);

/** The same of a server that had taken the connection and did not want it. */
void close_say_turned_away(struct verdict *verdict, enum detail detail);

/** Let another maker and debt be possible where nothing is said of them yet; beside a maker that is
 * proven, where the capture lacks something. */
void close_doubt(struct verdict *verdict, enum maker maker, enum debt debt,
                 enum objection objection);

/** Note the question that stood open, and where a message was cut. */
void close_note_question(const struct close *close, struct verdict *verdict);
void close_note_cut(const struct close *close, struct verdict *verdict);

#endif
