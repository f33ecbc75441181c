# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin's verdicts against labels: right, within what is accepted, wrong, missed, invented.

An abort without a RST that nothing is said of is `silent`, not missed: reporting those is a
promise of its own.

TCP_ABORT_JUDGE says whose verdicts: of the core alone (`native`, without it), or of the plugin
within tshark (`tshark`).  A test compares the two, each ruling on each capture.
"""
import collections
import os

import native

FIELDS = ["frame.number", "tcp.stream", "tcp.flags.reset", "tcp.abort.cause.name",
          "tcp.abort.detail.name", "tcp.abort.confidence", "tcp.abort.alternative",
          "tcp.abort.by", "tcp.abort.form", "tcp.abort.harmless", "tcp.abort.trigger",
          "tcp.abort.fin", "tcp.abort.fin.peer", "tcp.abort.repeat_of"]

RIGHT, WITHIN, WRONG, MISSED = "right", "within", "wrong", "missed"
INVENTED, SILENT = "invented", "silent"
OUTCOMES = [RIGHT, WITHIN, WRONG, MISSED, INVENTED, SILENT]


class Verdict:
    """What the plugin says of one frame."""

    def __init__(self, row):
        self.row = {name.removeprefix("tcp.abort."): value for name, value in row.items()}
        self.frame = int(row["frame.number"])
        self.streams = row["tcp.stream"].split()
        self.cause = self.row["cause.name"].split(" ")[0]
        self.detail = self.row["detail.name"] or None
        self.confidence = self.word("confidence")
        self.alternatives = self.row["alternative"].split()
        self.trigger, self.fin = self.link("trigger"), self.link("fin")
        self.fin_peer, self.repeat_of = self.link("fin.peer"), self.link("repeat_of")

    def word(self, field):
        return self.row[field].split(" ")[0] or None

    def link(self, field):
        return int(self.row[field].split()[0]) if self.row[field] else None


class Case:
    """A label beside its verdict, or a verdict without a label."""

    def __init__(self, label, verdict, outcome, notes=()):
        self.label, self.verdict, self.outcome, self.notes = label, verdict, outcome, list(notes)

    def __str__(self):
        said = "nothing"
        if self.verdict:
            said = (f"{self.verdict.cause}/{self.verdict.detail} ({self.verdict.confidence}), "
                    f"trigger {self.verdict.trigger}, FIN {self.verdict.fin}")
        lines = [f"{self.outcome}: {self.label.name}: said {said}"]
        if self.label.cause:
            lines.append(f"    should be {self.label.cause} of {sorted(self.label.accept)}, "
                         f"trigger of {self.label.trigger_accept}, FIN {self.label.fin}: "
                         f"{self.label.why}")
        return "\n".join(lines + [f"    {note}" for note in self.notes])


class Stray:
    """Stands in for a label where there is none."""
    cause = None

    def __init__(self, capture, stream, frame):
        self.name = f"{capture.name} stream {stream} frame {frame}"


def rows_of_tshark(capture):
    """Frame to row; of a RST without a verdict, too."""
    from drive import tshark  # which asks for the plugin
    rows = tshark.rows(capture, FIELDS, display="tcp.flags.reset==1 || tcp.abort.cause")
    return {int(row[native.NUMBER]): tshark.in_words(row) for row in rows}


def rows(captures):
    """Capture to its rows, of the judge that is asked."""
    judge = os.environ.get("TCP_ABORT_JUDGE", "native")
    if judge == "native":
        return native.rows(captures)
    if judge != "tshark":
        raise ValueError(f"no such judge: {judge}")
    from drive import tshark
    return dict(zip(captures, tshark.in_parallel(rows_of_tshark, captures)))


def verdicts(captures):
    """Capture to {frame: verdict}; None for a RST without one."""
    return {capture: {frame: Verdict(row) if row["tcp.abort.cause.name"] else None
                      for frame, row in frames.items()}
            for capture, frames in rows(captures).items()}


def links_trigger(label, verdict):
    return verdict.trigger in label.trigger_accept


def links_fin(label, verdict):
    return label.fin is None or label.fin in (verdict.fin, verdict.fin_peer)


def judge_repeats(label, said):
    """From 4.2 on Wireshark may open a new tcp.stream after a RST: nothing is repeated there."""
    first = said[label.primary]
    for frame in label.frames[1:]:
        repeat = said.get(frame)
        if not repeat:
            yield f"frame {frame}: no verdict, should repeat {label.primary}"
        elif repeat.cause != first.cause or (repeat.streams == first.streams
                                             and repeat.repeat_of != label.primary):
            yield (f"frame {frame}: {repeat.cause}, repeats {repeat.repeat_of}, should repeat "
                   f"{label.primary}")


def weigh(label, verdict):
    if label.at_most_likely and verdict.confidence == "certain":
        return WRONG
    if verdict.cause in label.true:
        return RIGHT
    return WITHIN if verdict.cause in label.accept else WRONG


def judge_expected(label, said):
    """No frame is known of it, and nothing to link."""
    firsts = [said[frame] for frame in sorted(said)
              if said[frame] and said[frame].repeat_of is None]
    if label.nth >= len(firsts):
        return Case(label, None, MISSED)
    return Case(label, firsts[label.nth], weigh(label, firsts[label.nth]))


def judge(label, said):
    if not label.frames:
        return judge_expected(label, said)
    verdict = said.get(label.primary)
    if not verdict:
        return Case(label, None, MISSED if label.primary in said else SILENT)
    notes = []
    if not links_trigger(label, verdict):
        notes.append(f"trigger {verdict.trigger}, not of {label.trigger_accept}")
    if not links_fin(label, verdict):
        notes.append(f"FIN {verdict.fin}, not {label.fin}")
    notes += judge_repeats(label, said)
    return Case(label, verdict, weigh(label, verdict), notes)


def judge_all(labels, clean):
    """Cases of all labels, and of verdicts nobody should have reached."""
    captures = sorted({label.capture for label in labels} | {capture for capture, _ in clean})
    said = verdicts(captures)
    cases = [judge(label, said[label.capture]) for label in labels]
    labelled = collections.defaultdict(set)
    for label in filter(lambda label: label.frames, labels):
        labelled[label.capture, label.stream] |= set(label.frames)
    for stream in clean:
        labelled[stream] |= set()
    for (capture, stream), frames in labelled.items():
        for verdict in said[capture].values():
            if (verdict and str(stream) in verdict.streams and verdict.frame not in frames
                    and verdict.repeat_of not in frames):
                cases.append(Case(Stray(capture, stream, verdict.frame), verdict, INVENTED))
    return cases
