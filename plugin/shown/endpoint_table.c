/* The endpoints of aborted connections: Statistics > TCP Abort Endpoints.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "endpoint_table.h"

#include "prose.h"

#include <epan/stat_tap_ui.h>

/* Order of the columns.  The window sorts by the first one, and makes all but the last as wide as
 * what stands in them. */
enum { RANK, ENDPOINT, ROLE, HARMFUL, ABORTS, CAUSES, ENDED, LOST, COLUMNS };

/** What is counted of one endpoint. */
struct standing {
    unsigned row;                    /* the more harmful aborts, the farther up; RANK is 1 more */
    unsigned aborts, harmful, ended; /* `ended`: by itself */
    unsigned lost_bytes;             /* sent by it and never acknowledged */
    unsigned by_cause[];             /* in order of the table of causes */
};

/* Of every open table: its endpoints, by name. */
static GHashTable *tables;

static GHashTable *standings_of(stat_tap_table *table)
{
    GHashTable *standings = g_hash_table_lookup(tables, table);

    if (!standings) {
        standings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        g_hash_table_insert(tables, table, standings);
    }
    return standings;
}

static stat_tap_table_item_type text_item(const char *text)
{
    return (stat_tap_table_item_type){ .type = TABLE_ITEM_STRING,
                                       .value.string_value = g_strdup(text) };
}

static stat_tap_table_item_type count_item(unsigned count)
{
    return (stat_tap_table_item_type){ .type = TABLE_ITEM_UINT, .value.uint_value = count };
}

static void free_item(stat_tap_table *table, unsigned row, unsigned column,
                      stat_tap_table_item_type *item)
{
    if (item->type == TABLE_ITEM_STRING)
        g_free((void *)(uintptr_t)item->value.string_value);
    item->type = TABLE_ITEM_NONE;
    if (row == 0 && column == 0) /* with the first one all go */
        g_hash_table_remove(tables, table);
}

static void forget_rows(stat_tap_table *table)
{
    for (unsigned row = 0; row < table->num_elements; row++) {
        for (unsigned column = 0; column < table->num_fields; column++)
            free_item(table, row, column, stat_tap_get_field_data(table, row, column));
        g_free(table->elements[row]);
    }
    table->num_elements = 0;
}

static struct standing *find_standing(stat_tap_table *table, const char *endpoint, const char *role)
{
    GHashTable *standings = standings_of(table);
    struct standing *standing = g_hash_table_lookup(standings, endpoint);
    stat_tap_table_item_type items[COLUMNS] = { 0 };

    if (standing)
        return standing;
    standing = g_malloc0(sizeof *standing + cause_count * sizeof *standing->by_cause);
    standing->row = table->num_elements;
    g_hash_table_insert(standings, g_strdup(endpoint), standing);
    items[RANK] = count_item(standing->row + 1);
    items[ENDPOINT] = text_item(endpoint);
    items[ROLE] = text_item(role);
    items[ENDPOINT].user_data.ptr_value = standing;
    items[CAUSES] = text_item("");
    stat_tap_init_table_row(table, standing->row, COLUMNS, items);
    return standing;
}

/* The first row with no more harmful aborts than that. */
static unsigned row_of_harm(const stat_tap_table *table, unsigned harmful)
{
    unsigned above = 0, row = table->num_elements;

    while (above < row) {
        unsigned middle = above + (row - above) / 2;

        if (table->elements[middle][HARMFUL].value.uint_value > harmful)
            above = middle + 1;
        else
            row = middle;
    }
    return row;
}

/* One harmful abort more: up to the first row with as many as before, whose place it takes.  What
 * stands in the rows changes places, for the window keeps the rows. */
static void rise(stat_tap_table *table, struct standing *standing)
{
    unsigned to = row_of_harm(table, standing->harmful), from = standing->row;
    stat_tap_table_item_type *upper = table->elements[to], *lower = table->elements[from];
    struct standing *sinking = upper[ENDPOINT].user_data.ptr_value;

    for (unsigned column = ENDPOINT; column < COLUMNS; column++) {
        stat_tap_table_item_type item = upper[column];

        upper[column] = lower[column];
        lower[column] = item;
    }
    sinking->row = from;
    standing->row = to;
    standing->harmful++;
}

/* "crash 3, refused 1" */
static char *list_causes(const struct standing *standing)
{
    GString *list = g_string_new("");
    unsigned below = UINT_MAX;

    for (unsigned most; below > 1; below = most) {
        most = 0;
        for (size_t i = 0; i < cause_count; i++)
            if (standing->by_cause[i] < below)
                most = MAX(most, standing->by_cause[i]);
        for (size_t i = 0; most && i < cause_count; i++)
            if (standing->by_cause[i] == most)
                g_string_append_printf(list, "%s%s %u", list->len ? ", " : "", cause_table[i].token,
                                       most);
    }
    return g_string_free(list, FALSE);
}

static void show_standing(stat_tap_table *table, const struct standing *standing)
{
    stat_tap_table_item_type *items = table->elements[standing->row];

    items[ABORTS] = count_item(standing->aborts);
    items[HARMFUL] = count_item(standing->harmful);
    items[ENDED] = count_item(standing->ended);
    items[LOST] = count_item(standing->lost_bytes);
    g_free((void *)(uintptr_t)items[CAUSES].value.string_value);
    items[CAUSES].value.string_value = list_causes(standing);
}

static void count_end(stat_tap_table *table, const struct scene *s, bool of_client)
{
    const struct verdict *v = &s->verdict;
    struct standing *standing =
        find_standing(table, prose_host(s, of_client), of_client ? "client" : "server");

    if (!verdict_is_harmless(v))
        rise(table, standing);
    standing->aborts++;
    standing->ended += v->by == (of_client ? PARTY_CLIENT : PARTY_SERVER);
    standing->lost_bytes += verdict_lost(v, of_client);
    standing->by_cause[cause_info(v->cause) - cause_table]++;
    show_standing(table, standing);
}

static tap_packet_status count_abort(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_,
                                     const void *tapped, tap_flags_t flags _U_)
{
    const stat_data_t *stat = data;
    stat_tap_table *table = g_array_index(stat->stat_tap_data->tables, stat_tap_table *, 0);
    const struct scene *s = tapped;

    if (s->verdict.cause == CAUSE_NONE || s->verdict.repeat_of)
        return TAP_PACKET_DONT_REDRAW;
    count_end(table, s, true);
    count_end(table, s, false);
    return TAP_PACKET_REDRAW;
}

static void open_table(stat_tap_table_ui *ui)
{
    static const char TITLE[] = "TCP Abort Endpoints";
    stat_tap_table *table = stat_tap_find_table(ui, TITLE);

    if (table) {
        forget_rows(table);
        return;
    }
    stat_tap_add_table(ui, stat_tap_init_table(TITLE, COLUMNS, 0, NULL));
}

void endpoint_table_register(void)
{
    static stat_tap_table_item columns[COLUMNS] = {
        [RANK] = { TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "#", "%u" },
        [ENDPOINT] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Endpoint", "%s" },
        [ROLE] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Role", "%s" },
        [HARMFUL] = { TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Harmful", "%7u" },
        [ABORTS] = { TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Aborts", "%6u" },
        [CAUSES] = { TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Causes", "%s" },
        [ENDED] = { TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Ended by it", "%11u" },
        [LOST] = { TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Bytes lost", "%10u" },
    };
    static tap_param params[] = { { PARAM_FILTER, "filter", "Filter", NULL, TRUE } };
    static stat_tap_table_ui ui = {
        .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
        .title = "TCP Abort Endpoints",
        .tap_name = "tcp_abort",
        .cli_string = "tcp_abort,stat",
        .stat_tap_init_cb = open_table,
        .packet_func = count_abort,
        .stat_tap_reset_table_cb = forget_rows,
        .stat_tap_free_table_item_cb = free_item,
        .nfields = COLUMNS,
        .fields = columns,
        .nparams = G_N_ELEMENTS(params),
        .params = params,
    };

    tables = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL,
                                   (GDestroyNotify)g_hash_table_destroy);
    register_stat_tap_table_ui(&ui);
}
