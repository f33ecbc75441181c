#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The capture which the table of causes names as the best example of each cause shows it."""
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "harness"))

import tshark


class Examples(unittest.TestCase):
    def examples(self):
        printed = subprocess.run([os.environ["TCP_ABORT_DERIVE"], "examples"], check=True,
                                 stdout=subprocess.PIPE, text=True).stdout
        return [line.split("\t") for line in printed.splitlines()]

    def test_every_cause_has_one(self):
        self.assertEqual(sorted(cause for cause, _ in self.examples()),
                         sorted(tshark.words("tcp.abort.cause").values()))

    def test_an_example_shows_its_cause(self):
        for cause, stem in self.examples():
            with self.subTest(cause):
                verdicts = tshark.rows(tshark.TOP / "captures" / f"{stem}.pcap",
                                       ["tcp.abort.cause.name"])
                self.assertTrue(verdicts, f"{stem}: no verdict")
                self.assertEqual(verdicts[0]["tcp.abort.cause.name"], cause, stem)


if __name__ == "__main__":
    unittest.main()
