#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Lays out, in a source tree of Wireshark, what one patch of the series adds to it.

usage: lay.py TREE (--list | PATCH)

PATCH is a name that --list prints, in the order in which they build on each other.  It prints the
files that it wrote or changed.  What it cannot find in the tree ends it with a message; what newer
or older trees may lack is told on standard error, and left out.
"""
import json
import pathlib
import re
import shutil
import sys

import expand

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[2]
PLUGIN = TOP / "plugin"
PLACE = pathlib.Path("plugins/epan/tcp_abort")
BUILT_HERE_ALONE = {"plugin.c", "compat_sequence.h", "fields.def"}
TYPES = ["ROOT", "LINK", "TEXT", "COUNT", "INTERVAL", "TRUTH", "WORD"]  # of fields.def


class Tree:
    """The source of Wireshark, and what has been written to it."""

    def __init__(self, top):
        self.top = pathlib.Path(top)
        self.written = []
        found = [re.search(rf"set\(PROJECT_{part}_VERSION (\d+)\)", self.read("CMakeLists.txt"))
                 for part in ("MAJOR", "MINOR")]
        if not all(found):
            sys.exit(f"{top}: its CMakeLists.txt does not say which Wireshark it is")
        self.series = tuple(int(part[1]) for part in found)

    def first(self, *paths):
        """The first of these that is there: what moves from series to series."""
        for path in paths:
            if (self.top / path).is_file():
                return path
        sys.exit(f"{self.top}: there is no {' and no '.join(paths)}")

    def read(self, path):
        return (self.top / self.first(path)).read_text(encoding="utf-8")

    def write(self, path, text):
        file = self.top / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        self.written.append(str(path))

    def change(self, path, pattern, replace, needed=True):
        """REPLACE gives what stands in place of the first match; not needed, it may be missing."""
        text = self.read(path) if needed or (self.top / path).is_file() else ""
        found = re.search(pattern, text, re.M | re.S)
        if found:
            self.write(path, text[:found.start()] + replace(found) + text[found.end():])
        elif needed:
            sys.exit(f"{path}: nothing there looks like {pattern}")
        else:
            print(f"left out: nothing in {path} looks like {pattern}", file=sys.stderr)


def piece(name):
    """A text from beside this script.  What becomes a part of a file has its licence there."""
    text = (HERE / name).read_text(encoding="utf-8")
    return re.sub(r"\A(/\*|//) SPDX[^\n]*\n", "", text)


def hook(tree):
    """TCP tells of its segments: what dissects them gets another name, and a caller."""
    source, header = "epan/dissectors/packet-tcp.c", "epan/dissectors/packet-tcp.h"
    tree.change(source, r"^static int\ndissect_tcp(\(tvbuff_t \*tvb, packet_info \*pinfo, "
                r"proto_tree \*tree, void ?\* ?data(?: _U_)?\)\n\{.*?\n\}\n)",
                lambda found: "static int\ndissect_tcp_segment" + found[1] + "\n"
                + piece("watchers.c.in"))
    tree.change(header, r"^/\*\* Get the current number of TCP streams\n",
                lambda found: piece("watchers.h.in") + "\n" + found[0])


def adapted(text, tree):
    """A source of the plugin as it stands in Wireshark's tree."""
    text = re.sub(r"#define WIRESHARK_IS.*?\n\n", "", text, flags=re.S)
    text = expand.branches(text, tree.series)
    # A statistic of the command line that could not start ends the program, where it cannot say so.
    # A part of Wireshark may not: it has told why, and is left out.
    text = text.replace("exit(1);", "return;")
    text = text.replace('#include "compat_sequence.h"\n', "#include <epan/sequence_analysis.h>\n")
    if '"fields.def"' in text:
        text = expand.table(text, "fields.def", (PLUGIN / "shown/fields.def").read_text("utf-8"))
    if "#define ROOT" in text:
        text = expand.macros(text.replace("/* The types of fields.def. */\n", ""), TYPES)
    return text


def cmake_list(paths):
    return "".join(f"\t{path}\n" for path in sorted(paths))


def allow_names(tree):
    """Fields below another protocol's name are on a list of the checker of names, in order."""
    row = '\tif (($proto_filename eq "packet-tcp_abort.c") && (index($_[0], "tcp.abort") >= 0)) {return 1;}\n'
    tree.change("tools/checkfiltername.pl", r"(?:^\tif \(\(\$proto_filename eq [^\n]*\n)+",
                lambda found: "".join(sorted([*found[0].splitlines(True), row])), needed=False)


def sources(tree):
    """The plugin, with a CMakeLists.txt as Wireshark's other plugins have."""
    compiled, folders = [], {"."}
    for file in sorted(PLUGIN.rglob("*.[chd]*")):
        path = file.relative_to(PLUGIN)
        if file.name in BUILT_HERE_ALONE or file.suffix not in {".c", ".h", ".def"}:
            continue
        if str(path) == "abort.c":
            path = pathlib.Path("packet-tcp_abort.c")
        elif file.suffix == ".c":
            compiled.append(str(path))
        folders.add(str(path.parent))
        tree.write(PLACE / path, adapted(file.read_text(encoding="utf-8"), tree))
    version = re.search(r"^project\(.* VERSION (\d+)\.(\d+)\.(\d+)",
                        (TOP / "CMakeLists.txt").read_text(encoding="utf-8"), re.M)
    tree.write(PLACE / "CMakeLists.txt", piece("CMakeLists.txt.in")
               .replace("@version@", " ".join(version.groups()))
               .replace("@support@\n", cmake_list(compiled))
               .replace("@folders@\n", cmake_list(folders - {"."})))
    tree.change("CMakeLists.txt", r"^(\t+)plugins/epan/stats_tree\n",
                lambda found: f"{found[0]}{found[1]}{PLACE}\n")
    tree.change("./packaging/nsis/wireshark.nsi", r'^(File "[^"\n]*\\)stats_tree\.dll"\n',
                lambda found: f'{found[0]}{found[1]}tcp_abort.dll"\n', needed=False)
    allow_names(tree)


def examples():
    """For each cause the smallest capture with one reset whose cause is beyond doubt."""
    found = []
    for line in (TOP / "captures/MANIFEST.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        resets = [reset for stream in row["streams"] for reset in stream["resets"]]
        if len(resets) != 1 or len(resets[0]["frames"]) != 1 or row["licence"] != "CC0-1.0":
            continue
        label, file = resets[0], TOP / "captures" / row["capture"]
        if label["accept"] == [label["cause"]] and label["form"] in ("reflex", "active"):
            found.append((label["cause"], file.stat().st_size, file, label["frames"][0]))
    smallest = {}
    for cause, _, file, frame in sorted(found):
        smallest.setdefault(cause, (file, frame))
    return [(cause, *example) for cause, example in smallest.items()]


def suite(tree):
    """Tests for Wireshark's own suite, on captures of which it is known what happened."""
    lines = []
    for cause, file, frame in examples():
        path = pathlib.Path("test/captures") / f"tcp_abort_{cause}.pcap"
        shutil.copyfile(file, tree.top / path)
        tree.written.append(str(path))
        lines.append(f"    ('{path.name}', {frame}, '{cause}'),\n")
    tree.write("test/suite_tcp_abort.py",
               piece("suite_tcp_abort.py.in").replace("@rows@\n", "".join(lines)))
    tree.change("CMakeLists.txt", r"^(\t+)suite_sharkd\n",
                lambda found: f"{found[0]}{found[1]}suite_tcp_abort\n")


def documentation(tree):
    """A section of the User's Guide, and a line of the release notes."""
    guide = tree.first("doc/wsug_src/wsug_statistics.adoc", "docbook/wsug_src/wsug_statistics.adoc")
    tree.change(guide, r"^// End of WSUG Chapter Statistics",
                lambda found: piece("wsug.adoc.in") + "\n" + found[0])
    notes = tree.first("doc/Wireshark_Release_Notes.adoc", "doc/release-notes.adoc",
                       "docbook/release-notes.adoc")
    tree.change(notes, r"^=== New and Updated Features\n\n",
                lambda found: found[0] + piece("release-note.adoc.in") + "\n")


PATCHES = {"hook": hook, "plugin": sources, "tests": suite, "documentation": documentation}


def main():
    if len(sys.argv) != 3 or sys.argv[2] not in [*PATCHES, "--list"]:
        sys.exit(__doc__)
    if sys.argv[2] == "--list":
        print("\n".join(PATCHES))
        return
    tree = Tree(sys.argv[1])
    PATCHES[sys.argv[2]](tree)
    print("\n".join(dict.fromkeys(tree.written)))


main()
