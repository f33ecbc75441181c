# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes stand-ins for Wireshark's libraries on Windows, and GLib's configuration for it.

usage: stand_in.py KIT FOLDER COMPILER

Of each file names/X.dll of KIT (see kit) becomes FOLDER/X.dll, which has the same names: functions
that answer what a program tells them to (stand_in.h), and zeroes.  A plugin is linked against them and loads
with them, and has asked for nothing that Wireshark's own libraries lack.
"""
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent

# What of a 64-bit Linux differs: a long has 4 bytes, and the system is another one.
CONFIGURATION = [
    (r"(typedef (?:un)?signed) long (g\w+;)", r"\1 long long \2"),
    (r"(val##U?L)\)", r"\1L)"),
    (r'(_(?:MODIFIER|FORMAT)\s+)"l', r'\1"ll'),
    (r"(GLIB_SIZEOF_LONG\s+)8", r"\g<1>4"),
    (r"(G_MAXSIZE\s+)G_MAXULONG", r"\1G_MAXUINT64"),
    (r"(G_(MIN|MAX)SSIZE\s+)G_M..LONG", r"\1G_\2INT64"),
    (r"\(g(u?)long\) \((\w)\)", r"(g\1int64) (\2)"),
    (r"(G(U?)LONG_TO_.*) G(U?)INT64", r"\1 G\3INT32"),
    (r"G_OS_UNIX", r"G_OS_WIN32\n#define G_PLATFORM_WIN32"),
    (r"IMPL_POSIX", r"IMPL_WIN32"),
    (r'(G_MODULE_SUFFIX )"so"', r'\1"dll"'),
    (r"typedef int GPid;", r"typedef void *GPid;"),
    (r'(G_PID_FORMAT )"i"', r'\1"p"'),
    (r"""(G_DIR_SEPARATOR\w* ["'])/""", r"\1\\\\"),
    (r"""(G_SEARCHPATH_SEPARATOR\w* ["']):""", r"\1;"),
    (r"(GLIB_SYSDEF_AF_INET6 )10", r"\g<1>23"),
]

FUNCTION = """
    .text
    .globl {name}
{name}:
    movq %r8, %r9
    movq %rdx, %r8
    movq %rcx, %rdx
    leaq .L{name}(%rip), %rcx
    jmp stand_in_called
    .section .rdata
.L{name}: .asciz "{name}"
"""
VARIABLE = """
    .data
    .balign 32
    .globl {name}
{name}: .zero {size}
"""


def configure_glib(text):
    for pattern, new in CONFIGURATION:
        text, count = re.subn(pattern, new, text)
        if not count:
            sys.exit(f"stand_in.py: glibconfig.h has no {pattern}")
    return text


def read_names(path):
    """Name to size, of variables; to None, of functions."""
    names = {}
    for line in path.read_text().splitlines():
        *_, size, kind, name = line.split()
        names[name] = int(size, 16) if kind in "BDRV" else None
    return names


def source_of(names):
    return "".join(FUNCTION.format(name=name) if size is None
                   else VARIABLE.format(name=name, size=size) for name, size in names.items())


def exports_of(library, names):
    return f'LIBRARY "{library}"\nEXPORTS\n' + "".join(
        f"  {name}{'' if size is None else ' DATA'}\n" for name, size in names.items())


def make(library, names, folder, compiler):
    source, exports = folder / f"{library}.s", folder / f"{library}.def"
    source.write_text(source_of(names))
    exports.write_text(exports_of(library, names))
    subprocess.run([compiler, "-shared", "-o", folder / library, source, HERE / "stand_in.c", exports,
                    f"-Wl,--out-implib,{folder / library}.a"], check=True)


def main():
    kit, folder = map(pathlib.Path, sys.argv[1:3])
    (folder / "glib").mkdir(parents=True, exist_ok=True)
    (folder / "glib" / "gwin32.h").touch()  # which a GLib on Linux does not have, and nobody needs
    (folder / "glibconfig.h").write_text(
        configure_glib((kit / "include" / "glibconfig.h").read_text()))
    for path in (kit / "names").iterdir():
        make(path.name, read_names(path), folder, sys.argv[3])


main()
