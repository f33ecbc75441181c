# SPDX-License-Identifier: GPL-2.0-or-later
"""What is known to be true of captures: captures/MANIFEST.jsonl, and corpora with labels.jsonl or
with NAME.expect beside NAME.pcap.

A label of a stream names its aborts: `frames` (the first is the primary, the rest repeats; a FIN
or the last retransmission where no RST tells of it), `cause`, `accept` (all causes a fair judge
accepts), `trigger_accept`, `fin`, `sure`.

NAME.expect says in its first line what is fair to say of the aborts that repeat nothing, in their
order: `fair: CAUSE[/DETAIL],CAUSE (at most likely)`, or `CAUSE|CAUSE, then CAUSE`.  What else is
said of the capture is not judged.
"""
import json
import os
import pathlib
import re

TOP = pathlib.Path(__file__).resolve().parents[2]


class Label:
    """One abort of one stream; `true` are the causes of which each is right."""
    at_most_likely = False

    def __init__(self, capture, stream, row):
        self.capture, self.stream = capture, stream
        self.frames, self.cause = row["frames"], row["cause"]
        self.accept = set(row["accept"]) | {row["cause"]}
        self.true = {row["cause"]}
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


class Expectation(Label):
    """What is fair to say of the nth abort of a capture; nobody knows which of it is true."""

    def __init__(self, capture, nth, fair, at_most_likely, why):
        super().__init__(capture, None, {
            "frames": [], "cause": fair[0], "accept": fair, "trigger": None,
            "trigger_accept": [], "fin": None, "sure": True, "why": why})
        self.true, self.nth, self.at_most_likely = set(fair), nth, at_most_likely

    @property
    def name(self):
        return f"{self.capture.name} abort {self.nth + 1}"


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


def expectations(path):
    """The labels in NAME.expect."""
    line, _, why = path.read_text(encoding="utf-8").partition("\n")
    fair, _, bound = line.removeprefix("fair: ").partition(" (")
    return [Expectation(path.with_suffix(".pcap"), nth,
                        [cause.split("/")[0] for cause in re.split("[,|]", causes)],
                        bound == "at most likely)", why.removeprefix("why: ").strip())
            for nth, causes in enumerate(fair.split(", then "))]


def captures_of(folder):
    return sorted(folder.glob("*.pcap*"))


def of_folder(folder):
    """The same of a folder of captures with labels.jsonl or NAME.expect, or with neither."""
    folder = pathlib.Path(folder)
    if (folder / "MANIFEST.jsonl").is_file() and folder.samefile(TOP / "captures"):
        return of_manifest()
    if captures_of(folder) and not (folder / "labels.jsonl").is_file():
        return [label for path in sorted(folder.glob("*.expect"))
                for label in expectations(path)], []
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
    known = [folder / "labels.jsonl", *folder.glob("*.expect")]
    return folder if any(path.is_file() for path in known) else None
