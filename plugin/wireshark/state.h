/* From segments to rulings, and from a frame to what was ruled.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef STATE_H
#define STATE_H

#include "compat.h"
#include "ladder.h"
#include "reason.h"
#include "source.h"
#include "verdict.h"

/** A verdict on one RST of one frame. */
struct ruling {
    struct verdict verdict;
    struct segment rst; /* without payload and options: they were the frame's */
    struct reason reason;
    struct ruling *primary; /* of a repeat: the first one, whose cause may still change */
    struct ladder ladder;   /* of a repeat: empty */
    uint32_t repeats;       /* RSTs that only repeat this one */
    uint32_t stream;
    uint16_t port[2];    /* source, destination */
    struct ruling *next; /* another RST of the same frame */
};

/** Once, at registration. */
void state_init(int proto);

/** Note that the capture goes on to this frame.  First pass only. */
void state_saw(packet_info *pinfo);

/**
 * Fold a segment into its flow, ruling on it when it carries RST; its side is set.  First pass
 * only.
 */
void state_learn(packet_info *pinfo, struct sighting *sighting, const struct tuning *tuning);

/** The rulings on the frame, in order of its segments; NULL: none. */
const struct ruling *state_rulings(packet_info *pinfo);

/**
 * The ruling on a side that fell silent with this frame.  Only when all frames have been seen
 * once; false: there is none.  The ladder lives in pinfo->pool.
 */
bool state_silence(packet_info *pinfo, struct ruling *ruling);

/**
 * Whether a side may turn out to have fallen silent with this frame; the ruling then has its
 * stream and ports, and no cause.
 */
bool state_may_fall_silent(packet_info *pinfo, struct ruling *ruling);

/** The same as state_silence() for a frame that lies behind; the ladder lives in `pool`. */
bool state_silence_at(wmem_allocator_t *pool, uint32_t stream, uint32_t frame,
                      struct ruling *ruling);

/** The verdict to show: a repeat follows the first one. */
struct verdict ruling_verdict(const struct ruling *ruling);

/** What the verdicts mean for a frame that they do not stand on. */
struct mention {
    uint32_t stream;  /* the frame's; of tunnels the innermost */
    enum cause cause; /* of that connection; CAUSE_NONE: it was not aborted */
    uint32_t reset;   /* the frame whose verdict names this one; 0: none does */
};

/** Keep with the dissection what is said of its frame.  Once all frames have been seen. */
void state_recall(packet_info *pinfo, const struct sighting *sighting);

/** What was kept; NULL: nothing. */
const struct mention *state_mention(packet_info *pinfo);

#endif
