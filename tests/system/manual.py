#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The manual page tcp-abort(7), installed: well-formed, complete, and true."""
import re
import shlex
import subprocess
import unittest

import places

import derived
from drive import tshark


def page():
    return derived.installation() / "share" / "man" / "man7" / "tcp-abort.7"


def plain():
    """The source, with its escapes resolved."""
    text = page().read_text().replace("\\-", "-").replace("\\(aq", "'").replace("\\(dq", '"')
    return re.sub(r"\\f[BIR]", "", text)


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

    def test_it_names_every_field_and_no_other(self):
        printed = tshark.run("tshark", "-G", "fields").stdout
        known = set(re.findall(r"\t(tcp\.abort[.\w]*)\t", printed))
        experts = {f"tcp.abort.{cause}" for cause in tshark.words("tcp.abort.cause").values()}
        named = set(re.findall(r"\btcp\.abort(?:\.[a-z_]+)*", plain()))
        self.assertLessEqual(named, known)
        self.assertEqual(known - named - experts, set())

    def test_it_names_every_preference_and_no_other(self):
        printed = tshark.run("tshark", "-G", "defaultprefs").stdout
        self.assertEqual(set(re.findall(r"(?m)^#(tcp_abort\.\w+):", printed)),
                         set(re.findall(r"\btcp_abort\.\w+", plain())))

    def test_it_names_every_statistic_and_no_other(self):
        done = tshark.run("tshark", "-z", "help")
        known = re.findall(r"(?m)^ +((?:flow,)?tcp_abort\S*)$", done.stdout + done.stderr)
        named = re.findall(r"flow,tcp_abort|\btcp_abort,\w+", plain())
        self.assertEqual(set(known), set(named))

    def test_its_examples_print_something(self):
        capture = str(tshark.readable(tshark.TOP / "captures" / "several.pcap"))
        examples = [shlex.split(line) for line in re.findall(r"(?m)^\.B tshark (.*)$", plain())
                    if "capture.pcap" in line]
        self.assertGreater(len(examples), 3)
        for example in examples:
            with self.subTest(example):
                arguments = [capture if word == "capture.pcap" else word for word in example]
                self.assertTrue(tshark.tshark(*arguments).strip())


if __name__ == "__main__":
    unittest.main()
