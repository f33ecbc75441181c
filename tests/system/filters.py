#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Filters people will write, expert infos and the Info column, on a scenario of each cause."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "harness"))

import rendering
import tshark


def one_of_each_cause():
    """Cause to a capture with such a reset."""
    found = {}
    for rendered in rendering.all_scenarios():
        for cause in rendered.causes:
            if rendered.scenario.stem.split("-")[0] == cause:
                found.setdefault(cause, rendered.capture)
    return found


def frames(capture, display):
    return [row["frame.number"] for row in tshark.rows(capture, ["frame.number"], display=display)]


def frames_of(capture, cause):
    rows = tshark.rows(capture, ["frame.number", "tcp.abort.cause.name"])
    return [row["frame.number"] for row in rows if row["tcp.abort.cause.name"] == cause]


class Filters(unittest.TestCase):
    def each_cause(self, check):
        items = sorted(one_of_each_cause().items())
        problems = [problem for problem in tshark.in_parallel(lambda item: check(*item), items)
                    if problem]
        self.assertEqual(problems, [], "\n".join(problems))

    def test_a_word_finds_the_cause_in_any_case_and_as_an_expert_info(self):
        def check(cause, capture):
            wanted = frames_of(capture, cause)
            for display in (f"tcp.abort.cause=={cause}", f"tcp.abort.cause == {cause.title()}",
                            f'tcp.abort.cause == "{cause.upper()}"',
                            f"tcp.abort.cause in {{{cause}}}", f"tcp.abort.{cause}"):
                if not wanted or frames(capture, display) != wanted:
                    return f"{capture.name}: -Y '{display}' does not find frames {wanted}"
            return None

        self.each_cause(check)

    def test_the_expert_info_says_the_summary(self):
        def check(cause, capture):
            expert = tshark.tshark("-2", "-q", "-r", capture, "-z", "expert")
            rows = tshark.rows(capture, ["tcp.abort.summary"], display=f"tcp.abort.cause=={cause}")
            for row in rows:
                if row["tcp.abort.summary"] not in expert:
                    return f"{capture.name}: -z expert lacks: {row['tcp.abort.summary']}"
            return None if rows else f"{capture.name}: no {cause}"

        self.each_cause(check)

    def test_the_column_is_marked_on_verdicts_and_nowhere_else(self):
        def check(cause, capture):
            fields = ["frame.number", "_ws.col.Info", "tcp.abort.cause.name"]
            for row in tshark.rows(capture, fields, display="frame"):
                marked = f"[abort: {row['tcp.abort.cause.name']}" in row["_ws.col.Info"]
                if marked != bool(row["tcp.abort.cause.name"]):
                    return f"{capture.name} frame {row['frame.number']}: {row['_ws.col.Info']}"
            return None

        self.each_cause(check)

    def test_a_typo_is_an_error(self):
        capture = next(iter(one_of_each_cause().values()))
        done = tshark.run("tshark", "-n", "-r", capture, "-Y", "tcp.abort.cause==crahs")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("crahs", done.stderr)

    def test_confidence_is_ordered(self):
        for capture in one_of_each_cause().values():
            levels = [len(frames(capture, f"tcp.abort.confidence >= {word}"))
                      for word in ("possible", "likely", "certain")]
            self.assertEqual(levels, sorted(levels, reverse=True), capture.name)
            self.assertEqual(levels[0], len(frames(capture, "tcp.abort")), capture.name)

    def test_harmless_splits_the_verdicts(self):
        for cause, capture in one_of_each_cause().items():
            with self.subTest(cause):
                all_of_them = frames(capture, "tcp.abort")
                harmless = frames(capture, "tcp.abort && tcp.abort.harmless == 1")
                others = frames(capture, "tcp.abort && tcp.abort.harmless == 0")
                self.assertEqual(sorted(harmless + others, key=int), all_of_them)
                self.assertEqual(frames(capture, "tcp.flags.reset==1"), all_of_them)


if __name__ == "__main__":
    unittest.main()
