#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The manual page tcp-abort(7), installed: well-formed, complete, and true."""
import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "harness"))

import derived
import tshark


def page():
    return derived.installation() / "share" / "man" / "man7" / "tcp-abort.7"


def mandoc(*arguments):
    return subprocess.run(["mandoc", *arguments, page()], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, encoding="utf-8")


class Manual(unittest.TestCase):
    def test_mandoc_has_nothing_to_say(self):
        done = mandoc("-Tlint")
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_it_is_complete(self):
        text = re.sub(r"(.)\x08\1|_\x08", r"\1", mandoc("-Tascii").stdout)
        for cause in tshark.words("tcp.abort.cause").values():
            self.assertRegex(text, rf"(?m)^ +{cause}: ")
        for detail in tshark.words("tcp.abort.detail").values():
            self.assertIn(f" {detail}: ", text)

    def test_no_template_is_left(self):
        causes = re.search(r"(?s)^\.SH CAUSES$(.*?)^\.SH", page().read_text(), re.M).group(1)
        self.assertNotRegex(causes, r"[][{}]")

    def test_it_names_fields_that_exist(self):
        text = page().read_text().replace("\\-", "-")
        printed = tshark.run("tshark", "-G", "fields").stdout
        known = set(re.findall(r"\t(tcp\.abort[.\w]*)\t", printed))
        named = set(re.findall(r"\btcp\.abort(?:\.[a-z_]+)+", text))
        self.assertTrue(named)
        self.assertLessEqual(named, known)


if __name__ == "__main__":
    unittest.main()
