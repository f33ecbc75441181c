/* Every difference between the supported versions of Wireshark.
 * SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef COMPAT_H
#define COMPAT_H

#include <ws_version.h>

#define WIRESHARK_IS(major, minor)                                                                 \
    (WIRESHARK_VERSION_MAJOR > (major) ||                                                          \
     (WIRESHARK_VERSION_MAJOR == (major) && WIRESHARK_VERSION_MINOR >= (minor)))

#if !WIRESHARK_IS(4, 0)
#error "Wireshark 4.0 or newer is needed"
#endif

#include <wireshark.h>

#include <epan/packet.h>

#if WIRESHARK_IS(4, 4)
#include <wsutil/plugins.h>
#else
/* until 4.4: plugins do not say what they are */
#define WS_PLUGIN_DESC_DISSECTOR (1UL << 0)
#endif

#if WIRESHARK_IS(4, 2)
#define compat_fvalue_uint(fi) fvalue_get_uinteger((fi)->value)
#else
/* until 4.2: a field's value is embedded */
#define compat_fvalue_uint(fi) fvalue_get_uinteger(&(fi)->value)
#endif

#endif
