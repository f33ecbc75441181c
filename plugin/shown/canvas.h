/* Rows of the tree.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CANVAS_H
#define CANVAS_H

#include "compat.h"

/** Where rows go: all of them are made up, none stands in the packet. */
struct canvas {
    tvbuff_t *tvb;
    proto_tree *tree;
};

/** Whether somebody looks, or filters for the field: words that nobody reads need not be made. */
bool canvas_is_wanted(const struct canvas *c, int hf);

/** The item, as one that stands in no packet. */
proto_item *canvas_generated(proto_item *item);

/* Rows of their own. */
proto_item *canvas_add_uint(const struct canvas *c, int hf, uint32_t value);
proto_item *canvas_add_text(const struct canvas *c, int hf, const char *text);
proto_item *canvas_add_interval(const struct canvas *c, int hf, int64_t ns);

/* Rows that are left out where there is nothing to show: NULL, 0. */
void canvas_show_text(const struct canvas *c, int hf, const char *text);
proto_item *canvas_show_frame(const struct canvas *c, int hf, uint32_t frame);
void canvas_show_count(const struct canvas *c, int hf, uint32_t count);

/** A row that reads `text`, without Wireshark's number behind it, which nobody needs in a bug
 * report. */
proto_item *canvas_show_word(const struct canvas *c, int hf, uint32_t value, const char *text);

/** A word to filter by; where sentences are not in English, what it means stands behind. */
proto_item *canvas_show_token(const struct canvas *c, int hf, uint32_t value, const char *token,
                              const char *meaning);

/** What is as it usually is can be filtered for, and is not shown. */
void canvas_show_truth(const struct canvas *c, int hf, bool value, bool usual, const char *unusual);

/** What a word of filters means, behind it. */
void canvas_append_meaning(proto_item *item, const char *meaning);

#endif
