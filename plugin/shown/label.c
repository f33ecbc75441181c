/* A packet of the ladder in a few words.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "label.h"

#include "links.h"
#include "say.h"
#include "vals.h"

static void append(wmem_strbuf_t *out, const char *word)
{
    if (wmem_strbuf_get_len(out))
        wmem_strbuf_append(out, ", ");
    wmem_strbuf_append(out, word);
}

const char *label_text(wmem_allocator_t *pool, const struct rung *rung)
{
    static const struct {
        uint8_t flag;
        const char *word;
    } flags[] = { { SEGMENT_SYN, "SYN" }, { SEGMENT_FIN, "FIN" }, { SEGMENT_RST, "RST" } };
    wmem_strbuf_t *out = wmem_strbuf_new(pool, "");

    for (size_t i = 0; i < G_N_ELEMENTS(flags); i++)
        if (rung->flags & flags[i].flag)
            append(out, flags[i].word);
    if (rung->flags & SEGMENT_ACK && !(rung->whole && rung->len) && !(rung->flags & SEGMENT_FIN))
        append(out, "ACK");
    if (rung->whole && rung->len)
        append(out, wmem_strdup_printf(pool, rung->len == 1 ? say("%u byte") : say("%u bytes"),
                                       rung->len));
    if (!wmem_strbuf_get_len(out))
        append(out, rung->whole ? say("no flags") : say("data"));
    return wmem_strbuf_finalize(out);
}

/* "crash, likely" */
static const char *outcome(const struct scene *scene)
{
    const struct verdict *v = &scene->verdict;

    return wmem_strdup_printf(
        scene->pool, say("%s%s, %s"), v->form == FORM_SILENCE ? say("last try: ") : "",
        cause_info(v->cause)->token, say(val_to_str_const(v->confidence, confidence_vals, "")));
}

const char *label_note(const struct scene *scene, const struct rung *rung)
{
    const struct verdict *v = &scene->verdict;

    if (rung->frame == v->frame)
        return outcome(scene);
    switch (links_role(v, rung->frame)) {
    case ROLE_TRIGGER:
        return say("drew the reset");
    case ROLE_FIRST_RETRANSMISSION:
        return v->retransmission.count == 1 ? say("retransmission") : say("first retransmission");
    case ROLE_LAST_RETRANSMISSION:
        return wmem_strdup_printf(scene->pool, say("retransmission %u"), v->retransmission.count);
    case ROLE_FIRST_PROBE:
        return v->probe.count == 1 ? say("probe") : say("first probe");
    case ROLE_LAST_PROBE:
        return wmem_strdup_printf(scene->pool, say("probe %u"), v->probe.count);
    case ROLE_PROOF:
        return say("proof");
    case ROLE_FIN:
    case ROLE_FIN_PEER:
    case ROLE_SYN:
    case ROLE_NONE:
        break;
    }
    return rung->flags & SEGMENT_RST ? say("another reset") : NULL;
}

const char *label_remark(const struct scene *scene, const struct rung *rung)
{
    const char *note = label_note(scene, rung);
    const char *line = scene->lines ? first_lines_of(scene->lines, rung->frame) : NULL;

    return note && line ? wmem_strdup_printf(scene->pool, "%s: %s", note, line)
           : note       ? note
                        : line;
}

bool label_from_client(const struct scene *scene, const struct rung *rung)
{
    const struct verdict *v = &scene->verdict;

    return (rung->side == v->sender) == v->sender_is_client;
}
