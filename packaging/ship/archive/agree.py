#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A tshark with the plugin says of each capture what the core alone says.

usage: agree.py TSHARK JUDGE_NATIVELY CAPTURE...

What tshark prints as numbers, and numbers of its own, are left out.
"""
import gzip
import os
import pathlib
import subprocess
import sys
import tempfile

NOT_COMPARED = {"file", "tcp.stream", "tcp.abort.related", "tcp.abort.confidence", "tcp.abort.by",
                "tcp.abort.form", "tcp.abort.effective", "tcp.abort.harmless"}
NUMBER = "frame.number"


def printed(*command, **variables):
    done = subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE,
                          encoding="utf-8", env={**os.environ, **variables})
    return [line.split("\t") for line in done.stdout.splitlines()]


def table(names, lines):
    """Frame to its fields; what is said twice of one frame is joined."""
    found = {}
    for line in lines:
        row = dict(zip(names, line))
        before = found.setdefault(row.pop(NUMBER), dict.fromkeys(row, ""))
        before.update({name: " ".join(filter(None, (before[name], row[name]))) for name in row})
    return found


def plain(capture, folder):
    if capture.suffix != ".gz":
        return capture
    unpacked = folder / capture.stem
    unpacked.write_bytes(gzip.decompress(capture.read_bytes()))
    return unpacked


def compare(tshark, judge, capture, folder):
    names, *lines = printed(judge, plain(capture, folder))
    asked = [name for name in names if name not in NOT_COMPARED]
    of_core = table(asked, ([value for name, value in zip(names, line) if name in asked]
                            for line in lines))
    fields = [argument for name in asked for argument in ("-e", name)]
    of_tshark = table(asked, printed(
        tshark, "-n", "-2", "-r", capture, "-Y", "tcp.abort.cause", "-T", "fields",
        "-E", "occurrence=a", "-E", "aggregator=/s", *fields, WIRESHARK_CONFIG_DIR=str(folder)))
    for frame in sorted(of_core.keys() | of_tshark.keys(), key=int):
        if of_core.get(frame) != of_tshark.get(frame):
            sys.exit(f"{capture.name}, frame {frame}\n  tshark: {of_tshark.get(frame)}\n"
                     f"  core:   {of_core.get(frame)}")
    return len(of_core)


def main():
    tshark, judge, *captures = map(pathlib.Path, sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        count = sum(compare(tshark, judge, capture, pathlib.Path(folder)) for capture in captures)
    if not count:
        sys.exit("no verdict on any capture")
    print(f"{count} verdicts on {len(captures)} captures agree")


main()
