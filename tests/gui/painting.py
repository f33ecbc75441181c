#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The profile "TCP Aborts": its columns, its colours on the screen, its buttons."""
import re
import unittest

from harness import Window, tshark, until

PROFILE = tshark.plugins().parent / "packaging" / "profiles" / "TCP Aborts"


def painted():
    """Name of a colour rule to the ground it paints, as #rrggbb."""
    rules = re.findall(r"^@([^@]*)@.*@\[(\d+),(\d+),(\d+)\]\[",
                       (PROFILE / "colorfilters").read_text(), re.M)
    return {name: "#" + "".join(f"{int(part) >> 8:02x}" for part in parts)
            for name, *parts in rules}


class Painting(Window):
    options = {"size": (1500, 1000), "profile": PROFILE}

    def test_columns(self):
        found = {int(packet["No."]): (packet["Cause"], packet["Confidence"], packet["Ended by"])
                 for packet in self.wireshark.packets() if packet["Cause"]}
        self.assertEqual(list(found), list(self.marks()))
        self.assertEqual(found[2], ("refused", "certain", "server"))
        self.assertEqual(found[91][0::2], ("keepalive_timeout", "client"))

    def test_colours(self):
        """A family has its own; a harmless reset is not in the colours of alarm."""
        window, rules = self.wireshark, painted()
        window.filter("tcp.abort")
        until(lambda: len(window.packets()) < 30, "the aborts only")
        window.settle()
        ours = {rule: colour for rule, colour in rules.items() if rule.startswith("TCP Abort: ")}
        self.assertNotIn(rules["TCP RST"], ours.values())
        self.assertEqual(window.colour(29), ours["TCP Abort: Nobody home"])
        self.assertEqual(window.colour(25), ours["TCP Abort: Broken off"])
        self.assertEqual(window.colour(91), ours["TCP Abort: Silence"])
        self.assertEqual(window.colour(68), ours["TCP Abort: Harmless"])
        self.assertEqual(window.colour(47), ours["TCP Abort: Harmless"])

    def test_button(self):
        window = self.wireshark
        window.filter("")
        until(lambda: len(window.packets()) == 102, "all packets")
        window.click(window.see("(push )?button", "Harmful aborts"))
        until(lambda: 0 < len(window.packets()) < 102, "fewer packets")
        shown = {packet["Cause"] for packet in window.packets()}
        self.assertIn("crash", shown)
        self.assertFalse({"fast_close", "after_close", ""} & shown)


if __name__ == "__main__":
    unittest.main()
