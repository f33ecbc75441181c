#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""tshark in one pass, tshark in two and sharkd come to the same verdicts.

One pass cannot know that a side was never answered, and says where it is provisional.
"""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "harness"))

import rendering
import tshark

FIELDS = ["tcp.abort.cause.name", "tcp.abort.detail.name", "tcp.abort.confidence",
          "tcp.abort.trigger", "tcp.abort.fin", "tcp.abort.fin.peer", "tcp.abort.repeat_of"]


def of_tshark(capture, two_pass):
    rows = tshark.rows(capture, ["frame.number", "tcp.flags.reset", "tcp.abort.provisional", *FIELDS],
                       two_pass=two_pass)
    return {int(row["frame.number"]): row for row in rows}


def of_sharkd(capture):
    columns = {f"column{number}": f"{field}:0" for number, field in enumerate(FIELDS)}
    frames, = tshark.sharkd(capture, ("frames", {"filter": "tcp.abort.cause", **columns}))
    return {frame["num"]: dict(zip(FIELDS, frame["c"])) for frame in frames}


def verdict(row):
    """What must be the same; sharkd shows words where tshark prints numbers."""
    confidence = tshark.words("tcp.abort.confidence")
    shown = dict(row, **{"tcp.abort.confidence": confidence.get(row["tcp.abort.confidence"],
                                                                row["tcp.abort.confidence"])})
    return [shown[field].replace(",", " ") for field in FIELDS]


def differences(capture):
    once, twice, daemon = of_tshark(capture, False), of_tshark(capture, True), of_sharkd(capture)
    if daemon.keys() != twice.keys():
        yield f"{capture.name}: verdicts on {sorted(daemon)} in sharkd, else {sorted(twice)}"
    for frame, row in twice.items():
        wanted = verdict(row)
        if frame in daemon and verdict(daemon[frame]) != wanted:
            yield f"{capture.name} frame {frame}: sharkd {verdict(daemon[frame])}, else {wanted}"
        if frame not in once:
            if row["tcp.flags.reset"] == "1":
                yield f"{capture.name} frame {frame}: no verdict in one pass, else {wanted}"
        elif verdict(once[frame]) != wanted and not once[frame]["tcp.abort.provisional"]:
            yield f"{capture.name} frame {frame}: one pass {verdict(once[frame])}, else {wanted}"
    for frame in sorted(once.keys() - twice.keys()):
        yield f"{capture.name} frame {frame}: a verdict in one pass only"


class Parity(unittest.TestCase):
    def check(self, captures):
        found = tshark.in_parallel(lambda capture: list(differences(capture)), captures)
        problems = [problem for each in found for problem in each]
        self.assertEqual(problems, [], "\n".join(problems))

    def test_captures(self):
        self.check(tshark.captures())

    def test_scenarios(self):
        self.check([rendering.everything()[0]])


if __name__ == "__main__":
    unittest.main()
