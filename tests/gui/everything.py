#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""All captures in one: the window judges as tshark -2 does, each time it reads them anew."""
import unittest

from harness import Window, told, tshark, until


class Everything(Window):
    @classmethod
    def capture(cls):
        path = tshark.workplace() / "everything.pcapng"
        if not path.exists():
            tshark.run("mergecap", "-a", "-F", "pcapng", "-w", path,
                       *map(tshark.readable, tshark.captures())).check_returncode()
        return path

    def test_everything(self):
        window, wanted = self.wireshark, told(self.capture())
        self.assertGreater(len(wanted), 100)
        self.expect(self.marks, wanted)
        window.press("ctrl+r")
        window.settle()
        self.expect(self.marks, wanted)

        # What is ignored and not ignored any more is read anew, as after a change of preferences.
        first = min(wanted)
        window.go_to(first)
        for ignored in (True, False):
            window.press("ctrl+d")
            until(lambda: ("<Ignored>" in window.row(first)[-1].name) == ignored, "frame read anew")
        self.expect(self.marks, wanted)

        window.filter("tcp.abort.cause")
        self.expect(lambda: [int(packet["No."]) for packet in window.packets("No.")],
                    sorted(wanted))
        self.assertEqual(self.marks(), wanted)


if __name__ == "__main__":
    unittest.main()
