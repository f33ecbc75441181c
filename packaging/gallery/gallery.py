#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The gallery: a section of captures/README.md for each cause, and its pictures.

usage: gallery.py DERIVE --check | --update | --list
"""
import hashlib
import html
import json
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "packaging"))

from drive import tshark

CAPTURES = TOP / "captures"
README = CAPTURES / "README.md"
GALLERY = CAPTURES / "gallery"
BEGIN, END = "<!-- gallery -->\n", "<!-- /gallery -->\n"


def derived(program, product):
    """The lines of the program that writes what comes from the table of causes."""
    return subprocess.run([program, product], check=True, text=True,
                          stdout=subprocess.PIPE).stdout.splitlines()


def manifest():
    lines = (CAPTURES / "MANIFEST.jsonl").read_text().splitlines()
    return {row["capture"]: row for row in map(json.loads, lines)}


class Cause:
    """One cause, with the capture that shows it best."""

    def __init__(self, token, means, example):
        self.token, self.means, self.example = token, means, example
        self.capture = CAPTURES / f"{example}.pcap"

    def look(self):
        """Where it stands in the capture, what it is called, and its packets as a drawing."""
        first, *_ = tshark.rows(self.capture, ["frame.number", "tcp.stream", "tcp.abort"],
                                display=f"tcp.abort.cause=={self.token}")
        self.frame = int(first["frame.number"])
        self.drawing = tshark.tshark("-2", "-r", tshark.readable(self.capture), "-q", "-z",
                                     f"tcp_abort,ladder,{first['tcp.stream']}")
        return self

    def title(self):
        """As the drawing has it, without how sure it is there."""
        return re.search(r'class="title"[^>]*>([^<]*) \(', self.drawing).group(1)

    def pictured(self):
        """Whether there is a picture, of the capture as it is now: it bears its hash."""
        picture = GALLERY / f"{self.token}.png"
        return picture.exists() and self.hash().encode() in picture.read_bytes()

    def hash(self):
        return hashlib.sha256(self.capture.read_bytes()).hexdigest()

    def section(self, row):
        lines = [f"### {self.token}", "", f"**{self.title()}.** {self.means}", "",
                 f"What was done: {row['made']}", "",
                 f"![Wireshark: frame {self.frame} of {self.example}.pcap, selected and "
                 f"unfolded](gallery/{self.token}.png)", "",
                 f"![The packets of {self.example}.pcap](gallery/{self.token}.svg)", "",
                 "What the programs saw:", ""]
        lines += [f"- {side}: {told(words)}" for side, words in row["programs"].items()]
        kernel = [reason(fact) for fact in row["kernel"] if fact["frame"] == self.frame]
        lines += ["", *kernel] if kernel else []
        lines += ["", "Look at it, and make it again:", "",
                  f"    packaging/try captures/{self.example}.pcap",
                  f"    sudo captures/{row['recipe']}", ""]
        return lines


def told(words):
    return html.escape(words, quote=False).replace("*", r"\*")


def reason(fact):
    """What tcp:tcp_send_reset gave as reason, and the state of the socket, if there was one."""
    frame, note = fact["frame"], f" ({fact['note']})" if fact.get("note") else ""
    if not fact["reason"]:
        return f"No kernel gave a reason for frame {frame}{note}."
    state = "" if fact["state"] == "UNKNOWN" else f" in the state `{fact['state']}`"
    return f"The kernel's reason for frame {frame}: `{fact['reason']}`{state}{note}."


def causes(program):
    means = {}
    for line in derived(program, "readme")[2:]:
        _, token, text, *_ = (cell.strip() for cell in line.split("|"))
        means[token.strip("`")] = text
    examples = dict(line.split("\t") for line in derived(program, "examples"))
    return tshark.in_parallel(Cause.look, [Cause(token, text, examples[token])
                                           for token, text in means.items()])


def sections(shown):
    rows = manifest()
    lines = [", ".join(f"[{cause.token}](#{cause.token})" for cause in shown) + ".", ""]
    for cause in shown:
        lines += cause.section(rows[cause.capture.name])
    return "\n".join(lines)


def files(shown):
    """What has to stand in which file."""
    head, _, rest = README.read_text().partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not end:
        sys.exit(f"{README} has lost its markers {BEGIN.strip()} and {END.strip()}")
    return {README: head + BEGIN + sections(shown) + END + tail,
            **{GALLERY / f"{cause.token}.svg": cause.drawing for cause in shown}}


def complaints(shown):
    for path, text in files(shown).items():
        if not path.exists() or path.read_text() != text:
            yield f"{path.relative_to(TOP)} is stale: cmake --build BUILD --target derived-gallery"
    for cause in shown:
        if not cause.pictured():
            yield (f"captures/gallery/{cause.token}.png is missing, or shows another "
                   f"{cause.capture.name}: packaging/gallery/make {cause.token}")
    names = {f"{cause.token}.{kind}" for cause in shown for kind in ("png", "svg")}
    for path in sorted(GALLERY.iterdir()):
        if path.name not in names:
            yield f"{path.relative_to(TOP)} belongs to no cause"


def main():
    if len(sys.argv) != 3 or sys.argv[2] not in ("--check", "--update", "--list"):
        sys.exit(__doc__)
    _, program, mode = sys.argv
    shown = causes(program)
    if mode == "--list":
        for cause in shown:
            print(cause.token, cause.capture.name, cause.frame)
    elif mode == "--update":
        for path, text in files(shown).items():
            path.write_text(text)
    else:
        sys.exit("\n".join(complaints(shown)) or None)


main()
