#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The capture which the table of causes names as the best example of each cause shows it."""
import unittest

import places

import derived
from drive import tshark


class Examples(unittest.TestCase):
    def test_every_cause_has_one(self):
        self.assertEqual(sorted(cause for cause, _ in derived.examples()),
                         sorted(tshark.words("tcp.abort.cause").values()))

    def test_an_example_shows_its_cause(self):
        for cause, capture in derived.examples():
            with self.subTest(cause):
                verdicts = tshark.rows(capture, ["tcp.abort.cause.name"])
                self.assertTrue(verdicts, f"{capture.name}: no verdict")
                self.assertEqual(verdicts[0]["tcp.abort.cause.name"], cause, capture.name)


if __name__ == "__main__":
    unittest.main()
