/* Aborts counted: Statistics > TCP > Aborts.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "count_tree.h"

#include "prose.h"
#include "vals.h"

#include <epan/stats_tree.h>

static const char ALL[] = "Aborts";
static const char BY_CAUSE[] = "Cause";
static const char BY_ENDPOINT[] = "Ended by endpoint";
static const char BY_PORT[] = "Port of the server";
static const char BY_HARM[] = "Harm";
static const char BY_CONFIDENCE[] = "Confidence";
static const char OTHERS[] = "others";

enum { NAMES_MAX = 1000 }; /* of a branch: a new one costs the tree a step for each of them */

/* Of every open tree the names that stand in it, by branch and name. */
static GHashTable *trees;

/** Those of the branches that may have any number. */
struct names {
    GHashTable *endpoints, *ports;
};

static GHashTable *names_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

static void names_free(void *data)
{
    struct names *names = data;

    g_hash_table_destroy(names->endpoints);
    g_hash_table_destroy(names->ports);
    g_free(names);
}

/* The name, as long as there is room for it. */
static const char *among(GHashTable *names, const char *name)
{
    if (g_hash_table_contains(names, name))
        return name;
    if (g_hash_table_size(names) >= NAMES_MAX)
        return OTHERS;
    g_hash_table_add(names, g_strdup(name));
    return name;
}

static void fell(stats_tree *tree)
{
    g_hash_table_remove(trees, tree);
}

/* Also when it is planted anew. */
static void plant(stats_tree *tree)
{
    static const char *const branches[] = { BY_CAUSE, BY_ENDPOINT, BY_PORT, BY_HARM,
                                            BY_CONFIDENCE };
    struct names *names = g_new(struct names, 1);
    int root = stats_tree_create_node(tree, ALL, 0, STAT_DT_INT, true);

    *names = (struct names){ names_new(), names_new() };
    g_hash_table_insert(trees, tree, names);
    for (size_t i = 0; i < G_N_ELEMENTS(branches); i++)
        stats_tree_create_node(tree, branches[i], root, STAT_DT_INT, true);
    /* The window sorts by name, backwards, whatever it is asked: this one stays on top. */
    stat_node_set_flags(tree, BY_CAUSE, root, true, ST_FLG_SORT_TOP);
}

static void count(stats_tree *tree, const char *branch, const char *name)
{
    int at = tick_stat_node(tree, branch, stats_tree_parent_id_by_name(tree, ALL), true);

    tick_stat_node(tree, name, at, false);
}

static void count_cause(stats_tree *tree, const struct verdict *v)
{
    const struct detail_info *detail = detail_info(v->detail);
    int branch = tick_stat_node(tree, BY_CAUSE, stats_tree_parent_id_by_name(tree, ALL), true);
    int cause = tick_stat_node(tree, cause_info(v->cause)->token, branch, true);

    tick_stat_node(tree, detail ? detail->token : "no finer guess", cause, false);
}

static const char *ender(const struct scene *s)
{
    if (s->verdict.by == PARTY_CLIENT || s->verdict.by == PARTY_SERVER)
        return prose_endpoint(s, s->verdict.by == PARTY_CLIENT);
    return s->verdict.by == PARTY_MIDDLEBOX ? "a box on the path" : "unknown";
}

static tap_packet_status count_abort(stats_tree *tree, packet_info *pinfo _U_,
                                     epan_dissect_t *edt _U_, const void *tapped,
                                     tap_flags_t flags _U_)
{
    const struct scene *s = tapped;
    const struct verdict *v = &s->verdict;
    const struct names *names = g_hash_table_lookup(trees, tree);
    uint16_t port = ruling_port(s->ruling, v, !v->sender_is_client);

    if (v->cause == CAUSE_NONE || v->repeat_of)
        return TAP_PACKET_DONT_REDRAW;
    tick_stat_node(tree, ALL, 0, true);
    count_cause(tree, v);
    count(tree, BY_ENDPOINT, among(names->endpoints, ender(s)));
    count(tree, BY_PORT, among(names->ports, wmem_strdup_printf(s->pool, "%u", port)));
    count(tree, BY_HARM, verdict_is_harmless(v) ? "harmless" : "harmful");
    count(tree, BY_CONFIDENCE, val_to_str_const(v->confidence, confidence_vals, ""));
    return TAP_PACKET_REDRAW;
}

void count_tree_register(void)
{
    trees = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, names_free);
    stats_tree_register_plugin("tcp_abort", "tcp_abort", COMPAT_MENU("TCP", "Aborts"), 0,
                               count_abort, plant, fell);
}
