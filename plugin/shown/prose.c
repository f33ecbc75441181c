/* Verdicts as sentences.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "prose.h"

#include "say.h"
#include "timers.h"

#include <inttypes.h>

#include <epan/addr_resolv.h>
#include <epan/address.h>
#include <epan/to_str.h>

/* A word is known when it could be written. */
typedef bool write_fn(wmem_strbuf_t *out, const struct scene *scene, const struct clue *clue);

static bool write_number(wmem_strbuf_t *out, uint32_t number)
{
    if (number)
        wmem_strbuf_append_printf(out, "%" PRIu32, number);
    return number != 0;
}

/* The first stream has the number 0. */
static bool write_stream(wmem_strbuf_t *out, int64_t stream)
{
    wmem_strbuf_append_printf(out, "%" PRId64, stream);
    return stream >= 0;
}

static bool write_duration(wmem_strbuf_t *out, int64_t ns)
{
    double seconds = (double)ns / 1e9;

    if (ns < 0)
        return false;
    if (ns < 1000000)
        wmem_strbuf_append_printf(out, "%" PRId64 " µs", ns / 1000);
    else if (ns < 1000000000)
        wmem_strbuf_append_printf(out, "%.1f ms", seconds * 1e3);
    else
        wmem_strbuf_append_printf(out, "%.*f s", seconds < 100 ? 2 : 1, seconds);
    return true;
}

static bool write_bytes(wmem_strbuf_t *out, int64_t bytes)
{
    wmem_strbuf_append_printf(out, "%" PRId64 "%s", bytes,
                              bytes == 1 ? say(" byte") : say(" bytes"));
    return bytes > 0;
}

static bool write_nothing(wmem_strbuf_t *out, bool known)
{
    (void)out;
    return known;
}

/* `once`, or the number and `several`. */
static bool write_times(wmem_strbuf_t *out, int64_t times, const char *once, const char *several)
{
    if (times == 1)
        wmem_strbuf_append(out, once);
    else
        wmem_strbuf_append_printf(out, "%" PRId64 "%s", times, several);
    return times > 0;
}

/* The packet list counts from the first number of the side, unless its owner wants raw ones. */
static bool write_seq(wmem_strbuf_t *out, const struct scene *scene, int64_t raw)
{
    const struct side *side = &scene->ruling->connection->flow.side[scene->verdict.sender];

    if (side->has_isn)
        wmem_strbuf_append_printf(out, "%" PRIu32 " (raw %" PRIu32 ")", (uint32_t)raw - side->isn,
                                  (uint32_t)raw);
    else
        wmem_strbuf_append_printf(out, "%" PRIu32, (uint32_t)raw);
    return true;
}

static void write_endpoint(wmem_strbuf_t *out, const struct scene *scene, bool sender)
{
    const address *addr = scene->end[!sender];

    wmem_strbuf_append_printf(out, addr->type == AT_IPv6 ? "[%s]:%u" : "%s:%u",
                              address_to_str(scene->pool, addr),
                              ruling_port(scene->ruling, &scene->verdict, sender));
}

static bool begins_sentence(const wmem_strbuf_t *out)
{
    return g_str_has_suffix(wmem_strbuf_get_str(out), ". ");
}

static bool write_role(wmem_strbuf_t *out, const struct scene *scene, bool sender)
{
    bool begins = begins_sentence(out);

    if (sender == scene->verdict.sender_is_client)
        wmem_strbuf_append(out, begins ? say("The client") : say("the client"));
    else
        wmem_strbuf_append(out, begins ? say("The server") : say("the server"));
    return true;
}

static bool write_side(wmem_strbuf_t *out, const struct scene *scene, bool sender)
{
    write_role(out, scene, sender);
    wmem_strbuf_append_c(out, ' ');
    write_endpoint(out, scene, sender);
    return true;
}

/* What the side that ended it said last, in the clear. */
static bool write_last_words(wmem_strbuf_t *out, const struct scene *scene)
{
    const char *words = ruling_words(scene->ruling);

    wmem_strbuf_append(out, words ? words : "");
    return words && *words;
}

#define WRITE(word, expression)                                                                    \
    static bool write_##word(wmem_strbuf_t *out, const struct scene *scene,                        \
                             const struct clue *clue)                                              \
    {                                                                                              \
        const struct verdict *v = &scene->verdict;                                                 \
                                                                                                   \
        (void)v;                                                                                   \
        (void)clue;                                                                                \
        return expression;                                                                         \
    }
#include "words.def"

static const struct {
    const char *word;
    size_t length;
    write_fn *write;
} words[] = {
#define WRITE(word, expression) { #word, sizeof #word - 1, write_##word },
#include "words.def"
};

/* A word that does not exist is not known; a test finds it before any reader does. */
static bool write_word(wmem_strbuf_t *out, const char *name, size_t length,
                       const struct scene *scene, const struct clue *clue)
{
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (words[i].length == length && !memcmp(words[i].word, name, length))
            return words[i].write(out, scene, clue);
    return false;
}

/* Writes up to the end of the template or clause; returns where it stopped, sets *known.
 * It goes as deep as our own tables nest clauses.  NOLINTNEXTLINE(misc-no-recursion) */
static const char *expand(wmem_strbuf_t *out, const char *at, const struct scene *scene,
                          const struct clue *clue, bool *known)
{
    while (*at && *at != ']') {
        const char *end;

        if (*at == '[') {
            size_t before = wmem_strbuf_get_len(out);
            bool clause_known = true;

            at = expand(out, at + 1, scene, clue, &clause_known) + 1;
            if (!clause_known)
                wmem_strbuf_truncate(out, before);
        } else if (*at == '{' && (end = strchr(at, '}'))) {
            *known &= write_word(out, at + 1, (size_t)(end - at - 1), scene, clue);
            at = end + 1;
        } else {
            size_t plain = 1 + strcspn(at + 1, "[]{");

            wmem_strbuf_append_len(out, at, plain);
            at += plain;
        }
    }
    return at;
}

static char *compose(const struct scene *scene, const struct clue *clue, const char *template)
{
    wmem_strbuf_t *out = wmem_strbuf_new(scene->pool, "");
    bool known = true;

    expand(out, say(template), scene, clue, &known);
    return wmem_strbuf_finalize(out);
}

static char *sentence(char *text)
{
    text[0] = g_ascii_toupper(text[0]);
    return text;
}

const char *prose(const struct scene *scene, const char *template)
{
    return sentence(compose(scene, NULL, template));
}

const char *prose_summary(const struct scene *scene)
{
    const struct verdict *v = &scene->verdict;
    const struct detail_info *detail = detail_words(v->detail, v->cause);

    if (v->repeat_of)
        return prose(scene, say("One more reset of the abort in frame {repeat_of}[, in answer to "
                                "frame {trigger}]."));
    if (detail && detail->fin_summary && v->form == FORM_FIN)
        return prose(scene, detail->fin_summary);
    if (detail && detail->summary)
        return prose(scene, detail->summary);
    return prose(scene, cause_info(v->cause)->summary);
}

const char *prose_headline(const struct scene *scene)
{
    const char *summary = prose_summary(scene), *stop = say(". "), *end = strstr(summary, stop);

    if (!end)
        return summary;
    return g_strchomp(wmem_strndup(scene->pool, summary, (size_t)(end - summary) + strlen(stop)));
}

const char *prose_clue(const struct scene *scene, unsigned i)
{
    const struct clue clue = verdict_clue(&scene->verdict, i);

    return sentence(compose(scene, &clue, clue_sentence[clue.kind]));
}

const char *prose_endpoint(const struct scene *scene, bool of_client)
{
    wmem_strbuf_t *out = wmem_strbuf_new(scene->pool, "");

    write_endpoint(out, scene, of_client == scene->verdict.sender_is_client);
    return wmem_strbuf_finalize(out);
}

const char *prose_host(const struct scene *scene, bool of_client)
{
    if (!of_client)
        return prose_endpoint(scene, false);
    return address_to_str(scene->pool, scene->end[!scene->verdict.sender_is_client]);
}

const char *prose_cause(const struct scene *scene)
{
    const struct verdict *v = &scene->verdict;
    const struct detail_info *detail = detail_info(v->detail);

    return detail ? wmem_strdup_printf(scene->pool, "%s (%s)", cause_info(v->cause)->token,
                                       detail->token)
                  : cause_info(v->cause)->token;
}

const char *prose_duration(wmem_allocator_t *pool, int64_t ns)
{
    wmem_strbuf_t *out = wmem_strbuf_new(pool, "");

    return write_duration(out, ns) ? wmem_strbuf_finalize(out) : NULL;
}

/* Whether who ended it did so because its other connection had ended. */
static bool was_passed_on(const struct scene *scene)
{
    const struct leg leg = ruling_leg(scene->ruling);

    return leg.connection && leg.passes_on && verdict_is_by_sender(&scene->verdict);
}

static const char *sender_sees(const struct scene *scene)
{
    if (was_passed_on(scene))
        return say("most likely the end of its other connection[, stream {leg}], which it passed "
                   "on");
    return cause_info(scene->verdict.cause)->sender_sees;
}

/* What the side that was reset sees depends on whether it had been told of the close. */
static const char *receiver_sees(const struct scene *scene)
{
    const struct verdict *v = &scene->verdict;
    const struct detail_info *detail = detail_words(v->detail, v->cause);

    if (v->form == FORM_FIN && detail && detail->fin_sees)
        return detail->fin_sees;
    if (v->effect == EFFECT_NONE && !verdict_is_harmless(v))
        return say("nothing, the reset had no effect");
    if (v->late_write && !verdict_is_harmless(v))
        return detail_info(DETAIL_LATE_WRITE)->receiver_sees;
    if (detail && detail->receiver_sees)
        return detail->receiver_sees;
    return cause_info(v->cause)->receiver_sees;
}

const char *prose_symptom(const struct scene *scene, bool of_client)
{
    const struct verdict *v = &scene->verdict;
    const char *sees = of_client == v->sender_is_client ? sender_sees(scene) : receiver_sees(scene);

    return sees ? compose(scene, NULL, sees) : NULL;
}

const char *prose_decides(const struct scene *scene, enum cause alternative)
{
    const char *decides = cause_info(alternative)->decides;

    return decides ? compose(scene, NULL, decides) : NULL;
}

const char *prose_objection(const struct scene *scene, enum objection objection)
{
    const char *against = objection_sentence[objection];

    return against ? compose(scene, NULL, against) : NULL;
}

const char *prose_next_step(const struct scene *scene)
{
    char *text = wmem_strdup(scene->pool, prose_next_step_marked(scene)), *to = text;

    for (const char *from = text; *from; from++)
        if (*from != '`')
            *to++ = *from;
    *to = '\0';
    return text;
}

const char *prose_next_step_marked(const struct scene *scene)
{
    const struct detail_info *detail = detail_words(scene->verdict.detail, scene->verdict.cause);
    const char *check = detail && detail->check ? detail->check : NULL;

    if (was_passed_on(scene))
        return prose(scene,
                     say("{sender} most likely passed on what had happened to its other "
                         "connection[, stream {leg}]: frame {leg_frame} is the one to look at."));
    return prose(scene, check ? check : cause_info(scene->verdict.cause)->check);
}

const char *prose_reason_remark(const struct scene *scene)
{
    const struct reason *reason = scene->reason;
    const char *vendor = reason->enterprise ? try_enterprises_lookup(reason->enterprise) : NULL;
    wmem_strbuf_t *out = wmem_strbuf_new(scene->pool, "");

    if (vendor)
        wmem_strbuf_append_printf(out, say(" (%s)"), vendor);
    if (reason->cause != CAUSE_NONE)
        wmem_strbuf_append_printf(out, say(", %s"),
                                  reason->cause == scene->verdict.cause
                                      ? say("as the capture shows")
                                      : say("which is not what the capture shows"));
    return wmem_strbuf_get_str(out);
}
