#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What tshark -z prints: report, picture, statistics, table, flow graph.

golden/several.<name> is what each prints of captures/several.pcap; `surfaces.py --update` rewrites
them.  Versions of Wireshark differ in the frame around a statistic, which is left out.
"""
import pathlib
import re
import sys
import tempfile
import unittest
import xml.etree.ElementTree

import places

import rendering
import traffic
from drive import tshark

GOLDEN = tshark.TOP / "tests" / "golden"
CAPTURES = tshark.TOP / "captures"
SEVERAL = CAPTURES / "several.pcap"
ROWS_MAX = 1000  # of report.c
NAMES_MAX = 1000  # of count_tree.c
STATISTICS = {
    "report.md": "tcp_abort,report",
    "incidents.md": "tcp_abort,incidents",
    "ladder.svg": "tcp_abort,ladder,1",
    "tree": "tcp_abort,tree",
    "stat": "tcp_abort,stat",
    "flow": "flow,tcp_abort,network",
}
HOSTILE = r"""# SPDX-License-Identifier: GPL-2.0-or-later
expect fast_close <=certain
+0.000     A  S   0:0(0)     win 64240
+0.010     B  S.  0:0(0)     ack 1 win 65160
+0.000100  A  .   1:1(0)     ack 1 win 502
+0.010     A  P.  1:28(27)   ack 1 data "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
+0.002     B  R.  1:100(99)  ack 28 data "` | x | <img src=x> [a](b) @all #1 ``` </text></svg>\n# end  "
"""
# An answer whose line is too long, and of which not all is drawn; a request whose query is secret.
QUOTED = r"""# SPDX-License-Identifier: GPL-2.0-or-later
expect unknown <=certain
+0.000     A  S   0:0(0)     win 64240
+0.010     B  S.  0:0(0)     ack 1 win 65160
+0.000100  A  .   1:1(0)             ack 1 win 502
+0.010     A  P.  1:33(32)           ack 1 data "GET /first HTTP/1.1\r\nHost: a\r\n\r\n"
+0.002     B  P.  1:90(89)           ack 33 data "HTTP/1.1 200 \x01 reason that is longer than there is room for it\r\nContent-Length: 99999\r\n\r\n"
+0.001     B  .   90:1090(1000)      ack 33
+0.001     B  .   1090:2090(1000)    ack 33
+0.001     B  .   2090:3090(1000)    ack 33
+0.001     B  .   3090:4090(1000)    ack 33
+0.001     B  .   4090:5090(1000)    ack 33
+0.001     B  .   5090:6090(1000)    ack 33
+0.001     B  .   6090:7090(1000)    ack 33
+0.001     B  .   7090:8090(1000)    ack 33
+0.001     B  .   8090:9090(1000)    ack 33
+0.001     B  .   9090:10090(1000)   ack 33
+0.001     B  .   10090:11090(1000)  ack 33
+0.001     A  P.  33:74(41)          ack 11090 data "POST /pay?card=4111 HTTP/1.1\r\nHost: a\r\n\r\n"
+0.002     B  R.  11090:11090(0)     ack 74
"""


def statistic(name, capture, *arguments, two_pass=True):
    """What -z prints of the capture."""
    return tshark.tshark(*(["-2"] if two_pass else []), "-q", "-r", tshark.readable(capture),
                         "-z", name, *arguments)


def normal(printed):
    """Without the frame, whose width and title belong to Wireshark's version."""
    lines = (re.sub(r" +$", "", line) for line in printed.splitlines())
    return "".join(f"{line}\n" for line in lines
                   if line and not line.startswith("====") and not re.match(r"TCP ?/ ?Aborts:", line))


def shown(file, name, **options):
    printed = statistic(name, SEVERAL, **options)
    printed = re.sub(r"^TCP Abort \S+, Wireshark \S+\.$", "TCP Abort VERSION, Wireshark VERSION.",
                     printed, flags=re.M)
    return printed if "." in file else normal(printed)


def verdicts(capture):
    return tshark.rows(capture, ["frame.number", "tcp.stream", "tcp.abort.cause.name",
                                 "tcp.abort.harmless", "tcp.abort.repeat_of"])


class Surfaces(unittest.TestCase):
    maxDiff = None

    def test_each_is_as_it_was_when_somebody_looked(self):
        for file, name in STATISTICS.items():
            with self.subTest(name):
                wanted = (GOLDEN / f"several.{file}").read_text(encoding="utf-8")
                self.assertEqual(shown(file, name), wanted)

    def test_report_and_picture_know_in_one_pass_what_two_know(self):
        for capture in (SEVERAL, rendering.everything()[0]):
            for name in ("tcp_abort,report", "tcp_abort,incidents", "tcp_abort,ladder,1"):
                with self.subTest(f"{name} of {capture.name}"):
                    self.assertEqual(statistic(name, capture, two_pass=False),
                                     statistic(name, capture))

    def test_every_abort_is_in_the_report_once(self):
        capture = rendering.everything()[0]
        report = statistic("tcp_abort,report", capture)
        aborts = [row for row in verdicts(capture) if not row["tcp.abort.repeat_of"]]
        self.assertIn(f"\n{len(aborts)} aborts, ", report)
        harmless = [row for row in aborts if row["tcp.abort.harmless"] == "1"]
        told = re.findall(r"frame (\d+) \(", report.split("Harmless, nothing to do:")[1]
                          .split("\n")[0])
        self.assertEqual(told, [row["frame.number"] for row in harmless][:ROWS_MAX])
        table = re.findall(r"^\| (\d+) \|", report, re.M)
        harmful = [row["frame.number"] for row in aborts if row["tcp.abort.harmless"] != "1"]
        self.assertEqual(table, harmful[:ROWS_MAX])
        self.assertEqual("are not shown: narrow the report" in report, len(harmful) > ROWS_MAX)
        sections = re.findall(r"^## Frame (\d+):", report, re.M)
        self.assertEqual(sections, table[:len(sections)])
        self.assertEqual(len(sections), min(len(table), 100))
        self.assertEqual("stand in the table only" in report, len(table) > 100)

    def test_every_harmful_abort_is_in_one_incident(self):
        for name in ("several", "legs-three-tunnels-server-killed", "cut-then-refused", "clean-fin"):
            capture = CAPTURES / f"{name}.pcap"
            aborts = [row for row in verdicts(capture) if not row["tcp.abort.repeat_of"]]
            told = statistic("tcp_abort,incidents", capture)
            rows = [(int(count or 1), [int(frame) for frame in frames.split(", ")])
                    for count, frames in re.findall(
                        r"^- \S+(?: \(\S+\))?: (?:(\d+) aborts, )?frames? (.*)", told, re.M)]
            listed = [frame for _, frames in rows for frame in frames]
            with self.subTest(name):
                for count, frames in rows:
                    self.assertEqual(len(frames), count)
                self.assertIn(f"\n{len(aborts)} abort" if aborts else "No TCP connection", told)
                self.assertEqual(len(listed), len(set(listed)))
                self.assertLessEqual({int(row["frame.number"]) for row in aborts
                                      if row["tcp.abort.harmless"] != "1"}, set(listed))

    def test_statistics_count_an_abort_once(self):
        capture = rendering.everything()[0]
        aborts = [row for row in verdicts(capture) if not row["tcp.abort.repeat_of"]]
        causes, *_ = normal(statistic("tcp_abort,tree", capture)).split("\n Port of the server ")
        counts = dict(re.findall(r"^(?: {2})?(\S+) +(\d+) ", causes, re.M))
        self.assertEqual(int(counts["Aborts"]), len(aborts))
        for cause in {row["tcp.abort.cause.name"] for row in aborts}:
            self.assertEqual(int(counts[cause]),
                             sum(row["tcp.abort.cause.name"] == cause for row in aborts))
        rows = re.findall(r"\|server \| *\d+ \| *(\d+) \|", statistic("tcp_abort,stat", capture))
        self.assertEqual(sum(map(int, rows)), len(aborts))

    def test_many_endpoints_are_counted_together(self):
        with tempfile.TemporaryDirectory() as folder:
            capture = pathlib.Path(folder) / "refusals.pcap"
            traffic.refusals(capture, NAMES_MAX + 7)
            tree = normal(statistic("tcp_abort,tree", capture))
        self.assertEqual(re.findall(r"(?m)^ {2}others +(\d+) ", tree), ["7"])
        self.assertEqual(len(re.findall(r"(?m)^ {2}11\.\S+:80 +1 ", tree)), NAMES_MAX)

    def test_what_harms_most_stands_above(self):
        capture = rendering.everything()[0]
        rows = re.findall(r"(?m)^ *(\d+) \|(\S+) \|\w+ \| *(\d+) \| *(\d+) \|(.*?) \|",
                          statistic("tcp_abort,stat", capture))
        self.assertGreater(len(rows), 20)
        self.assertEqual([int(rank) for rank, *_ in rows], list(range(1, len(rows) + 1)))
        self.assertEqual(len({name for _, name, *_ in rows}), len(rows))
        harm = [int(harmful) for _, _, harmful, _, _ in rows]
        self.assertEqual(harm, sorted(harm, reverse=True))
        self.assertGreater(len(set(harm)), 2)
        for _, _, _, aborts, causes in rows:
            counts = [int(cause.split()[1]) for cause in causes.split(", ")]
            self.assertEqual(counts, sorted(counts, reverse=True))
            self.assertEqual(sum(counts), int(aborts))
        tree = normal(statistic("tcp_abort,tree", capture)).splitlines()
        self.assertRegex(tree[3], r"^ Cause +\d")

    def test_flow_graphs_of_all_packets_show_the_info_text(self):
        graph = statistic("flow,any,network", SEVERAL)
        for frame in verdicts(SEVERAL):
            self.assertIn(f"[abort: {frame['tcp.abort.cause.name']}] ", graph)

    def test_a_filter_narrows_each(self):
        self.assertIn("\n1 abort, 0 of them harmless.\n",
                      statistic("tcp_abort,report,tcp.abort.cause==stale_reuse", SEVERAL))
        self.assertRegex(statistic("tcp_abort,tree,tcp.port==443", SEVERAL), r"Aborts +1 ")
        self.assertNotIn("refused", statistic("tcp_abort,stat,tcp.port==443", SEVERAL))

    def test_pictures_are_xml(self):
        capture = rendering.everything()[0]
        causes, reset = {}, {row["tcp.stream"] for row in tshark.rows(
            capture, ["tcp.stream"], display="tcp.flags.reset==1")}
        for row in verdicts(capture):
            if not row["tcp.abort.repeat_of"]:  # of what may have begun in another stream
                causes.setdefault(row["tcp.stream"], set()).add(row["tcp.abort.cause.name"])
        some = [stream for stream in causes if stream in reset][::120]  # a silence began elsewhere
        pictures = tshark.in_parallel(
            lambda stream: statistic(f"tcp_abort,ladder,{stream}", capture), some)
        for stream, picture in zip(some, pictures):
            with self.subTest(stream):
                root = xml.etree.ElementTree.fromstring(picture)
                self.assertEqual(root.tag, "{http://www.w3.org/2000/svg}svg")
                self.assertRegex(picture, f">(last try: )?({'|'.join(causes[stream])}),")

    def test_nothing_of_a_packet_breaks_the_report(self):
        folder = tshark.workplace()
        (folder / "hostile.seg").write_text(HOSTILE, encoding="utf-8")
        capture = folder / "hostile.pcap"
        rendering.render(capture, [folder / "hostile.seg"])
        report = statistic("tcp_abort,report,tcp.stream==0", capture)
        line = next(line for line in report.splitlines() if "states a reason" in line)
        self.assertIn("<img src=x>", line)
        code = re.search(r"`(.*)`", line).group(1)
        self.assertNotRegex(code, r"[`|]")
        self.assertNotIn("<img", report.replace(line, ""))
        xml.etree.ElementTree.fromstring(statistic("tcp_abort,ladder,0", capture))

    def test_ladders_quote_the_first_line_of_each_message(self):
        folder = tshark.workplace()
        (folder / "quoted.seg").write_text(QUOTED, encoding="utf-8")
        capture = folder / "quoted.pcap"
        rendering.render(capture, [folder / "quoted.seg"])
        for two_pass in (True, False):
            report = statistic("tcp_abort,report", capture, two_pass=two_pass)
            picture = statistic("tcp_abort,ladder,0", capture, two_pass=two_pass)
            for text in (report, picture):
                self.assertIn("HTTP/1.1 200 . reason that is longer than th...", text)
                self.assertIn("3000 bytes in between", text)
                self.assertIn("POST /pay?...", text)
                self.assertNotIn("card", text)

    def test_wrong_arguments_get_an_answer(self):
        for name, complaint in {"tcp_abort,report,nonsense==": "nonsense",
                                "tcp_abort,ladder": "STREAM is the number",
                                "tcp_abort,ladder,x": "STREAM is the number",
                                "tcp_abort,ladder,-1": "STREAM is the number",
                                "tcp_abort,ladder,4294967296": "STREAM is the number"}.items():
            with self.subTest(name):
                done = tshark.run("tshark", "-q", "-r", SEVERAL, "-z", name)
                self.assertNotEqual(done.returncode, 0)
                self.assertIn(complaint, done.stderr)
        for stream, complaint in {999: "there is no stream 999: the capture has 9",
                                  0: "stream 0 was not aborted"}.items():
            done = tshark.run("tshark", "-q", "-r", CAPTURES / "clean-fin.pcap" if not stream
                              else SEVERAL, "-z", f"tcp_abort,ladder,{stream}")
            self.assertEqual(done.stdout, "")
            self.assertIn(complaint, done.stderr)

    def test_a_capture_without_aborts_says_so(self):
        clean = tshark.TOP / "captures" / "clean-fin.pcap"
        self.assertIn("No TCP connection was aborted.", statistic("tcp_abort,report", clean))

    def test_what_a_session_forgot_is_counted(self):
        done = tshark.run("tshark", "-q", "-r", SEVERAL, "-M", "30", "-z", "tcp_abort,report")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"\d+ more were forgotten")


def update():
    for file, name in STATISTICS.items():
        (GOLDEN / f"several.{file}").write_text(shown(file, name), encoding="utf-8")


if __name__ == "__main__":
    if "--update" in sys.argv:
        update()
    else:
        unittest.main()
