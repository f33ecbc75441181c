/* The fields and the subtree of a verdict.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tree.h"

#include "canvas.h"
#include "say.h"
#include "vals.h"

#define FIELD(id, ...) static int hf_##id = -1;
#include "fields.def"

static int proto = -1;
static int ett_abort = -1;
static int ett_alternative = -1;
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

/* What speaks against a cause is half of the row above; who folds it up may keep it so. */
static void unfold(void)
{
    static bool unfolded;

    if (!unfolded)
        tree_expanded_set(ett_alternative, true);
    unfolded = true;
}

void tree_register(int proto_abort)
{
    static hf_register_info hf[] = {
#define FIELD(id, label, name, type, meaning) { &hf_##id, { label, name, type, meaning, HFILL } },
#include "fields.def"
    };
    static int *ett[] = { &ett_abort, &ett_alternative, &ett_evidence, &ett_mention };

    vals_fill();
    proto = proto_abort;
    proto_register_field_array(proto, hf, G_N_ELEMENTS(hf));
    proto_register_subtree_array(ett, G_N_ELEMENTS(ett));
    register_init_routine(unfold);
}

/* The same word to print rides along unseen. */
static void hide_text(const struct canvas *c, int hf, const char *text)
{
    proto_item_set_hidden(proto_tree_add_string(c->tree, hf, c->tvb, 0, 0, text));
}

/* To filter by; another row tells of it. */
static void hide_interval(const struct canvas *c, int hf, int64_t ns)
{
    if (ns >= 0)
        proto_item_set_hidden(canvas_add_interval(c, hf, ns));
}

static void show_interval(const struct canvas *c, int hf, const struct scene *scene, int64_t ns)
{
    if (ns >= PAUSE_AT_ALL_NS)
        proto_item_set_text(canvas_add_interval(c, hf, ns), "%s: %s",
                            proto_registrar_get_nth((unsigned)hf)->name,
                            prose_duration(scene->pool, ns));
}

static void show_trigger(const struct canvas *c, const struct scene *scene)
{
    const struct verdict *v = &scene->verdict;
    proto_item *item = canvas_show_frame(c, hf_trigger, v->trigger);

    if (v->trigger && v->since_trigger_ns >= 0)
        proto_item_append_text(item, say(", seen %s before"),
                               prose_duration(scene->pool, v->since_trigger_ns));
    hide_interval(c, hf_since_trigger, v->since_trigger_ns);
}

/* "FIN of the server: 24, 10.6 ms after frame 21" */
static void show_fin(const struct canvas *c, const struct scene *scene)
{
    const struct verdict *v = &scene->verdict;
    bool of_client = v->fin ? v->sender_is_client : !v->sender_is_client;
    uint32_t fin = v->fin ? v->fin : v->fin_peer, other = v->trigger ? v->trigger : v->frame;
    proto_item *item = canvas_show_frame(c, v->fin ? hf_fin : hf_fin_peer, fin);

    if (!fin)
        return;
    if (fin == v->frame)
        proto_item_set_hidden(item); /* the verdict stands on it */
    proto_item_set_text(
        item, of_client ? say("FIN of the client: %u") : say("FIN of the server: %u"), fin);
    if (v->since_fin_ns >= 0 && fin != other)
        proto_item_append_text(
            item, fin < other ? say(", %s before frame %u") : say(", %s after frame %u"),
            prose_duration(scene->pool, v->since_fin_ns), other);
    hide_interval(c, hf_since_fin, v->since_fin_ns);
    if (v->fin && v->fin_peer)
        proto_item_set_text(canvas_show_frame(c, hf_fin_peer, v->fin_peer),
                            of_client ? say("FIN of the server: %u") : say("FIN of the client: %u"),
                            v->fin_peer);
}

static void show_syn(const struct canvas *c, const struct verdict *v)
{
    proto_item *item = canvas_show_frame(c, hf_syn, v->syn);

    if (v->syn && v->syn == v->trigger)
        proto_item_set_hidden(item); /* the row of the trigger leads there */
}

static proto_item *show_run(const struct canvas *c, const struct run *run, int hf_first,
                            int hf_last, int hf_count)
{
    if (!run->count)
        return NULL;
    canvas_show_frame(c, hf_first, run->first_frame);
    canvas_show_frame(c, hf_last, run->last_frame);
    return canvas_add_uint(c, hf_count, run->count);
}

static void show_retransmissions(const struct canvas *c, const struct scene *scene)
{
    const struct verdict *v = &scene->verdict;
    proto_item *count = show_run(c, &v->retransmission, hf_retransmission_first,
                                 hf_retransmission_last, hf_retransmission_count);

    if (v->unanswered_ns < 0)
        return;
    proto_item_append_text(count, say(", unanswered for %s"),
                           prose_duration(scene->pool, v->unanswered_ns));
    hide_interval(c, hf_unanswered, v->unanswered_ns);
}

static void show_links(const struct canvas *c, const struct scene *scene)
{
    const struct verdict *v = &scene->verdict;

    canvas_show_frame(c, hf_repeat_of, v->repeat_of);
    canvas_show_frame(c, hf_killed_by, v->killed_by);
    show_trigger(c, scene);
    show_fin(c, scene);
    show_syn(c, v);
    show_retransmissions(c, scene);
    show_run(c, &v->probe, hf_probe_first, hf_probe_last, hf_probe_count);
    for (size_t i = 0; i < PROOF_MAX; i++)
        canvas_show_frame(c, hf_proof, v->proof[i]);
    for (size_t i = 0; i < RELATIONS; i++)
        if (scene->related[i] >= 0)
            canvas_add_uint(c, hf_related, (uint32_t)scene->related[i]);
}

static void show_figures(const struct canvas *c, const struct scene *scene)
{
    const struct verdict *v = &scene->verdict;

    show_interval(c, hf_idle, scene, v->idle_ns);
    show_interval(c, hf_waited, scene, v->waited_ns);
    canvas_show_count(c, hf_lost_client, verdict_lost(v, true));
    canvas_show_count(c, hf_lost_server, verdict_lost(v, false));
}

/* Unclear is what is not known: it can be filtered for. */
static void show_form(const struct canvas *c, enum form form)
{
    const char *const words[] = {
        [FORM_UNCLEAR] = "unclear",
        [FORM_REFLEX] = say("reflex, as a host without a live socket makes it"),
        [FORM_ACTIVE] = say("active, as a live socket makes it"),
        [FORM_FIN] = say("fin, there was no reset"),
        [FORM_SILENCE] = say("silence, there was no reset"),
    };
    proto_item *item = canvas_show_word(c, hf_form, form, words[form]);

    if (form == FORM_UNCLEAR)
        proto_item_set_hidden(item);
}

/* To filter by, and for scripts: the summary names them. */
static void hide_ends(const struct canvas *c, const struct scene *scene)
{
    if (canvas_is_wanted(c, hf_client))
        proto_item_set_hidden(canvas_add_text(c, hf_client, prose_endpoint(scene, true)));
    if (canvas_is_wanted(c, hf_server))
        proto_item_set_hidden(canvas_add_text(c, hf_server, prose_endpoint(scene, false)));
}

static void show_party(const struct canvas *c, enum party by)
{
    const char *word = val_to_str_const(by, party_vals, "");
    proto_item *item = canvas_show_token(c, hf_by, by, word, word);

    if (by == PARTY_UNKNOWN)
        proto_item_set_hidden(item);
}

static void show_evidence(const struct canvas *c, const struct scene *scene)
{
    const struct verdict *v = &scene->verdict;
    struct canvas branch = *c;

    if (!v->clue_count || !canvas_is_wanted(c, hf_evidence))
        return;
    branch.tree = proto_tree_add_subtree_format(c->tree, c->tvb, 0, 0, ett_evidence, NULL,
                                                say("Evidence (%u)"), v->clue_count);
    canvas_generated(proto_tree_get_parent(branch.tree));
    for (unsigned i = 0; i < v->clue_count; i++) {
        const char *clue = prose_clue(scene, i);

        proto_item_set_text(canvas_add_text(&branch, hf_evidence, clue), "%s", clue);
    }
}

/* The reset's own word beside what the capture shows. */
static void show_reason(const struct canvas *c, const struct scene *scene)
{
    proto_item *item;

    if (!scene->reason)
        return;
    item = canvas_add_text(c, hf_stated_reason, scene->reason->text);
    if (scene->reason->meaning)
        canvas_append_meaning(item, scene->reason->meaning);
    proto_item_append_text(item, "%s", prose_reason_remark(scene));
}

static void show_objection(const struct canvas *c, const struct scene *scene, proto_item *item,
                           enum objection objection)
{
    const char *against = prose_objection(scene, objection);
    const struct canvas below = { .tree = proto_item_add_subtree(item, ett_alternative),
                                  .tvb = c->tvb };

    if (against)
        canvas_add_text(&below, hf_objection, against);
}

/* The token is the value; what would decide for it stands behind, what speaks against it below. */
static void show_alternatives(const struct canvas *c, const struct scene *scene)
{
    const struct verdict *v = &scene->verdict;

    for (size_t i = 0; i < ALTERNATIVE_MAX && v->alternative[i] != CAUSE_NONE; i++) {
        const struct cause_info *cause = cause_info(v->alternative[i]);
        const char *decides = prose_decides(scene, v->alternative[i]);
        proto_item *item = canvas_add_text(c, hf_alternative, cause->token);

        canvas_append_meaning(item, cause->title);
        if (decides)
            proto_item_append_text(item, say(", %s"), decides);
        show_objection(c, scene, item, v->against[i]);
    }
}

static void show_cause(const struct canvas *c, const struct verdict *v)
{
    const struct cause_info *cause = cause_info(v->cause);
    const struct detail_info *detail = detail_info(v->detail);

    canvas_show_token(c, hf_cause, v->cause, cause->token, cause->title);
    hide_text(c, hf_cause_name, cause->token);
    if (!detail)
        return;
    canvas_show_token(c, hf_detail, v->detail, detail->token, detail->means);
    hide_text(c, hf_detail_name, detail->token);
}

/* An item, be it for the expert info to hang on: its protocol comes to be after this one. */
static bool is_anything_wanted(const struct canvas *c)
{
    static int proto_expert = -1;

    if (proto_expert == -1)
        proto_expert = proto_get_id_by_filter_name("_ws.expert");
    return canvas_is_wanted(c, proto) || canvas_is_wanted(c, proto_expert);
}

proto_item *tree_show(tvbuff_t *tvb, proto_tree *tree, const struct scene *scene)
{
    const struct verdict *v = &scene->verdict;
    const char *confidence = val_to_str_const(v->confidence, confidence_vals, "");
    struct canvas c = { tvb, tree };
    proto_item *root;

    if (!is_anything_wanted(&c))
        return NULL;
    root = canvas_generated(proto_tree_add_item(tree, hf_abort, tvb, 0, 0, ENC_NA));
    c.tree = proto_item_add_subtree(root, ett_abort);
    proto_item_set_text(root, say("TCP Abort: %s (%s)"), say(cause_info(v->cause)->title),
                        say(confidence));
    if (canvas_is_wanted(&c, hf_summary))
        canvas_show_text(&c, hf_summary, prose_summary(scene));
    show_cause(&c, v);
    canvas_show_token(&c, hf_confidence, v->confidence, confidence, confidence);
    show_reason(&c, scene);
    if (v->provisional)
        canvas_show_truth(&c, hf_provisional, true, false,
                          say("Provisional: later packets may change this"));
    show_party(&c, v->by);
    hide_ends(&c, scene);
    canvas_show_text(&c, hf_words, ruling_words(scene->ruling));
    show_links(&c, scene);
    show_figures(&c, scene);
    show_form(&c, v->form);
    if (v->effect != EFFECT_UNKNOWN)
        canvas_show_truth(&c, hf_effective, v->effect == EFFECT_RESET, true,
                          say("The receiver did not act on it"));
    if (verdict_is_harmless(v)) /* else it is left out, for !tcp.abort.harmless asks for that */
        canvas_show_truth(&c, hf_harmless, true, false, say("Harmless: it broke nothing"));
    show_evidence(&c, scene);
    if (v->repeat_of)
        return root; /* the rest stands at the first reset */
    show_alternatives(&c, scene);
    if (canvas_is_wanted(&c, hf_symptom_client))
        canvas_show_text(&c, hf_symptom_client, prose_symptom(scene, true));
    if (canvas_is_wanted(&c, hf_symptom_server))
        canvas_show_text(&c, hf_symptom_server, prose_symptom(scene, false));
    if (canvas_is_wanted(&c, hf_next_step))
        canvas_show_text(&c, hf_next_step, prose_next_step(scene));
    return root;
}

bool tree_wants_mention(proto_tree *tree)
{
    return tree && (proto_field_is_referenced(tree, hf_reset) ||
                    proto_field_is_referenced(tree, hf_stream_cause));
}

void tree_mention(tvbuff_t *tvb, proto_tree *tree, proto_item *root, const struct mention *mention)
{
    struct canvas c = { tvb, tree };
    const struct cause_info *cause = cause_info(mention->cause);

    if (!cause && !mention->reset)
        return;
    if (root)
        c.tree = proto_item_get_subtree(root);
    else if (mention->reset)
        c.tree = proto_tree_add_subtree_format(tree, tvb, 0, 0, ett_mention, NULL,
                                               say("TCP Abort: the verdict in frame %u rests on "
                                                   "this"),
                                               mention->reset);
    else
        c.tree = proto_tree_add_subtree_format(tree, tvb, 0, 0, ett_mention, NULL,
                                               say("TCP Abort: this connection was aborted (%s)"),
                                               cause->token);
    if (!root)
        canvas_generated(proto_tree_get_parent(c.tree));
    canvas_show_frame(&c, hf_reset, mention->reset);
    if (cause) {
        proto_item *item =
            canvas_show_token(&c, hf_stream_cause, mention->cause, cause->token, cause->title);

        if (root)
            proto_item_set_hidden(item); /* the verdict says it */
    }
}
