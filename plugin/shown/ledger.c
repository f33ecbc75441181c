/* The aborts of a capture, for those who tell of them once it has been read.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "ledger.h"

/** Where a verdict stands. */
struct entry {
    const struct ruling *ruling; /* NULL: of a silence, if it turns out to be one */
    struct connection *connection;
    uint8_t sender; /* side of the connection */
    address end[2];
    int64_t related[RELATIONS]; /* as the scene has them */
    nstime_t at;
    uint32_t frame;
    unsigned epoch;
};

struct ledger {
    void *context;             /* the caller's */
    struct first_lines *lines; /* NULL: nothing is quoted */
    GPtrArray *entries;
    GHashTable *silences; /* connection and side to its latest entry without a ruling */
};

static void entry_free(void *data)
{
    struct entry *entry = data;

    free_address(&entry->end[0]);
    free_address(&entry->end[1]);
    g_free(entry);
}

static struct ledger *ledger_new(void *context)
{
    struct ledger *ledger = g_new0(struct ledger, 1);

    ledger->context = context;
    ledger->entries = g_ptr_array_new_with_free_func(entry_free);
    ledger->silences = g_hash_table_new(g_direct_hash, g_direct_equal);
    return ledger;
}

static void ledger_reset(void *data)
{
    struct ledger *ledger = data;

    g_hash_table_remove_all(ledger->silences);
    g_ptr_array_set_size(ledger->entries, 0);
}

static void ledger_free(void *data)
{
    struct ledger *ledger = data;

    g_hash_table_destroy(ledger->silences);
    g_ptr_array_free(ledger->entries, TRUE);
    g_free(ledger);
}

/* Only the last frame of a side can be the one it fell silent with. */
static struct entry *entry_of_silence(struct ledger *ledger, const struct ruling *ruling)
{
    void *key = GSIZE_TO_POINTER((uintptr_t)ruling->connection | ruling->verdict.sender);
    struct entry *entry = g_hash_table_lookup(ledger->silences, key);

    if (entry && entry->epoch == state_epoch()) {
        free_address(&entry->end[0]);
        free_address(&entry->end[1]);
        return entry;
    }
    entry = g_new0(struct entry, 1);
    g_ptr_array_add(ledger->entries, entry);
    g_hash_table_insert(ledger->silences, key, entry);
    return entry;
}

static tap_packet_status ledger_note(void *data, packet_info *pinfo, epan_dissect_t *edt _U_,
                                     const void *tapped, tap_flags_t flags _U_)
{
    struct ledger *ledger = data;
    const struct scene *scene = tapped;
    bool is_silence = scene->verdict.form == FORM_SILENCE || !scene->verdict.frame;
    struct entry *entry;

    if (scene->verdict.repeat_of)
        return TAP_PACKET_DONT_REDRAW;
    if (is_silence)
        entry = entry_of_silence(ledger, scene->ruling);
    else {
        entry = g_new0(struct entry, 1);
        g_ptr_array_add(ledger->entries, entry);
        entry->ruling = scene->ruling;
    }
    entry->connection = scene->ruling->connection;
    entry->sender = scene->verdict.sender;
    memcpy(entry->related, scene->related, sizeof entry->related);
    entry->frame = pinfo->num;
    entry->at = pinfo->abs_ts;
    entry->epoch = state_epoch();
    copy_address(&entry->end[0], scene->end[0]);
    copy_address(&entry->end[1], scene->end[1]);
    return TAP_PACKET_REDRAW;
}

struct ledger *ledger_open(const char *statistic, const char *filter, tap_draw_cb draw,
                           void *context)
{
    struct ledger *ledger = ledger_new(context);
    GString *error = register_tap_listener("tcp_abort", ledger, filter, TL_REQUIRES_NOTHING,
                                           ledger_reset, ledger_note, draw, ledger_free);

    if (!error)
        return ledger;
    fprintf(stderr, "-z %s: %s\n", statistic, error->str);
    g_string_free(error, TRUE);
    ledger_free(ledger);
    return NULL;
}

void ledger_quote(struct ledger *ledger, const char *filter)
{
    ledger->lines = first_lines_open(filter);
}

void ledger_close(struct ledger *ledger)
{
    if (ledger->lines)
        first_lines_close(ledger->lines);
    remove_tap_listener(ledger);
}

void *ledger_context(const struct ledger *ledger)
{
    return ledger->context;
}

/* False: there was no abort after all. */
static bool settle(const struct ledger *ledger, const struct entry *entry, wmem_allocator_t *pool,
                   struct account *account)
{
    const struct ruling *ruling = entry->ruling;

    if (!ruling) {
        const struct ruling candidate = { .connection = entry->connection,
                                          .verdict.sender = entry->sender };
        struct ruling *silence = wmem_new(pool, struct ruling);

        if (!state_silence_at(pool, &candidate, entry->frame, silence))
            return false;
        ruling = silence;
    }
    *account = (struct account){
        .scene = { pool,
                   ruling,
                   ruling->reason,
                   { &entry->end[0], &entry->end[1] },
                   state_verdict(&ruling->ruled, true),
                   { 0 },
                   ledger->lines },
        .at = entry->at,
    };
    memcpy(account->scene.related, entry->related, sizeof entry->related);
    account->scene.verdict.provisional = false;
    return account->scene.verdict.cause != CAUSE_NONE && !account->scene.verdict.repeat_of;
}

static int by_frame(const void *a, const void *b)
{
    const struct account *one = a, *other = b;
    uint32_t frame = one->scene.verdict.frame, other_frame = other->scene.verdict.frame;

    return (frame > other_frame) - (frame < other_frame);
}

struct account *ledger_settle(const struct ledger *ledger, wmem_allocator_t *pool, unsigned *count,
                              unsigned *forgotten)
{
    const GPtrArray *entries = ledger->entries;
    struct account *accounts = wmem_alloc_array(pool, struct account, MAX(entries->len, 1));

    *count = *forgotten = 0;
    for (unsigned i = 0; i < entries->len; i++) {
        const struct entry *entry = entries->pdata[i];

        if (entry->epoch != state_epoch())
            ++*forgotten;
        else if (settle(ledger, entry, pool, &accounts[*count]))
            ++*count;
    }
    qsort(accounts, *count, sizeof *accounts, by_frame);
    return accounts;
}
