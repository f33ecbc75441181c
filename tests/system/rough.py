#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures cut short, empty, without TCP, damaged or random: no crash, complaint or invention."""
import os
import random
import struct
import unittest

import places

import labels
import rendering
import traffic
from drive import tshark

LENIENT = {}
if not os.environ.get("TCP_ABORT_PRELOAD"):
    LENIENT["WIRESHARK_DEBUG_WMEM_OVERRIDE"] = "strict"  # canaries around every allocation
STRICT = LENIENT | {"WIRESHARK_ABORT_ON_DISSECTOR_BUG": "1"}
READ = ["-n", "--log-fatal=critical"]
SHOW = ["-T", "fields", "-e", "frame.number", "-e", "tcp.abort.cause.name",
        "-e", "tcp.abort.summary", "-e", "tcp.abort.evidence"]
SNAP_LENGTHS = [34, 54, 60, 66]  # nothing of TCP, its header, and some of its options


def make(program, *arguments):
    done = tshark.run(program, *arguments, with_plugin=False)
    if done.returncode:
        raise AssertionError(f"{program} {arguments}: {done.stderr}")


def place(name):
    return tshark.workplace() / name


def complaint(capture, passes, complete):
    """What is wrong with reading it, or None."""
    done = tshark.run("tshark", *passes, *READ, *SHOW, "-r", tshark.readable(capture),
                      variables=STRICT if complete else LENIENT, text=False)
    stderr = done.stderr.decode(errors="replace")
    if done.returncode < 0 or done.returncode >= 128 or (complete and done.returncode):
        return f"{capture.name} {passes}: exit status {done.returncode}\n{stderr}"
    if (complete and stderr.strip()) or "abort" in stderr.replace(str(capture), ""):
        return f"{capture.name} {passes}: {stderr}"
    return None


def is_without(capture, passes):
    """Whether Wireshark has a bug of its own here."""
    return tshark.run("tshark", *passes, *READ, "-V", "-r", tshark.readable(capture),
                      variables=STRICT, text=False, with_plugin=False).returncode < 0


def survive(capture, *, complete=True, ways=((), ("-2",))):
    """Read it in one pass and in two; what is wrong with that, or None."""
    for passes in ways:
        problem = complaint(capture, passes, complete)
        if problem and complete and is_without(capture, passes):
            problem = complaint(capture, passes, complete=False)
        if problem:
            return problem
    return None


def write_pcap(path, frames, tail=b""):
    head = struct.pack("=IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    records = b"".join(struct.pack("=IIII", number, 0, len(frame), len(frame)) + frame
                       for number, frame in enumerate(frames))
    path.write_bytes(head + records + tail)
    path.chmod(0o644)
    return path


def headers(protocol, payload):
    """Ethernet and IPv4, with checksums left at 0."""
    return (bytes.fromhex("020000000002020000000001") + b"\x08\x00"
            + struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 1, 0, 64, protocol, 0,
                          bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2])) + payload)


def random_segment(dice):
    """Random header and options, between four ports, so that streams come about."""
    ports = dice.sample([1, 2, 80, 443], 2)
    offset = dice.choice([5, 5, 5, 6, 8, 15, dice.randrange(16)])
    payload = dice.randbytes(dice.choice([0, 0, 1, 5, 40, 200]))
    return headers(6, struct.pack("!HHIIBBHHH", *ports, dice.randrange(1 << 12),
                                  dice.randrange(1 << 12), offset << 4, dice.randrange(256),
                                  dice.randrange(1 << 16), 0, 0) + payload)


class Rough(unittest.TestCase):
    def survive_all(self, captures, **options):
        found = tshark.in_parallel(lambda capture: survive(capture, **options), captures)
        problems = [problem for problem in found if problem]
        self.assertEqual(problems, [], "\n".join(problems))

    def test_nothing_and_no_tcp(self):
        udp = headers(17, struct.pack("!HHHH", 1, 2, 8, 0))
        self.survive_all([write_pcap(place("empty.pcap"), []),
                          write_pcap(place("udp.pcap"), [udp] * 3)])

    def test_random_segments(self):
        dice = random.Random(9293)
        self.survive_all([write_pcap(place(f"soup{number}.pcap"),
                                     [random_segment(dice) for _ in range(2000)])
                          for number in range(2)])

    def test_randpkt(self):
        capture = place("randpkt.pcap")
        make("randpkt", "-b", "500", "-c", "500", "-t", "tcp", capture)
        self.survive_all([capture])

    def test_garbage_and_truncated_files(self):
        dice = random.Random(5961)
        whole = tshark.captures()[0].read_bytes()
        garbage, cut = place("garbage.pcap"), place("truncated.pcap")
        garbage.write_bytes(dice.randbytes(4000))
        cut.write_bytes(whole[:-5])
        trailing = write_pcap(place("trailing.pcap"), [headers(6, bytes(20))], tail=b"\xff" * 9)
        self.survive_all([garbage, cut, trailing], complete=False)

    def test_damaged_captures(self):
        """All of them as one: what is damaged can also end up in another's stream."""
        whole, damaged = place("whole.pcapng"), []
        make("mergecap", "-a", "-F", "pcapng", "-w", whole,
             *map(tshark.readable, [*tshark.captures(), rendering.everything()[0]]))
        for seed, share in enumerate(("0.001", "0.01", "0.02", "0.1"), 1):
            damaged.append(place(f"damaged-{share}.pcapng"))
            make("editcap", "-E", share, "--seed", seed, whole, damaged[-1])
        self.survive_all(damaged)

    def test_hostile_captures(self):
        """A stream for each of many SYNs; many resets, retransmissions and deaths of one."""
        made = [place(f"hostile-{name.split()[-1]}.pcap") for name in traffic.HOSTILE]
        for make_it, capture in zip(traffic.HOSTILE.values(), made):
            make_it(capture, 20000)
            capture.chmod(0o644)
        self.survive_all(made)


class Cut(unittest.TestCase):
    """With a short snap length something weaker may be said, but nothing else with confidence."""

    FIELDS = ["tcp.abort.cause.name", "tcp.abort.confidence"]

    def problems(self, name, cut, whole, accepted):
        for frame, (cause, confidence) in cut.items():
            was = whole.get(frame, ("nothing", ""))[0]
            if cause in accepted.get(frame, set()) | {was, "unknown"} or confidence == "possible":
                continue
            yield f"{name} frame {frame}: {cause} ({confidence}), whole {was}"

    def verdicts(self, captures):
        return [{frame: (row["tcp.abort.cause.name"], row["tcp.abort.confidence"])
                 for frame, row in rows.items()}
                for rows in tshark.sharkd_verdicts(captures, self.FIELDS)]

    def test_short_snap_lengths(self):
        accepted = {}
        for label in labels.of_manifest()[0]:
            for frame in label.frames:
                accepted.setdefault(label.capture, {})[frame] = label.accept
        captures = [*tshark.captures(), rendering.everything()[0]]
        whole, found = self.verdicts(captures), []
        for length in SNAP_LENGTHS:
            cut = [place(f"cut{length}-{capture.name}") for capture in captures]
            for capture, shorter in zip(captures, cut):
                make("editcap", "-s", length, tshark.readable(capture), shorter)
            for capture, after, before in zip(captures, self.verdicts(cut), whole):
                found += self.problems(f"{capture.name} cut to {length} bytes:", after, before,
                                       accepted.get(capture, {}))
        if found:
            self.fail(f"{len(found)} verdicts that whole packets do not bear out\n"
                      + "\n".join(found))


if __name__ == "__main__":
    unittest.main()
