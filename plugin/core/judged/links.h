/* The frames that a verdict names.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LINKS_H
#define LINKS_H

#include "verdict.h"

/** What a frame is to the verdict that names it. */
enum role {
    ROLE_NONE,
    ROLE_TRIGGER,
    ROLE_SYN,
    ROLE_FIN,
    ROLE_FIN_PEER,
    ROLE_FIRST_RETRANSMISSION,
    ROLE_LAST_RETRANSMISSION,
    ROLE_FIRST_PROBE,
    ROLE_LAST_PROBE,
    ROLE_PROOF
};

/** One of them. */
struct link {
    uint32_t frame;
    enum role role;
};

enum { LINKS_MAX = 8 + PROOF_MAX };

/** The frames the verdict names beside its own; what tells most comes first.  Returns how many. */
unsigned links_of(const struct verdict *verdict, struct link links[LINKS_MAX]);

/** What the frame is to the verdict; ROLE_NONE: it is not named. */
enum role links_role(const struct verdict *verdict, uint32_t frame);

#endif
