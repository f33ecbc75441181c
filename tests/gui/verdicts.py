#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The window says of each abort what tshark -2 says, whatever is done to it."""
import unittest

from harness import Window, capture, row, told, tshark, until


def tree(name, frame):
    """Our tree of that frame as tshark -2 prints it, a row each."""
    printed = tshark.tshark("-2", "-r", tshark.readable(capture(name)), "-O", "tcp.abort",
                            "-Y", f"frame.number=={frame}")
    *_, ours = printed.partition("TCP Abort:")
    return [line.strip() for line in ("[TCP Abort:" + ours).splitlines() if line.strip()]


class Verdicts(Window):
    options = {"size": (1280, 1300)}

    def test_packet_list(self):
        self.assertIn("refused", self.marks()[2])
        self.assertEqual(self.marks(), told(self.capture()))

    def test_tree(self):
        window = self.wireshark
        window.go_to(2)
        window.unfold(r"\[TCP Abort: .*")
        window.detail(r"\[Summary: The server 198\.51\.100\.20:80 refused the connection\. .*")
        shown = window.details()
        self.assertEqual(shown[shown.index("[TCP Abort: Connection refused (certain)]"):],
                         tree("several", 2))

    def test_links(self):
        """From the reset to the segment it answers, and back."""
        window = self.wireshark
        window.go_to(2)
        window.unfold(r"\[TCP Abort: .*")
        window.click(window.detail(row("tcp.abort.trigger")), repeat=2)
        self.expect(lambda: window.details()[0].split(":")[0], "Frame 1")
        window.unfold(r"\[TCP Abort.*")
        window.click(window.detail(row("tcp.abort.reset")), repeat=2)
        self.expect(lambda: window.details()[0].split(":")[0], "Frame 2")

    def test_filter(self):
        wanted = {frame: mark for frame, mark in told(self.capture()).items() if "crash" in mark}
        self.assertTrue(wanted)
        self.wireshark.filter("tcp.abort.cause==crash")
        self.expect(lambda: [int(packet["No."]) for packet in self.wireshark.packets("No.")],
                    sorted(wanted))
        self.assertEqual(self.marks(), wanted)
        self.wireshark.filter("")
        self.expect(self.marks, told(self.capture()))

    def test_reload(self):
        self.wireshark.press("ctrl+r")
        self.wireshark.settle()
        self.expect(self.marks, told(self.capture()))

    def test_ignored_packet(self):
        """It matters to its own conversation only; afterwards all is as before."""
        window = self.wireshark

        def others():
            return {frame: mark for frame, mark in self.marks().items() if frame > 2}

        wanted = {frame: mark for frame, mark in told(self.capture()).items() if frame > 2}
        window.go_to(2)
        window.press("ctrl+d")
        until(lambda: "<Ignored>" in window.packets()[1]["Info"], "frame 2 ignored")
        self.expect(others, wanted)
        window.press("ctrl+d")
        self.expect(self.marks, told(self.capture()))


if __name__ == "__main__":
    unittest.main()
