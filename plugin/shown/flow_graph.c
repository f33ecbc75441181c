/* The packets that tell how connections ended, for Statistics > Flow Graph.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "flow_graph.h"

#include "compat_sequence.h"
#include "label.h"
#include "say.h"

#include <epan/tap.h>

enum { ITEMS_MAX = 5000 }; /* nobody reads more arrows, and each has to find its place */

/* The place of the frame among the items of its conversation, which are in order of frames; NULL:
 * it comes first.  Most are new, so the search starts at the end. */
static GList *place_of(GQueue *items, const struct rung *rung, uint16_t conversation, bool *taken)
{
    GList *at = items->tail;

    *taken = false;
    for (; at; at = at->prev) {
        const seq_analysis_item_t *item = at->data;

        if (item->frame_number < rung->frame)
            break;
        *taken |= item->frame_number == rung->frame && item->conv_num == conversation;
    }
    return at;
}

/* There is room for about twenty characters on an arrow. */
static char *arrow_label(const struct scene *s, const struct rung *rung)
{
    const char *text = label_text(s->pool, rung), *note = label_note(s, rung);

    if (rung->frame == s->verdict.frame)
        return g_strdup_printf("%s: %s", rung->flags & SEGMENT_RST ? "RST" : say("gave up"),
                               cause_info(s->verdict.cause)->token);
    return g_strdup(note ? note : text);
}

static char *comment(const struct scene *s, const struct rung *rung)
{
    return g_strdup_printf(say("Frame %u: %s"), rung->frame,
                           rung->frame == s->verdict.frame ? prose_summary(s)
                                                           : label_text(s->pool, rung));
}

static void swap_ends(seq_analysis_item_t *item)
{
    address addr = item->src_addr;
    uint16_t port = item->port_src;

    item->src_addr = item->dst_addr;
    item->dst_addr = addr;
    item->port_src = item->port_dst;
    item->port_dst = port;
}

static void add_rung(seq_analysis_info_t *info, packet_info *pinfo, const struct scene *s,
                     const struct rung *rung)
{
    uint16_t conversation = (uint16_t)state_stream(pinfo, s->ruling->connection);
    bool taken;
    GList *before = place_of(info->items, rung, conversation, &taken);
    seq_analysis_item_t *item =
        taken ? NULL : sequence_analysis_create_sai_with_addresses(pinfo, info);

    if (!item)
        return;
    item->port_src = ruling_port(s->ruling, &s->verdict, true);
    item->port_dst = ruling_port(s->ruling, &s->verdict, false);
    if (rung->side != s->verdict.sender)
        swap_ends(item);
    g_free(item->time_str);
    item->time_str = g_strdup_printf("%.6f", (double)rung->time_ns / 1e9);
    item->frame_number = rung->frame;
    item->frame_label = arrow_label(s, rung);
    item->comment = comment(s, rung);
    item->conv_num = conversation;
    item->display = true;
    if (before)
        g_queue_insert_after(info->items, before, item);
    else
        g_queue_push_head(info->items, item);
}

static void say_more_follows(seq_analysis_item_t *last)
{
    const char *more = say("More aborts are not drawn: narrow the graph with a filter");

    if (strcmp(last->comment, more) != 0) {
        g_free(last->comment);
        last->comment = g_strdup(more);
    }
}

static tap_packet_status add_abort(void *data, packet_info *pinfo, epan_dissect_t *edt _U_,
                                   const void *tapped, tap_flags_t flags _U_)
{
    const struct scene *s = tapped;
    struct rung rungs[LADDER_ROOM];
    const struct ladder ladder = ladder_of(&s->ruling->ladder, rungs);
    seq_analysis_info_t *info = data;

    if (g_queue_get_length(info->items) >= ITEMS_MAX) {
        say_more_follows(info->items->tail->data);
        return TAP_PACKET_DONT_REDRAW;
    }
    for (unsigned i = 0; i < ladder.count; i++)
        add_rung(info, pinfo, s, &ladder.rung[i]);
    return ladder.count ? TAP_PACKET_REDRAW : TAP_PACKET_DONT_REDRAW;
}

void flow_graph_register(int proto)
{
    register_seq_analysis("tcp_abort", "TCP Aborts", proto, "tcp_abort", TL_REQUIRES_NOTHING,
                          add_abort);
}
