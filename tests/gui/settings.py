#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Edit > Preferences > Protocols: what is changed there holds at once."""
import contextlib
import unittest

from harness import Window, until

HARMLESS = ("fast_close", "after_close")


class Settings(Window):
    options = {"size": (1280, 1000)}

    @contextlib.contextmanager
    def page(self, ours):
        """Our page, or that of TCP above it; closed with OK."""
        window = self.wireshark
        window.menu("Edit", "Preferences…")
        dialog = window.see("dialog", "Wireshark · Preferences")
        splitter, *_ = dialog.children
        tree = next(child for child in splitter.children if child.role == "tree")
        window.settle()
        window.type("Protocols")
        window.settle()
        window.press("Right")
        until(lambda: len(tree.children) > 100, "the protocols")
        window.settle()
        window.type("TCP")
        until(lambda: dialog.seek("label", "Transmission Control Protocol", "showing"), "TCP")
        if ours:
            window.press("Down")
            until(lambda: dialog.seek("label", "TCP Abort", "showing"), "our page")
        yield dialog
        window.click(dialog.seek("push button|button", "OK"))
        window.x("windowfocus", window.window)  # no window manager gives it back

    def toggle(self, dialog, name):
        self.wireshark.click(until(lambda: dialog.seek("check box", name, "showing"), name))

    def test_harmless_in_info(self):
        before = self.marks()
        wanted = {frame: mark for frame, mark in before.items()
                  if not any(word in mark for word in HARMLESS)}
        self.assertLess(len(wanted), len(before))
        for expected in (wanted, before):
            with self.page(ours=True) as dialog:
                self.toggle(dialog, "Show harmless verdicts in the Info column")
            self.expect(self.marks, expected)

    def test_language(self):
        """What is shown changes, with the names of the fields."""
        window = self.wireshark
        window.go_to(2)
        for before, key, title, cause in (
                ("As the locale", "End", "连接被拒绝（确定）", "原因: refused（连接被拒绝）"),
                ("中文", "Home", r"Connection refused \(certain\)", "Cause: refused")):
            with self.page(ours=True) as dialog:
                window.click(until(lambda: dialog.seek("combo box", before, "showing"), before))
                window.settle()
                window.press(key, "Return")
            window.unfold(rf"\[TCP Abort: {title}\]")
            window.detail(rf"\[{cause}\]")

    def test_of_another_dissector(self):
        """All is judged again, and alike."""
        def info():
            return self.wireshark.packets()[3]["Info"]

        before, marks = info(), self.marks()
        self.assertTrue(marks)
        for _ in range(2):
            with self.page(ours=False) as dialog:
                self.toggle(dialog, "Relative sequence numbers.*")
            until(lambda: (info() != before) != bool(_), "other numbers, then those again")
            self.expect(self.marks, marks)

    def test_out_of_range(self):
        with self.page(ours=True) as dialog:
            field = until(lambda: dialog.seek("text", ".*", "showing"), "a field")
            self.wireshark.click(field)
            self.wireshark.press("ctrl+a")
            self.wireshark.type("0")
        label = until(lambda: self.wireshark.root.seek("label", ".*idle threshold of 0 s.*",
                                                       "showing"), "a message")
        self.assertIn("1 to 604800", label.name)


if __name__ == "__main__":
    unittest.main()
