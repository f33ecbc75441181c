#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The tests that the series for Wireshark brings along pass, for this plugin in this tshark."""
import functools
import importlib.util
import pathlib
import subprocess
import sys
import tempfile
import types
import unittest

import places  # noqa: F401 (it says where drive is)

from drive import tshark

TREE = pathlib.Path(tempfile.mkdtemp(dir=tshark.workplace()))


def suite():
    """Wireshark's suite gives a test programs, captures and an environment; so does this."""
    (TREE / "test/captures").mkdir(parents=True)
    (TREE / "CMakeLists.txt").write_text(
        "set(PROJECT_MAJOR_VERSION 4)\nset(PROJECT_MINOR_VERSION 6)\n\tsuite_sharkd\n")
    subprocess.run([sys.executable, "-B", tshark.TOP / "packaging/ship/series/lay.py", TREE,
                    "tests"], check=True, stdout=subprocess.DEVNULL)
    spec = importlib.util.spec_from_file_location("suite", TREE / "test/suite_tcp_abort.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    who = {**tshark.identity(), "cwd": "/"}
    module.subprocess = types.SimpleNamespace(
        DEVNULL=subprocess.DEVNULL, run=functools.partial(subprocess.run, **who),
        check_output=functools.partial(subprocess.check_output, **who))
    return module


def capture_file(name):
    return str(tshark.readable(TREE / "test/captures" / name))


class Upstream(unittest.TestCase):
    def test_suite(self):
        module = suite()
        self.assertGreater(len(module.VERDICTS), 9)
        tests = [name for name in dir(module.TestTcpAbort) if name.startswith("test_")]
        self.assertGreater(len(tests), 3)
        for name in tests:
            with self.subTest(name):
                getattr(module.TestTcpAbort(), name)("tshark", capture_file, tshark.environment())


if __name__ == "__main__":
    unittest.main()
