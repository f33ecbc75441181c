#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every scenario, rendered as a capture: tshark with the plugin says what the core says.

One capture holds all renderings of a scenario, over IPv4 and IPv6, with two pairs of initial
sequence numbers, and with hosts (and ports, where a SYN tells who is who) swapped.
"""
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "harness"))

import tshark

# The keys of an `expect` line, where they are not the name of the field.
FIELD = {"fin_peer": "fin.peer", "retransmissions": "retransmission.count",
         "probes": "probe.count"}
FRAMES = {"trigger", "fin", "fin_peer", "syn", "repeat_of", "proof"}
FIGURES = {"retransmissions", "probes"}
WORDS = {"by", "form"}
KEYS = sorted(FRAMES | FIGURES | WORDS | {"harmless", "effective", "alternative"})
CONFIDENCE = ["possible", "likely", "certain"]


def field(key):
    return f"tcp.abort.{FIELD.get(key, key)}"


FIELDS = ["frame.number", "tcp.abort.cause.name", "tcp.abort.detail.name",
          "tcp.abort.confidence", *map(field, KEYS)]


def render(scenario):
    """The capture, the renderings as (name, frames before) and the expectations."""
    capture = tshark.workplace() / f"{scenario.stem}.pcap"
    program = os.environ.get("TCP_ABORT_SEG2PCAP")
    if not program:
        tshark.fail("TCP_ABORT_SEG2PCAP does not say where seg2pcap is")
    printed = subprocess.run([program, scenario, capture], check=True, text=True,
                             stdout=subprocess.PIPE).stdout
    renderings, expectations, before = [], [], 0
    for line in printed.splitlines():
        kind, number, rest = line.split(" ", 2)
        if kind == "rendering":
            renderings.append((rest, before))
            before += int(number)
        else:
            expectations.append((int(number), rest))
    return capture, renderings, expectations


def confidence_fits(said, expected):
    if expected[:2] in ("<=", ">="):
        said_at, expected_at = CONFIDENCE.index(said), CONFIDENCE.index(expected[2:])
        return said_at <= expected_at if expected[0] == "<" else said_at >= expected_at
    return said == expected


def values(row, key, before):
    """What the plugin says of one key, in the words of a scenario."""
    said = row[field(key)].split()
    if key in FRAMES:
        said = [str(int(frame) - before) for frame in said]
    if key in WORDS:
        said = [tshark.words(field(key))[word] for word in said]
    return said


def disagreement(row, before, expected):
    """What differs from an `expect` line; None: nothing."""
    cause, confidence, *keys = expected.split()
    cause, _, detail = cause.partition("/")
    if row["tcp.abort.cause.name"] != cause:
        return f"the cause is {row['tcp.abort.cause.name']}/{row['tcp.abort.detail.name']}"
    if detail and row["tcp.abort.detail.name"] != detail:
        return f"the detail is {row['tcp.abort.detail.name']}"
    said = tshark.words("tcp.abort.confidence")[row["tcp.abort.confidence"]]
    if not confidence_fits(said, confidence):
        return f"it is {said}"
    for key, wanted in (word.split("=") for word in keys):
        found = values(row, key, before)
        if not set(found or ["none", "0"]) & set(wanted.split("|")):
            return f"{key} is {' '.join(found) or 'not shown'}"
    return None


class Scenarios(unittest.TestCase):
    def check(self, scenario, two_pass):
        capture, renderings, expectations = render(scenario)
        rows = {int(row["frame.number"]): row
                for row in tshark.rows(capture, FIELDS, two_pass=two_pass)}
        wanted = {before + frame: (name, before, expected)
                  for name, before in renderings for frame, expected in expectations}
        for frame in sorted(rows.keys() - wanted.keys()):
            yield f"{scenario.name}: a verdict on frame {frame}, which is no RST"
        for frame, (name, before, expected) in wanted.items():
            problem = "no verdict" if frame not in rows else disagreement(rows[frame], before,
                                                                          expected)
            if problem:
                yield (f"{scenario.name}, {name}: frame {frame - before}: expected {expected}\n"
                       f"    but {problem}")

    def check_all(self, two_pass):
        folder = tshark.TESTS / "scenarios"
        scenarios = sorted(folder.glob("*.seg"))
        self.assertTrue(scenarios, f"no scenario in {folder}")
        checked = tshark.in_parallel(lambda scenario: list(self.check(scenario, two_pass)),
                                     scenarios)
        problems = [problem for each in checked for problem in each]
        if problems:
            self.fail(f"{len(problems)} disagree\n" + "\n".join(problems))

    def test_in_two_passes(self):
        self.check_all(two_pass=True)


if __name__ == "__main__":
    unittest.main()
