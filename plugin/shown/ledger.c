/* The aborts of a capture, for those who tell of them once it has been read.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "ledger.h"

/** What few have. */
struct extra {
    address end[2];             /* of another kind than TCP is mostly carried by */
    int64_t related[RELATIONS]; /* as the scene has them */
};

/** Where a verdict stands. */
struct entry {
    const struct ruling *ruling; /* NULL: of a silence, if it turns out to be one */
    struct connection *connection;
    struct extra *extra; /* NULL: its ends are the connection's, and nothing is related */
    nstime_t at;
    uint32_t frame;
    unsigned epoch;
    uint8_t sender; /* side of the connection */
};

struct ledger {
    void *context;             /* the caller's */
    struct first_lines *lines; /* NULL: nothing is quoted */
    GArray *entries;
    GHashTable
        *silences; /* connection and side to the index of its latest entry without a ruling */
};

static struct entry *entry_at(const struct ledger *ledger, unsigned i)
{
    return &g_array_index(ledger->entries, struct entry, i);
}

static bool is_end(const address *end, const struct connection *connection, unsigned side)
{
    address own;

    state_end(connection, side, &own);
    return addresses_equal(end, &own);
}

static void forget_extra(struct entry *entry)
{
    if (!entry->extra)
        return;
    free_address(&entry->extra->end[0]);
    free_address(&entry->extra->end[1]);
    g_free(entry->extra);
    entry->extra = NULL;
}

static void keep_extra(struct entry *entry, const struct scene *scene)
{
    bool is_needed = false;

    for (unsigned i = 0; i < RELATIONS; i++)
        is_needed |= scene->related[i] >= 0;
    for (unsigned i = 0; i < 2; i++)
        is_needed |= !is_end(scene->end[i], entry->connection, entry->sender ^ i);
    if (!is_needed)
        return;
    entry->extra = g_new0(struct extra, 1);
    memcpy(entry->extra->related, scene->related, sizeof scene->related);
    for (unsigned i = 0; i < 2; i++)
        copy_address(&entry->extra->end[i], scene->end[i]);
}

static struct ledger *ledger_new(void *context)
{
    struct ledger *ledger = g_new0(struct ledger, 1);

    ledger->context = context;
    ledger->entries = g_array_new(false, true, sizeof(struct entry));
    ledger->silences = g_hash_table_new(g_direct_hash, g_direct_equal);
    return ledger;
}

static void ledger_reset(void *data)
{
    struct ledger *ledger = data;

    g_hash_table_remove_all(ledger->silences);
    for (unsigned i = 0; i < ledger->entries->len; i++)
        forget_extra(entry_at(ledger, i));
    g_array_set_size(ledger->entries, 0);
}

static void ledger_free(void *data)
{
    struct ledger *ledger = data;

    ledger_reset(ledger);
    g_hash_table_destroy(ledger->silences);
    g_array_free(ledger->entries, true);
    g_free(ledger);
}

static struct entry *add_entry(struct ledger *ledger)
{
    g_array_set_size(ledger->entries, ledger->entries->len + 1);
    return entry_at(ledger, ledger->entries->len - 1);
}

/* Only the last frame of a side can be the one it fell silent with. */
static struct entry *entry_of_silence(struct ledger *ledger, const struct ruling *ruling)
{
    void *key = GSIZE_TO_POINTER((uintptr_t)ruling->connection | ruling->verdict.sender);
    unsigned number = GPOINTER_TO_UINT(g_hash_table_lookup(ledger->silences, key)); /* from 1 on */
    struct entry *entry = number ? entry_at(ledger, number - 1) : NULL;

    if (entry && entry->epoch == state_epoch()) {
        forget_extra(entry);
        return entry;
    }
    entry = add_entry(ledger);
    g_hash_table_insert(ledger->silences, key, GUINT_TO_POINTER(ledger->entries->len));
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
    entry = is_silence ? entry_of_silence(ledger, scene->ruling) : add_entry(ledger);
    *entry = (struct entry){ .ruling = is_silence ? NULL : scene->ruling,
                             .connection = scene->ruling->connection,
                             .at = pinfo->abs_ts,
                             .frame = pinfo->num,
                             .epoch = state_epoch(),
                             .sender = scene->verdict.sender };
    keep_extra(entry, scene);
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

/* NULL: there was no silence after all. */
static const struct ruling *ruling_of(const struct entry *entry, wmem_allocator_t *pool)
{
    const struct ruling candidate = { .connection = entry->connection,
                                      .verdict.sender = entry->sender };
    struct ruling *silence;

    if (entry->ruling)
        return entry->ruling;
    silence = wmem_new(pool, struct ruling);
    return state_silence_at(pool, &candidate, entry->frame, silence) ? silence : NULL;
}

/* False: there was no abort after all. */
static bool settle(const struct entry *entry, wmem_allocator_t *pool, struct matter *matter)
{
    const struct ruling *ruling = ruling_of(entry, pool);
    struct verdict v;

    if (!ruling)
        return false;
    v = state_verdict(&ruling->ruled, true);
    *matter = matter_of(ruling, &v);
    return v.cause != CAUSE_NONE && !v.repeat_of;
}

static int by_frame(const void *a, const void *b)
{
    uint32_t frame = ((const struct matter *)a)->frame;
    uint32_t other = ((const struct matter *)b)->frame;

    return (frame > other) - (frame < other);
}

const struct accounts *ledger_settle(const struct ledger *ledger, wmem_allocator_t *pool)
{
    unsigned entries = ledger->entries->len;
    wmem_allocator_t *scratch = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);
    struct accounts *accounts = wmem_new0(pool, struct accounts);

    accounts->ledger = ledger;
    accounts->matters = wmem_alloc_array(pool, struct matter, MAX(entries, 1));
    for (unsigned i = 0; i < entries; i++) {
        const struct entry *entry = entry_at(ledger, i);

        if (entry->epoch != state_epoch())
            accounts->forgotten++;
        else if (settle(entry, scratch, &accounts->matters[accounts->count]))
            accounts->matters[accounts->count++].number = i;
        if (!entry->ruling)
            wmem_free_all(scratch);
    }
    wmem_destroy_allocator(scratch);
    qsort(accounts->matters, accounts->count, sizeof *accounts->matters, by_frame);
    return accounts;
}

/* The ends of the entry, made anew unless it keeps its own. */
static void set_ends(const struct entry *entry, wmem_allocator_t *pool, struct scene *scene)
{
    address *end = entry->extra ? entry->extra->end : wmem_alloc_array(pool, address, 2);

    for (unsigned i = 0; i < 2; i++) {
        if (!entry->extra)
            state_end(entry->connection, entry->sender ^ i, &end[i]);
        scene->end[i] = &end[i];
    }
}

struct account ledger_account(const struct accounts *accounts, unsigned i, wmem_allocator_t *pool)
{
    const struct entry *entry = entry_at(accounts->ledger, accounts->matters[i].number);
    const struct ruling *ruling = ruling_of(entry, pool);
    struct account account = {
        .scene = { .pool = pool,
                   .ruling = ruling,
                   .reason = ruling->reason,
                   .verdict = state_verdict(&ruling->ruled, true),
                   .lines = accounts->ledger->lines },
        .at = entry->at,
    };

    set_ends(entry, pool, &account.scene);
    for (unsigned r = 0; r < RELATIONS; r++)
        account.scene.related[r] = entry->extra ? entry->extra->related[r] : -1;
    account.scene.verdict.provisional = false;
    return account;
}
