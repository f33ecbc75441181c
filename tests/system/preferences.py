#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The preferences of other dissectors change no verdict; ours do what they say."""
import unittest

import places

import rendering
from drive import tshark

# Two sets, for analysis switched off hides what the others do.
SETS = [
    ["tcp.relative_sequence_numbers:FALSE", "tcp.desegment_tcp_streams:FALSE",
     "ip.defragment:FALSE"],
    ["tcp.analyze_sequence_numbers:FALSE", "tcp.calculate_timestamps:FALSE"],
]
FIELDS = [f"tcp.abort.{name}" for name in (
    "cause.name", "detail.name", "confidence", "by", "form", "effective", "harmless", "trigger",
    "fin", "fin.peer", "syn", "repeat_of", "killed_by", "retransmission.count", "probe.count",
    "proof", "lost.client", "lost.server", "summary")]


class Preferences(unittest.TestCase):
    maxDiff = None

    def test_verdicts_stay(self):
        captures = [*tshark.captures(), rendering.everything()[0]]
        wanted = tshark.sharkd_verdicts(captures, FIELDS)
        for settings in SETS:
            said = tshark.sharkd_verdicts(captures, FIELDS, settings)
            for capture, before, after in zip(captures, wanted, said):
                with self.subTest(f"{capture.name} with {' '.join(settings)}"):
                    self.assertEqual(after, before)

    def test_decode_as_tcp_changes_nothing(self):
        capture = tshark.TOP / "captures" / "several.pcap"
        wanted = tshark.rows(capture, FIELDS)
        self.assertTrue(wanted)
        self.assertEqual(tshark.rows(capture, FIELDS, "-d", "ip.proto==6,tcp"), wanted)

    def test_decode_as_something_else_is_told(self):
        capture = tshark.TOP / "captures" / "several.pcap"
        done = tshark.run("tshark", "-n", "-d", "ip.proto==6,udp", "-r", capture, "-Y", "tcp.abort")
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertIn("TCP Abort sees no TCP: IP protocol 6 is decoded as udp", done.stderr)

    def test_without_tcp_there_is_nothing_to_see(self):
        capture = tshark.TOP / "captures" / "several.pcap"
        done = tshark.run("tshark", "-n", "--disable-protocol", "tcp", "-r", capture, "-Y",
                          "tcp.abort")
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_an_idle_threshold_out_of_range_is_refused(self):
        capture = tshark.TOP / "captures" / "idle-reset-at-60.pcap"
        for seconds in ("0", "604801", "4294967295"):
            with self.subTest(seconds):
                done = tshark.run("tshark", "-n", "-o", f"tcp_abort.idle_threshold:{seconds}",
                                  "-r", capture, "-Y", "tcp.abort.cause==idle_timeout")
                self.assertEqual(done.returncode, 0)
                self.assertIn(f"an idle threshold of {seconds} s is refused", done.stderr)
                self.assertIn("stays at 30 s", done.stderr)
                self.assertTrue(done.stdout)

    def test_the_idle_threshold_decides_what_is_idle(self):
        capture = tshark.TOP / "captures" / "idle-reset-at-60.pcap"
        for seconds, causes in (("59", {"idle_timeout"}), ("3600", {"fast_close"})):
            rows = tshark.rows(capture, ["tcp.abort.cause.name"], "-o",
                               f"tcp_abort.idle_threshold:{seconds}")
            self.assertEqual({row["tcp.abort.cause.name"] for row in rows}, causes)

    def test_silent_connections_are_judged_if_wanted(self):
        capture = tshark.TOP / "captures" / "connect-silent.pcap"
        for wanted in ("TRUE", "FALSE"):
            rows = tshark.rows(capture, ["frame.number"], "-o",
                               f"tcp_abort.judge_silence:{wanted}")
            self.assertEqual(bool(rows), wanted == "TRUE")
            marked = tshark.rows(capture, ["frame.number"], "-o",
                                 f"tcp_abort.judge_silence:{wanted}",
                                 display="tcp.abort.reset || tcp.abort.stream.cause")
            self.assertEqual(bool(marked), wanted == "TRUE")
            report = tshark.tshark("-q", "-r", capture, "-o", f"tcp_abort.judge_silence:{wanted}",
                                   "-z", "tcp_abort,report")
            self.assertEqual("No TCP connection was aborted" in report, wanted == "FALSE")

    def test_harmless_verdicts_as_wanted(self):
        capture = tshark.TOP / "captures" / "probe-half-open.pcap"
        for wanted in ("TRUE", "FALSE"):
            printed = tshark.tshark("-r", capture, "-o", f"tcp_abort.harmless_in_info:{wanted}")
            self.assertEqual("[abort: probe" in printed, wanted == "TRUE")
        for severity, heading in (("chat", "Chats"), ("note", "Notes"), ("warn", "Warns")):
            printed = tshark.tshark("-q", "-r", capture, "-z", f"expert,{severity}", "-o",
                                    f"tcp_abort.harmless_severity:{severity}")
            ours = printed.split(heading)[1].split("\n\n")[0]
            self.assertIn("TCP Abort", ours)
            rows = tshark.rows(capture, ["tcp.abort.harmless"], "-o",
                               f"tcp_abort.harmless_severity:{severity}")
            self.assertEqual({row["tcp.abort.harmless"] for row in rows}, {"1"})


if __name__ == "__main__":
    unittest.main()
