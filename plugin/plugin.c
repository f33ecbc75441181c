/* The composition root: registration, and the whole plugin in one breath.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "column.h"
#include "expert.h"
#include "source.h"
#include "state.h"
#include "tree.h"

WS_DLL_PUBLIC_DEF const char plugin_version[] = PLUGIN_VERSION;
WS_DLL_PUBLIC_DEF const int plugin_want_major = PLUGIN_WANT_MAJOR;
WS_DLL_PUBLIC_DEF const int plugin_want_minor = PLUGIN_WANT_MINOR;

WS_DLL_PUBLIC void plugin_register(void);
WS_DLL_PUBLIC uint32_t plugin_describe(void);

static int proto_tcp_abort = -1;
static dissector_handle_t abort_handle;

static void learn(packet_info *pinfo, proto_tree *tree)
{
    struct sighting sightings[SOURCE_SEGMENTS_MAX];
    unsigned count = source_read(pinfo, tree, sightings);

    state_saw(pinfo);
    for (unsigned i = 0; i < count; i++)
        state_learn(pinfo, &sightings[i], &tuning_default);
}

static void show(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const struct ruling *ruling)
{
    struct scene scene = { pinfo, ruling, ruling_verdict(ruling) };

    column_show(&scene);
    expert_show(tree_show(tvb, tree, &scene), &scene);
}

/* Learn on the first pass, show on every pass. */
static int dissect_abort(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    struct ruling silence;

    if (!pinfo->fd->visited)
        learn(pinfo, tree);
    for (const struct ruling *ruling = state_rulings(pinfo); ruling; ruling = ruling->next)
        show(tvb, pinfo, tree, ruling);
    if (pinfo->fd->visited && state_silence(pinfo, &silence))
        show(tvb, pinfo, tree, &silence);
    return (int)tvb_captured_length(tvb);
}

static void register_abort(void)
{
    proto_tcp_abort = proto_register_protocol("TCP Abort", "TCP Abort", "tcp_abort");
    tree_register(proto_tcp_abort);
    expert_register(proto_tcp_abort);
    state_init(proto_tcp_abort);
    abort_handle = register_dissector("tcp_abort", dissect_abort, proto_tcp_abort);
    register_postdissector(abort_handle);
}

static void handoff_abort(void)
{
    if (source_init())
        set_postdissector_wanted_hfids(abort_handle, source_wanted_fields());
}

void plugin_register(void)
{
    static const proto_plugin plugin = { register_abort, handoff_abort };

    proto_register_plugin(&plugin);
}

uint32_t plugin_describe(void)
{
    return WS_PLUGIN_DESC_DISSECTOR;
}
