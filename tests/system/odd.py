#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Odd captures make no verdict certain and wrong, call harmless what broke, or lose a reset.

The captures here are made odd in the ways of judge_natively -w, and judged by the core alone; a few
are made so for tshark as well.  A verdict is false where neither its label allows its cause nor the
capture as it is shows it.  What is falsely called harmless, but not with certainty, is counted:
HARMLESS are ceilings, and only fall.
"""
import collections
import struct
import unittest

import places

import bulking
import ignorance
import labels
import metamorphosis
import native
import wrapping
from drive import tshark

AS_IS = "as_is"
WAYS_AT_ONCE = 50
FRAMES = range(2, 42)
YEARS = 8 * 365 * 86400
STEPS_S = [-YEARS, -3600, -1, 1, 45, 3600, YEARS]

# Frames, over all ways of a kind.
HARMLESS = {
    "steps": 2,  # keep-alives that seem to be answered; a round trip of hours
    "order": 5,  # what explains the reset stands behind it
}


def is_reset(ruling):
    return ruling.form not in ("fin", "silence")


class Odd(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.captures = sorted((labels.TOP / "captures").glob("*.pcap*"))
        cls.accepted = ignorance.accepted_causes(labels.of_manifest()[0])

    def judged(self, ways):
        """Capture, way, its rulings as they are and in that way; copies are rulings as well."""
        for at in range(0, len(ways), WAYS_AT_ONCE):
            some = ways[at:at + WAYS_AT_ONCE]
            for capture, found in metamorphosis.judge(self.captures, [AS_IS, *some]).items():
                whole = metamorphosis.by_frame(found[AS_IS])
                for way in some:
                    yield capture, way, whole, found[way]

    def fates(self, ways):
        for capture, way, whole, rulings in self.judged(ways):
            for when in ("", "copy"):
                for frame, said in metamorphosis.by_frame(rulings, when).items():
                    before = {ruling.form: ruling for ruling in whole.get(frame, [])}
                    for ruling in said:
                        yield ignorance.Fate(capture, way, before.get(ruling.form)
                                             or next(iter(before.values()), None), ruling)
            said = metamorphosis.by_frame(rulings)
            for frame, before in whole.items():
                if any(map(is_reset, before)) and not any(map(is_reset, said.get(frame, []))):
                    yield ignorance.Fate(capture, way, before[0], None)

    def check(self, kind, ways):
        certain, lost, harmless, count = [], [], collections.defaultdict(list), 0
        for fate in self.fates(ways):
            count += 1
            if not fate.after:
                lost.append(str(fate))
            elif fate.is_false_certain(self.accepted):
                certain.append(str(fate))
            elif fate.is_false_harmless(self.accepted):
                harmless[fate.capture, fate.frame].append(str(fate))
        print(f"{kind}: {count} rulings in {len(ways)} ways, {len(harmless)} frames falsely harmless")
        self.assertGreater(count, 300 * len(ways))
        self.assertEqual(certain, [], "certain and wrong\n" + "\n".join(certain))
        self.assertEqual(lost, [], "nothing is said any more\n" + "\n".join(lost))
        self.assertLessEqual(len(harmless), HARMLESS.get(kind, 0), "falsely called harmless\n"
                             + "\n".join(said[0] for said in harmless.values()))

    def test_clock_that_steps(self):
        self.check("steps", [f"stepped={step},{frame}" for step in STEPS_S for frame in FRAMES])

    def test_clock_that_is_coarse_or_none(self):
        self.check("resolution", ["rounded=1000", "rounded=100000", "rounded=1000000", "timeless"])

    def test_networks(self):
        """The same ends in two of them at once, and each direction in one."""
        self.check("networks", ["tenant=20,77777777", "tenant=1000,2000000000",
                                "tenant=500000,3000000000", "split"])

    def test_places(self):
        """Taken at two, by clocks that agree or do not."""
        apart = [f"vantage={us}" for us in (20, 1000, 5000, 20000)]
        off = [f"vantage={us},{sign * behind}" for us in (30, 1000)
               for behind in (5000, 50000, 1000000) for sign in (1, -1)]
        self.check("places", [*apart, *off, "vantage=30,3600000000", "routed=5000", "routed=300000"])

    def test_order(self):
        self.check("order", [f"turned={frame}" for frame in FRAMES] + ["again"])

    def test_nothing_known_of_ip(self):
        self.check("hops", ["hopless", "reassembled=0", "reassembled=1", "reassembled=1400"])


def in_vlan(frame):
    return frame[:12] + b"\x81\0\0\5" + frame[12:]


def tiny_fragments(frame):
    """Each of eight bytes, as a filter is evaded (RFC 1858, 3)."""
    ip = frame[14:]
    if wrapping.family(frame) != wrapping.IPV4 or len(ip) > 150:
        return [frame]
    parts, number = ip[20:], struct.unpack_from("!H", ip, 4)[0]
    return [wrapping.ethernet(wrapping.IPV4, wrapping.ipv4(
        wrapping.PROTOCOL_TCP, parts[at:at + 8], source=ip[12:16], destination=ip[16:20],
        number=number, ttl=ip[8], fragment=at // 8 | (0x2000 if at + 8 < len(parts) else 0)))
        for at in range(0, len(parts), 8)]


class Plugin(unittest.TestCase):
    """The same within tshark, on files that only it can read, or reads in its own way."""
    CAPTURES = ["reuse-in-flight.pcap", "killed-three-at-once.pcap", "vanished.pcap",
                "after-close-time-wait.pcap", "forged-misfit.pcap", "keepalive-client.pcap"]

    def each(self, change):
        for name in self.CAPTURES:
            with self.subTest(name):
                change(labels.TOP / "captures" / name, tshark.workplace() / f"odd-{name}")

    def compare(self, made):
        """The plugin says what the core says."""
        fields = [field for field in native.fields() if field != "tcp.stream"]
        said = {int(row[native.NUMBER]): tshark.in_words(row) for row in tshark.rows(made, fields)}
        wanted = native.rows([made])[made]
        for row in wanted.values():
            del row["tcp.stream"]
        self.assertTrue(said, made.name)
        self.assertEqual(said, wanted, made.name)

    def test_no_times(self):
        def strip(capture, made):
            made.write_bytes(bulking.as_pcapng(capture.read_bytes()))
            made.chmod(0o644)
            self.compare(made)
        self.each(strip)

    def test_two_networks(self):
        def double(capture, made):
            wrapping.wrap(capture, made, wrapping.ETHERNET, lambda frame: [frame, in_vlan(frame)])
            self.compare(made)
        self.each(double)

    def judge(self, made, *options):
        rows = tshark.rows(made, ["frame.number", "tcp.abort.cause.name", "tcp.abort.confidence"],
                           *options)
        return {int(row[native.NUMBER]): (row["tcp.abort.cause.name"], row["tcp.abort.confidence"])
                for row in rows}

    def test_tiny_fragments(self):
        """Put together, or not: then there is no TCP."""
        def fragment(capture, made):
            numbers = wrapping.wrap(capture, made, wrapping.ETHERNET, tiny_fragments)
            whole = native.rows([capture])[capture]
            said = self.judge(made)
            self.assertEqual({numbers[frame] for frame in whole}, set(said))
            wrong = [(frame, said[numbers[frame]], row["tcp.abort.cause.name"])
                     for frame, row in whole.items()
                     if said[numbers[frame]][0] != row["tcp.abort.cause.name"]
                     and said[numbers[frame]][1] == "certain"]
            self.assertEqual(wrong, [])
            self.assertEqual(self.judge(made, "-o", "ip.defragment:FALSE"), {})
        self.each(fragment)

    def test_a_fragment_is_missing(self):
        """The segment it was of is not seen, and nothing is made certain by that."""
        def fragment(capture, made):
            frames = iter(range(1, 1 << 20))
            numbers = wrapping.wrap(capture, made, wrapping.ETHERNET,
                                    lambda frame: tiny_fragments(frame)[next(frames) % 5 == 0:])
            names = {number: frame for frame, number in reversed(list(enumerate(numbers)))}
            whole = native.rows([capture])[capture]
            for number, (cause, confidence) in self.judge(made).items():
                row = whole.get(names.get(number), {})
                if confidence == "certain":
                    self.assertEqual(cause, row.get("tcp.abort.cause.name"), number)
        self.each(fragment)


if __name__ == "__main__":
    unittest.main()
