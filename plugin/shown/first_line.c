/* Requests and answers by their first line, for whoever draws the packets of a connection.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "first_line.h"

#include "http.h"

#include <epan/tap.h>

enum {
    LINE_MAX_CHARACTERS = 44, /* beside a ladder there is room for as many */
    LINES_MAX = 100000        /* 10 MB; only the first aborts of a capture are drawn */
};

struct first_lines {
    GHashTable *line; /* of a frame */
};

static int tap = -1;

void first_line_register(void)
{
    tap = register_tap("tcp_abort_line");
}

bool first_line_is_wanted(void)
{
    return have_tap_listener(tap);
}

/* What is asked of a path may be secret, and goes into tickets: "?..." stands for it. */
static const char *line_of(wmem_allocator_t *pool, const struct segment *seg)
{
    wmem_strbuf_t *out = wmem_strbuf_new(pool, "");

    for (uint32_t i = 0; i < seg->captured; i++) {
        char c = (char)seg->payload[i];

        if (c == '\r' || c == '\n')
            break;
        if (c == '?' || wmem_strbuf_get_len(out) == LINE_MAX_CHARACTERS) {
            wmem_strbuf_append(out, c == '?' ? "?..." : "...");
            break;
        }
        wmem_strbuf_append_c(out, g_ascii_isprint(c) ? c : '.');
    }
    return wmem_strbuf_get_str(out);
}

void first_line_hear(packet_info *pinfo, const struct sighting *sighting)
{
    const struct segment *seg = &sighting->segment;

    if (seg->captured && !sighting->quoted && first_line_is_wanted() &&
        http_starts(seg->payload, seg->captured))
        tap_queue_packet(tap, pinfo, line_of(pinfo->pool, seg));
}

static tap_packet_status keep(void *data, packet_info *pinfo, epan_dissect_t *edt _U_,
                              const void *line, tap_flags_t flags _U_)
{
    struct first_lines *lines = data;

    if (g_hash_table_size(lines->line) < LINES_MAX)
        g_hash_table_insert(lines->line, GUINT_TO_POINTER(pinfo->num), g_strdup(line));
    return TAP_PACKET_DONT_REDRAW;
}

static void forget(void *data)
{
    struct first_lines *lines = data;

    g_hash_table_remove_all(lines->line);
}

static void lines_free(void *data)
{
    struct first_lines *lines = data;

    g_hash_table_destroy(lines->line);
    g_free(lines);
}

struct first_lines *first_lines_open(const char *filter)
{
    struct first_lines *lines = g_new0(struct first_lines, 1);
    GString *error;

    lines->line = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    error = register_tap_listener("tcp_abort_line", lines, filter, TL_REQUIRES_NOTHING, forget,
                                  keep, NULL, lines_free);
    if (!error)
        return lines;
    g_string_free(error, TRUE);
    lines_free(lines);
    return NULL;
}

void first_lines_close(struct first_lines *lines)
{
    remove_tap_listener(lines);
}

const char *first_lines_of(const struct first_lines *lines, uint32_t frame)
{
    return g_hash_table_lookup(lines->line, GUINT_TO_POINTER(frame));
}
