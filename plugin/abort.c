/* The composition root: registration, and the whole plugin in one breath.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "column.h"
#include "count_tree.h"
#include "endpoint_table.h"
#include "expert.h"
#include "first_line.h"
#include "flow_graph.h"
#include "incidents.h"
#include "links.h"
#include "menu.h"
#include "picture.h"
#include "repeat.h"
#include "report.h"
#include "say.h"
#include "seat.h"
#include "seldom.h"
#include "settings.h"
#include "source.h"
#include "state.h"
#include "tree.h"

#include <epan/tap.h>
#include <wsutil/report_message.h>

void proto_register_tcp_abort(void);
void proto_reg_handoff_tcp_abort(void);

#define NAME "TCP Abort"

static int proto_tcp_abort = -1;
static bool is_enabled;
static dissector_handle_t abort_handle;
static int abort_tap = -1;

/* What is written to a file takes along what its verdict names. */
static void depend(packet_info *pinfo, const struct verdict *verdict)
{
    struct link links[LINKS_MAX];
    unsigned count = links_of(verdict, links);

    for (unsigned i = 0; i < count; i++)
        if (links[i].frame < pinfo->num)
            compat_depend_upon(pinfo, links[i].frame);
}

/* Of a frame that has been seen before. */
static bool wants_mention(const packet_info *pinfo, proto_tree *tree)
{
    return pinfo->fd->visited && tree_wants_mention(tree);
}

static bool wants_segments(bool again, proto_tree *tree)
{
    return is_enabled && (!again || tree_wants_mention(tree) || first_line_is_wanted());
}

/* Of tunnels the outermost first. */
static bool *see_segment(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    bool again = pinfo->fd->visited;
    struct sighting sighting;

    if (!wants_segments(again, tree) || !source_read(tvb, pinfo, &sighting))
        return NULL;
    first_line_hear(pinfo, &sighting);
    if (again)
        return state_recall(pinfo, &sighting);
    state_learn(&sighting, &settings->tuning);
    return NULL;
}

static struct scene *set_scene(packet_info *pinfo, const struct ruled *ruled)
{
    struct scene *scene = wmem_new(pinfo->pool, struct scene);

    *scene = (struct scene){ pinfo->pool,
                             ruled_ruling(ruled),
                             ruled_reason(ruled),
                             { &pinfo->net_src, &pinfo->net_dst },
                             state_verdict(ruled, pinfo->fd->visited),
                             { 0 },
                             NULL };
    for (unsigned i = 0; i < RELATIONS; i++) {
        const struct connection *related = ruled_related(ruled, i);

        scene->related[i] = related ? (int64_t)state_stream(pinfo, related) : -1;
    }
    if (pinfo->fd->visited)
        scene->verdict.provisional = false;
    return scene;
}

static proto_item *show(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                        const struct ruled *ruled)
{
    struct scene *scene = set_scene(pinfo, ruled);
    proto_item *root;

    if (scene->verdict.cause == CAUSE_NONE) { /* some would hear of it if it turns into an abort */
        if (!pinfo->fd->visited)
            tap_queue_packet(abort_tap, pinfo, scene);
        return NULL;
    }
    root = tree_show(tvb, tree, scene);
    if (!pinfo->fd->visited)
        depend(pinfo, &scene->verdict);
    column_show(pinfo, scene);
    expert_show(pinfo, root, scene);
    tap_queue_packet(abort_tap, pinfo, scene);
    return root;
}

/* A side that fell silent, or may turn out to have: it lives as long as the packet. */
static const struct ruling *silence_of(packet_info *pinfo)
{
    struct ruling silence;
    bool found = pinfo->fd->visited
                     ? state_silence(pinfo, &silence)
                     : have_tap_listener(abort_tap) && state_may_fall_silent(pinfo, &silence);

    return found ? wmem_memdup(pinfo->pool, &silence, sizeof silence) : NULL;
}

/* The first item of all that is shown of the frame; NULL without a tree. */
static proto_item *show_all(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const struct ruling *silence = silence_of(pinfo);
    const struct ruled *ruled;
    proto_item *first = NULL;

    for (unsigned n = 0; (ruled = state_ruled(pinfo, n)); n++) {
        proto_item *root = show(tvb, pinfo, tree, ruled);

        first = first ? first : root;
    }
    if (silence && pinfo->fd->visited)
        return show(tvb, pinfo, tree, &silence->ruled);
    if (silence)
        show(tvb, pinfo, tree, &silence->ruled);
    return first;
}

/* Wireshark sets the protocol for handles that have one; ours has none. */
static SELDOM int tell(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const struct mention *said = wants_mention(pinfo, tree) ? state_mention(pinfo) : NULL;
    proto_item *root;

    pinfo->current_proto = NAME; /* until we return */
    root = show_all(tvb, pinfo, tree);
    if (said)
        tree_mention(tvb, tree, root, said);
    return (int)tvb_captured_length(tvb);
}

/*
 * The segments of the frame have been seen: show what they came to.  The handle has no protocol,
 * for a layer on every frame costs more than all that is learned from most.
 */
static int dissect_abort(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    if (is_enabled && (state_saw(pinfo) || wants_mention(pinfo, tree)))
        return tell(tvb, pinfo, tree);
    return 0;
}

/* A file is opened, or dissected anew. */
static void begin(void)
{
    is_enabled = proto_is_protocol_enabled(find_protocol_by_id(proto_tcp_abort));
    say_fields();
}

void proto_register_tcp_abort(void)
{
    if (proto_get_id_by_filter_name("tcp_abort") != -1) {
        report_warning("TCP Abort is installed more than once; this copy is not used.");
        return;
    }
    proto_tcp_abort = proto_register_protocol(NAME, NAME, "tcp_abort");
    tree_register(proto_tcp_abort);
    expert_register(proto_tcp_abort);
    settings_register(proto_tcp_abort);
    state_init(proto_tcp_abort);
    register_init_routine(begin);
    abort_tap = register_tap("tcp_abort");
    first_line_register();
    paper_register(&report_paper);
    paper_register(&incidents_paper);
    paper_register(&incident_lines_paper);
    picture_register();
    flow_graph_register(proto_tcp_abort);
    count_tree_register();
    endpoint_table_register();
    menu_register(proto_tcp_abort);
    abort_handle =
        create_dissector_handle_with_name_and_description(dissect_abort, -1, "tcp_abort", NAME);
    register_postdissector(abort_handle);
}

void proto_reg_handoff_tcp_abort(void)
{
    if (!abort_handle)
        return;
    source_init();
    seat_take(see_segment);
}
