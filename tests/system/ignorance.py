#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a capture lacks makes no verdict certain and wrong.

Segments are left out of the captures here, and of the corpora beside the checkout: at
random, the same ones in each run, and each of the first ones in turn.  What has no label is compared
with the whole capture alone.
"""
import unittest

import places

import ignorance
import labels

SEEDS = 10
FRAMES = 60
LEFT = 0.4  # of all verdicts, at 15 %


class Ignorance(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        known, _ = labels.of_manifest()
        cls.captures = sorted((labels.TOP / "captures").glob("*.pcap*"))
        for folder in labels.corpora().glob("*/"):
            if labels.corpus(folder.name):
                known += labels.of_folder(folder)[0]
            cls.captures += sorted(folder.glob("*.pcap*"))
        cls.accepted = ignorance.accepted_causes(known)

    def check(self, ways):
        fates = list(ignorance.fates(self.captures, ways))
        false = [str(fate) for fate in fates if fate.is_false_certain(self.accepted)]
        number = ignorance.count(fates)
        print(f"{self.id().split('.')[-1]}: " + ", ".join(
            f"{number[name]} {name}" for name in ignorance.FATES))
        if false:
            self.fail(f"{len(false)} are certain and wrong\n" + "\n".join(false))
        return number[ignorance.KEPT] / len(fates)

    def test_5_percent(self):
        self.check(ignorance.ways(5, SEEDS))

    def test_15_percent(self):
        """Something is said all the same."""
        self.assertGreater(self.check(ignorance.ways(15, SEEDS)), LEFT)

    def test_one_frame(self):
        self.check(ignorance.one_by_one(FRAMES))


if __name__ == "__main__":
    unittest.main()
