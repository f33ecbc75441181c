/* What is written of a capture once it has been read: on the command line, and in a window.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "paper.h"

#include <epan/funnel.h>
#include <epan/stat_tap_ui.h>

static const char *compose(const struct ledger *ledger, wmem_allocator_t *pool,
                           const struct paper *paper)
{
    return paper->write(pool, ledger_settle(ledger, pool));
}

static void print(void *data)
{
    wmem_allocator_t *pool = wmem_allocator_new(WMEM_ALLOCATOR_BLOCK);

    fputs(compose(data, pool, ledger_context(data)), stdout);
    wmem_destroy_allocator(pool);
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
    wmem_allocator_t *pool;
    const char *filter;

    if (!ops || !ops->new_text_window || !ops->retap_packets)
        return;
    filter = ops->get_filter ? ops->get_filter(ops->ops_id) : NULL;
    ledger = open_ledger(paper, filter && *filter ? filter : NULL, NULL);
    if (!ledger)
        return;
    ops->retap_packets(ops->ops_id);
    pool = wmem_allocator_new(WMEM_ALLOCATOR_BLOCK);
    ops->set_text(
        ops->new_text_window(ops->ops_id, wmem_strdup_printf(pool, "TCP Abort: %s", paper->title)),
        compose(ledger, pool, paper));
    wmem_destroy_allocator(pool);
    ledger_close(ledger);
}
