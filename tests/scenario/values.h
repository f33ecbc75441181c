/* The words of a verdict's enumerations, by value: what people filter by.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VALUES_H
#define VALUES_H

extern const char *const party_words[];
extern const char *const form_words[];
extern const char *const confidence_words[];

#endif
