#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The commands of the READMEs do what they are there for."""
import re
import shlex
import unittest

import places

from drive import tshark


READMES = sorted(tshark.TOP.glob("README*.md"))


def commands(readme, program):
    """The arguments of every such program on an indented line: no comment, no redirection."""
    for line in readme.read_text(encoding="utf-8").splitlines():
        if line.startswith(f"    {program} "):
            words = shlex.split(line, comments=True)[1:]
            yield [word for word in words if not word.startswith(">")]


class Readme(unittest.TestCase):
    def test_commands_print_something(self):
        capture = str(tshark.readable(tshark.TOP / "captures" / "several.pcap"))
        for command in commands(READMES[0], "tshark"):
            with self.subTest(command=command):
                arguments = [capture if word == "CAPTURE" else word for word in command]
                self.assertIn(capture, arguments)
                self.assertIn("abort", tshark.tshark(*arguments).lower())

    def test_every_language_gives_the_same_commands(self):
        self.assertGreater(len(READMES), 1)
        for program in "tshark", "wireshark", "cmake":
            found = {str(list(commands(readme, program))) for readme in READMES}
            self.assertEqual(len(found), 1, found)
            self.assertNotEqual(found, {"[]"}, program)

    def test_every_language_has_the_same_sections(self):
        shapes = {" ".join(re.findall(r"(?m)^(?:#+|-|    \S+)(?=[ :])",
                                      readme.read_text(encoding="utf-8"))) for readme in READMES}
        self.assertEqual(len(shapes), 1, shapes)

    def test_links_lead_somewhere(self):
        for readme in READMES:
            for place in re.findall(r"\]\(([^)#]+)\)", readme.read_text(encoding="utf-8")):
                with self.subTest(readme.name, link=place):
                    self.assertTrue((tshark.TOP / place).exists())


if __name__ == "__main__":
    unittest.main()
