#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Filters people will write, expert infos and the Info column, on a scenario of each cause."""
import re
import unittest

import places

import rendering
from drive import tshark


def one_of_each_cause():
    """Cause to the scenario that proves it."""
    _, scenarios = rendering.everything()
    return {scenario.cause: scenario.path for scenario in reversed(scenarios)
            if scenario.cause in tshark.words("tcp.abort.cause").values()}


def frames(capture, display):
    return [row["frame.number"] for row in tshark.rows(capture, ["frame.number"], display=display)]


class Filters(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.capture = tshark.workplace() / "causes.pcap"
        cls.causes = one_of_each_cause()
        rendering.render(cls.capture, cls.causes.values())
        cls.rows = tshark.rows(cls.capture, ["frame.number", "tcp.abort.summary",
                                             "tcp.abort.cause.name"])

    def frames_of(self, cause):
        return [row["frame.number"] for row in self.rows if row["tcp.abort.cause.name"] == cause]

    def test_a_word_finds_the_cause_and_so_does_its_expert_info(self):
        filters = [(cause, display) for cause in self.causes
                   for display in (f"tcp.abort.cause=={cause}", f"tcp.abort.{cause}")]
        found = tshark.in_parallel(lambda item: frames(self.capture, item[1]), filters)
        for (cause, display), numbers in zip(filters, found):
            with self.subTest(display):
                self.assertTrue(numbers)
                self.assertEqual(numbers, self.frames_of(cause))

    def test_case_and_quotes_do_not_matter(self):
        for display in ("tcp.abort.cause == Crash", 'tcp.abort.cause == "CRASH"',
                        "tcp.abort.cause in {crash}"):
            with self.subTest(display):
                self.assertEqual(frames(self.capture, display), self.frames_of("crash"))

    def test_expert_infos_say_how_the_summary_begins(self):
        expert = tshark.tshark("-2", "-q", "-r", self.capture, "-z", "expert")
        summaries = {row["tcp.abort.summary"] for row in self.rows}
        self.assertGreaterEqual(len(summaries), len(self.causes))
        heads = {re.match(r".*?\.(?= |$)", summary).group() for summary in summaries}
        self.assertEqual([head for head in heads if head not in expert], [])

    def test_the_column_is_marked_on_verdicts_and_nowhere_else(self):
        causes = {int(row["frame.number"]): row["tcp.abort.cause.name"] for row in self.rows}
        for frame, info in tshark.info_column(self.capture, two_pass=True).items():
            with self.subTest(f"frame {frame}: {info}"):
                if frame in causes:
                    self.assertTrue(info.startswith(f"[abort: {causes[frame]}] "))
                else:
                    self.assertNotIn("[abort", info)

    def test_a_typo_is_an_error(self):
        done = tshark.run("tshark", "-n", "-r", self.capture, "-Y", "tcp.abort.cause==crahs")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("crahs", done.stderr)

    def test_confidence_is_ordered(self):
        levels = [len(frames(self.capture, f"tcp.abort.confidence >= {word}"))
                  for word in ("possible", "likely", "certain")]
        self.assertEqual(levels[0], len(frames(self.capture, "tcp.abort")))
        self.assertGreater(levels[0], levels[1])
        self.assertGreater(levels[1], levels[2])
        self.assertGreater(levels[2], 0)

    def test_harmless_splits_the_verdicts(self):
        both = frames(self.capture, "tcp.abort")
        harmless = frames(self.capture, "tcp.abort.harmless")
        others = frames(self.capture, "tcp.abort && !tcp.abort.harmless")
        self.assertTrue(harmless and others)
        self.assertEqual(sorted(harmless + others, key=int), both)
        self.assertEqual(frames(self.capture, "tcp.flags.reset==1"),
                         frames(self.capture, "tcp.flags.reset==1 && tcp.abort"))


if __name__ == "__main__":
    unittest.main()
