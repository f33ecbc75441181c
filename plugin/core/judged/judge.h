/* From the end of a connection to a verdict with its evidence.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_H
#define JUDGE_H

#include "verdict.h"

/**
 * Judge a segment that carries RST.  Reads the flow as it stood before the
 * segment; marks in the trail the segment it answers, so that the next reset of
 * a burst is paired with the next one.  `first` is the verdict on the first RST
 * of the same side in this flow, or NULL: a repeat inherits its cause.
 * Total: every RST gets a verdict.
 */
struct verdict judge_reset(const struct flow *flow, struct trail *trail, const struct segment *rst,
                           const struct verdict *first, const struct surroundings *around);

/** Whether the segment, just folded, may turn out to be the last its side sent in vain. */
bool judge_may_fall_silent(const struct flow *flow, const struct segment *seg);

/** Whether it still may, after later segments: it is the side's latest, or a SYN without an answer.
 */
bool judge_may_still_be_silent(const struct flow *flow, unsigned side, uint32_t frame);

/**
 * Judge a side that never got an answer, when the capture is over (RFC 9293, 3.8.3: Linux and
 * others give up without a reset).  `end_ns` is the time of the capture's last frame.  Returns
 * false when there is nothing to say; else verdict->frame is the last thing the side sent.
 */
bool judge_silence(const struct flow *flow, unsigned side, int64_t end_ns, struct verdict *verdict);

/** What other connections have shown of the endpoint that accepted this one. */
struct habits {
    bool answers;  /* it answers questions */
    bool notifies; /* in TLS it says close_notify before its FIN */
    bool opens;    /* it has others connect to it for a transfer (FTP): an empty one says nothing */
};

/** What a FIN turns out to be. */
enum closing {
    CLOSED_IN_ORDER,  /* there is nothing to say of it */
    CLOSED_UNDECIDED, /* what follows will tell */
    CLOSED_TOO_SOON,
};

/** In place of the time at which the capture was over. */
#define CAPTURE_GOES_ON INT64_MIN

/**
 * Judge the first FIN of the side that closed first, as things stand (RFC 9112, 8; RFC 8446, 6.1):
 * once it is folded, and anew whenever the flow has changed; only the numbers of `fin` are read.
 * `over_at_ns` is the time of the capture's last frame once it is over; CAPTURE_GOES_ON before.
 * With CLOSED_TOO_SOON the verdict is complete; else it only has its frames.
 */
enum closing judge_close(const struct flow *flow, const struct segment *fin,
                         const struct habits *habits, int64_t over_at_ns, struct verdict *verdict);

/**
 * Look at an earlier verdict in the light of a later segment of the same flow,
 * not yet folded.  Returns whether the verdict has changed.
 */
bool judge_reconsider(struct verdict *verdict, const struct flow *flow, const struct trail *trail,
                      const struct segment *later);

/**
 * Look at a verdict of which verdict_is_of_older_connection() beside that connection, `older`, in
 * which `holder_side` is the side that answered the SYN.
 */
void judge_beside_older(struct verdict *verdict, const struct flow *flow, const struct flow *older,
                        unsigned holder_side);

/**
 * Look at a verdict on a call beside `older`, the connection on the same ports before: if that goes
 * on, the SYN may have been reset in its name (RFC 793, 3.9).
 */
void judge_call_beside_older(struct verdict *verdict, const struct flow *older);

/**
 * Whether the capture shows the reset before the segment it answers, or before the last one of
 * its own sender: `later` comes within LIMIT_OVERTAKEN_MS behind it and fits.  Then judge_reset()
 * is worth another call once `later` is folded.
 */
bool judge_overtook(const struct verdict *verdict, const struct flow *flow,
                    const struct trail *trail, const struct segment *later);

#endif
