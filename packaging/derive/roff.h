/* Text of the tables as roff: words in braces spelt out, lines wrapped.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef ROFF_H
#define ROFF_H

/** A macro on a line of its own. */
void roff_macro(const char *name);

/**
 * A template of the tables, of which a reader sees the general form: {sender} and
 * {receiver} become words, other words in braces italic, clauses in brackets go.
 */
void roff_text(const char *template);

void roff_bold(const char *text);

/** End the line. */
void roff_break(void);

#endif
