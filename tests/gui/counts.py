#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Statistics > TCP > Aborts, Statistics > TCP Abort Endpoints, and the flow graph."""
import re
import unittest

from harness import Window, capture, tshark, until


def printed(*tap):
    """The lines of tshark -z."""
    return tshark.tshark("-2", "-r", tshark.readable(capture("several")), "-q", "-z",
                         ",".join(tap)).splitlines()


class Statistics(Window):
    options = {"size": (1280, 1000)}

    def test_aborts(self):
        """What stands in the tree, opened to its leaves, is what tshark counts."""
        wanted = [re.match(r" *(\S.*?) {2,}(\d+) ", line) for line in printed("tcp_abort", "tree")]
        wanted = sorted(match.groups() for match in wanted if match)
        self.assertIn(("refused", "2"), wanted)
        with self.wireshark.dialog(".*Aborts", "Statistics", "TCP", "Aborts") as dialog:
            tree = until(lambda: dialog.seek("tree", ""), "a tree")
            self.wireshark.click(tree.grid()[1][0])
            self.wireshark.press("asterisk")
            self.expect(lambda: sorted((line["Topic / Item"], line["Count"])
                                       for line in tree.table()), wanted)

    def test_endpoints(self):
        with self.wireshark.dialog("TCP Abort Endpoints", "Statistics",
                                   "TCP Abort Endpoints") as dialog:
            tree = until(lambda: dialog.seek("tree", ""), "a tree")
            until(lambda: len(tree.table()) > 1, "rows")
            shown = {" ".join(" ".join(line.values()).split()) for line in tree.table()}
        lines = {re.sub(r"[ \t|]+", " ", line).strip()
                 for line in printed("tcp_abort", "stat")}
        self.assertTrue(any(line.startswith("2 198.51.100.20:80 server 6 7 ") for line in shown), shown)
        self.assertLessEqual(shown, lines)

    def test_flow_graph(self):
        """It is a drawing: what it exports as text is read."""
        window = self.wireshark
        graph = window.config / "graph.txt"
        with window.dialog("Flow", "Statistics", "Flow Graph") as dialog:
            window.choose(dialog.seek("combo box", "All Flows"), "TCP A")
            until(lambda: not dialog.seek("label", r"\d+ node.*, 102 item.*"), "fewer packets")
            window.click(dialog.seek("push button|button", "Export"))
            save = window.see("dialog", ".*Save Graph As.*")
            window.choose(save.seek("combo box", "Portable Document.*"), "ASCII")
            window.click(save.seek("text", "File name:"))
            window.press("ctrl+a")
            window.type(graph)
            window.press("Return")
            until(lambda: graph.exists() and graph.read_text(), f"{graph}")
        lines = graph.read_text().splitlines()
        self.assertIn("RST: refused", lines[4])
        self.assertEqual(lines, printed("flow", "tcp_abort", "network"))


if __name__ == "__main__":
    unittest.main()
