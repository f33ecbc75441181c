#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Pictures Wireshark with one frame selected and the tree of its abort unfolded.

usage: picture.py CAPTURE FRAME OUT.png [DISPLAY-FILTER]
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from gui import session

session.enter()

from gui.wireshark import Wireshark, until

WIDTH = 1280
TALLEST = 1400
ROWS = 14  # of the packet list
MARGIN = 4
SPLITTER = 6
SCROLL_BAR = 16
PREFERENCES = "tcp.ignore_tcp_timestamps: TRUE\n"  # in the Info column
COLUMNS = "column.width: %m, 50, %t, 80, %s, 110, %d, 110, %p, 70, %L, 55, %i, 770\n"


def unfold(window):
    """All of our tree but the expert info, which repeats its summary."""
    tree = window.detail(r"\[?TCP Abort: .*")
    window.click(tree)
    window.press("shift+Right")
    window.click(window.detail(r"\[?Expert Info .*"))
    window.press("Left")
    window.click(tree)
    until(lambda: window.details()[-1].lstrip("[").startswith("Expert Info"), "the tree unfolded")


def fit(window):
    """Panes as high as what they show, one above the other."""
    packets, details = window.see("tree", "Packet list"), window.see("tree", "Packet details")
    _, top, _, _ = packets.extents
    *_, row = packets.children[-1].extents
    *_, head = packets.children[0].extents
    count = min(ROWS, len(window.packets()))
    upper = head + count * row + MARGIN
    lower = len(window.details()) * row + 2 * MARGIN
    *_, wide, _ = details.children[0].extents
    if wide > WIDTH:
        lower += SCROLL_BAR
    window.resize(WIDTH, top + upper + SPLITTER + lower)
    window.drag(WIDTH // 2, details.extents[1] - 2, top + upper + 2)


def main():
    _, capture, frame, out, *display = sys.argv
    arguments = ["-Y", display[0]] if display else []
    with Wireshark(capture, *arguments, size=(WIDTH, TALLEST), preferences=PREFERENCES,
                   recent="gui.statusbar_show: FALSE\n" + COLUMNS) as window:
        window.go_to(frame)
        unfold(window)
        fit(window)
        window.go_to(frame)
        window.settle()
        window.picture(out)


main()
