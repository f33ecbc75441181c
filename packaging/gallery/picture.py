#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Pictures Wireshark with one frame selected and the tree of its abort unfolded.

usage: picture.py CAPTURE FRAME OUT.png [DISPLAY-FILTER]
"""
import hashlib
import pathlib
import struct
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from drive import session

session.enter()

from drive.wireshark import Wireshark, until

WIDTH = 1280
TALLEST = 1400
HEADER = 33  # bytes of a PNG: its signature and the chunk IHDR
ROWS = 12  # of the packet list
MARGIN = 4
SPLITTER = 6
SCROLL_BAR = 16
COLUMNS = "column.width: %m, 50, %t, 80, %s, 110, %d, 110, %p, 70, %L, 55, %i, 770\n"


def unfold(window):
    """All of our tree but the expert info, which repeats its summary."""
    tree = window.unfold(r"\[?TCP Abort: .*")
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
    wanted = top + upper + SPLITTER - 2

    def dragged():
        if abs(details.extents[1] - wanted) > 1:
            window.drag(WIDTH // 2, details.extents[1] - 2, wanted - 2)
        return abs(details.extents[1] - wanted) <= 1

    until(dragged, "the panes in their places")


def note(picture, key, text):
    """In a chunk of text behind the header; it tells later what is pictured."""
    path = pathlib.Path(picture)
    png = path.read_bytes()
    chunk = f"tEXt{key}\0{text}".encode("latin-1")
    path.write_bytes(png[:HEADER] + struct.pack(">I", len(chunk) - 4) + chunk +
                     struct.pack(">I", zlib.crc32(chunk)) + png[HEADER:])


def main():
    _, capture, frame, out, *display = sys.argv
    arguments = ["-Y", display[0]] if display else []
    with Wireshark(capture, *arguments, size=(WIDTH, TALLEST),
                   recent="gui.statusbar_show: FALSE\n" + COLUMNS) as window:
        window.go_to(frame)
        unfold(window)
        fit(window)
        shown = window.details()
        window.press("ctrl+Up", "ctrl+Down")  # the selected row comes into view
        window.settle()
        until(lambda: window.details() == shown, "the same frame again")
        window.picture(out)
    note(out, "Capture", hashlib.sha256(pathlib.Path(capture).read_bytes()).hexdigest())


main()
