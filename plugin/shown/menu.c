/* Tools > TCP Abort, Statistics > TCP Abort Incidents, and Conversation Filter > TCP Abort.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "menu.h"

#include "incidents.h"
#include "report.h"
#include "state.h"

#include <epan/conversation_filter.h>
#include <epan/funnel.h>
#include <epan/plugin_if.h>

static compat_bool is_aborted(packet_info *pinfo COMPAT_FILTER_DATA)
{
    const struct mention *said = state_mention(pinfo);

    return said && said->cause != CAUSE_NONE;
}

/* Asked for only where that is so. */
static char *conversation(packet_info *pinfo COMPAT_FILTER_DATA)
{
    const struct mention *said = state_mention(pinfo);

    return said && said->connection
               ? g_strdup_printf("tcp.stream eq %u", state_stream(pinfo, said->connection))
               : NULL;
}

static void apply_filter(ext_menubar_gui_type gui _U_, void *object _U_, void *filter)
{
    plugin_if_apply_filter(filter, true);
}

/* What it is, in the words of the table of causes. */
static char *about(void)
{
    GString *text =
        g_string_new("TCP Abort " PLUGIN_VERSION ": why did this TCP connection die?\n\n"
                     "Every reset gets a cause, the packets that prove it, and how sure that is.\n"
                     "Filter for tcp.abort, or for one of these:\n\n");

    for (size_t i = 0; i < cause_count; i++)
        g_string_append_printf(text, "tcp.abort.cause==%s\n    %s\n", cause_table[i].token,
                               cause_table[i].means);
    g_string_append(
        text, "\nStatistics > TCP > Aborts and TCP Abort Endpoints count them, TCP Abort Incidents "
              "puts together\nwhat has one reason, Flow Graph > TCP Aborts draws them.\n"
              "Edit > Preferences > Protocols > TCP Abort has what can be set.\n\n"
              "Documentation: the manual page tcp-abort(7) (man 7 tcp-abort) explains "
              "each cause.\n");
    return g_string_free(text, FALSE);
}

static void show_about(ext_menubar_gui_type gui _U_, void *object _U_, void *data _U_)
{
    const funnel_ops_t *ops = funnel_get_funnel_ops();
    char *text = about();

    if (ops && ops->new_text_window)
        ops->set_text(ops->new_text_window(ops->ops_id, "About TCP Abort"), text);
    g_free(text);
}

static void show_paper(ext_menubar_gui_type gui _U_, void *object _U_, void *paper)
{
    paper_open(paper);
}

static void show_statistic(void *paper)
{
    paper_open(paper);
}

void menu_register(int proto)
{
    static char harmful[] = "tcp.abort && !tcp.abort.harmless";
    static char all[] = "tcp.abort";
    ext_menu_t *menu = ext_menubar_register_menu(proto, "TCP Abort", true);

    ext_menubar_set_parentmenu(menu, "Tools");
    ext_menubar_add_entry(menu, "Harmful Aborts", "Show the resets that broke something",
                          apply_filter, harmful);
    ext_menubar_add_entry(menu, "All Aborts", "Show every reset with its cause", apply_filter, all);
    ext_menubar_add_entry(menu, "Report",
                          "The aborts that are displayed, each with its evidence and "
                          "its packets, ready for a ticket",
                          show_paper, (void *)(uintptr_t)&report_paper);
    ext_menubar_add_entry(menu, "About TCP Abort", "What this is, and where to read more",
                          show_about, NULL);
    funnel_register_menu("TCP Abort Incidents", REGISTER_PACKET_STAT_GROUP_UNSORTED, show_statistic,
                         (void *)(uintptr_t)&incidents_paper, NULL, false);
    compat_conversation_filter("tcp_abort", "TCP Abort", is_aborted, conversation);
}
