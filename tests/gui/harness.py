# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests of the window share.  Import it first: it starts the test again, unprivileged."""
import functools
import pathlib
import re
import sys
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "packaging"))

from drive import session

session.enter()

from drive import tshark
from drive.accessible import NotSeen, until
from drive.wireshark import Wireshark

MARK = re.compile(r"^\[abort: \w+\](?: \[[^]]*\])?")


def capture(name):
    return TOP / "captures" / f"{name}.pcap"


def told(path):
    """Frame to what tshark -2 puts before its Info."""
    info = tshark.info_column(path, two_pass=True)
    return {frame: MARK.search(text).group() for frame, text in info.items() if MARK.search(text)}


@functools.lru_cache(None)
def labels():
    """What the tree calls each of our fields."""
    lines = (line.split("\t") for line in tshark.run("tshark", "-G", "fields").stdout.splitlines())
    return {parts[2]: parts[1] for parts in lines
            if parts[0] == "F" and parts[2].startswith("tcp.abort.")}


def row(field):
    """A pattern for the row of the tree that shows the field."""
    return rf"\[?{re.escape(labels()[field])}\b.*"


class Window(unittest.TestCase):
    """One Wireshark for all tests of a class."""
    maxDiff = None
    options = {}

    @classmethod
    def capture(cls):
        return capture("several")

    @classmethod
    def setUpClass(cls):
        cls.wireshark = Wireshark(cls.capture(), **cls.options)
        cls.addClassCleanup(cls.wireshark.close)

    def marks(self):
        """Frame to what we put before its Info, in the packet list."""
        found = {}
        for packet in self.wireshark.packets("No.", "Info"):
            mark = MARK.search(packet["Info"])
            if mark:
                found[int(packet["No."])] = mark.group()
        return found

    def expect(self, ask, wanted):
        """Wait until ask() says what is wanted; else show what it says."""
        try:
            until(lambda: ask() == wanted, "")
        except NotSeen:
            self.assertEqual(ask(), wanted)
