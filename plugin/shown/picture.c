/* The packets that tell how a connection ended, as a picture: tshark -q -z tcp_abort,ladder,STREAM.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "picture.h"

#include "label.h"
#include "ledger.h"
#include "say.h"
#include "stretch.h"
#include "vals.h"

#include <epan/dissectors/packet-tcp.h>
#include <epan/stat_tap_ui.h>
#include <wsutil/strtoi.h>

static const char STATISTIC[] = "tcp_abort,ladder";

/* Pixels, and characters of the summary in a line. */
enum {
    WIDTH = 960,
    MARGIN = 24,
    CLIENT_X = 250,
    SERVER_X = 650,
    ROW = 26,
    LINE = 20,
    SUMMARY_LINE = 120
};

/* Text between tags: packets may hold anything. */
static const char *xml(wmem_allocator_t *pool, const char *text)
{
    char *clean = wmem_strdup(pool, text), *escaped;
    const char *kept;

    for (char *c = clean; *c; c++)
        if ((unsigned char)*c < ' ')
            *c = ' ';
    escaped = g_markup_escape_text(clean, -1);
    kept = wmem_strdup(pool, escaped);
    g_free(escaped);
    return kept;
}

static void write_text(int x, int y, const char *class, const char *text)
{
    printf("<text x=\"%d\" y=\"%d\" class=\"%s\">%s</text>\n", x, y, class, text);
}

/* Bytes of the text that go into a line: up to a blank, or between two characters of Chinese. */
static size_t line_of(const char *text)
{
    size_t fits = 0;
    ptrdiff_t room = SUMMARY_LINE;

    for (const char *c = text, *next; *c; c = next) {
        bool wide = g_unichar_iswide(g_utf8_get_char(c));

        next = c + g_utf8_skip[(unsigned char)*c];
        if (*c == ' ')
            fits = (size_t)(c - text);
        room -= wide ? 2 : next - c;
        if (room < 0)
            return fits ? fits : (size_t)(c - text);
        if (wide && !g_unichar_ispunct(g_utf8_get_char(next)))
            fits = (size_t)(next - text);
    }
    return strlen(text);
}

/* Returns where the next line goes. */
static int write_paragraph(wmem_allocator_t *pool, int y, const char *text)
{
    while (*text) {
        size_t length = line_of(text);

        write_text(MARGIN, y, "body", xml(pool, wmem_strndup(pool, text, length)));
        text += length;
        text += strspn(text, " ");
        y += LINE;
    }
    return y;
}

static const char *class_of(const struct scene *s, const struct rung *rung)
{
    if (rung->flags & SEGMENT_RST || rung->frame == s->verdict.frame)
        return verdict_is_harmless(&s->verdict) ? "harmless" : "abort";
    if (rung->flags & SEGMENT_FIN)
        return "fin";
    return label_note(s, rung) ? "named" : "plain";
}

/* "43", "43-55" */
static const char *frames_of(const struct scene *s, const struct stretch *stretch)
{
    if (stretch->packets == 1)
        return wmem_strdup_printf(s->pool, "%u", stretch->first->frame);
    return wmem_strdup_printf(s->pool, "%u-%u", stretch->first->frame, stretch->last->frame);
}

/* Returns where the next one goes. */
static int write_gap(const struct scene *s, const struct stretch *stretch, int y)
{
    const char *gap = stretch_gap(s->pool, stretch);

    if (!gap)
        return y;
    printf("<path class=\"pause\" d=\"M%d %dv%dM%d %dv%d\"/>\n", CLIENT_X, y - ROW / 2, ROW,
           SERVER_X, y - ROW / 2, ROW);
    write_text((CLIENT_X + SERVER_X) / 2, y + 4, "packet", gap);
    return y + ROW;
}

static void write_stretch(const struct scene *s, const struct stretch *stretch, int y)
{
    const struct rung *rung = stretch->first;
    bool rightwards = label_from_client(s, rung);
    int from = rightwards ? CLIENT_X : SERVER_X, to = rightwards ? SERVER_X : CLIENT_X;
    int head = rightwards ? -9 : 9;
    const char *remark = label_remark(s, rung);

    printf("<g class=\"%s\">\n", class_of(s, rung));
    printf("<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n", from, y, to + head, y);
    printf("<path d=\"M%d %dl%d -4v8z\"/>\n", to, y, head);
    write_text((CLIENT_X + SERVER_X) / 2, y - 5, "packet", stretch_text(s->pool, stretch));
    write_text(MARGIN + 66, y + 4, "figure", frames_of(s, stretch));
    write_text(CLIENT_X - 30, y + 4, "figure",
               wmem_strdup_printf(s->pool, "%.6f s", (double)rung->time_ns / 1e9));
    if (remark)
        write_text(SERVER_X + 16, y + 4, "note", xml(s->pool, remark));
    printf("</g>\n");
}

static void write_head(const struct scene *s, int height)
{
    printf(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
        "viewBox=\"0 0 %d %d\" role=\"img\">\n"
        "<title>%s</title>\n"
        "<style>\n"
        "text{font:13px sans-serif;fill:#222}\n"
        ".title{font-size:17px;font-weight:bold}\n"
        ".end{font-weight:bold;text-anchor:middle}\n"
        ".packet{text-anchor:middle;font-size:12px}\n"
        ".figure{text-anchor:end;font:12px monospace;fill:#666}\n"
        ".note{font-size:12px}\n"
        "rect{fill:#fff}.life{stroke:#999}.pause{stroke:#fff;stroke-dasharray:3;stroke-width:3}\n"
        ".plain line{stroke:#666}.plain path{fill:#666}\n"
        ".named line{stroke:#1f5fa8}.named path,.named .note{fill:#1f5fa8}\n"
        ".fin line{stroke:#9a6700;stroke-width:2}.fin path,.fin .packet,.fin .note{fill:#9a6700}\n"
        ".harmless line{stroke:#888;stroke-width:2}.harmless path{fill:#888}\n"
        ".abort line{stroke:#b3261e;stroke-width:2}.abort path{fill:#b3261e}\n"
        ".abort .note,.abort .packet{fill:#b3261e;font-weight:bold}\n"
        "@media (prefers-color-scheme:dark){\n"
        "text{fill:#e6e6e6}.figure{fill:#a0a0a0}rect{fill:#1e1e1e}.pause{stroke:#1e1e1e}\n"
        ".plain line{stroke:#a0a0a0}.plain path{fill:#a0a0a0}\n"
        ".named line{stroke:#7ab3ef}.named path,.named .note{fill:#7ab3ef}\n"
        ".fin line{stroke:#d9a53b}.fin path,.fin .packet,.fin .note{fill:#d9a53b}\n"
        ".abort line{stroke:#ff7b72}.abort path,.abort .note,.abort .packet{fill:#ff7b72}\n"
        "}\n"
        "</style>\n"
        "<rect width=\"100%%\" height=\"100%%\"/>\n",
        WIDTH, height, WIDTH, height, xml(s->pool, prose_summary(s)));
}

static int lines_of(const char *text)
{
    return 2 + (int)(strlen(text) / (SUMMARY_LINE * 3 / 4));
}

/* Returns where the next line goes. */
static int write_repeats(const struct scene *s, int y)
{
    unsigned repeats = s->ruling->repeats;

    if (!repeats)
        return y;
    write_text(SERVER_X + 16, y - 4, "note",
               wmem_strdup_printf(s->pool,
                                  repeats == 1 ? say("repeated %u more time")
                                               : say("repeated %u more times"),
                                  repeats));
    return y + LINE;
}

static void write_ladder(const struct scene *s)
{
    struct stretch steps[LADDER_ROOM];
    const struct verdict *v = &s->verdict;
    const char *summary = prose_summary(s);
    unsigned count = stretches(s, steps), rows = count, told = v->own_clues;
    int y = MARGIN + 16, top, bottom;

    for (unsigned i = 0; i < count; i++)
        rows += stretch_gap(s->pool, &steps[i]) != NULL;
    write_head(s, y + LINE * (lines_of(summary) + 2 + 2 * (v->clue_count - (int)told)) +
                      ROW * ((int)rows + 2) + MARGIN);
    write_text(MARGIN, y, "title",
               xml(s->pool,
                   wmem_strdup_printf(s->pool, say("%s (%s)"), say(cause_info(v->cause)->title),
                                      say(val_to_str_const(v->confidence, confidence_vals, "")))));
    y = write_paragraph(s->pool, y + LINE + 4, summary) + LINE;
    write_text(
        CLIENT_X, y, "end",
        xml(s->pool, wmem_strdup_printf(s->pool, say("client %s"), prose_endpoint(s, true))));
    write_text(
        SERVER_X, y, "end",
        xml(s->pool, wmem_strdup_printf(s->pool, say("server %s"), prose_endpoint(s, false))));
    write_text(MARGIN + 66, y, "figure", say("frame"));
    top = y + 10;
    bottom = top + ROW * (int)rows + 10;
    y += ROW + 10;
    printf("<path class=\"life\" d=\"M%d %dV%dM%d %dV%d\"/>\n", CLIENT_X, top, bottom, SERVER_X,
           top, bottom);
    for (unsigned i = 0; i < count; i++, y += ROW) {
        y = write_gap(s, &steps[i], y);
        write_stretch(s, &steps[i], y);
    }
    y = write_repeats(s, y);
    y += LINE / 2;
    for (; told < v->clue_count; told++) /* what other connections tell */
        y = write_paragraph(s->pool, y, prose_clue(s, told));
    printf("</svg>\n");
}

/* Of several aborts of one stream the first that did harm, else the first. */
static void draw(void *data)
{
    wmem_allocator_t *pool = wmem_allocator_new(WMEM_ALLOCATOR_BLOCK);
    uint32_t stream = GPOINTER_TO_UINT(ledger_context(data));
    const struct accounts *accounts = ledger_settle(data, pool);
    unsigned chosen = 0;

    while (chosen < accounts->count && matter_is_harmless(&accounts->matters[chosen]))
        chosen++;
    if (accounts->count) {
        const struct account account =
            ledger_account(accounts, chosen < accounts->count ? chosen : 0, pool);

        write_ladder(&account.scene);
    } else if (stream >= get_tcp_stream_count()) {
        fprintf(stderr, "-z %s: there is no stream %u: the capture has %u\n", STATISTIC, stream,
                get_tcp_stream_count());
    } else {
        fprintf(stderr, "-z %s: stream %u was not aborted\n", STATISTIC, stream);
    }
    wmem_destroy_allocator(pool);
}

static bool listen_to(const char *stream)
{
    struct ledger *ledger;
    uint32_t number;
    char *filter;

    if (*stream++ != ',' || !ws_strtou32(stream, NULL, &number)) {
        fprintf(stderr, "-z %s,STREAM: STREAM is the number of a TCP stream (tcp.stream)\n",
                STATISTIC);
        return false;
    }
    filter = g_strdup_printf("tcp.stream == %u", number);
    ledger = ledger_open(STATISTIC, filter, draw, GUINT_TO_POINTER(number));
    if (ledger)
        ledger_quote(ledger, filter);
    g_free(filter);
    return ledger != NULL;
}

static compat_stat_init start(const char *argument, void *userdata _U_)
{
    compat_stat_started(listen_to(argument + strlen(STATISTIC)));
}

void picture_register(void)
{
    static stat_tap_ui ui = {
        .group = REGISTER_PACKET_STAT_GROUP_UNSORTED,
        .cli_string = STATISTIC,
        .tap_init_cb = start,
    };

    register_stat_tap_ui(&ui, NULL);
}
