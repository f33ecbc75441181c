/* What derive can write, to standard output.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DERIVE_H
#define DERIVE_H

#include "causes.h"

/** As Wireshark calls it. */
const char *derive_severity_name(enum severity severity);

/** The causes, as sections of the manual page. */
void derive_manual(void);

/** The fields, as a list of the manual page. */
void derive_fields(void);

/* Files of the profile, each under the name Wireshark gives it. */
void derive_preferences(void);
void derive_recent(void);
void derive_colorfilters(void);
void derive_dfilters(void);
void derive_dfilter_buttons(void);
void derive_io_graphs(void);

#endif
