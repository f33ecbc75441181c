#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What changes nothing of what happened moves no verdict, on every capture there is.

The captures here, and those of the corpora beside the checkout, are changed and judged again by
the core alone; on a few of them editcap and mergecap do the same, and the plugin judges.  A ruling
is its cause, detail, confidence, alternatives, party, form, effect and links.  What is known to
move stands in KNOWN, with the reason; what stands there and moves no more is an error as well.
"""
import collections
import unittest

import places

import labels
import metamorphosis
import native
from drive import tshark

YEARS = 8 * 365 * 86400

AS_IS = "as_is"
WAYS = {
    "clock": ["later=3600", f"later={YEARS}", f"later=-{YEARS}"],
    "numbers": ["renumbered=1", "renumbered=2", "renumbered=3"],
    "ends": ["moved", "mirrored"],
    "company": ["company", "merged"],
    "copies": ["doubled=10", "doubled=1000", "routed=30"],
    "order": ["swapped=2000", "overtaken"],
    "options": ["unstamped"],
}
EVERY = [way for ways in WAYS.values() for way in ways]

FIRST = ("a refusal is disproved by the SYN-ACK behind it, or by the caller's reset of that, whichever "
         "is shown first")
NEARER = ("resets of one closed port, all alike, nearer to each other than copies are late: which of "
          "them are copies nothing tells")
MOMENT = "of several ends of one moment the later ones link the earliest"
TWICE = "the capture holds its resets twice, and nothing else"
BESIDE = "it was taken at two places, and timestamps tell what passed both from what was sent again"
HASTE = "a RST shown before what it answers did not come too soon"
SCANNER = "an opener that sends no timestamps may be a raw socket, whose kernel resets"
RAW = {"57-rst-leaks-inner-address.pcap": "whose a lone reset is tells its raw number alone"}
KNOWN = {
    "renumbered=1": RAW,
    "renumbered=2": RAW,
    "renumbered=3": RAW,
    "swapped=2000": {
        "cut-three-at-once.pcap": MOMENT,
        "empty-reply-second.pcap": MOMENT,
        "idle-pool-emptied.pcap": MOMENT,
        "killed-three-at-once.pcap": MOMENT,
        "legs-three-tunnels-server-killed.pcap": MOMENT,
    },
    "doubled=10": {
        "download-closed-all-read.pcap": NEARER,
        "killed-proxy-while-sending-https-sigkill.pcap": NEARER,
        "reuse-pipelined.pcap": NEARER,
        "upload-answered-and-closed.pcap": NEARER,
        "upload-answered-in-flight.pcap": NEARER,
        "dup-rst-1.pcap": TWICE,
        "53_multiple_inflight_each_rst.pcap": NEARER,
        "ndpi__opera-vpn.pcapng": NEARER,
        "01-logstash-tomcat-keepalive.pcap": NEARER,
        "11-curl-tls-close-race.pcap": NEARER,
    },
    "doubled=1000": {
        "killed-proxy-while-sending-http2-sigkill.pcap": NEARER,
        "killed-proxy-while-sending-https-sigterm.pcap": NEARER,
        "killed-server-while-sending-http2-sigkill.pcap": NEARER,
        "several.pcap": NEARER,
        "dup-rst-1.pcap": TWICE,
        "ndpi__alexa-app.pcapng": NEARER,
    },
    "routed=30": {
        "dup-rst-1.pcap": TWICE,
    },
    "overtaken": {
        "01-forged-refusal-synack-follows.pcap": FIRST,
        "idle-nat.pcap": HASTE,
        "40_syn_scan_open_port.pcap": HASTE,
        "ndpi__alexa-app.pcapng": HASTE,
        "27-nlb-350-server-writes.pcap": HASTE,
        "download-closed-all-read.pcap": "the FIN is told of again, for its RST had not yet a "
                                         "cause that tells of it",
        "lwip-unsolicited.pcap": "an RST+ACK that answers an ACK is known by coming second",
        "gvisor-server-late-write.pcap": "an RST+ACK that acknowledges nothing late looks like "
                                         "that of a live socket",
    },
    "unstamped": {
        "linger0-client-merged.pcap": BESIDE,
        "refused-merged.pcap": BESIDE,
        "reuse-late-write-merged.pcap": BESIDE,
        "vanished-merged.pcap": BESIDE,
        "03-forged-rst-after-synack-client-goes-on.pcap": SCANNER,
        "03b-forged-rst-after-synack-client-goes-on.pcap": SCANNER,
        "17-keepalives-answered-but-answers-not-captured.pcap": "echoed timestamps tell of the "
                                                                "answers that are not shown",
    },
}


def captures():
    found = [path for path in sorted((labels.TOP / "captures").glob("*.pcap*"))]
    return found + sorted(path for path in labels.corpora().glob("*/*")
                          if ".pcap" in path.name or path.suffix in (".cap", ".trace"))


def rests_on_timestamps(ruling):
    """A bare RST is known to be a reflex by what it lacks, if the capture lacks what it answers."""
    return ruling.form == "reflex" and not ruling.trigger


class Metamorphic(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.captures = captures()
        cls.judged = metamorphosis.judge(cls.captures, [AS_IS, *EVERY])

    def check(self, way, complaints):
        """Complaints: capture to what moved there."""
        known = KNOWN.get(way, {})
        names = {path.name for path in self.captures}
        moved = {path.name for path in complaints}
        lines = [f"{way} {path.name}: {line}" for path, found in complaints.items()
                 if path.name not in known for line in found]
        lines += [f"{way} {name}: does not move any more, take it off the list"
                  for name in known if name in names and name not in moved]
        if lines:
            self.fail(f"{len(lines)} movements\n" + "\n".join(lines))

    def movements(self, way):
        found = collections.defaultdict(list)
        for path, ways in self.judged.items():
            before = metamorphosis.by_frame(ways[AS_IS])
            for frame, words in metamorphosis.movements(ways[AS_IS], ways[way]).items():
                if way != "unstamped" or not any(map(rests_on_timestamps, before.get(frame, []))):
                    found[path].append(f"frame {frame}: {', '.join(words)}")
        return found

    def check_ways(self, group):
        for way in WAYS[group]:
            with self.subTest(way):
                complaints = self.movements(way)
                if group == "copies":
                    for path, line in self.copies(way):
                        complaints[path].append(line)
                self.check(way, complaints)

    def copies(self, way):
        """What a copy says that its original does not, or does not say of being one."""
        for path, ways in self.judged.items():
            originals = metamorphosis.by_frame(ways[way])
            copies = metamorphosis.by_frame(ways[way], "copy")
            resets = {frame for frame, said in originals.items()
                      if any(ruling.form not in ("fin", "silence") for ruling in said)}
            for frame in resets - copies.keys():
                yield path, f"frame {frame}: nothing is said of its copy"
            for frame, said in copies.items():
                causes = {ruling.cause for ruling in originals.get(frame, [])}
                for copy in said:
                    if not copy.repeat_of or copy.cause not in causes:
                        yield path, (f"frame {frame}: its copy says {copy}, repeats "
                                     f"{copy.repeat_of or 'nothing'}")

    def test_clock(self):
        self.check_ways("clock")

    def test_sequence_numbers(self):
        self.check_ways("numbers")

    def test_addresses_and_ports(self):
        self.check_ways("ends")

    def test_company(self):
        self.check_ways("company")

    def test_copies(self):
        self.check_ways("copies")

    def test_order(self):
        self.check_ways("order")

    def test_timestamps(self):
        self.check_ways("options")

    def test_cut_behind_the_reset(self):
        """What is said when the frame is met stays, but where it is called provisional."""
        complaints = collections.defaultdict(list)
        for path, ways in self.judged.items():
            end = metamorphosis.by_frame(ways[AS_IS])
            for frame, said in metamorphosis.by_frame(ways[AS_IS], "once").items():
                for ruling in said:
                    same = [late for late in end.get(frame, []) if late.form == ruling.form]
                    if not ruling.provisional and (
                            not same or metamorphosis.differences(ruling, same[0])):
                        complaints[path].append(f"frame {frame}: {ruling} -> "
                                                f"{', '.join(map(str, same)) or 'nothing'}")
        self.check("cut", complaints)

    def test_enough_is_judged(self):
        rulings = sum(len(metamorphosis.by_frame(ways[AS_IS])) for ways in self.judged.values())
        print(f"{rulings} rulings of {len(self.captures)} captures in {len(EVERY)} ways, "
              f"{sum(map(len, KNOWN.values()))} known to move")
        self.assertGreater(rulings, 300)


class Plugin(unittest.TestCase):
    """The same within tshark, on captures that Wireshark's own tools have changed."""
    CAPTURES = ["reuse-in-flight.pcap", "killed-three-at-once.pcap", "vanished.pcap",
                "idle-nat.pcap", "cut-tls13-chunked.pcap"]

    def make(self, program, *arguments):
        """What it makes of them, in a file that lasts until the next one."""
        made = tshark.workplace() / f"{program}.pcapng"
        done = tshark.run(program, "-F", "pcapng", *arguments, with_plugin=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        made.chmod(0o644)
        return made

    def merged(self, *captures):
        return self.make("mergecap", "-w", "mergecap.pcapng", *map(tshark.readable, captures))

    def shifted(self, capture, seconds):
        return self.make("editcap", "-t", seconds, tshark.readable(capture), "editcap.pcapng")

    def compare(self, capture, made):
        """The plugin says of the changed capture what the core says."""
        fields = [field for field in native.fields() if field != "tcp.stream"]
        said = {int(row[native.NUMBER]): tshark.in_words(row)
                for row in tshark.rows(made, fields)}
        wanted = native.rows([made])[made]
        for row in wanted.values():
            del row["tcp.stream"]
        self.assertTrue(said, capture)
        self.assertEqual(said, wanted, capture)

    def each(self, change):
        for name in self.CAPTURES:
            with self.subTest(name):
                capture = labels.TOP / "captures" / name
                self.compare(name, change(capture))

    def test_later(self):
        self.each(lambda capture: self.shifted(capture, YEARS))

    def test_doubled(self):
        self.each(lambda capture: self.merged(capture, self.shifted(capture, "0.001")))

    def test_merged(self):
        other = labels.TOP / "captures" / "several.pcap"
        self.each(lambda capture: self.merged(other, capture))


if __name__ == "__main__":
    unittest.main()
