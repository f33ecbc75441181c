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

/** Note that the capture goes on to this frame.  First pass only. */
void state_saw(packet_info *pinfo);

/**
 * Have a segment judged and learned from.  First pass only, while the source shows it.  Returns
 * where the ruling on it keeps its stream; NULL: there is none.
 */
uint32_t *state_learn(packet_info *pinfo, struct sighting *sighting, const struct tuning *tuning);

/** The rulings on the frame, in order of its segments; NULL: none. */
const struct ruling *state_rulings(packet_info *pinfo);

/**
 * The ruling on a side that fell silent with this frame.  Only when all frames have been seen
 * once; false: there is none.  The ladder lives in pinfo->pool.
 */
bool state_silence(packet_info *pinfo, struct ruling *ruling);

/**
 * Whether a side may turn out to have fallen silent with this frame; the ruling is then a
 * candidate: it has its connection, stream and sender, and no cause.
 */
bool state_may_fall_silent(packet_info *pinfo, struct ruling *ruling);

/** The same as state_silence() for a frame that lies behind; the ladder lives in `pool`. */
bool state_silence_at(wmem_allocator_t *pool, const struct ruling *candidate, uint32_t frame,
                      struct ruling *ruling);

/** The tcp.stream of a connection that has begun by that frame. */
uint32_t state_stream(const packet_info *pinfo, const struct connection *connection);

/**
 * The verdict of a ruling, as things stand; CAUSE_NONE: there is none, or none yet.  `is_over`: all
 * frames have been seen once.
 */
struct verdict state_verdict(const struct ruling *ruling, bool is_over);

/** What the verdicts mean for a frame that they do not stand on. */
struct mention {
    uint32_t stream;  /* the frame's tcp.stream, of tunnels the innermost; or MENTION_UNTOLD */
    enum cause cause; /* of that connection; CAUSE_NONE: it was not aborted */
    uint32_t reset;   /* the frame whose verdict names this one; 0: none does */
};

/**
 * Keep with the dissection what is said of its frame.  Once all frames have been seen.  Returns
 * where its stream is kept; NULL: nothing is said of it.
 */
uint32_t *state_recall(packet_info *pinfo, const struct sighting *sighting);

/** In place of a stream: the segment is still being dissected. */
#define MENTION_UNTOLD UINT32_MAX

/** What was kept; NULL: nothing. */
const struct mention *state_mention(packet_info *pinfo);

#endif
