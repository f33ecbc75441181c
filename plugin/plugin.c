/* What Wireshark asks of a plugin.  Within its own source it writes this file itself.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#include "compat.h"

/* From here on what is marked is exported; what the headers have declared was imported. */
#define RESET_SYMBOL_EXPORT
#define WS_BUILD_DLL
#include <ws_symbol_export.h>

WS_DLL_PUBLIC_DEF const char plugin_version[] = PLUGIN_VERSION;
WS_DLL_PUBLIC_DEF const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
WS_DLL_PUBLIC_DEF const int plugin_want_minor = WIRESHARK_VERSION_MINOR;

WS_DLL_PUBLIC void plugin_register(void);
WS_DLL_PUBLIC uint32_t plugin_describe(void);

void proto_register_tcp_abort(void);
void proto_reg_handoff_tcp_abort(void);

void plugin_register(void)
{
    static const proto_plugin plugin = { proto_register_tcp_abort, proto_reg_handoff_tcp_abort };

    proto_register_plugin(&plugin);
}

uint32_t plugin_describe(void)
{
    return WS_PLUGIN_DESC_DISSECTOR;
}
