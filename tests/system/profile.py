#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The profile "TCP Aborts", installed: it loads, it filters, it paints, and hides nothing."""
import csv
import functools
import pathlib
import re
import unittest
import zipfile

import places

import derived
from drive import tshark

NAME = "TCP Aborts"
OURS = "TCP Abort: "
HARMLESS = f"{OURS}Harmless"
READABLE = 4.5  # contrast, as WCAG 2 defines it
APART = 60  # between two backgrounds, as a distance of RGB
FILES = {"preferences", "recent", "colorfilters", "dfilters", "dfilter_buttons", "io_graphs"}


def folder():
    return derived.installation() / "share" / "wireshark" / "profiles" / NAME


def lines(name):
    return (folder() / name).read_text().splitlines()


def records(name):
    return list(csv.reader(lines(name)))


def colour_rules():
    """(name, filter, background, foreground) in order; colours are of 16 bits each."""
    for line in lines("colorfilters"):
        if line.startswith("@"):
            name, condition, colours = re.fullmatch(r"@([^@]*)@(.*)@(\[.*\])", line).groups()
            both = [tuple(map(int, part.split(","))) for part in re.findall(r"\[(.*?)\]", colours)]
            yield name, condition, *both


@functools.lru_cache(None)
def default_folder():
    """Where Wireshark has the files that every profile starts from."""
    printed = tshark.run("tshark", "-G", "folders").stdout
    return pathlib.Path(re.search(r"^Global configuration:\s+(.*)$", printed, re.M).group(1))


@functools.lru_cache(None)
def data_folder():
    """The data folder of Wireshark, with the installed profile in it."""
    place = tshark.workplace() / "data"
    profiles = place / "profiles"
    profiles.mkdir(parents=True)
    for entry in default_folder().iterdir():
        if entry.name != "profiles":
            (place / entry.name).symlink_to(entry)
    (profiles / NAME).symlink_to(folder())
    return place


@functools.lru_cache(None)
def fresh_home():
    home = tshark.workplace() / "fresh"
    home.mkdir()
    home.chmod(0o777)
    return home


def with_profile(capture, *arguments):
    variables = {"HOME": str(fresh_home()), "WIRESHARK_CONFIG_DIR": str(fresh_home()),
                 "WIRESHARK_DATA_DIR": str(data_folder())}
    return tshark.tshark("-C", NAME, "-2", "-r", tshark.readable(capture), *arguments,
                         variables=variables)


def luminance(colour):
    parts = [value / 65535 for value in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
              for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def distance(one, other):
    return sum((a - b) ** 2 for a, b in zip(one, other)) ** 0.5 / 257


class Files(unittest.TestCase):
    def test_all_are_installed(self):
        self.assertEqual({path.name for path in folder().iterdir()}, FILES)

    def test_every_user_can_read_them(self):
        for path in [folder(), *folder().iterdir()]:
            self.assertTrue(path.stat().st_mode & 0o004, path)

    def test_the_zip_file_holds_the_same(self):
        with zipfile.ZipFile(derived.build() / "packaging" / "tcp-aborts-profile.zip") as packed:
            self.assertIsNone(packed.testzip())
            names = [name for name in packed.namelist() if not name.endswith("/")]
            self.assertEqual(set(names), {f"{NAME}/{name}" for name in FILES})
            for name in names:
                self.assertEqual(packed.read(name), (folder().parent / name).read_bytes(), name)

    def test_what_wireshark_comes_with_is_below_ours(self):
        for name in "colorfilters", "dfilters":
            default = (default_folder() / name).read_text()
            self.assertTrue((folder() / name).read_text().endswith(default), name)


class Filters(unittest.TestCase):
    def filters(self):
        yield from (condition for _, condition, *_ in colour_rules())
        yield from re.findall(r'^"[^"]*" (.*)', "\n".join(lines("dfilters")), re.M)
        yield from (record[2] for record in records("dfilter_buttons"))
        yield from (record[2] for record in records("io_graphs"))

    def test_every_filter_compiles(self):
        capture = tshark.readable(tshark.TOP / "captures" / "refused-ipv4.pcap")

        def compiles(condition):
            return tshark.run("tshark", "-r", capture, "-Y", condition).returncode == 0

        found = sorted(set(self.filters()))
        self.assertGreater(len(found), len(derived.examples()))
        if not compiles(" || ".join(f"({condition})" for condition in found)):
            self.fail([condition for condition in found if not compiles(condition)])

    def test_every_cause_has_its_own(self):
        for name in "dfilters", "io_graphs":
            found = re.findall(r"tcp\.abort\.cause == (\w+)", (folder() / name).read_text())
            self.assertEqual(found, [cause for cause, _ in derived.examples()], name)

    def test_every_cause_has_a_button_and_a_colour(self):
        for conditions in ([record[2] for record in records("dfilter_buttons")],
                           [condition for _, condition, *_ in colour_rules()]):
            for cause, _ in derived.examples():
                holding = [condition for condition in conditions
                           if cause in re.findall(r"\w+", condition.partition("{")[2])]
                self.assertEqual(len(holding), 1, cause)

    def test_records_have_the_fields_of_every_version(self):
        self.assertEqual({len(record) for record in records("dfilter_buttons")}, {4})
        self.assertEqual({len(record) for record in records("io_graphs")}, {9})


class Colours(unittest.TestCase):
    def painted(self, capture):
        """(number, cause, harmless, rule) of each frame."""
        printed = with_profile(capture, "--color", "-T", "fields", "-e", "frame.number",
                               "-e", "tcp.abort.cause.name", "-e", "tcp.abort.harmless",
                               "-e", "frame.coloring_rule.name")
        return [line.split("\t") for line in printed.splitlines()]

    def test_a_verdict_is_painted_by_its_family_and_nothing_else_is(self):
        rules = {name: condition for name, condition, *_ in colour_rules()}
        captures = [capture for _, capture in derived.examples()]
        captures += [tshark.TOP / "captures" / name
                     for name in ("unread-leftover.pcap", "clean-fin.pcap", "clean-loss.pcap")]
        with_profile(captures[0])  # the profile is copied once, not by two at a time
        used = set()
        for capture, frames in zip(captures, tshark.in_parallel(self.painted, captures)):
            for number, cause, harmless, rule in frames:
                with self.subTest(capture.name, frame=number):
                    if not cause:
                        self.assertFalse(rule.startswith(OURS), rule)
                        self.assertIn(rule, rules)
                        continue
                    used.add(rule)
                    if tshark.truth(harmless) == "1":
                        self.assertEqual(rule, HARMLESS)
                    else:
                        self.assertIn(cause, re.findall(r"\w+", rules[rule]))
        self.assertEqual(used, {name for name in rules if name.startswith(OURS)})

    def test_they_can_be_read_and_told_apart(self):
        rules = list(colour_rules())
        ours = [rule for rule in rules if rule[0].startswith(OURS)]
        self.assertEqual(rules[:len(ours)], ours)
        for number, (name, _, background, foreground) in enumerate(ours):
            with self.subTest(name):
                self.assertGreater(contrast(background, foreground), READABLE)
                for other, _, its_background, its_foreground in rules[number + 1:]:
                    if {name, other} == {HARMLESS, f"{OURS}Housekeeping"}:
                        self.assertGreater(distance(foreground, its_foreground), APART)
                    else:
                        apart = max(distance(background, its_background),
                                    distance(foreground, its_foreground))
                        self.assertGreater(apart, APART, other)


class Columns(unittest.TestCase):
    def test_they_show_the_verdict(self):
        printed = with_profile(tshark.TOP / "captures" / "refused-ipv4.pcap", "-Y", "tcp.abort")
        self.assertRegex(printed, r"TCP \d+ refused certain server \[abort: refused\] ")

    def test_a_frame_without_a_verdict_shows_none(self):
        printed = with_profile(tshark.TOP / "captures" / "refused-ipv4.pcap", "-Y", "!tcp.abort")
        self.assertRegex(printed, r"TCP \d+ +\d+ → ")


if __name__ == "__main__":
    unittest.main()
