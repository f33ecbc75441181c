/* From segments to rulings, and from a frame to what was ruled.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STATE_H
#define STATE_H

#include "compat.h"
#include "conduct.h"

/** Once, at registration. */
void state_init(int proto);

/** Changes with every capture file: what was remembered of another one is gone. */
unsigned state_epoch(void);

/** Have a segment judged and learned from.  First pass only, while the source shows it. */
void state_learn(struct sighting *sighting, const struct tuning *tuning);

/**
 * Once its segments have been dissected: whether anything is known of the frame.  Most frames end
 * here.  On the first pass the capture goes on to it.
 */
bool state_saw(packet_info *pinfo);

/** What was ruled on the frame, in order of its segments: the n-th from 0 on; NULL: there is none.
 */
const struct ruled *state_ruled(const packet_info *pinfo, unsigned n);

/**
 * The ruling on a side that fell silent with this frame.  Only when all frames have been seen
 * once; false: there is none.  The ladder lives in pinfo->pool.
 */
bool state_silence(packet_info *pinfo, struct ruling *ruling);

/**
 * Whether a side may turn out to have fallen silent with this frame; the ruling is then a
 * candidate: it has its connection and sender, and no cause.
 */
bool state_may_fall_silent(packet_info *pinfo, struct ruling *ruling);

/** The same as state_silence() for a frame that lies behind; the ladder lives in `pool`. */
bool state_silence_at(wmem_allocator_t *pool, const struct ruling *candidate, uint32_t frame,
                      struct ruling *ruling);

/** The address of that side, as far as TCP is carried by IP; it lives as long as the connection. */
void state_end(const struct connection *connection, unsigned side, address *end);

/** The tcp.stream of a connection that has begun by that frame. */
uint32_t state_stream(const packet_info *pinfo, const struct connection *connection);

/**
 * The verdict on a frame, as things stand; CAUSE_NONE: there is none, or none yet.  `is_over`: all
 * frames have been seen once.
 */
struct verdict state_verdict(const struct ruled *ruled, bool is_over);

/** What the verdicts mean for a frame that they do not stand on. */
struct mention {
    const struct connection *connection; /* the frame's, of tunnels the innermost; NULL: none */
    enum cause cause;                    /* of it; CAUSE_NONE: it was not aborted */
    uint32_t reset;                      /* the frame whose verdict names this one; 0: none does */
    bool is_dissected;                   /* its segment, with what that carries */
};

/**
 * Keep with the dissection what is said of its frame.  Once all frames have been seen.  Returns
 * what is to become true once its segment has been dissected; NULL: nothing is said of it.
 */
bool *state_recall(packet_info *pinfo, const struct sighting *sighting);

/** What was kept; NULL: nothing. */
const struct mention *state_mention(packet_info *pinfo);

#endif
