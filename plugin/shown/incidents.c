/* The aborts of a capture grouped into incidents: tshark -q -z tcp_abort,incidents[,filter].
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "incidents.h"

#include "incident.h"
#include "markdown.h"
#include "say.h"
#include "vals.h"

enum {
    SECTIONS_MAX = 100, /* told in full */
    CAUSES_MAX = 32,    /* named, of one incident */
    FRAMES_MAX = 20     /* likewise, of one cause */
};

/** The aborts of a capture, and what they are parts of. */
struct group {
    const struct accounts *accounts;
    const struct matter *matters; /* theirs */
    struct incident *incidents;
    uint32_t count;
};

static struct group group(wmem_allocator_t *pool, const struct accounts *accounts)
{
    size_t room = (size_t)accounts->count + 1;
    struct matter_key *keys = g_new(struct matter_key, room);
    struct group g = { accounts, accounts->matters, wmem_alloc_array(pool, struct incident, room),
                       0 };

    g.count = incidents_group(accounts->matters, accounts->count, keys, g.incidents);
    g_free(keys);
    return g;
}

static struct scene scene_of(wmem_allocator_t *pool, const struct group *g, uint32_t matter)
{
    return ledger_account(g->accounts, matter, pool).scene;
}

/* Who ended it or, where that is not known, the server. */
static const char *place_of(const struct scene *s)
{
    return prose_host(s, s->verdict.by == PARTY_CLIENT);
}

/* "8 aborts within 1.1 ms, frames 40 to 91" */
static const char *extent(wmem_allocator_t *pool, const struct group *g,
                          const struct incident *incident)
{
    const struct matter *first = &g->matters[incident->first], *last = &g->matters[incident->last];

    if (incident->aborts == 1)
        return wmem_strdup_printf(pool, say("frame %u"), first->frame);
    return wmem_strdup_printf(pool, say("%u aborts within %s, frames %u to %u"), incident->aborts,
                              prose_duration(pool, MAX(last->time_ns - first->time_ns, 0)),
                              first->frame, last->frame);
}

static bool is_alike(const struct matter *one, const struct matter *other)
{
    return one->cause == other->cause && one->detail == other->detail;
}

/* "- crash (killed): 3 aborts, frames 66, 67, 68" */
static void tell_alike(wmem_strbuf_t *out, const struct group *g, const struct incident *incident,
                       const struct scene *first, uint32_t like)
{
    wmem_strbuf_t *frames = wmem_strbuf_new(first->pool, "");
    uint32_t aborts = 0, i = like;

    for (;; i = g->matters[i].next) {
        if (is_alike(&g->matters[i], &g->matters[like]) && aborts++ < FRAMES_MAX)
            wmem_strbuf_append_printf(frames, "%s%u", aborts > 1 ? say(", ") : "",
                                      g->matters[i].frame);
        if (i == incident->last)
            break;
    }
    if (aborts > FRAMES_MAX)
        wmem_strbuf_append_printf(frames, say(" and %u more"), aborts - FRAMES_MAX);
    if (aborts == 1)
        wmem_strbuf_append_printf(out, say("- %s: frame %s\n"), prose_cause(first),
                                  wmem_strbuf_get_str(frames));
    else
        wmem_strbuf_append_printf(out, say("- %s: %u aborts, frames %s\n"), prose_cause(first),
                                  aborts, wmem_strbuf_get_str(frames));
}

/* By cause, in the order in which the causes come. */
static void tell_members(wmem_allocator_t *pool, wmem_strbuf_t *out, const struct group *g,
                         const struct incident *incident)
{
    uint32_t told[CAUSES_MAX], causes = 0;

    for (uint32_t i = incident->first, at = 0; at < incident->aborts;
         i = g->matters[i].next, at++) {
        bool is_new = causes < CAUSES_MAX;
        struct scene s;

        for (uint32_t j = 0; is_new && j < causes; j++)
            is_new = !is_alike(&g->matters[told[j]], &g->matters[i]);
        if (!is_new)
            continue;
        told[causes++] = i;
        s = scene_of(pool, g, i);
        tell_alike(out, g, incident, &s, i);
    }
}

/* What other connections tell of it. */
static void tell_surroundings(wmem_strbuf_t *out, const struct scene *s)
{
    const struct verdict *v = &s->verdict;

    for (unsigned i = v->own_clues; i < v->clue_count; i++)
        wmem_strbuf_append_printf(out, say("- %s.\n"), markdown_text(s->pool, prose_clue(s, i)));
}

static void tell_incident(wmem_allocator_t *pool, wmem_strbuf_t *out, const struct group *g,
                          const struct incident *incident, uint32_t rank)
{
    const struct scene teller = scene_of(pool, g, incident->teller), *s = &teller;
    const nstime_t at = ledger_account(g->accounts, incident->first, pool).at;

    wmem_strbuf_append_printf(out, say("\n## %u. %s at %s: %s\n\n%s UTC, %s. %s\n\n"), rank,
                              prose_cause(s), place_of(s), extent(pool, g, incident),
                              markdown_time(pool, &at),
                              say(val_to_str_const(s->verdict.confidence, confidence_vals, "")),
                              markdown_text(pool, prose_summary(s)));
    tell_members(pool, out, g, incident);
    tell_surroundings(out, s);
    wmem_strbuf_append_printf(out, say("\n**Next step:** %s\n"),
                              markdown_marked(pool, prose_next_step_marked(s)));
}

static uint32_t count_harmful(const struct group *g)
{
    uint32_t harmful = 0;

    while (harmful < g->count && g->incidents[harmful].harmful)
        harmful++;
    return harmful; /* the worst come first */
}

static void tell_harmless(wmem_allocator_t *pool, wmem_strbuf_t *out, const struct group *g,
                          uint32_t from)
{
    if (from == g->count)
        return;
    wmem_strbuf_append(out, say("\n## Harmless, nothing to do\n\n"));
    for (uint32_t i = from; i < g->count && i - from < SECTIONS_MAX; i++) {
        const struct scene s = scene_of(pool, g, g->incidents[i].teller);

        wmem_strbuf_append_printf(out, say("- %s at %s: %s\n"), prose_cause(&s), place_of(&s),
                                  extent(pool, g, &g->incidents[i]));
    }
    if (g->count - from > SECTIONS_MAX)
        wmem_strbuf_append_printf(out, say("- and %u more\n"), g->count - from - SECTIONS_MAX);
}

static void tell_counts(wmem_strbuf_t *out, const struct group *g)
{
    uint32_t aborts = g->accounts->count, harmful = 0;

    for (uint32_t i = 0; i < g->count; i++)
        harmful += g->incidents[i].harmful;
    if (aborts)
        wmem_strbuf_append_printf(
            out,
            aborts == 1     ? say("%u abort, %u of them harmful, in %u incident.\n")
            : g->count == 1 ? say("%u aborts, %u of them harmful, in %u incident.\n")
                            : say("%u aborts, %u of them harmful, in %u incidents.\n"),
            aborts, harmful, g->count);
    else
        wmem_strbuf_append(out, say("No TCP connection was aborted.\n"));
    if (g->accounts->forgotten)
        wmem_strbuf_append_printf(
            out, say("%u more aborts were forgotten when the session was reset (-M).\n"),
            g->accounts->forgotten);
}

static const char *write(wmem_allocator_t *pool, const struct accounts *accounts)
{
    const struct group g = group(pool, accounts);
    wmem_strbuf_t *out = wmem_strbuf_new(pool, say("# Incidents\n\n"));
    uint32_t harmful = count_harmful(&g);

    tell_counts(out, &g);
    for (uint32_t i = 0; i < harmful && i < SECTIONS_MAX; i++)
        tell_incident(pool, out, &g, &g.incidents[i], i + 1);
    if (harmful > SECTIONS_MAX)
        wmem_strbuf_append_printf(out,
                                  say("\n%u more are not shown: narrow them down with a filter.\n"),
                                  harmful - SECTIONS_MAX);
    tell_harmless(pool, out, &g, harmful);
    return wmem_strbuf_get_str(out);
}

static const char *const severity_words[] = {
    [SEVERITY_CHAT] = "chat",
    [SEVERITY_NOTE] = "note",
    [SEVERITY_WARN] = "warn",
};

/* None of its words has to be escaped. */
static void write_line(wmem_allocator_t *scratch, wmem_strbuf_t *out, const struct group *g,
                       const struct incident *incident)
{
    const struct scene s = scene_of(scratch, g, incident->teller);
    const struct detail_info *detail = detail_info(s.verdict.detail);
    uint32_t i = incident->first;

    wmem_strbuf_append_printf(
        out,
        "{\"severity\":\"%s\",\"cause\":\"%s\",\"detail\":\"%s\",\"where\":\"%s\","
        "\"aborts\":%u,\"harmful\":%u,\"teller\":%u,\"frames\":[%u",
        severity_words[incident->severity], cause_info(s.verdict.cause)->token,
        detail ? detail->token : "", place_of(&s), incident->aborts, incident->harmful,
        s.verdict.frame, g->matters[i].frame);
    while (i != incident->last) {
        i = g->matters[i].next;
        wmem_strbuf_append_printf(out, ",%u", g->matters[i].frame);
    }
    wmem_strbuf_append(out, "]}\n");
}

static const char *write_lines(wmem_allocator_t *pool, const struct accounts *accounts)
{
    const struct group g = group(pool, accounts);
    wmem_allocator_t *scratch = wmem_allocator_new(WMEM_ALLOCATOR_BLOCK_FAST);
    wmem_strbuf_t *out = wmem_strbuf_new(pool, "");

    for (uint32_t i = 0; i < g.count; i++) {
        write_line(scratch, out, &g, &g.incidents[i]);
        wmem_free_all(scratch);
    }
    wmem_destroy_allocator(scratch);
    return wmem_strbuf_get_str(out);
}

const struct paper incident_lines_paper = { "tcp_abort,lines", "Incidents", false, write_lines };

const struct paper incidents_paper = { "tcp_abort,incidents", "Incidents", false, write };

void incidents_summarize(wmem_allocator_t *pool, wmem_strbuf_t *out,
                         const struct accounts *accounts)
{
    const struct group g = group(pool, accounts);
    uint32_t harmful = count_harmful(&g), aborts = 0;

    for (uint32_t i = 0; i < harmful; i++)
        aborts += g.incidents[i].harmful;
    if (aborts == harmful)
        return;
    wmem_strbuf_append(out, say("\n| incident | where | frames |\n| --- | --- | --- |\n"));
    for (uint32_t i = 0; i < harmful && i < SECTIONS_MAX; i++) {
        const struct scene s = scene_of(pool, &g, g.incidents[i].teller);

        wmem_strbuf_append_printf(out, "| %s | %s | %s |\n", prose_cause(&s), place_of(&s),
                                  extent(pool, &g, &g.incidents[i]));
    }
}
