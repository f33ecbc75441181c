/* The goodbyes of protocols that are not decoded otherwise.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "goodbye.h"

#include <string.h>

/* A message; what is beyond `captured` was sent, but cannot be read. */
struct message {
    const uint8_t *at;
    uint32_t captured;
    uint32_t sent;
};

static bool holds(const struct message *m, uint32_t offset, const char *bytes, uint32_t size)
{
    return m->captured >= offset + size && !memcmp(m->at + offset, bytes, size);
}

static bool is(const struct message *m, const char *bytes, uint32_t size)
{
    return m->sent == size && holds(m, 0, bytes, size);
}

/* SEQUENCE { messageID INTEGER, [APPLICATION 2] NULL }  RFC 4511, 4.3 */
static bool is_ldap_unbind(const struct message *m)
{
    uint32_t id;

    if (m->sent > 16 || m->captured < 7 || m->at[0] != 0x30)
        return false;
    id = m->at[1] == 0x84 ? 6 : 2; /* Windows writes long lengths */
    return m->captured >= id + 2 && m->at[id] == 0x02 && m->at[id + 1] <= 4 &&
           holds(m, id + 2 + m->at[id + 1], "\x42", 1);
}

/* LOGOFF or TREE_DISCONNECT behind the NetBIOS header  MS-SMB2, 2.2.1 */
static bool is_smb2_goodbye(const struct message *m)
{
    return holds(m, 4, "\xfeSMB", 4) && m->captured >= 18 && m->at[17] == 0 &&
           (m->at[16] == 2 || m->at[16] == 4);
}

/* A Close frame, masked or not  RFC 6455, 5.5.1 */
static bool is_websocket_close(const struct message *m)
{
    if (m->captured < 2 || m->at[0] != 0x88)
        return false;
    return m->sent == (m->at[1] & 0x7fU) + (m->at[1] & 0x80 ? 4U : 0U) + 2;
}

bool goodbye_is_said(const uint8_t *bytes, uint32_t captured, uint32_t sent)
{
    const struct message m = { bytes, captured, sent };

    return holds(&m, 0, "QUIT\r\n", 6) || holds(&m, 0, "quit\r\n", 6) ||
           holds(&m, 0, "</stream", 8) || is(&m, "\x01\0\0\0\x01", 5) || is(&m, "X\0\0\0\x04", 5) ||
           is_ldap_unbind(&m) || is_smb2_goodbye(&m) || is_websocket_close(&m);
}
