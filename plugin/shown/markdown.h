/* Texts that stand in Markdown.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MARKDOWN_H
#define MARKDOWN_H

#include "compat.h"

/* Each returns a text that is allocated in the pool. */

/** Text that Markdown leaves as it is (CommonMark 2.4), and in a table (GitHub's). */
const char *markdown_text(wmem_allocator_t *pool, const char *text);
const char *markdown_cell(wmem_allocator_t *pool, const char *text);

/** The same, but that what stands in backticks is code and stays as it is. */
const char *markdown_marked(wmem_allocator_t *pool, const char *text);

/** Words of a packet: as code, so that they cannot mention or link anything either. */
const char *markdown_code(wmem_allocator_t *pool, const char *text);

/** UTC, as ISO 8601 has it. */
const char *markdown_time(wmem_allocator_t *pool, const nstime_t *at);

#endif
