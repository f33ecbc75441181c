#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The commands of the READMEs do what they are there for."""
import pathlib
import shlex
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "harness"))

import tshark


def commands():
    """Every tshark of an indented line, without its comment."""
    for readme in sorted(tshark.TOP.glob("README*.md")):
        for line in readme.read_text().splitlines():
            if line.startswith("    tshark "):
                yield readme.name, shlex.split(line, comments=True)[1:]


class Readme(unittest.TestCase):
    def test_commands_print_something(self):
        capture = str(tshark.readable(tshark.TOP / "captures" / "several.pcap"))
        for readme, arguments in commands():
            with self.subTest(readme, command=arguments):
                self.assertIn("CAPTURE", arguments)
                place = arguments.index("CAPTURE")
                arguments[place] = capture
                printed = tshark.tshark(*arguments)
                self.assertTrue(printed.strip())
                self.assertIn("abort", printed.lower())


if __name__ == "__main__":
    unittest.main()
