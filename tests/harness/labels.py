# SPDX-License-Identifier: GPL-2.0-or-later
"""What is known to be true of captures: captures/MANIFEST.jsonl, and corpora with labels.jsonl.

A label of a stream names its aborts: `frames` (the first is the primary, the rest repeats; a FIN
or the last retransmission where no RST tells of it), `cause`, `accept` (all causes a fair judge
accepts), `trigger_accept`, `fin`, `sure`.
"""
import json
import os
import pathlib

TOP = pathlib.Path(__file__).resolve().parents[2]


class Label:
    """One abort of one stream."""

    def __init__(self, capture, stream, row):
        self.capture, self.stream = capture, stream
        self.frames, self.cause = row["frames"], row["cause"]
        self.accept = set(row["accept"]) | {row["cause"]}
        self.trigger_accept = row["trigger_accept"] or [row["trigger"]]
        self.fin, self.sure, self.why = row["fin"], row["sure"], row["why"]
        self.finer = {name: row.get(name) for name in ("detail", "by", "form", "harmless",
                                                        "words")}

    @property
    def primary(self):
        return self.frames[0]

    @property
    def name(self):
        return f"{self.capture.name} stream {self.stream} frame {self.primary}"


def read_lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def manifest():
    """The rows of captures/MANIFEST.jsonl."""
    return read_lines(TOP / "captures" / "MANIFEST.jsonl")


def of_manifest():
    """Labels and clean streams (capture, stream) of what is recorded here."""
    labels, clean = [], []
    for row in manifest():
        capture = TOP / "captures" / row["capture"]
        for stream in row["streams"]:
            labels += [Label(capture, stream["stream"], reset) for reset in stream["resets"]]
            if not stream["resets"]:
                clean.append((capture, stream["stream"]))
    return labels, clean


def of_folder(folder):
    """The same of a folder of captures with labels.jsonl."""
    folder = pathlib.Path(folder)
    if (folder / "MANIFEST.jsonl").is_file() and folder.samefile(TOP / "captures"):
        return of_manifest()
    labels, clean = [], []
    for row in read_lines(folder / "labels.jsonl"):
        capture = folder / row["capture"]
        labels += [Label(capture, row["stream"], reset) for reset in row["resets"]]
        if not row["resets"]:
            clean.append((capture, row["stream"]))
    return labels, clean


def corpora():
    """The folder beside the checkout in which corpora are, if there is one."""
    given = os.environ.get("TCP_ABORT_CORPUS")
    return pathlib.Path(given) if given else TOP.parent / "shared" / "corpus"


def corpus(name):
    """The folder of a corpus with labels, or None."""
    folder = corpora() / name
    return folder if (folder / "labels.jsonl").is_file() else None
