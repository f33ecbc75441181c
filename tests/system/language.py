#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Sentences are in the language that is wanted; the words of filters are the same in each.

golden/several.zh.tree and .md are what tshark says of captures/several.pcap in Chinese;
`language.py --update` rewrites them.
"""
import re
import sys
import unicodedata
import unittest

import places

import rendering
from drive import tshark

GOLDEN = tshark.TOP / "tests" / "golden"
SEVERAL = tshark.TOP / "captures" / "several.pcap"
CHINESE = ["-o", "tcp_abort.language:chinese"]
NO_LOCALE = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": "", "LANGUAGE": ""}

WORDS = ["frame.number"] + [f"tcp.abort.{name}" for name in (
    "cause", "cause.name", "detail", "detail.name", "confidence", "by", "form", "client", "server",
    "alternative", "trigger", "fin", "fin.peer", "syn", "proof", "idle", "harmless",
    "stated_reason")]
PROSE = [f"tcp.abort.{name}" for name in (
    "summary", "objection", "evidence", "symptom.client", "symptom.server", "next_step")]

HAN = "[\u4e00-\u9fff]"
STOP = "[，。；：？、（）]"
# What no Chinese text has: no blank beside another script, one between Chinese, or beside a stop; a
# stop of English behind Chinese; a word or clause that was not filled in.
BADLY_SET = re.compile(rf"{HAN}[A-Za-z0-9]|[A-Za-z0-9]{HAN}|{HAN} {HAN}| {STOP}|{STOP} |"
                       rf"{HAN}[,;?.]|[][{{}}]|，，|。。|：。")
# Messages of programs, words of packets, commands behind their last colon, IPv6.
QUOTED = re.compile(r"“[^”]*”|Go read: [a-z ]*|[a-z]+ (-[a-z]+ )?\w*'[^']*'|\[[0-9a-f:]+\](?=:\d)")
ENGLISH = re.compile(r"\b(the|of|and|is|was|it|a|an|to|in|by|for)\b")


def tree(*arguments, **options):
    """Our rows of each frame; the expert info repeats one of them."""
    printed = tshark.tshark("-2", "-r", tshark.readable(SEVERAL), "-Y", "tcp.abort", "-O",
                            "tcp.abort", *arguments, **options)
    rows = [row for row in printed.splitlines()
            if re.match(r"\[TCP Abort|    ", row) and
            not re.match(r" +\[(Severity|Group|Expert)", row)]
    return "".join(f"{row}\n" for row in rows)


def report(*arguments):
    printed = tshark.tshark("-2", "-q", "-r", tshark.readable(SEVERAL), "-z", "tcp_abort,report",
                            *arguments)
    return re.sub(r"^TCP Abort \S+, Wireshark \S+\.$", "TCP Abort VERSION, Wireshark VERSION.",
                  printed, flags=re.M)


def outputs():
    return {"tree": tree(*CHINESE), "md": report(*CHINESE)}


class Language(unittest.TestCase):
    maxDiff = None

    def test_in_chinese_as_last_looked_at(self):
        for name, text in outputs().items():
            with self.subTest(name):
                self.assertEqual((GOLDEN / f"several.zh.{name}").read_text(encoding="utf-8"), text)

    def test_words_of_filters_stay(self):
        for capture in (SEVERAL, rendering.everything()[0]):
            english = tshark.rows(capture, WORDS)
            self.assertTrue(english)
            self.assertEqual(tshark.rows(capture, WORDS, *CHINESE), english)

    def test_the_list_of_packets_stays(self):
        """As Wireshark's own notes there are in English."""
        self.assertEqual(*(tshark.tshark("-2", "-r", tshark.readable(SEVERAL), *language)
                           for language in ([], CHINESE)))

    def test_all_that_is_said_is_chinese(self):
        """Of every scenario, with its figures filled in."""
        said = set()
        for row in tshark.rows(rendering.everything()[0], PROSE, *CHINESE, joint="\n"):
            said.update(text for name in PROSE for text in row[name].split("\n") if text)
        self.assertGreater(len(said), 500)
        for text in sorted(said):
            with self.subTest(text):
                bare = QUOTED.sub("/", text)
                self.assertRegex(text, f"{HAN}|ECONNRESET|ETIMEDOUT")
                self.assertNotRegex(bare, ENGLISH)
                self.assertNotRegex(bare, BADLY_SET)

    def test_a_stated_reason_is_quoted_and_explained(self):
        capture = tshark.TOP / "captures" / "mptcp-join-prohibited.pcap"
        printed = tshark.tshark("-r", tshark.readable(capture), "-Y", "tcp.abort.stated_reason",
                                "-O", "tcp.abort", *CHINESE)
        self.assertIn("MP_TCPRST: administratively prohibited (3)（被管理策略禁止）", printed)

    def test_a_code_of_a_vendor_is_named_after_them(self):
        capture = tshark.workplace() / "vendor.pcap"
        rendering.render(capture, [tshark.TOP / "tests/scenarios/abort-reason-of-a-vendor.seg"])
        named = "code 14 of enterprise 32473%s (Example Enterprise"
        printed = tshark.tshark("-r", tshark.readable(capture), "-Y", "tcp.abort.stated_reason",
                                "-O", "tcp.abort")
        self.assertIn(named % "", printed)
        self.assertNotIn("which is not what the capture shows", printed)
        printed = tshark.tshark("-2", "-q", "-r", tshark.readable(capture), "-z",
                                "tcp_abort,report")
        self.assertIn(named % "`", printed)

    def test_a_picture_has_short_lines(self):
        """Chinese has no blanks to end a line at; a stop stays with what it ends."""
        picture = tshark.tshark("-2", "-q", "-r", tshark.readable(SEVERAL), "-z",
                                "tcp_abort,ladder,0", *CHINESE)
        whole = re.search("<title>(.*)</title>", picture).group(1)
        lines = re.findall('class="body">(.*)</text>', picture)
        self.assertGreater(len(lines), 1)
        self.assertTrue("".join(lines).startswith(whole))
        for line in lines:
            wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in line)
            self.assertLessEqual(len(line) + wide, 120)
            self.assertNotRegex(line, f"^{STOP}")

    def test_the_locale_decides(self):
        english, chinese = tree(), tree(*CHINESE)
        self.assertNotEqual(english, chinese)
        for variables, wanted in (
                ({"LC_ALL": "zh_CN.UTF-8", "LANG": "C.UTF-8"}, chinese),
                ({"LC_MESSAGES": "zh_TW.UTF-8", "LANG": "en_US.UTF-8"}, chinese),
                ({"LANG": "zh_CN.UTF-8"}, chinese),
                ({"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8", "LANGUAGE": "zh"}, english),
                ({"LC_MESSAGES": "de_DE.UTF-8", "LANG": "zh_CN.UTF-8"}, english),
                ({}, english)):
            with self.subTest(variables):
                self.assertEqual(tree(variables={**NO_LOCALE, **variables}), wanted)

    def test_the_preference_decides_before_the_locale(self):
        self.assertEqual(tree("-o", "tcp_abort.language:english",
                              variables={**NO_LOCALE, "LANG": "zh_CN.UTF-8"}), tree())


if __name__ == "__main__":
    if sys.argv[1:] == ["--update"]:
        for name, text in outputs().items():
            (GOLDEN / f"several.zh.{name}").write_text(text, encoding="utf-8")
    else:
        unittest.main()
