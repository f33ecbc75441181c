#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Verdicts against what is known to be true of the captures here, and of corpora beside them."""
import collections
import hashlib
import unittest

import places

import calibration
import judgement
import labels
import native

GOOD = (judgement.RIGHT, judgement.WITHIN)

# Floors, of the verdicts on sure labels.  They only rise.
OURS_RIGHT_SHARE = 0.98
OURS_TOLD_SHARE = 0.99
REAL_RIGHT = 81
REAL_RIGHT_OR_WITHIN = 82


def report(cases):
    count = collections.Counter(case.outcome for case in cases)
    return ", ".join(f"{count[outcome]} {outcome}" for outcome in judgement.OUTCOMES)


class Manifest(unittest.TestCase):
    """captures/MANIFEST.jsonl and the files it speaks of."""

    def setUp(self):
        self.folder = labels.TOP / "captures"
        self.rows = labels.manifest()

    def test_each_capture_has_one_row(self):
        rows = collections.Counter(row["capture"] for row in self.rows)
        files = collections.Counter(path.name for path in self.folder.glob("*.pcap*"))
        self.assertEqual(rows, files)

    def test_hashes(self):
        for row in self.rows:
            with self.subTest(row["capture"]):
                content = (self.folder / row["capture"]).read_bytes()
                self.assertEqual(row["sha256"], hashlib.sha256(content).hexdigest())

    def test_recipes_exist(self):
        for row in self.rows:
            with self.subTest(row["capture"]):
                self.assertTrue((self.folder / row["recipe"].split()[0]).is_file(), row["recipe"])

    def test_words_are_known(self):
        for row in self.rows:
            for stream in row["streams"]:
                for reset in stream["resets"]:
                    with self.subTest(row["capture"]):
                        self.check_words(reset)

    def check_words(self, reset):
        for cause in [reset["cause"], *reset["accept"]]:
            self.assertIn(cause, native.words("cause"))
        if reset["detail"]:
            self.assertIn(reset["detail"], native.words("detail"))
        self.assertIn(reset["by"], native.words("by"))
        self.assertIn(reset["form"], native.words("form"))


class Verdicts(unittest.TestCase):
    """What is said of them; TCP_ABORT_JUDGE says by whom."""

    def complain(self, cases):
        if cases:
            self.fail(f"{len(cases)} disagree\n" + "\n".join(map(str, cases)))

    def certain_but_wrong(self, cases):
        return [case for case in cases if case.label.cause and case.verdict
                and case.verdict.confidence == "certain" and case.outcome not in GOOD]

    def right(self, cases):
        return sum(case.outcome == judgement.RIGHT for case in cases)

    def corpus(self, name):
        folder = labels.corpus(name)
        if not folder:
            self.skipTest(f"no corpus/{name} beside the checkout, nor below TCP_ABORT_CORPUS")
        return labels.of_folder(folder)

    def test_of_our_captures(self):
        cases = judgement.judge_all(*labels.of_manifest())
        print("captures:", report(cases))
        self.complain([case for case in cases if case.outcome not in GOOD or case.notes])
        sure = [case for case in cases if case.label.cause and case.label.sure]
        self.assertGreaterEqual(self.right(sure) / len(sure), OURS_RIGHT_SHARE)
        told = sum(calibration.place(case) in calibration.TOLD for case in sure)
        self.assertGreaterEqual(told / len(sure), OURS_TOLD_SHARE)

    def test_of_corpus_loopback(self):
        cases = judgement.judge_all(*self.corpus("loopback"))
        print("corpus/loopback:", report(cases))
        self.complain(self.certain_but_wrong(cases))
        self.complain([case for case in cases
                       if case.outcome == judgement.INVENTED
                       or (case.label.cause and case.label.sure
                           and (case.outcome not in GOOD or case.notes))])

    def test_of_corpus_real(self):
        cases = judgement.judge_all(*self.corpus("real"))
        sure = [case for case in cases if not case.label.cause or case.label.sure]
        print("corpus/real, sure labels:", report(sure))
        self.complain(self.certain_but_wrong(sure))
        good = sum(case.outcome in GOOD for case in sure)
        self.assertGreaterEqual(good, REAL_RIGHT_OR_WITHIN, "fewer than there once were")
        self.assertGreaterEqual(self.right(sure), REAL_RIGHT, "fewer than there once were")

    def check_expectations(self, name):
        known, clean = self.corpus(name)
        for label in known:
            self.assertLessEqual(label.true, native.words("cause"), label.name)
        cases = judgement.judge_all(known, clean)
        print(f"corpus/{name}:", report(cases))
        self.complain([case for case in cases if case.outcome != judgement.RIGHT])

    def test_of_corpus_lies(self):
        self.check_expectations("lies")

    def test_of_corpus_reports(self):
        self.check_expectations("reports")


if __name__ == "__main__":
    unittest.main()
