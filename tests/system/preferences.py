#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The preferences of other dissectors belong to the user: they change no verdict."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "harness"))

import judgement
import tshark

# Two sets, for analysis switched off hides what the others do.
SETS = [
    ["tcp.relative_sequence_numbers:FALSE", "tcp.desegment_tcp_streams:FALSE",
     "ip.defragment:FALSE"],
    ["tcp.analyze_sequence_numbers:FALSE", "tcp.calculate_timestamps:FALSE"],
]
PROTOCOL_OF_STREAM = {"tcp.stream"}  # Wireshark's own number, whatever its analysis knows
FIELDS = [field for field in judgement.FIELDS if field not in PROTOCOL_OF_STREAM]


def verdicts(capture, preferences):
    options = [word for preference in preferences for word in ("-o", preference)]
    return tshark.rows(capture, FIELDS, *options)


def differences(capture):
    wanted = verdicts(capture, [])
    for preferences in SETS:
        said = verdicts(capture, preferences)
        if said != wanted:
            culprits = [one for one in preferences if verdicts(capture, [one]) != wanted]
            changed = [(a, b) for a, b in zip(wanted, said) if a != b]
            yield (f"{capture.name}: {len(said)} verdicts instead of {len(wanted)} with "
                   f"{' '.join(culprits or preferences)}; first change {changed[:1]}")


class Preferences(unittest.TestCase):
    def test_verdicts_stay(self):
        captures = tshark.captures()
        found = tshark.in_parallel(lambda capture: list(differences(capture)), captures)
        problems = [problem for each in found for problem in each]
        self.assertEqual(problems, [], "\n".join(problems))


if __name__ == "__main__":
    unittest.main()
