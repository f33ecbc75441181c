/* A ruling as `tshark -T fields` prints it.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "row.h"

#include "repeat.h"
#include "values.h"

#include <inttypes.h>

enum { NS_PER_S = 1000000000 };

/* Frames and counts: of 0 there is nothing to say. */
static void print_number(FILE *out, uint32_t number)
{
    fputc('\t', out);
    if (number)
        fprintf(out, "%" PRIu32, number);
}

static void print_interval(FILE *out, int64_t ns, int64_t least)
{
    fputc('\t', out);
    if (ns >= least)
        fprintf(out, "%" PRId64 ".%09" PRId64, ns / NS_PER_S, ns % NS_PER_S);
}

static void print_word(FILE *out, const char *word)
{
    fprintf(out, "\t%s", word ? word : "");
}

static void print_run(FILE *out, const struct run *run)
{
    print_number(out, run->count ? run->first_frame : 0);
    print_number(out, run->count ? run->last_frame : 0);
    print_number(out, run->count);
}

static void print_proofs(FILE *out, const struct verdict *v)
{
    const char *separator = "";

    fputc('\t', out);
    for (unsigned i = 0; i < PROOF_MAX; i++) {
        if (!v->proof[i])
            continue;
        fprintf(out, "%s%" PRIu32, separator, v->proof[i]);
        separator = " ";
    }
}

/* Of a repeat they stand at the first reset. */
static void print_alternatives(FILE *out, const struct verdict *v)
{
    fputc('\t', out);
    for (unsigned i = 0; i < ALTERNATIVE_MAX && v->alternative[i] && !v->repeat_of; i++)
        fprintf(out, "%s%s", i ? " " : "", cause_info(v->alternative[i])->token);
}

static void print_word_of_cause(FILE *out, const struct verdict *v)
{
    const struct detail_info *detail = detail_info(v->detail);

    print_word(out, cause_info(v->cause)->token);
    print_word(out, detail ? detail->token : NULL);
    print_word(out, confidence_words[v->confidence]);
    print_alternatives(out, v);
}

static void print_truths(FILE *out, const struct verdict *v)
{
    static const char *const truths[] = { [EFFECT_NONE] = "0", [EFFECT_RESET] = "1" };

    print_word(out, party_words[v->by]);
    print_word(out, form_words[v->form]);
    print_word(out, truths[v->effect]);
    print_word(out, verdict_is_harmless(v) ? "1" : NULL);
}

static void print_related(FILE *out, const struct trial *trial, const struct ruled *ruled)
{
    const char *between = "";

    fputc('\t', out);
    for (unsigned i = 0; i < RELATIONS; i++) {
        const struct connection *related = ruled_related(ruled, i);

        if (!related)
            continue;
        fprintf(out, "%s%" PRIu32, between, trial_stream(trial, related));
        between = " ";
    }
}

static void print_links(FILE *out, const struct verdict *v)
{
    print_number(out, v->trigger);
    print_number(out, v->fin);
    print_number(out, v->fin_peer);
    print_number(out, v->syn);
    print_run(out, &v->retransmission);
    print_run(out, &v->probe);
    print_number(out, v->repeat_of);
    print_number(out, v->killed_by);
    print_proofs(out, v);
}

static void print_figures(FILE *out, const struct verdict *v)
{
    print_interval(out, v->fin || v->fin_peer ? v->since_fin_ns : -1, 0);
    print_interval(out, v->since_trigger_ns, 0);
    print_interval(out, v->idle_ns, PAUSE_AT_ALL_NS);
    print_interval(out, v->waited_ns, PAUSE_AT_ALL_NS);
    print_interval(out, v->unanswered_ns, 0);
    print_number(out, verdict_lost(v, true));
    print_number(out, verdict_lost(v, false));
}

void row_print_names(FILE *out)
{
    fputs("frame.number\ttcp.stream"
          "\ttcp.abort.cause.name\ttcp.abort.detail.name\ttcp.abort.confidence"
          "\ttcp.abort.alternative"
          "\ttcp.abort.by\ttcp.abort.form\ttcp.abort.effective\ttcp.abort.harmless"
          "\ttcp.abort.trigger\ttcp.abort.fin\ttcp.abort.fin.peer\ttcp.abort.syn"
          "\ttcp.abort.retransmission.first\ttcp.abort.retransmission.last"
          "\ttcp.abort.retransmission.count"
          "\ttcp.abort.probe.first\ttcp.abort.probe.last\ttcp.abort.probe.count"
          "\ttcp.abort.repeat_of\ttcp.abort.killed_by\ttcp.abort.proof\ttcp.abort.related"
          "\ttcp.abort.since_fin\ttcp.abort.since_trigger\ttcp.abort.idle\ttcp.abort.waited"
          "\ttcp.abort.unanswered\ttcp.abort.lost.client\ttcp.abort.lost.server"
          "\ttcp.abort.stated_reason",
          out);
}

void row_print(FILE *out, const struct trial *trial, const struct ruled *ruled,
               const struct verdict *verdict)
{
    const struct reason *reason = ruled_reason(ruled);

    fprintf(out, "%" PRIu32 "\t%" PRIu32, verdict->frame,
            trial_stream(trial, ruled_ruling(ruled)->connection));
    print_word_of_cause(out, verdict);
    print_truths(out, verdict);
    print_links(out, verdict);
    print_related(out, trial, ruled);
    print_figures(out, verdict);
    print_word(out, reason ? reason->text : NULL);
}
