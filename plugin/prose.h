/* Verdicts as sentences.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A template of causes.def, details.def or clues.def holds words in braces and clauses in
 * square brackets; a clause is left out when one of its words is not known.
 *
 *   {sender} {receiver}      the side the RST claims to come from, the side it silences
 *   {sender_port}            a number
 *   {frame} {n} {m} {n_time} {m_time} {owner}      of the clue
 *   {trigger} {fin} {fin_peer} {syn} {proof} {probe_first} {probe_last}
 *   {retransmission_first} {retransmission_last}      frame numbers
 *   {probes} {retransmissions} {missing} {lost_sender}      counts, bytes
 *   {since_trigger} {since_fin} {since_open} {idle} {unanswered} {quiet}      durations
 */
#ifndef PROSE_H
#define PROSE_H

#include "state.h"

/** A ruling and the packet it is shown for. */
struct scene {
    packet_info *pinfo;
    const struct ruling *ruling;
    struct verdict verdict; /* as it stands now */
};

/** The template with its words filled in; allocated in pinfo->pool. */
const char *prose(const struct scene *scene, const char *template);

/** The sentence for a ticket; allocated in pinfo->pool. */
const char *prose_summary(const struct scene *scene);

/** One observation as a sentence; allocated in pinfo->pool. */
const char *prose_clue(const struct scene *scene, const struct clue *clue);

#endif
