/* A healthy connection between strangers.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMPANY_H
#define COMPANY_H

#include "tape.h"

/** Its segments, spread over the time of the tape; between addresses that no capture has (RFC 2544,
 * C.2.2).  tape_free() gives them back. */
struct tape company_for(const struct tape *tape);

#endif
