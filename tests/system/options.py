#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The scripts of packaging/ tell what they do before they install or build anything."""
import os
import subprocess
import unittest

import places

from drive import tshark

ALL = ("bulk", "check", "fuzz", "machines", "matrix", "package", "ship/dlls", "test", "try")


def run(script, *words):
    """Where dpkg-query and cmake are missed, nothing can be installed or built unseen."""
    empty = tshark.workplace() / "bin"
    empty.mkdir(exist_ok=True)
    for program in "dpkg-query", "cmake", "apt-get", "sudo":
        (empty / program).write_text("#!/bin/sh\necho work has begun\nexit 1\n")
        (empty / program).chmod(0o755)
    done = subprocess.run([tshark.TOP / "packaging" / script, *words], cwd="/", text=True,
                          env={**os.environ, "PATH": f"{empty}:{os.environ['PATH']}"},
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    return done.returncode, done.stdout


class Options(unittest.TestCase):
    def test_help(self):
        for script in ALL:
            for word in "-h", "--help":
                with self.subTest(f"{script} {word}"):
                    status, said = run(script, word)
                    self.assertEqual(status, 0)
                    self.assertIn("usage:", said)
                    self.assertNotIn("work has begun", said)

    def test_the_tests_say_how_long_they_take(self):
        self.assertRegex(run("test", "-h")[1], "half an\n?.?hour(.|\n)*--quick(.|\n)* 5 minutes")

    def test_a_typo(self):
        for script in "fuzz", "machines", "matrix", "package", "ship/dlls", "test":
            for words in (["--hlep"], ["crash"]):
                with self.subTest(f"{script} {words}"):
                    status, said = run(script, *words)
                    self.assertEqual(status, 1)
                    self.assertIn(words[0] if script != "package" else "usage", said)
                    self.assertNotIn("work has begun", said)
        self.assertEqual(run("test", "-R")[1], "test: -R needs a value\n")

    def test_what_is_spelled_right_begins(self):
        self.assertIn("work has begun", run("test", "--quick", "-R", "crash")[1])


if __name__ == "__main__":
    unittest.main()
