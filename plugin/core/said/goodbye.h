/* The goodbyes of protocols that are not decoded otherwise.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GOODBYE_H
#define GOODBYE_H

#include <stdbool.h>
#include <stdint.h>

/**
 * Whether a message that starts a segment says goodbye: QUIT, </stream>, MySQL COM_QUIT,
 * PostgreSQL Terminate, LDAP UnbindRequest, SMB2 LOGOFF and TREE_DISCONNECT, WebSocket Close.
 * `captured` bytes can be read, `sent` were sent.
 */
bool goodbye_is_said(const uint8_t *bytes, uint32_t captured, uint32_t sent);

#endif
