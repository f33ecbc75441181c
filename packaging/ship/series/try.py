#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Lays the series out on a stub of Wireshark's source, which has what it looks for and no more.

usage: try.py CC
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

SHIP = pathlib.Path(__file__).resolve().parents[1]
FIELDS = SHIP.parents[1] / "plugin/shown/fields.def"

SERIES = (4, 0), (4, 6)
STUB = {
    "epan/dissectors/packet-tcp.h": "#include <stddef.h>\n#define WS_DLL_PUBLIC extern\n"
                                    "#define _U_ __attribute__((unused))\n#define ws_assert(held)\n"
                                    "typedef int tvbuff_t, packet_info, proto_tree;\n"
                                    "/** Get the current number of TCP streams\n */\n",
    "epan/dissectors/packet-tcp.c": '#include "packet-tcp.h"\n#include <stdio.h>\n'
                                    "static int\ndissect_tcp(tvbuff_t *tvb, packet_info *pinfo, "
                                    "proto_tree *tree, void* data _U_)\n{\n"
                                    '    puts("dissected");\n    return *tvb + !pinfo + !tree;\n}\n',
    "doc/wsug_src/wsug_statistics.adoc": "// End of WSUG Chapter Statistics\n",
    "doc/release-notes.adoc": "=== New and Updated Features\n\n",
    "./packaging/nsis/wireshark.nsi": 'File "${X}\\epan\\stats_tree.dll"\n',
    "tools/checkfiltername.pl": '\tif (($proto_filename eq "packet-a.c")) {return 1;}\n'
                                '\tif (($proto_filename eq "packet-z.c")) {return 1;}\n',
    "test/captures/arp.pcap": "",
}

# Two who are shown a segment, of whom only the first waits for its end.
WATCHED = """
#include "packet-tcp.c"
static void *first(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{ puts(pinfo && tree ? "first" : "?"); return tvb; }
static void *second(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{ puts(tvb && pinfo && tree ? "second" : "?"); return NULL; }
static void after(void *seen) { puts(*(int *)seen == 7 ? "after" : "?"); }
int main(void)
{
    int seven = 7;
    tcp_register_watcher(first, after);
    tcp_register_watcher(second, after);
    return dissect_tcp(&seven, &seven, &seven, NULL) != 7;
}
"""


def stub(series):
    version = "set(PROJECT_MAJOR_VERSION {})\nset(PROJECT_MINOR_VERSION {})\n".format(*series)
    return STUB | {"CMakeLists.txt": version + "\t\tplugins/epan/stats_tree\n\tsuite_sharkd\n"}


def run(*command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **options).stdout


def expect(what, held):
    if not held:
        sys.exit(f"try.py: {what}")
    print("ok:", what)


def lay(tree, patches, series):
    for path, text in stub(series).items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text, encoding="utf-8")
    author = {"GIT_CONFIG_COUNT": "2", "GIT_CONFIG_KEY_0": "user.name", "GIT_CONFIG_VALUE_0": "A B",
              "GIT_CONFIG_KEY_1": "user.email", "GIT_CONFIG_VALUE_1": "a@example.org"}
    return run(SHIP / "upstream", "--into", patches, tree, env={**os.environ, **author})


def look_at_patches(patches, told):
    expect("four patches and a cover letter", len(list(patches.glob("000*"))) == 5)
    expect("of their author", all("\nFrom: A B <a@example.org>\n" in patch.read_text()
                                  for patch in patches.glob("*.patch")))
    expect("a checker that is not there is not said to have run",
           told.count("not run: checklicenses.py") == 2 and "ok: checkAPIs" not in told)


def look_at_tree(tree):
    expect("a line among those of others",
           re.findall(r"packet-(\w+)\.c", (tree / "tools/checkfiltername.pl").read_text()) ==
           ["a", "tcp_abort", "z"] and
           "epan\\tcp_abort.dll" in (tree / "./packaging/nsis/wireshark.nsi").read_text())
    suite = (tree / "test/suite_tcp_abort.py").read_text()
    captures = re.findall(r"\('(tcp_abort_\w+\.pcap)', \d+, '\w+'\)", suite)
    expect(f"{len(captures)} captures with their tests",
           len(captures) > 9 and all((tree / "test/captures" / name).stat().st_size
                                     for name in captures))


def look_at_plugin(plugin):
    listed = re.findall(r"^\t(\S+\.c)$", (plugin / "CMakeLists.txt").read_text(), re.M)
    there = {str(file.relative_to(plugin)) for file in plugin.rglob("*.c")}
    expect("every source is listed once",
           set(listed) - {"plugin.c"} == there and len(set(listed)) == len(listed))
    code = "".join(file.read_text(encoding="utf-8") for file in plugin.rglob("*.[ch]"))
    expect("nothing of other series is left",
           not re.search(r"WIRESHARK_IS|\bexit\(|compat_sequence|fields\.def", code))
    rows = re.findall(r"^ +\{ &hf_\w+, \{ \"[^\"]+\", \"tcp\.abort[^\"]*\", FT_\w+, BASE_\w+, ",
                      (plugin / "shown/tree.c").read_text(), re.M)
    expect(f"{len(rows)} rows of fields",
           len(rows) == FIELDS.read_text(encoding="utf-8").count("\nFIELD("))


def run_hook(tree, folder, cc):
    source = folder / "watched.c"
    source.write_text(WATCHED, encoding="utf-8")
    run(cc, "-Wall", "-Wextra", "-Werror", "-I", tree / "epan/dissectors",
        "-o", source.with_suffix(""), source)
    expect("watchers are shown a segment before and after",
           run(source.with_suffix("")).split() == ["first", "second", "dissected", "after"])


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for series in SERIES:
            print("Wireshark {}.{}".format(*series))
            tree, patches = folder / f"tree{series}", folder / f"patches{series}"
            look_at_patches(patches, lay(tree, patches, series))
            look_at_tree(tree)
            look_at_plugin(tree / "plugins/epan/tcp_abort")
        run_hook(tree, folder, sys.argv[1])


main()
