/* Texts that stand in Markdown.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "markdown.h"

static const char *escape(wmem_allocator_t *pool, const char *text, const char *special)
{
    wmem_strbuf_t *out = wmem_strbuf_new(pool, "");

    for (; *text; text++) {
        if (strchr(special, *text))
            wmem_strbuf_append_c(out, '\\');
        wmem_strbuf_append_c(out, (unsigned char)*text < ' ' ? ' ' : *text);
    }
    return wmem_strbuf_finalize(out);
}

const char *markdown_text(wmem_allocator_t *pool, const char *text)
{
    return escape(pool, text, "\\`*<>[]");
}

const char *markdown_cell(wmem_allocator_t *pool, const char *text)
{
    return escape(pool, text, "\\`*<>[]|");
}

const char *markdown_marked(wmem_allocator_t *pool, const char *text)
{
    char **parts = g_strsplit(text, "`", -1);
    wmem_strbuf_t *out = wmem_strbuf_new(pool, "");

    for (unsigned i = 0; parts[i]; i++) /* every other one is code */
        wmem_strbuf_append_printf(out, i % 2 ? "`%s`" : "%s",
                                  i % 2 ? parts[i] : markdown_text(pool, parts[i]));
    g_strfreev(parts);
    return wmem_strbuf_get_str(out);
}

const char *markdown_code(wmem_allocator_t *pool, const char *text)
{
    char *code = wmem_strdup_printf(pool, "`%s`", text);

    for (char *c = code + 1; c[1]; c++)
        if (*c == '`' || *c == '|' || (unsigned char)*c < ' ')
            *c = '.';
    return code;
}

const char *markdown_time(wmem_allocator_t *pool, const nstime_t *at)
{
    GDateTime *date = g_date_time_new_from_unix_utc(at->secs);
    char *second = date ? g_date_time_format(date, "%Y-%m-%d %H:%M:%S") : NULL;
    const char *text = wmem_strdup_printf(pool, "%s.%06d", second ? second : "?", at->nsecs / 1000);

    g_free(second);
    if (date)
        g_date_time_unref(date);
    return text;
}
