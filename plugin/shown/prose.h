/* Verdicts as sentences.
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A template of causes.def, details.def or clues.def holds words in braces and clauses in
 * square brackets; a clause is left out when one of its words is not known.
 *
 *   {sender} {receiver}      the side the RST claims to come from, the side it silences
 *   {sender_role} {receiver_role}      the same without addresses: "the client"
 *   {sender_port}            a number
 *   {was}                    "seems", unless it is certain
 *   {by_role}                who ended it, likewise     {words}      its last words
 *   {frame} {n} {m} {n_time} {m_time} {m_bytes} {n_again} {owner}      of the clue
 *   {n_question} {n_answer}            likewise: "an HTTP request", "an HTTP answer"
 *   {n_times} {n_seq} {m_seq}          likewise: "once"; numbers of the sender, as the packet list
 *                            shows them
 *   {leg_frame}              the frame in which the other leg ended
 *   {leg} {kin}              streams, of the connections that the scene knows as another leg and by
 *                            its numbers
 *   {repeat_of} {killed_by} {trigger} {fin} {fin_peer} {syn} {asked} {proof} {probe_first}
 *   {probe_last} {retransmission_first} {retransmission_last}      frame numbers
 *   {probes} {missing} {lost_sender}      counts, bytes      {again}      "4 more times"
 *   {since_trigger} {since_fin} {since_open} {idle} {waited} {patience} {unanswered} {quiet}
 *                            durations
 *   {forged} {genuine} {sender_asked} {sender_told} {goodbye} {no_goodbye} {sender_linux}
 *   {receiver_linux} {harmless} {harmful}
 *                            nothing: a clause with one stands only if that is true, or may be
 */
#ifndef PROSE_H
#define PROSE_H

#include "first_line.h"
#include "state.h"

/** A ruling as it stands now, and where to tell of it. */
struct scene {
    wmem_allocator_t *pool;      /* of every text */
    const struct ruling *ruling; /* of a repeat: the one that it repeats */
    const struct reason *reason; /* that the reset states itself; NULL: none */
    const address *end[2];       /* of the reset's sender, of its receiver */
    struct verdict verdict;
    int64_t related[RELATIONS]; /* the tcp.stream of the connection that explains it; -1: none */
    const struct first_lines *lines; /* of its packets; NULL: nobody collects them */
};

/** The template with its words filled in; allocated in the scene's pool. */
const char *prose(const struct scene *scene, const char *template);

/** The sentence for a ticket; allocated in the scene's pool. */
const char *prose_summary(const struct scene *scene);

/** Its first sentence alone: the summary stands beside it. */
const char *prose_headline(const struct scene *scene);

/** The i-th observation of its verdict as a sentence; allocated in the scene's pool. */
const char *prose_clue(const struct scene *scene, unsigned i);

/** What the program at that side sees; NULL: nothing to say. */
const char *prose_symptom(const struct scene *scene, bool of_client);

/** "if ...": what would decide for another cause that fits; NULL: nothing known. */
const char *prose_decides(const struct scene *scene, enum cause alternative);

/** What speaks against that other cause, as a sentence; NULL: nothing that is known. */
const char *prose_objection(const struct scene *scene, enum objection objection);

/** One thing to check; the same with its commands in backticks. */
const char *prose_next_step(const struct scene *scene);
const char *prose_next_step_marked(const struct scene *scene);

/** What stands behind the reason that the reset states, which there is: who has given its number a
 * meaning of their own, and how it compares with the verdict; "": nothing is known of either. */
const char *prose_reason_remark(const struct scene *scene);

/** "192.0.2.1:80", "[2001:db8::1]:80": an end of the connection, the client's or the server's. */
const char *prose_endpoint(const struct scene *scene, bool of_client);

/** The same by which it is counted: of a client, whose port changes with every connection, the
 * address alone. */
const char *prose_host(const struct scene *scene, bool of_client);

/** "crash (killed)": the words of filters. */
const char *prose_cause(const struct scene *scene);

/** A duration as people read it; NULL: not known, below 0. */
const char *prose_duration(wmem_allocator_t *pool, int64_t ns);

#endif
