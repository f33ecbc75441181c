/* What is written of a capture once it has been read: on the command line, and in a window.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "paper.h"

#include <epan/funnel.h>
#include <epan/stat_tap_ui.h>

static char *compose(const struct ledger *ledger, const struct paper *paper)
{
    wmem_allocator_t *pool = wmem_allocator_new(WMEM_ALLOCATOR_BLOCK);
    unsigned count, forgotten;
    const struct account *accounts = ledger_settle(ledger, pool, &count, &forgotten);
    char *text = g_strdup(paper->write(pool, accounts, count, forgotten));

    wmem_destroy_allocator(pool);
    return text;
}

static void print(void *data)
{
    char *text = compose(data, ledger_context(data));

    fputs(text, stdout);
    g_free(text);
}

static struct ledger *open_ledger(const struct paper *paper, const char *filter, tap_draw_cb draw)
{
    struct ledger *ledger = ledger_open(paper->statistic, filter, draw, (void *)(uintptr_t)paper);

    if (ledger && paper->quotes)
        ledger_quote(ledger, NULL);
    return ledger;
}

static compat_stat_init start(const char *argument, void *userdata)
{
    const struct paper *paper = userdata;
    const char *filter = argument + strlen(paper->statistic);

    compat_stat_started(open_ledger(paper, *filter == ',' ? filter + 1 : NULL, print) != NULL);
}

void paper_register(const struct paper *paper)
{
    stat_tap_ui ui = {
        .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
        .cli_string = paper->statistic,
        .tap_init_cb = start,
    };

    register_stat_tap_ui(&ui, (void *)(uintptr_t)paper);
}

void paper_open(const struct paper *paper)
{
    const funnel_ops_t *ops = funnel_get_funnel_ops();
    struct ledger *ledger;
    const char *filter;
    char *title, *text;

    if (!ops || !ops->new_text_window || !ops->retap_packets)
        return;
    filter = ops->get_filter ? ops->get_filter(ops->ops_id) : NULL;
    ledger = open_ledger(paper, filter && *filter ? filter : NULL, NULL);
    if (!ledger)
        return;
    ops->retap_packets(ops->ops_id);
    text = compose(ledger, paper);
    ledger_close(ledger);
    title = g_strdup_printf("TCP Abort: %s", paper->title);
    ops->set_text(ops->new_text_window(ops->ops_id, title), text);
    g_free(title);
    g_free(text);
}
