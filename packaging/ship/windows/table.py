# SPDX-License-Identifier: GPL-2.0-or-later
"""Says what a plugin for Windows exports and from which DLLs it imports, and fails if that is
anything but what it should be.

usage: table.py OBJDUMP PLUGIN.dll KIT
"""
import pathlib
import re
import subprocess
import sys

EXPORTS = {"plugin_describe", "plugin_register", "plugin_version", "plugin_want_major",
           "plugin_want_minor"}
RUNTIME = r"KERNEL32\.dll|api-ms-win-crt-[a-z]+-l1-1-0\.dll"


def main():
    objdump, plugin, kit = sys.argv[1:]
    text = subprocess.run([objdump, "-p", plugin], stdout=subprocess.PIPE, text=True,
                          check=True).stdout
    names = text.partition("[Ordinal/Name Pointer] Table")[2].partition("\n\n")[0]
    exported = set(re.findall(r"^\t\[.* (\w+)$", names, re.MULTILINE))
    libraries = re.findall(r"DLL Name: (\S+)", text)
    known = {path.name for path in (pathlib.Path(kit) / "names").iterdir()}
    strange = [name for name in libraries
               if name not in known and not re.fullmatch(RUNTIME, name)]
    print("exports:", *sorted(exported))
    print("imports from:", *libraries)
    if exported != EXPORTS:
        sys.exit(f"table.py: these are too many or missing: {exported ^ EXPORTS}")
    if strange:
        sys.exit(f"table.py: not Wireshark's, GLib's or the C runtime's: {strange}")


main()
