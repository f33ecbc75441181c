/* The aborts of a capture as Markdown, ready for a ticket: tshark -q -z tcp_abort,report[,filter].
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "report.h"

#include "label.h"
#include "ledger.h"
#include "vals.h"

#include <epan/stat_tap_ui.h>

static const char STATISTIC[] = "tcp_abort,report";

enum {
    SECTIONS_MAX = 100, /* told in full; the table of all has more */
    ROWS_MAX = 1000,
    LANE = 40 /* characters between the two sides of a ladder */
};

static const char *word(unsigned value, const value_string *words)
{
    return val_to_str_const(value, words, "unknown");
}

/* Text that Markdown leaves as it is, in a table too (CommonMark 2.4, GitHub's tables). */
static const char *plain(wmem_allocator_t *pool, const char *text)
{
    wmem_strbuf_t *out = wmem_strbuf_new(pool, "");

    for (; *text; text++) {
        if (strchr("\\`*<>[]|", *text))
            wmem_strbuf_append_c(out, '\\');
        wmem_strbuf_append_c(out, (unsigned char)*text < ' ' ? ' ' : *text);
    }
    return wmem_strbuf_finalize(out);
}

/* Words of a packet: as code, so that they cannot mention or link anything either. */
static const char *quoted(wmem_allocator_t *pool, const char *text)
{
    char *code = wmem_strdup_printf(pool, "`%s`", text);

    for (char *c = code + 1; c[1]; c++)
        if (*c == '`' || *c == '|' || (unsigned char)*c < ' ')
            *c = '.';
    return code;
}

/* UTC, as ISO 8601 has it. */
static const char *clock_time(wmem_allocator_t *pool, const nstime_t *time)
{
    GDateTime *date = g_date_time_new_from_unix_utc(time->secs);
    char *second = date ? g_date_time_format(date, "%Y-%m-%d %H:%M:%S") : NULL;
    const char *text =
        wmem_strdup_printf(pool, "%s.%06d", second ? second : "?", time->nsecs / 1000);

    g_free(second);
    if (date)
        g_date_time_unref(date);
    return text;
}

static const char *cause_words(const struct scene *s)
{
    const struct verdict *v = &s->verdict;
    const struct detail_info *detail = detail_info(v->detail);

    return detail
               ? wmem_strdup_printf(s->pool, "%s (%s)", cause_info(v->cause)->token, detail->token)
               : cause_info(v->cause)->token;
}

static void tell_row(const struct account *a)
{
    const struct scene *s = &a->scene;

    printf("| %u | %s | %s | %s | %s | %s | %s |\n", s->verdict.frame,
           clock_time(s->pool, &a->time), cause_words(s),
           word(s->verdict.confidence, confidence_vals), word(s->verdict.by, party_vals),
           prose_endpoint(s, true), prose_endpoint(s, false));
}

static void tell_harmless(const struct account *accounts, unsigned count)
{
    unsigned told = 0;

    for (unsigned i = 0; i < count; i++) {
        const struct verdict *v = &accounts[i].scene.verdict;

        if (!verdict_is_harmless(v) || told++ >= ROWS_MAX)
            continue;
        printf("%s frame %u (%s)", told == 1 ? "\nHarmless, nothing to do:" : ",", v->frame,
               cause_info(v->cause)->token);
    }
    if (told > ROWS_MAX)
        printf(" and %u more", told - ROWS_MAX);
    if (told)
        printf(".\n");
}

static void tell_table(const struct account *accounts, unsigned count)
{
    unsigned told = 0;

    for (unsigned i = 0; i < count; i++) {
        if (verdict_is_harmless(&accounts[i].scene.verdict) || told++ >= ROWS_MAX)
            continue;
        if (told == 1)
            printf("\n| frame | time (UTC) | cause | how sure | ended by | client | server |\n"
                   "| ---: | --- | --- | --- | --- | --- | --- |\n");
        tell_row(&accounts[i]);
    }
    if (told > ROWS_MAX)
        printf("\n%u more are not shown: narrow the report with a filter.\n", told - ROWS_MAX);
}

/* "It came 1.2 ms after the segment it answers, 0.5 s after the FIN." */
static void tell_times(const struct account *a)
{
    const struct verdict *v = &a->scene.verdict;
    const struct {
        int64_t ns;
        const char *after;
    } spans[] = {
        { v->since_trigger_ns, "after the segment it answers" },
        { v->since_fin_ns, "between that and the FIN" },
        { v->idle_ns < 1000000000 ? -1 : v->idle_ns, "without a byte before" },
        { v->waited_ns < 1000000000 ? -1 : v->waited_ns, "from the last word to the FIN" },
        { v->unanswered_ns, "of unanswered tries" },
    };
    wmem_allocator_t *pool = a->scene.pool;

    printf("%s UTC, %s into the capture", clock_time(pool, &a->time),
           prose_duration(pool, v->time_ns));
    for (size_t i = 0; i < G_N_ELEMENTS(spans); i++)
        if (spans[i].ns >= 0)
            printf("; %s %s", prose_duration(pool, spans[i].ns), spans[i].after);
    printf(".\n");
}

static void tell_sides(const struct scene *s)
{
    const char *client = prose_symptom(s, true), *server = prose_symptom(s, false);
    const struct verdict *v = &s->verdict;
    uint32_t lost_client = verdict_lost(v, true);
    uint32_t lost_server = verdict_lost(v, false);

    printf("\n| | client %s | server %s |\n| --- | --- | --- |\n", prose_endpoint(s, true),
           prose_endpoint(s, false));
    if (client || server)
        printf("| the program sees | %s | %s |\n", plain(s->pool, client ? client : "?"),
               plain(s->pool, server ? server : "?"));
    if (lost_client || lost_server)
        printf("| sent, never acknowledged | %u bytes | %u bytes |\n", lost_client, lost_server);
}

static void tell_evidence(const struct scene *s)
{
    const struct verdict *v = &s->verdict;

    if (v->clue_count)
        printf("\n**Evidence**\n\n");
    for (unsigned i = 0; i < v->clue_count; i++)
        printf("- %s.\n", plain(s->pool, prose_clue(s, &v->clue[i])));
    if (s->ruling->reason.text[0])
        printf("\n**The reset states a reason:** %s%s%s.\n",
               quoted(s->pool, s->ruling->reason.text), prose_stated(s) ? ", " : "",
               prose_stated(s) ? prose_stated(s) : "");
    for (unsigned i = 0; i < ALTERNATIVE_MAX && v->alternative[i] != CAUSE_NONE; i++) {
        const char *decides = prose_decides(s, v->alternative[i]);

        printf("%s- %s%s%s.\n", i ? "" : "\n**Fits as well**\n\n",
               cause_info(v->alternative[i])->token, decides ? ", " : "",
               decides ? plain(s->pool, decides) : "");
    }
    printf("\n**Next step:** %s\n", plain(s->pool, prose_next_step(s)));
}

static void tell_rung(const struct scene *s, const struct rung *rung)
{
    const char *text = label_text(s->pool, rung), *note = label_note(s, rung);
    bool rightwards = label_from_client(s, rung);
    int dashes = LANE - 3 - (int)strlen(text);
    char line[LANE];

    memset(line, '-', sizeof line);
    dashes = CLAMP(dashes, 1, LANE - 1);
    printf("%9u %12.6f  ", rung->frame, (double)rung->time_ns / 1e9);
    if (rightwards)
        printf("%s %.*s>", text, dashes, line);
    else
        printf("<%.*s %s", dashes, line, text);
    printf(note ? "  %s\n" : "\n", note);
}

static void tell_ladder(const struct scene *s)
{
    const struct ladder *ladder = &s->ruling->ladder;

    printf("\n```text\n    frame      seconds  client%*s\n", LANE - 1 - (int)strlen("client"),
           "server");
    for (unsigned i = 0; i < ladder->count; i++)
        tell_rung(s, &ladder->rung[i]);
    if (s->ruling->repeats)
        printf("%*s and %u more reset%s that only repeat%s it\n", 24, "", s->ruling->repeats,
               s->ruling->repeats == 1 ? "" : "s", s->ruling->repeats == 1 ? "s" : "");
    printf("```\n");
}

static void tell_section(const struct account *a)
{
    const struct scene *s = &a->scene;
    const struct verdict *v = &s->verdict;

    printf("\n## Frame %u: %s (%s)\n\n%s\n\n", v->frame, cause_info(v->cause)->title,
           word(v->confidence, confidence_vals), plain(s->pool, prose_summary(s)));
    tell_times(a);
    tell_sides(s);
    tell_evidence(s);
    tell_ladder(s);
}

static void tell_sections(const struct account *accounts, unsigned count)
{
    unsigned told = 0;

    for (unsigned i = 0; i < count; i++)
        if (!verdict_is_harmless(&accounts[i].scene.verdict) && told++ < SECTIONS_MAX)
            tell_section(&accounts[i]);
    if (told > SECTIONS_MAX)
        printf("\n%u more stand in the table only: narrow the report with a filter.\n",
               told - SECTIONS_MAX);
}

static void tell(const struct account *accounts, unsigned count, unsigned forgotten)
{
    unsigned harmless = 0;

    for (unsigned i = 0; i < count; i++)
        harmless += verdict_is_harmless(&accounts[i].scene.verdict);
    printf("# Aborted TCP connections\n\n");
    if (count)
        printf("%u abort%s, %u of them harmless.\n", count, count == 1 ? "" : "s", harmless);
    else
        printf("No TCP connection was aborted.\n");
    if (forgotten)
        printf("%u more were forgotten when the session was reset (-M).\n", forgotten);
    tell_table(accounts, count);
    tell_harmless(accounts, count);
    tell_sections(accounts, count);
}

static void draw(void *data)
{
    wmem_allocator_t *pool = wmem_allocator_new(WMEM_ALLOCATOR_BLOCK);
    unsigned count, forgotten;
    const struct account *accounts = ledger_settle(data, pool, &count, &forgotten);

    tell(accounts, count, forgotten);
    wmem_destroy_allocator(pool);
}

static compat_stat_init start(const char *argument, void *userdata _U_)
{
    const char *filter = argument + strlen(STATISTIC);

    compat_stat_started(ledger_listen(STATISTIC, *filter == ',' ? filter + 1 : NULL, draw));
}

void report_register(void)
{
    static stat_tap_ui ui = {
        .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
        .cli_string = STATISTIC,
        .tap_init_cb = start,
    };

    register_stat_tap_ui(&ui, NULL);
}
