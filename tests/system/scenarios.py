#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every scenario, rendered as a capture: tshark with the plugin says what the core says.

One capture holds all renderings of a scenario, over IPv4 and IPv6, with two pairs of initial
sequence numbers, and with hosts (and ports, where a SYN tells who is who) swapped.
"""
import collections
import unittest

import places

import rendering
from drive import tshark

# The keys of an `expect` line, where they are not the name of the field.
FIELD = {"fin_peer": "fin.peer", "retransmissions": "retransmission.count",
         "probes": "probe.count", "detail": "detail.name"}
FRAMES = {"trigger", "fin", "fin_peer", "syn", "repeat_of", "killed_by", "proof"}
FIGURES = {"retransmissions", "probes"}
INTERVALS = {"idle", "waited"}  # in whole seconds
WORDS = {"by", "form"}
KEYS = sorted(FRAMES | FIGURES | INTERVALS | WORDS | {"harmless", "effective", "alternative", "detail"})
ALONE = {"fast_close-no-times.seg"}  # whose clock stands where the capture begins
WITHIN = {"clue"}  # the plugin shows its sentence, not its name
CONFIDENCE = ["possible", "likely", "certain"]


def field(key):
    return f"tcp.abort.{FIELD.get(key, key)}"


FIELDS = ["frame.number", "tcp.stream", "tcp.abort.cause.name", "tcp.abort.detail.name",
          "tcp.abort.confidence", *map(field, KEYS)]


def confidence_fits(said, expected):
    if expected[:2] in ("<=", ">="):
        said_at, expected_at = CONFIDENCE.index(said), CONFIDENCE.index(expected[2:])
        return said_at <= expected_at if expected[0] == "<" else said_at >= expected_at
    return said == expected


def values(row, key, before):
    """What the plugin says of one key, in the words of a scenario."""
    if key == "runner_up":
        return values(row, "alternative", before)[:1]
    said = row[field(key)].split()
    if key in FRAMES:
        said = [str(int(frame) - before) for frame in said]
    if key in INTERVALS:
        said = [str(round(float(seconds))) for seconds in said]
    if key == "harmless":
        return said or ["0"]
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
        if key in WITHIN:
            continue
        found = values(row, key, before)
        fits = set(found or ["none", "0"]) & set(wanted.lstrip("!").split("|"))
        if bool(fits) == wanted.startswith("!"):
            return f"{key} is {' '.join(found) or 'not shown'}"
    return None


def problems(scenario, rows):
    """(frame, expectation, what differs) to the names of the renderings where it does.

    Takes the rows it looks at out of `rows`: what is left is for nobody.
    """
    found = collections.defaultdict(list)
    for name, before in scenario.renderings:
        for frame, expected in scenario.expectations:
            row = rows.pop(before + frame, None)
            problem = "there is no verdict"
            if row and scenario.path.name in ALONE:
                continue
            if row:
                problem = disagreement(row, before, expected)
            if problem:
                found[frame, expected, problem].append(name)
    return found


def describe(scenario, problem, names):
    frame, expected, but = problem
    where = "all renderings" if len(names) == len(scenario.renderings) else "; ".join(names)
    return f"{scenario.path.name}: frame {frame}: expected {expected}\n    but {but} ({where})"


class Scenarios(unittest.TestCase):
    def test_verdicts(self):
        capture, scenarios = rendering.everything()
        rows = {int(row["frame.number"]): row for row in tshark.rows(capture, FIELDS)}
        lines = [describe(scenario, problem, names) for scenario in scenarios
                 for problem, names in problems(scenario, rows).items()]
        lines += [f"frame {frame} of all scenarios: {row['tcp.abort.cause.name']}, but it is no RST"
                  for frame, row in rows.items()]
        if lines:
            self.fail(f"{len(lines)} disagree\n" + "\n".join(lines))


if __name__ == "__main__":
    unittest.main()
