#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Links lead both ways, and every frame of an aborted connection says why it was aborted."""
import unittest

import places

import rendering
from drive import tshark

LINKS = [f"tcp.abort.{name}" for name in ("trigger", "fin", "fin.peer", "syn",
                                          "retransmission.first", "retransmission.last",
                                          "probe.first", "probe.last", "proof")]
ENDS = ["ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "tcp.srcport", "tcp.dstport"]
FIELDS = ["frame.number", *ENDS, "tcp.abort.cause.name", "tcp.abort.repeat_of",
          "tcp.abort.reset", "tcp.abort.stream.cause", *LINKS]


def ends(row):
    """What tells connections apart; where one has two numbers of a stream depends on the version."""
    return frozenset((row[f"ip.{end}"], row[f"ipv6.{end}"], row[f"tcp.{end}port"])
                     for end in ("src", "dst"))


class Links(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.capture = rendering.everything()[0]
        cls.frames = {row["frame.number"]: row
                      for row in tshark.rows(cls.capture, FIELDS, display="tcp")}
        cls.verdicts = [row for row in cls.frames.values() if row["tcp.abort.cause.name"]]

    def named_by(self, row):
        return {frame for link in LINKS for frame in row[link].split()} - {row["frame.number"]}

    def test_what_a_verdict_names_leads_back_to_one_that_names_it(self):
        by_frame = {row["frame.number"]: row for row in self.verdicts}
        named = set().union(*map(self.named_by, self.verdicts))
        self.assertTrue(named)
        for frame in named:
            with self.subTest(frame):
                back = self.frames[frame]["tcp.abort.reset"]
                self.assertTrue(back in by_frame, f"leads to {back!r}")
                self.assertIn(frame, self.named_by(by_frame[back]))

    def test_what_no_verdict_names_leads_nowhere(self):
        named = set().union(*map(self.named_by, self.verdicts))
        leading = {number for number, row in self.frames.items() if row["tcp.abort.reset"]}
        self.assertEqual(leading - named, set())

    def test_every_frame_of_an_aborted_connection_says_why(self):
        words = tshark.words("tcp.abort.cause")
        said = {}
        for row in self.verdicts:
            said.setdefault(ends(row), set()).add(row["tcp.abort.cause.name"])
        for number, row in self.frames.items():
            cause = words.get(row["tcp.abort.stream.cause"])
            with self.subTest(number):
                if cause:
                    self.assertIn(cause, said.get(ends(row), set()))
                else:  # another connection of the same ends may have been aborted
                    self.assertFalse(row["tcp.abort.cause.name"])

    def test_one_pass_does_not_know_yet(self):
        rows = tshark.rows(self.capture, ["frame.number"], two_pass=False,
                           display="tcp.abort.reset || tcp.abort.stream.cause")
        self.assertEqual(rows, [])


if __name__ == "__main__":
    unittest.main()
