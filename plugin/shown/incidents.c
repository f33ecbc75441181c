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
    const struct account *accounts;
    struct matter *matters; /* one each */
    struct incident *incidents;
    uint32_t count;
};

static struct group group(wmem_allocator_t *pool, const struct account *accounts, unsigned count)
{
    struct group g = {
        accounts,
        wmem_alloc_array(pool, struct matter, count + 1),
        wmem_alloc_array(pool, struct incident, count + 1),
        0,
    };

    for (unsigned i = 0; i < count; i++)
        g.matters[i] = (struct matter){ .ruling = accounts[i].scene.ruling,
                                        .verdict = &accounts[i].scene.verdict };
    g.count = incidents_group(g.matters, count,
                              wmem_alloc_array(pool, struct matter_key, count + 1), g.incidents);
    return g;
}

static const struct scene *scene_of(const struct group *g, uint32_t matter)
{
    return &g->accounts[matter].scene;
}

/* Who ended it or, where that is not known, the server. */
static const char *place_of(const struct scene *s)
{
    return prose_host(s, s->verdict.by == PARTY_CLIENT);
}

/* "8 aborts within 1.1 ms, frames 40 to 91" */
static const char *extent(const struct group *g, const struct incident *incident)
{
    const struct scene *first = scene_of(g, incident->first), *last = scene_of(g, incident->last);
    int64_t ns = last->verdict.time_ns - first->verdict.time_ns;

    if (incident->aborts == 1)
        return wmem_strdup_printf(first->pool, say("frame %u"), first->verdict.frame);
    return wmem_strdup_printf(first->pool, say("%u aborts within %s, frames %u to %u"),
                              incident->aborts, prose_duration(first->pool, MAX(ns, 0)),
                              first->verdict.frame, last->verdict.frame);
}

static bool is_alike(const struct scene *one, const struct scene *other)
{
    return one->verdict.cause == other->verdict.cause &&
           one->verdict.detail == other->verdict.detail;
}

static void list_frames(wmem_strbuf_t *out, const struct group *g, const struct incident *incident,
                        uint32_t like)
{
    const struct scene *s = scene_of(g, like);
    uint32_t told = 0, i = like;

    for (;; i = g->matters[i].next) {
        if (is_alike(scene_of(g, i), s) && told++ < FRAMES_MAX)
            wmem_strbuf_append_printf(out, "%s%u", told > 1 ? say(", ") : "",
                                      scene_of(g, i)->verdict.frame);
        if (i == incident->last)
            break;
    }
    if (told > FRAMES_MAX)
        wmem_strbuf_append_printf(out, say(" and %u more"), told - FRAMES_MAX);
}

/* By cause, in the order in which the causes come. */
static void tell_members(wmem_strbuf_t *out, const struct group *g, const struct incident *incident)
{
    uint32_t told[CAUSES_MAX], causes = 0;

    for (uint32_t i = incident->first, at = 0; at < incident->aborts;
         i = g->matters[i].next, at++) {
        bool is_new = causes < CAUSES_MAX;

        for (uint32_t j = 0; is_new && j < causes; j++)
            is_new = !is_alike(scene_of(g, told[j]), scene_of(g, i));
        if (!is_new)
            continue;
        told[causes++] = i;
        wmem_strbuf_append_printf(out, say("- %s: frame "), prose_cause(scene_of(g, i)));
        list_frames(out, g, incident, i);
        wmem_strbuf_append(out, "\n");
    }
}

/* What other connections tell of it. */
static void tell_surroundings(wmem_strbuf_t *out, const struct scene *s)
{
    const struct verdict *v = &s->verdict;

    for (unsigned i = v->own_clues; i < v->clue_count; i++)
        wmem_strbuf_append_printf(out, say("- %s.\n"),
                                  markdown_text(s->pool, prose_clue(s, &v->clue[i])));
}

static void tell_incident(wmem_strbuf_t *out, const struct group *g,
                          const struct incident *incident, uint32_t rank)
{
    const struct scene *s = scene_of(g, incident->teller);

    wmem_strbuf_append_printf(out, say("\n## %u. %s at %s: %s\n\n%s UTC, %s. %s\n\n"), rank,
                              prose_cause(s), place_of(s), extent(g, incident),
                              markdown_time(s->pool, &g->accounts[incident->first].at),
                              say(val_to_str_const(s->verdict.confidence, confidence_vals, "")),
                              markdown_text(s->pool, prose_summary(s)));
    tell_members(out, g, incident);
    tell_surroundings(out, s);
    wmem_strbuf_append_printf(out, say("\n**Next step:** %s\n"),
                              markdown_marked(s->pool, prose_next_step_marked(s)));
}

static uint32_t count_harmful(const struct group *g)
{
    uint32_t harmful = 0;

    while (harmful < g->count && g->incidents[harmful].harmful)
        harmful++;
    return harmful; /* the worst come first */
}

static void tell_harmless(wmem_strbuf_t *out, const struct group *g, uint32_t from)
{
    if (from == g->count)
        return;
    wmem_strbuf_append(out, say("\n## Harmless, nothing to do\n\n"));
    for (uint32_t i = from; i < g->count && i - from < SECTIONS_MAX; i++) {
        const struct scene *s = scene_of(g, g->incidents[i].teller);

        wmem_strbuf_append_printf(out, say("- %s at %s: %s\n"), prose_cause(s), place_of(s),
                                  extent(g, &g->incidents[i]));
    }
    if (g->count - from > SECTIONS_MAX)
        wmem_strbuf_append_printf(out, say("- and %u more\n"), g->count - from - SECTIONS_MAX);
}

static const char *write(wmem_allocator_t *pool, const struct account *accounts, unsigned count,
                         unsigned forgotten)
{
    const struct group g = group(pool, accounts, count);
    wmem_strbuf_t *out = wmem_strbuf_new(pool, say("# Incidents\n\n"));
    uint32_t harmful = count_harmful(&g);

    if (count)
        wmem_strbuf_append_printf(out,
                                  count == 1 ? say("%u abort in %u incident, %u of them harmful.\n")
                                  : g.count == 1
                                      ? say("%u aborts in %u incident, %u of them harmful.\n")
                                      : say("%u aborts in %u incidents, %u of them harmful.\n"),
                                  count, g.count, harmful);
    else
        wmem_strbuf_append(out, say("No TCP connection was aborted.\n"));
    if (forgotten)
        wmem_strbuf_append_printf(
            out, say("%u more aborts were forgotten when the session was reset (-M).\n"),
            forgotten);
    for (uint32_t i = 0; i < harmful && i < SECTIONS_MAX; i++)
        tell_incident(out, &g, &g.incidents[i], i + 1);
    if (harmful > SECTIONS_MAX)
        wmem_strbuf_append_printf(out,
                                  say("\n%u more are not shown: narrow them down with a filter.\n"),
                                  harmful - SECTIONS_MAX);
    tell_harmless(out, &g, harmful);
    return wmem_strbuf_get_str(out);
}

static const char *const severity_words[] = {
    [SEVERITY_CHAT] = "chat",
    [SEVERITY_NOTE] = "note",
    [SEVERITY_WARN] = "warn",
};

/* None of its words has to be escaped. */
static void write_line(wmem_strbuf_t *out, const struct group *g, const struct incident *incident)
{
    const struct scene *s = scene_of(g, incident->teller);
    const struct detail_info *detail = detail_info(s->verdict.detail);
    uint32_t i = incident->first;

    wmem_strbuf_append_printf(
        out,
        "{\"severity\":\"%s\",\"cause\":\"%s\",\"detail\":\"%s\",\"where\":\"%s\","
        "\"aborts\":%u,\"harmful\":%u,\"teller\":%u,\"frames\":[%u",
        severity_words[incident->severity], cause_info(s->verdict.cause)->token,
        detail ? detail->token : "", place_of(s), incident->aborts, incident->harmful,
        s->verdict.frame, scene_of(g, i)->verdict.frame);
    while (i != incident->last) {
        i = g->matters[i].next;
        wmem_strbuf_append_printf(out, ",%u", scene_of(g, i)->verdict.frame);
    }
    wmem_strbuf_append(out, "]}\n");
}

static const char *write_lines(wmem_allocator_t *pool, const struct account *accounts,
                               unsigned count, unsigned forgotten _U_)
{
    const struct group g = group(pool, accounts, count);
    wmem_strbuf_t *out = wmem_strbuf_new(pool, "");

    for (uint32_t i = 0; i < g.count; i++)
        write_line(out, &g, &g.incidents[i]);
    return wmem_strbuf_get_str(out);
}

const struct paper incident_lines_paper = { "tcp_abort,lines", "Incidents", false, write_lines };

const struct paper incidents_paper = { "tcp_abort,incidents", "Incidents", false, write };

void incidents_summarize(wmem_strbuf_t *out, const struct account *accounts, unsigned count)
{
    uint32_t harmful, aborts = 0;
    struct group g;

    if (!count)
        return;
    g = group(accounts->scene.pool, accounts, count);
    harmful = count_harmful(&g);
    for (uint32_t i = 0; i < harmful; i++)
        aborts += g.incidents[i].harmful;
    if (aborts == harmful)
        return;
    wmem_strbuf_append(out, say("\n| incident | where | frames |\n| --- | --- | --- |\n"));
    for (uint32_t i = 0; i < harmful && i < SECTIONS_MAX; i++) {
        const struct scene *s = scene_of(&g, g.incidents[i].teller);

        wmem_strbuf_append_printf(out, "| %s | %s | %s |\n", prose_cause(s), place_of(s),
                                  extent(&g, &g.incidents[i]));
    }
}
