#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""tests/new-case: a stream of any capture becomes a test, and nothing in it is somebody's."""
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import places

import native
from drive import tshark

CAPTURES = tshark.TOP / "captures"
PROGRAM = tshark.TOP / "tests" / "new-case"


class NewCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def make(self, capture, *arguments, status=0):
        done = subprocess.run([sys.executable, "-B", PROGRAM, CAPTURES / f"{capture}.pcap",
                               *map(str, arguments), "--into", self.folder], text=True,
                              capture_output=True, check=False)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stdout + done.stderr

    def made(self):
        path, = self.folder.glob("*.pcap")
        row, = map(json.loads, (self.folder / "MANIFEST.jsonl").read_text().splitlines())
        self.assertEqual(row["sha256"], hashlib.sha256(path.read_bytes()).hexdigest())
        return path, row

    def test_the_verdict_is_as_it_was_and_its_row_says_so(self):
        for capture, stream, cause in (("several", 1, "crash"), ("cut-tls13-chunked", 0, "crash"),
                                       ("keepalive-client-ipv6", 0, "keepalive_timeout")):
            with self.subTest(capture):
                self.make(capture, stream)
                path, row = self.made()
                rows = native.rows([path])[path]
                first = min(rows)
                self.assertEqual(rows[first]["tcp.abort.cause.name"], cause)
                reset = row["streams"][0]["resets"][0]
                self.assertEqual((reset["frames"][0], reset["cause"]), (first, cause))
                self.assertTrue(path.name.startswith(cause.replace("_", "-") + "-reported-1"))
                for stray in self.folder.iterdir():
                    stray.unlink()

    def test_nothing_is_left_that_the_verdict_does_not_rest_on(self):
        said = self.make("cut-chunked")
        path, _ = self.made()
        data = path.read_bytes()
        self.assertIn(b"Transfer-Encoding: chunked", data)
        for private in (b"nginx", b"curl/", b"198.51.100.20", b"/composed"):
            self.assertFalse(private in data, private)
        self.assertIn("look at it", said)
        times = tshark.tshark("-r", tshark.readable(path), "-T", "fields", "-e", "frame.time_epoch")
        self.assertEqual(times.splitlines()[0], "946684800.000000000")
        problems = tshark.tshark("-r", tshark.readable(path), "-o", "tcp.check_checksum:TRUE", "-Y",
                                 "tcp.checksum.status==0 || ip.checksum.status==0")
        self.assertEqual(problems, "")

    def test_what_cannot_be_done_gets_an_answer(self):
        self.assertIn("which stream? 0 (refused), 1 (crash)", self.make("several", status=1))
        self.assertIn("none is aborted", self.make("clean-fin", status=1))
        self.assertIn("nothing is said", self.make("clean-fin", 0, status=1))
        self.assertIn("a name is made of", self.make("several", 1, "--name", "A b", status=2))
        self.make("several", 1, "--name", "mine")
        self.assertIn("there is a", self.make("several", 1, "--name", "mine", status=1))
        self.assertIn("has no frames", self.make("several", 99, status=1))


if __name__ == "__main__":
    unittest.main()
