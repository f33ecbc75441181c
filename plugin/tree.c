/* The fields and the subtree of a verdict.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "tree.h"

enum { WORTH_SHOWING_NS = 1000000000 }; /* shorter pauses are none */

static int hf_abort = -1;
static int hf_cause = -1;
static int hf_cause_name = -1;
static int hf_detail = -1;
static int hf_detail_name = -1;
static int hf_confidence = -1;
static int hf_alternative = -1;
static int hf_summary = -1;
static int hf_by = -1;
static int hf_form = -1;
static int hf_effective = -1;
static int hf_harmless = -1;
static int hf_trigger = -1;
static int hf_fin = -1;
static int hf_fin_peer = -1;
static int hf_syn = -1;
static int hf_retransmission_first = -1;
static int hf_retransmission_last = -1;
static int hf_retransmission_count = -1;
static int hf_probe_first = -1;
static int hf_probe_last = -1;
static int hf_probe_count = -1;
static int hf_repeat_of = -1;
static int hf_proof = -1;
static int hf_since_fin = -1;
static int hf_since_trigger = -1;
static int hf_idle = -1;
static int hf_unanswered = -1;
static int hf_lost_client = -1;
static int hf_lost_server = -1;
static int hf_evidence = -1;
static int hf_symptom_client = -1;
static int hf_symptom_server = -1;
static int hf_next_step = -1;
static int hf_stated_reason = -1;
static int hf_provisional = -1;

static int ett_abort = -1;
static int ett_evidence = -1;

static const value_string confidence_vals[] = {
    { CONFIDENCE_POSSIBLE, "possible" },
    { CONFIDENCE_LIKELY, "likely" },
    { CONFIDENCE_CERTAIN, "certain" },
    { 0, NULL },
};

static const value_string party_vals[] = {
    { PARTY_CLIENT, "client" },
    { PARTY_SERVER, "server" },
    { PARTY_MIDDLEBOX, "middlebox" },
    { PARTY_UNKNOWN, "unknown" },
    { 0, NULL },
};

static const value_string form_vals[] = {
    { FORM_UNCLEAR, "unclear" },
    { FORM_REFLEX, "reflex" },
    { FORM_ACTIVE, "active" },
    { 0, NULL },
};

/* The tokens of the tables, as Wireshark wants them; live as long as the process. */
static const value_string *cause_vals(void)
{
    value_string *vals = g_new0(value_string, cause_count + 1);

    for (size_t i = 0; i < cause_count; i++)
        vals[i] = (value_string){ cause_table[i].cause, cause_table[i].token };
    return vals;
}

static const value_string *detail_vals(void)
{
    value_string *vals = g_new0(value_string, detail_count + 1);

    for (size_t i = 0; i < detail_count; i++)
        vals[i] = (value_string){ detail_table[i].detail, detail_table[i].token };
    return vals;
}

/* Shorthand for the rows below; `link` says what a click on the frame number leads to. */
#define LINK(link) FT_FRAMENUM, BASE_NONE, FRAMENUM_TYPE(link), 0x0
#define TEXT       FT_STRING, BASE_NONE, NULL, 0x0
#define COUNT      FT_UINT32, BASE_DEC, NULL, 0x0
#define INTERVAL   FT_RELATIVE_TIME, BASE_NONE, NULL, 0x0
#define TRUTH      FT_BOOLEAN, BASE_NONE, NULL, 0x0
#define WORD(vals) FT_UINT8, BASE_DEC, VALS(vals), 0x0

void tree_register(int proto)
{
    static hf_register_info hf[] = {
        { &hf_abort,
          { "TCP Abort", "tcp.abort", FT_NONE, BASE_NONE, NULL, 0x0,
            "Why this connection was aborted", HFILL } },
        { &hf_cause,
          { "Cause", "tcp.abort.cause", WORD(NULL), "What happened to the connection", HFILL } },
        { &hf_cause_name,
          { "Cause name", "tcp.abort.cause.name", TEXT,
            "The cause as a word, for columns and exports", HFILL } },
        { &hf_detail, { "Detail", "tcp.abort.detail", WORD(NULL), "The finer guess", HFILL } },
        { &hf_detail_name,
          { "Detail name", "tcp.abort.detail.name", TEXT,
            "The detail as a word, for columns and exports", HFILL } },
        { &hf_confidence,
          { "Confidence", "tcp.abort.confidence", WORD(confidence_vals), "How sure the verdict is",
            HFILL } },
        { &hf_alternative,
          { "Fits as well", "tcp.abort.alternative", TEXT, "Another cause that fits, best first",
            HFILL } },
        { &hf_summary,
          { "Summary", "tcp.abort.summary", TEXT, "The verdict in one sentence", HFILL } },
        { &hf_by,
          { "Ended by", "tcp.abort.by", WORD(party_vals), "Who ended the connection", HFILL } },
        { &hf_form,
          { "Form of the reset", "tcp.abort.form", WORD(form_vals),
            "reflex: made without a live socket; active: made by one", HFILL } },
        { &hf_effective,
          { "Receiver acted on it", "tcp.abort.effective", TRUTH,
            "Whether the reset ended the receiver's connection (RFC 9293, 3.5.3)", HFILL } },
        { &hf_harmless,
          { "Harmless", "tcp.abort.harmless", TRUTH, "Whether it broke nothing", HFILL } },
        { &hf_trigger,
          { "Answers frame", "tcp.abort.trigger", LINK(FT_FRAMENUM_REQUEST),
            "The segment that this reset answers", HFILL } },
        { &hf_fin,
          { "FIN of its sender", "tcp.abort.fin", LINK(FT_FRAMENUM_NONE),
            "The FIN that the reset's sender had sent before", HFILL } },
        { &hf_fin_peer,
          { "FIN of the other side", "tcp.abort.fin.peer", LINK(FT_FRAMENUM_NONE),
            "The FIN that the reset's receiver had sent before", HFILL } },
        { &hf_syn,
          { "SYN", "tcp.abort.syn", LINK(FT_FRAMENUM_NONE),
            "The SYN that opened the connection, or was refused", HFILL } },
        { &hf_retransmission_first,
          { "First retransmission", "tcp.abort.retransmission.first",
            LINK(FT_FRAMENUM_RETRANS_PREV), "First of the retransmissions before the reset",
            HFILL } },
        { &hf_retransmission_last,
          { "Last retransmission", "tcp.abort.retransmission.last", LINK(FT_FRAMENUM_RETRANS_PREV),
            "Last of the retransmissions before the reset", HFILL } },
        { &hf_retransmission_count,
          { "Retransmissions", "tcp.abort.retransmission.count", COUNT,
            "How often the same sequence was sent again", HFILL } },
        { &hf_probe_first,
          { "First probe", "tcp.abort.probe.first", LINK(FT_FRAMENUM_NONE),
            "First of the keep-alive or zero-window probes before the reset", HFILL } },
        { &hf_probe_last,
          { "Last probe", "tcp.abort.probe.last", LINK(FT_FRAMENUM_NONE),
            "Last of the keep-alive or zero-window probes before the reset", HFILL } },
        { &hf_probe_count,
          { "Probes", "tcp.abort.probe.count", COUNT, "How many probes were sent", HFILL } },
        { &hf_repeat_of,
          { "First reset", "tcp.abort.repeat_of", LINK(FT_FRAMENUM_NONE),
            "The first reset of the same abort, or the one that this is a consequence of",
            HFILL } },
        { &hf_proof,
          { "Proof", "tcp.abort.proof", LINK(FT_FRAMENUM_NONE),
            "Another frame that the verdict rests on", HFILL } },
        { &hf_since_fin,
          { "Time since the FIN", "tcp.abort.since_fin", INTERVAL,
            "Between the FIN and the trigger, or the reset where nothing triggered it", HFILL } },
        { &hf_since_trigger,
          { "Time since the trigger", "tcp.abort.since_trigger", INTERVAL,
            "From the segment that the reset answers", HFILL } },
        { &hf_idle,
          { "Idle before", "tcp.abort.idle", INTERVAL, "How long no byte had passed either way",
            HFILL } },
        { &hf_unanswered,
          { "Unanswered for", "tcp.abort.unanswered", INTERVAL,
            "From the first transmission of the repeated segment to the last", HFILL } },
        { &hf_lost_client,
          { "Bytes of the client lost", "tcp.abort.lost.client", COUNT,
            "Sent by the client and never acknowledged", HFILL } },
        { &hf_lost_server,
          { "Bytes of the server lost", "tcp.abort.lost.server", COUNT,
            "Sent by the server and never acknowledged", HFILL } },
        { &hf_evidence,
          { "Evidence", "tcp.abort.evidence", TEXT, "One observation behind the verdict", HFILL } },
        { &hf_symptom_client,
          { "The client sees", "tcp.abort.symptom.client", TEXT,
            "What the program at the client sees", HFILL } },
        { &hf_symptom_server,
          { "The server sees", "tcp.abort.symptom.server", TEXT,
            "What the program at the server sees", HFILL } },
        { &hf_next_step,
          { "Next step", "tcp.abort.next_step", TEXT, "One thing to check", HFILL } },
        { &hf_stated_reason,
          { "Stated reason", "tcp.abort.stated_reason", TEXT,
            "The reason that the reset itself gives", HFILL } },
        { &hf_provisional,
          { "Provisional", "tcp.abort.provisional", TRUTH,
            "Later packets may still change this verdict", HFILL } },
    };
    static int *ett[] = { &ett_abort, &ett_evidence };

    for (size_t i = 0; i < G_N_ELEMENTS(hf); i++) {
        if (hf[i].p_id == &hf_cause)
            hf[i].hfinfo.strings = cause_vals();
        if (hf[i].p_id == &hf_detail)
            hf[i].hfinfo.strings = detail_vals();
    }
    proto_register_field_array(proto, hf, G_N_ELEMENTS(hf));
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
    if (reason->cause != CAUSE_NONE)
        proto_item_append_text(item, reason->cause == scene->verdict.cause
                                         ? ", as the capture shows"
                                         : ", which is not what the capture shows");
}

/* What the side that was reset sees depends on whether it had been told of the close. */
static const char *receiver_sees(const struct verdict *v)
{
    if (v->effect == EFFECT_NONE && !verdict_is_harmless(v))
        return "nothing: the reset had no effect";
    if (v->late_write && !verdict_is_harmless(v))
        return detail_info(DETAIL_LATE_WRITE)->receiver_sees;
    return cause_info(v->cause)->receiver_sees;
}

static void show_symptoms(const struct canvas *c, const struct verdict *v)
{
    const char *sender = cause_info(v->cause)->sender_sees, *receiver = receiver_sees(v);

    show_text(c, hf_symptom_client, v->sender_is_client ? sender : receiver);
    show_text(c, hf_symptom_server, v->sender_is_client ? receiver : sender);
}

/* The token is the value; what would decide for it stands behind. */
static void show_alternatives(const struct canvas *c, const struct scene *scene)
{
    const struct verdict *v = &scene->verdict;

    for (size_t i = 0; i < ALTERNATIVE_MAX && v->alternative[i] != CAUSE_NONE; i++) {
        const struct cause_info *info = cause_info(v->alternative[i]);
        proto_item *item =
            generated(proto_tree_add_string(c->tree, hf_alternative, c->tvb, 0, 0, info->token));

        if (info->decides)
            proto_item_append_text(item, ". %s", prose(scene, info->decides));
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
    if (v->provisional && !scene->pinfo->fd->visited)
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
    show_symptoms(&c, v);
    show_text(&c, hf_next_step,
              prose(scene, detail && detail->check ? detail->check : cause->check));
    return root;
}
