#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Tools > TCP Abort, Statistics > TCP Abort Incidents, Conversation Filter > TCP Abort."""
import unittest

from harness import Window, tshark, until

GOLDEN = tshark.TOP / "tests" / "golden"


class Menus(Window):
    options = {"size": (1280, 1000)}

    def frames(self):
        return [int(packet["No."]) for packet in self.wireshark.packets("No.")]

    def tearDown(self):
        self.wireshark.filter("")
        until(lambda: len(self.frames()) == 102, "all packets")

    def test_harmful(self):
        every = self.marks()
        wanted = [frame for frame, mark in every.items()
                  if not any(word in mark for word in ("fast_close", "after_close"))]
        self.assertLess(len(wanted), len(every))
        self.wireshark.menu("Tools", "TCP Abort", "Harmful Aborts")
        self.expect(self.frames, wanted)

    def test_all(self):
        wanted = list(self.marks())
        self.assertIn(2, wanted)
        self.wireshark.menu("Tools", "TCP Abort", "All Aborts")
        self.expect(self.frames, wanted)

    def test_about(self):
        with self.wireshark.dialog("About TCP Abort", "Tools", "TCP Abort",
                                   "About TCP Abort") as dialog:
            text = dialog.seek("text", "").text
        self.assertIn("tcp.abort.cause==stale_reuse", text)
        self.assertIn("tcp-abort(7)", text)

    def test_incidents(self):
        with self.wireshark.dialog("TCP Abort: Incidents", "Statistics",
                                   "TCP Abort Incidents") as dialog:
            text = dialog.seek("text", "").text
        self.assertEqual(text, (GOLDEN / "several.incidents.md").read_text(encoding="utf-8"))

    def test_report_of_what_is_displayed(self):
        self.wireshark.filter("tcp.stream == 2")
        self.expect(self.frames, [28, 29])
        with self.wireshark.dialog("TCP Abort: Report", "Tools", "TCP Abort", "Report") as dialog:
            text = dialog.seek("text", "").text
        self.assertIn("1 abort, 0 of them harmless.", text)
        self.assertIn("## Frame 29: Connection refused (certain)", text)

    def test_conversation_filter(self):
        """By the right button; frame 29 and what it refuses are a conversation of two."""
        window = self.wireshark
        window.go_to(29)
        window.click(window.row(29)[-1], button=3)
        window.settle()
        # AT-SPI does not tell what a context menu holds: down to the entry, and to its last.
        window.press(*["Down"] * 9, "Right", "Up", "Return")
        self.expect(self.frames, [28, 29])
        self.assertEqual(window.filtered, "tcp.stream eq 2")

    def test_conversation_filter_in_the_menus(self):
        window = self.wireshark
        window.go_to(29)
        window.menu("Analyze", "Conversation Filter", "TCP Abort")
        self.expect(self.frames, [28, 29])

    def test_no_conversation_filter(self):
        """Frame 102 ends a conversation that was not aborted."""
        window = self.wireshark
        window.go_to(29)
        self.assertTrue(window.entry("Conversation Filter", "TCP Abort").has("enabled"))
        window.go_to(102)
        self.assertFalse(window.entry("Conversation Filter", "TCP Abort").has("enabled"))


if __name__ == "__main__":
    unittest.main()
