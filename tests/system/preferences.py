#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The preferences of other dissectors belong to the user: they change no verdict."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "harness"))

import rendering
import tshark

# Two sets, for analysis switched off hides what the others do.
SETS = [
    ["tcp.relative_sequence_numbers:FALSE", "tcp.desegment_tcp_streams:FALSE",
     "ip.defragment:FALSE"],
    ["tcp.analyze_sequence_numbers:FALSE", "tcp.calculate_timestamps:FALSE"],
]
FIELDS = [f"tcp.abort.{name}" for name in (
    "cause.name", "detail.name", "confidence", "by", "form", "effective", "harmless", "trigger",
    "fin", "fin.peer", "syn", "repeat_of", "retransmission.count", "probe.count", "proof",
    "lost.client", "lost.server", "summary")]


class Preferences(unittest.TestCase):
    maxDiff = None

    def test_verdicts_stay(self):
        captures = [*tshark.captures(), rendering.everything()[0]]
        wanted = tshark.sharkd_verdicts(captures, FIELDS)
        for settings in SETS:
            said = tshark.sharkd_verdicts(captures, FIELDS, settings)
            for capture, before, after in zip(captures, wanted, said):
                with self.subTest(f"{capture.name} with {' '.join(settings)}"):
                    self.assertEqual(after, before)


if __name__ == "__main__":
    unittest.main()
