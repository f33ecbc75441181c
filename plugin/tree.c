/* The fields and the subtree of a verdict.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tree.h"

#include "vals.h"

enum { WORTH_SHOWING_NS = 1000000000 }; /* shorter pauses are none */

#define FIELD(id, ...) static int hf_##id = -1;
#include "fields.def"

static int ett_abort = -1;
static int ett_evidence = -1;
static int ett_mention = -1;

/* The types of fields.def. */
#define ROOT       FT_NONE, BASE_NONE, NULL, 0x0
#define LINK(link) FT_FRAMENUM, BASE_NONE, FRAMENUM_TYPE(FT_FRAMENUM_##link), 0x0
#define TEXT       FT_STRING, BASE_NONE, NULL, 0x0
#define COUNT      FT_UINT32, BASE_DEC, NULL, 0x0
#define INTERVAL   FT_RELATIVE_TIME, BASE_NONE, NULL, 0x0
#define TRUTH      FT_BOOLEAN, BASE_NONE, NULL, 0x0
#define WORD(vals) FT_UINT8, BASE_DEC, VALS(vals), 0x0

void tree_register(int proto)
{
    const hf_register_info rows[] = {
#define FIELD(id, label, name, type, meaning) { &hf_##id, { label, name, type, meaning, HFILL } },
#include "fields.def"
    };
    static int *ett[] = { &ett_abort, &ett_evidence, &ett_mention };
    hf_register_info *hf = g_malloc(sizeof rows); /* Wireshark keeps it */

    memcpy(hf, rows, sizeof rows);
    proto_register_field_array(proto, hf, G_N_ELEMENTS(rows));
    proto_register_subtree_array(ett, G_N_ELEMENTS(ett));
}

/* Where items go: all of them are made up, none stands in the packet. */
struct canvas {
    tvbuff_t *tvb;
    proto_tree *tree;
};

static proto_item *generated(proto_item *item)
{
    proto_item_set_generated(item);
    return item;
}

static void show_uint(const struct canvas *c, int hf, uint32_t value)
{
    generated(proto_tree_add_uint(c->tree, hf, c->tvb, 0, 0, value));
}

static void show_frame(const struct canvas *c, int hf, uint32_t frame)
{
    if (frame)
        show_uint(c, hf, frame);
}

static void show_text(const struct canvas *c, int hf, const char *text)
{
    if (text)
        generated(proto_tree_add_string(c->tree, hf, c->tvb, 0, 0, text));
}

/* A word to filter by is shown; the same word to print rides along unseen. */
static void show_word(const struct canvas *c, int hf, int hf_name, unsigned value, const char *name)
{
    show_uint(c, hf, value);
    proto_item_set_hidden(proto_tree_add_string(c->tree, hf_name, c->tvb, 0, 0, name));
}

static void show_truth(const struct canvas *c, int hf, bool value)
{
    generated(proto_tree_add_boolean(c->tree, hf, c->tvb, 0, 0, value));
}

static void show_interval(const struct canvas *c, int hf, int64_t ns)
{
    nstime_t interval = { .secs = (time_t)(ns / 1000000000), .nsecs = (int)(ns % 1000000000) };

    if (ns >= 0)
        generated(proto_tree_add_time(c->tree, hf, c->tvb, 0, 0, &interval));
}

static void show_run(const struct canvas *c, const struct run *run, int hf_first, int hf_last,
                     int hf_count)
{
    if (!run->count)
        return;
    show_uint(c, hf_first, run->first_frame);
    show_uint(c, hf_last, run->last_frame);
    show_uint(c, hf_count, run->count);
}

static void show_links(const struct canvas *c, const struct verdict *v)
{
    show_frame(c, hf_repeat_of, v->repeat_of);
    show_frame(c, hf_trigger, v->trigger);
    show_frame(c, hf_fin, v->fin);
    show_frame(c, hf_fin_peer, v->fin_peer);
    show_frame(c, hf_syn, v->syn);
    show_run(c, &v->retransmission, hf_retransmission_first, hf_retransmission_last,
             hf_retransmission_count);
    show_run(c, &v->probe, hf_probe_first, hf_probe_last, hf_probe_count);
    for (size_t i = 0; i < PROOF_MAX; i++)
        show_frame(c, hf_proof, v->proof[i]);
}

static void show_figures(const struct canvas *c, const struct verdict *v)
{
    uint32_t lost_client = v->sender_is_client ? v->lost_sender : v->lost_receiver;
    uint32_t lost_server = v->sender_is_client ? v->lost_receiver : v->lost_sender;

    show_interval(c, hf_since_fin, v->since_fin_ns);
    show_interval(c, hf_since_trigger, v->since_trigger_ns);
    if (v->idle_ns >= WORTH_SHOWING_NS)
        show_interval(c, hf_idle, v->idle_ns);
    show_interval(c, hf_unanswered, v->unanswered_ns);
    show_frame(c, hf_lost_client, lost_client);
    show_frame(c, hf_lost_server, lost_server);
}

static void show_evidence(const struct canvas *c, const struct scene *scene)
{
    const struct verdict *v = &scene->verdict;
    struct canvas branch = *c;

    if (!v->clue_count)
        return;
    branch.tree = proto_tree_add_subtree_format(c->tree, c->tvb, 0, 0, ett_evidence, NULL,
                                                "Evidence (%u)", v->clue_count);
    generated(proto_tree_get_parent(branch.tree));
    for (unsigned i = 0; i < v->clue_count; i++)
        show_text(&branch, hf_evidence, prose_clue(scene, &v->clue[i]));
}

/* The reset's own word beside what the capture shows. */
static void show_reason(const struct canvas *c, const struct scene *scene)
{
    const struct reason *reason = &scene->ruling->reason;
    proto_item *item;

    if (!reason->text[0])
        return;
    item = generated(proto_tree_add_string(c->tree, hf_stated_reason, c->tvb, 0, 0, reason->text));
    if (prose_stated(scene))
        proto_item_append_text(item, ", %s", prose_stated(scene));
}

/* The token is the value; what would decide for it stands behind. */
static void show_alternatives(const struct canvas *c, const struct scene *scene)
{
    const struct verdict *v = &scene->verdict;

    for (size_t i = 0; i < ALTERNATIVE_MAX && v->alternative[i] != CAUSE_NONE; i++) {
        const char *token = cause_info(v->alternative[i])->token;
        const char *decides = prose_decides(scene, v->alternative[i]);
        proto_item *item =
            generated(proto_tree_add_string(c->tree, hf_alternative, c->tvb, 0, 0, token));

        if (decides)
            proto_item_append_text(item, ". %s", decides);
    }
}

proto_item *tree_show(tvbuff_t *tvb, proto_tree *tree, const struct scene *scene)
{
    const struct verdict *v = &scene->verdict;
    const struct cause_info *cause = cause_info(v->cause);
    const struct detail_info *detail = detail_info(v->detail);
    proto_item *root = generated(proto_tree_add_item(tree, hf_abort, tvb, 0, 0, ENC_NA));
    struct canvas c = { tvb, proto_item_add_subtree(root, ett_abort) };

    proto_item_set_text(root, "TCP Abort: %s (%s)", cause->title,
                        val_to_str_const(v->confidence, confidence_vals, ""));
    show_text(&c, hf_summary, prose_summary(scene));
    show_word(&c, hf_cause, hf_cause_name, v->cause, cause->token);
    if (detail)
        show_word(&c, hf_detail, hf_detail_name, v->detail, detail->token);
    show_uint(&c, hf_confidence, v->confidence);
    show_reason(&c, scene);
    if (v->provisional)
        show_truth(&c, hf_provisional, true);
    show_uint(&c, hf_by, v->by);
    show_links(&c, v);
    show_figures(&c, v);
    if (!v->silent)
        show_uint(&c, hf_form, v->form);
    if (v->effect != EFFECT_UNKNOWN)
        show_truth(&c, hf_effective, v->effect == EFFECT_RESET);
    show_truth(&c, hf_harmless, verdict_is_harmless(v));
    show_evidence(&c, scene);
    if (v->repeat_of)
        return root; /* the rest stands at the first reset */
    show_alternatives(&c, scene);
    show_text(&c, hf_symptom_client, prose_symptom(scene, true));
    show_text(&c, hf_symptom_server, prose_symptom(scene, false));
    show_text(&c, hf_next_step, prose_next_step(scene));
    return root;
}

void tree_mention(tvbuff_t *tvb, proto_tree *tree, proto_item *root, const struct mention *mention)
{
    struct canvas c = { tvb, tree };

    if (mention->cause == CAUSE_NONE && !mention->reset)
        return;
    if (root)
        c.tree = proto_item_get_subtree(root);
    else if (mention->reset)
        c.tree = proto_tree_add_subtree_format(tree, tvb, 0, 0, ett_mention, NULL,
                                               "TCP Abort: the verdict in frame %u rests on this",
                                               mention->reset);
    else
        c.tree = proto_tree_add_subtree_format(tree, tvb, 0, 0, ett_mention, NULL,
                                               "TCP Abort: this connection was aborted (%s)",
                                               cause_info(mention->cause)->token);
    if (!root)
        generated(proto_tree_get_parent(c.tree));
    if (mention->cause != CAUSE_NONE)
        show_uint(&c, hf_stream_cause, mention->cause);
    show_frame(&c, hf_reset, mention->reset);
}
