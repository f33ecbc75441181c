/* Rows of the tree.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "canvas.h"

#include "say.h"

bool canvas_is_wanted(const struct canvas *c, int hf)
{
    return proto_field_is_referenced(c->tree, hf);
}

proto_item *canvas_generated(proto_item *item)
{
    proto_item_set_generated(item);
    return item;
}

proto_item *canvas_add_uint(const struct canvas *c, int hf, uint32_t value)
{
    return canvas_generated(proto_tree_add_uint(c->tree, hf, c->tvb, 0, 0, value));
}

proto_item *canvas_add_text(const struct canvas *c, int hf, const char *text)
{
    return canvas_generated(proto_tree_add_string(c->tree, hf, c->tvb, 0, 0, text));
}

void canvas_show_text(const struct canvas *c, int hf, const char *text)
{
    if (text)
        canvas_add_text(c, hf, text);
}

proto_item *canvas_show_word(const struct canvas *c, int hf, uint32_t value, const char *text)
{
    proto_item *item = canvas_add_uint(c, hf, value);

    proto_item_set_text(item, "%s: %s", proto_registrar_get_nth((unsigned)hf)->name, text);
    return item;
}

proto_item *canvas_show_token(const struct canvas *c, int hf, uint32_t value, const char *token,
                              const char *meaning)
{
    proto_item *item = canvas_show_word(c, hf, value, token);

    canvas_append_meaning(item, meaning);
    return item;
}

void canvas_show_truth(const struct canvas *c, int hf, bool value, bool usual, const char *unusual)
{
    proto_item *item = canvas_generated(proto_tree_add_boolean(c->tree, hf, c->tvb, 0, 0, value));

    if (value == usual)
        proto_item_set_hidden(item);
    else
        proto_item_set_text(item, "%s", unusual);
}

proto_item *canvas_add_interval(const struct canvas *c, int hf, int64_t ns)
{
    nstime_t interval = { .secs = (time_t)(ns / 1000000000), .nsecs = (int)(ns % 1000000000) };

    return canvas_generated(proto_tree_add_time(c->tree, hf, c->tvb, 0, 0, &interval));
}

proto_item *canvas_show_frame(const struct canvas *c, int hf, uint32_t frame)
{
    return frame ? canvas_add_uint(c, hf, frame) : NULL;
}

void canvas_show_count(const struct canvas *c, int hf, uint32_t count)
{
    if (count)
        canvas_add_uint(c, hf, count);
}

void canvas_append_meaning(proto_item *item, const char *meaning)
{
    const char *said = say(meaning);

    if (said != meaning)
        proto_item_append_text(item, say(" (%s)"), said);
}
