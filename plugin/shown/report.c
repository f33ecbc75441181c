/* The aborts of a capture as Markdown, ready for a ticket: tshark -q -z tcp_abort,report[,filter].
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "report.h"

#include "incidents.h"
#include "label.h"
#include "markdown.h"
#include "say.h"
#include "stretch.h"
#include "vals.h"

enum {
    SECTIONS_MAX = 100, /* told in full; the table of all has more */
    ROWS_MAX = 1000,
    LANE = 40 /* characters between the two sides of a ladder */
};

static const char *word(unsigned value, const value_string *words)
{
    return val_to_str_const(value, words, "unknown");
}

static void tell_row(wmem_strbuf_t *out, const struct account *a)
{
    const struct scene *s = &a->scene;

    wmem_strbuf_append_printf(out, "| %u | %s | %s | %s | %s | %s | %s |\n", s->verdict.frame,
                              markdown_time(s->pool, &a->at), prose_cause(s),
                              say(word(s->verdict.confidence, confidence_vals)),
                              say(word(s->verdict.by, party_vals)), prose_endpoint(s, true),
                              prose_endpoint(s, false));
}

static void tell_harmless(wmem_strbuf_t *out, const struct accounts *accounts)
{
    unsigned told = 0;

    for (unsigned i = 0; i < accounts->count; i++) {
        const struct matter *m = &accounts->matters[i];

        if (!matter_is_harmless(m) || told++ >= ROWS_MAX)
            continue;
        wmem_strbuf_append_printf(out, say("%s frame %u (%s)"),
                                  told == 1 ? say("\nHarmless, nothing to do:") : say(","),
                                  m->frame, cause_info(m->cause)->token);
    }
    if (told > ROWS_MAX)
        wmem_strbuf_append_printf(out, say(" and %u more"), told - ROWS_MAX);
    if (told)
        wmem_strbuf_append(out, say(".\n"));
}

static void tell_table(wmem_allocator_t *pool, wmem_strbuf_t *out, const struct accounts *accounts)
{
    unsigned told = 0;

    for (unsigned i = 0; i < accounts->count; i++) {
        struct account account;

        if (matter_is_harmless(&accounts->matters[i]) || told++ >= ROWS_MAX)
            continue;
        if (told == 1)
            wmem_strbuf_append_printf(
                out, "\n%s\n| ---: | --- | --- | --- | --- | --- | --- |\n",
                say("| frame | time (UTC) | cause | how sure | ended by | client | server |"));
        account = ledger_account(accounts, i, pool);
        tell_row(out, &account);
    }
    if (told > ROWS_MAX)
        wmem_strbuf_append_printf(
            out, say("\n%u more are not shown: narrow the report with a filter.\n"),
            told - ROWS_MAX);
}

/* "It came 1.2 ms after the segment it answers, 0.5 s after the FIN." */
static void tell_times(wmem_strbuf_t *out, const struct account *a)
{
    const struct verdict *v = &a->scene.verdict;
    const struct {
        int64_t ns;
        const char *after;
    } spans[] = {
        { v->since_trigger_ns, say("after the segment it answers") },
        { v->since_fin_ns, say("between that and the FIN") },
        { v->idle_ns < 1000000000 ? -1 : v->idle_ns, say("without a byte before") },
        { v->waited_ns < 1000000000 ? -1 : v->waited_ns, say("from the last word to the FIN") },
        { v->unanswered_ns, say("of unanswered tries") },
    };
    wmem_allocator_t *pool = a->scene.pool;

    wmem_strbuf_append_printf(out, say("%s UTC, %s into the capture"), markdown_time(pool, &a->at),
                              prose_duration(pool, v->time_ns));
    for (size_t i = 0; i < G_N_ELEMENTS(spans); i++)
        if (spans[i].ns >= 0)
            wmem_strbuf_append_printf(out, say("; %s %s"), prose_duration(pool, spans[i].ns),
                                      spans[i].after);
    wmem_strbuf_append(out, say(".\n"));
}

static void tell_sides(wmem_strbuf_t *out, const struct scene *s)
{
    const char *client = prose_symptom(s, true), *server = prose_symptom(s, false);
    const struct verdict *v = &s->verdict;
    uint32_t lost_client = verdict_lost(v, true);
    uint32_t lost_server = verdict_lost(v, false);

    wmem_strbuf_append_printf(out, say("\n| | client %s | server %s |\n| --- | --- | --- |\n"),
                              prose_endpoint(s, true), prose_endpoint(s, false));
    if (client || server)
        wmem_strbuf_append_printf(out, say("| the program sees | %s | %s |\n"),
                                  markdown_cell(s->pool, client ? client : "?"),
                                  markdown_cell(s->pool, server ? server : "?"));
    if (lost_client || lost_server)
        wmem_strbuf_append_printf(out, say("| sent, never acknowledged | %u bytes | %u bytes |\n"),
                                  lost_client, lost_server);
}

static void tell_evidence(wmem_strbuf_t *out, const struct scene *s)
{
    const struct verdict *v = &s->verdict;

    if (v->clue_count)
        wmem_strbuf_append(out, say("\n**Evidence**\n\n"));
    for (unsigned i = 0; i < v->clue_count; i++)
        wmem_strbuf_append_printf(out, say("- %s.\n"), markdown_text(s->pool, prose_clue(s, i)));
    if (s->reason)
        wmem_strbuf_append_printf(out, say("\n**The reset states a reason:** %s%s.\n"),
                                  markdown_code(s->pool, s->reason->text), prose_reason_remark(s));
    for (unsigned i = 0; i < ALTERNATIVE_MAX && v->alternative[i] != CAUSE_NONE; i++) {
        const char *decides = prose_decides(s, v->alternative[i]);
        const char *against = prose_objection(s, v->against[i]);

        wmem_strbuf_append_printf(
            out, say("%s- %s%s%s.%s%s%s\n"), i ? "" : say("\n**Fits as well**\n\n"),
            cause_info(v->alternative[i])->token, decides ? say(", ") : "",
            decides ? markdown_text(s->pool, decides) : "", against ? say(" But ") : "",
            against ? markdown_text(s->pool, against) : "", against ? say(".") : "");
    }
    wmem_strbuf_append_printf(out, say("\n**Next step:** %s\n"),
                              markdown_marked(s->pool, prose_next_step_marked(s)));
}

static void tell_stretch(wmem_strbuf_t *out, const struct scene *s, const struct stretch *stretch)
{
    const char *text = stretch_text(s->pool, stretch), *remark = label_remark(s, stretch->first);
    const char *gap = stretch_gap(s->pool, stretch);
    int dashes = LANE - 3 - say_columns(text);
    char line[LANE];

    memset(line, '-', sizeof line);
    dashes = CLAMP(dashes, 1, LANE - 1);
    if (gap)
        wmem_strbuf_append_printf(out, "%*s: %s\n", 24, "", gap);
    wmem_strbuf_append_printf(out, "%9u %12.6f  ", stretch->first->frame,
                              (double)stretch->first->time_ns / 1e9);
    if (label_from_client(s, stretch->first))
        wmem_strbuf_append_printf(out, "%s %.*s>", text, dashes, line);
    else
        wmem_strbuf_append_printf(out, "<%.*s %s", dashes, line, text);
    wmem_strbuf_append_printf(out, remark ? "  %s\n" : "\n", remark);
}

static void tell_ladder(wmem_strbuf_t *out, const struct scene *s)
{
    struct stretch steps[LADDER_ROOM];
    const char *client = say("client"), *server = say("server");
    unsigned count = stretches(s, steps);

    wmem_strbuf_append_printf(out, "\n```text\n%s%s%*s%s\n", say("    frame      seconds  "),
                              client, LANE - 1 - say_columns(client) - say_columns(server), "",
                              server);
    for (unsigned i = 0; i < count; i++)
        tell_stretch(out, s, &steps[i]);
    if (s->ruling->repeats)
        wmem_strbuf_append_printf(out,
                                  s->ruling->repeats == 1
                                      ? say("%*s and %u more reset that only repeats it\n")
                                      : say("%*s and %u more resets that only repeat it\n"),
                                  24, "", s->ruling->repeats);
    wmem_strbuf_append_printf(out, "```\n");
}

static void tell_section(wmem_strbuf_t *out, const struct account *a)
{
    const struct scene *s = &a->scene;
    const struct verdict *v = &s->verdict;

    wmem_strbuf_append_printf(
        out, say("\n## Frame %u: %s (%s)\n\n%s\n\n"), v->frame, say(cause_info(v->cause)->title),
        say(word(v->confidence, confidence_vals)), markdown_text(s->pool, prose_summary(s)));
    tell_times(out, a);
    tell_sides(out, s);
    tell_evidence(out, s);
    tell_ladder(out, s);
}

static void tell_sections(wmem_allocator_t *pool, wmem_strbuf_t *out,
                          const struct accounts *accounts)
{
    unsigned told = 0;

    for (unsigned i = 0; i < accounts->count; i++) {
        struct account account;

        if (matter_is_harmless(&accounts->matters[i]) || told++ >= SECTIONS_MAX)
            continue;
        account = ledger_account(accounts, i, pool);
        tell_section(out, &account);
    }
    if (told > SECTIONS_MAX)
        wmem_strbuf_append_printf(
            out, say("\n%u more stand in the table only: narrow the report with a filter.\n"),
            told - SECTIONS_MAX);
}

static const char *write(wmem_allocator_t *pool, const struct accounts *accounts)
{
    wmem_strbuf_t *out = wmem_strbuf_new(pool, "");
    unsigned count = accounts->count, harmless = 0;

    for (unsigned i = 0; i < count; i++)
        harmless += matter_is_harmless(&accounts->matters[i]);
    wmem_strbuf_append(out, say("# Aborted TCP connections\n\n"));
    if (count)
        wmem_strbuf_append_printf(out,
                                  count == 1 ? say("%u abort, %u of them harmless.\n")
                                             : say("%u aborts, %u of them harmless.\n"),
                                  count, harmless);
    else
        wmem_strbuf_append(out, say("No TCP connection was aborted.\n"));
    wmem_strbuf_append_printf(out, "\nTCP Abort %s, Wireshark %s.\n", PLUGIN_VERSION,
                              epan_get_version());
    if (accounts->forgotten)
        wmem_strbuf_append_printf(out,
                                  say("%u more were forgotten when the session was reset (-M).\n"),
                                  accounts->forgotten);
    tell_table(pool, out, accounts);
    tell_harmless(out, accounts);
    incidents_summarize(pool, out, accounts);
    tell_sections(pool, out, accounts);
    return wmem_strbuf_get_str(out);
}

const struct paper report_paper = { "tcp_abort,report", "Report", true, write };
