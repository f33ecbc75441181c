#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""sharkd, and with it the graphical program, comes to the verdicts of tshark in two passes.

(That one pass says the same is up to golden.py.)  One sharkd reads many captures: nothing is
left over from the one before.
"""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "harness"))

import rendering
import tshark

FIELDS = ["tcp.abort.cause.name", "tcp.abort.detail.name", "tcp.abort.confidence",
          "tcp.abort.trigger", "tcp.abort.fin", "tcp.abort.fin.peer", "tcp.abort.repeat_of"]


def of_tshark(capture):
    """As sharkd shows it: words for numbers, commas between values."""
    confidence = tshark.words("tcp.abort.confidence")
    rows = tshark.rows(capture, ["frame.number", *FIELDS], joint=",")
    for row in rows:
        row["tcp.abort.confidence"] = confidence[row["tcp.abort.confidence"]]
    return {int(row.pop("frame.number")): row for row in rows}


class Parity(unittest.TestCase):
    maxDiff = None

    def test_sharkd_and_tshark_agree(self):
        captures = [*tshark.captures(), rendering.everything()[0]]
        daemon = tshark.sharkd_verdicts(captures, FIELDS)
        for capture, said, wanted in zip(captures, daemon,
                                         tshark.in_parallel(of_tshark, captures)):
            with self.subTest(capture.name):
                self.assertEqual(said, wanted)


if __name__ == "__main__":
    unittest.main()
