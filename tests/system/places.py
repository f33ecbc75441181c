# SPDX-License-Identifier: GPL-2.0-or-later
"""Where these tests find what they share: tests/harness, and what drives Wireshark's programs.

Each of them imports it before anything else of the project, and needs no more of it than that.
"""
import pathlib
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / "tests" / "harness"), str(TOP / "packaging")]
