# SPDX-License-Identifier: GPL-2.0-or-later
"""The TCP segments of a capture as plain tshark reads them."""

import collections
import os
import subprocess
import tempfile

FIELDS = ("frame.number", "frame.time_epoch", "tcp.stream", "ip.src", "ipv6.src", "ip.dst",
          "ipv6.dst", "tcp.srcport", "tcp.dstport", "tcp.seq_raw", "tcp.ack_raw", "tcp.len",
          "tcp.flags")

FIN, SYN, RST, ACK = 0x01, 0x02, 0x04, 0x10

_Frame = collections.namedtuple(
    "Frame", "number time stream source destination source_port destination_port "
    "seq ack length flags")


class Frame(_Frame):
    def has(self, flag):
        return bool(self.flags & flag)

    @property
    def sender(self):
        return self.source, self.source_port

    @property
    def end(self):
        return (self.seq + self.length + self.has(SYN) + self.has(FIN)) % 2**32


def covers(ack, number):
    """Whether an acknowledgement number covers a sequence number (RFC 9293, 3.4)."""
    return (ack - number) % 2**32 < 2**31


def read(path):
    """Frames that are TCP segments; an ICMP error that quotes one is none.

    In a tunnel, addresses are the inner ones.
    """
    command = ["tshark", "-n", "-r", path, "-Y", "tcp && !icmp && !icmpv6", "-T", "fields",
               "-E", "separator=,", "-E", "occurrence=l"]
    for field in FIELDS:
        command += ["-e", field]
    with tempfile.TemporaryDirectory() as home:
        settings = dict(os.environ, HOME=home, XDG_CONFIG_HOME=home)
        out = subprocess.run(command, env=settings, check=True, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, text=True).stdout
    return [parse(line.split(",")) for line in out.splitlines()]


def parse(row):
    number, time, stream, ip4, ip6, to4, to6, sport, dport, seq, ack, length, flags = row
    return Frame(int(number), float(time), int(stream), ip4 or ip6, to4 or to6, int(sport),
                 int(dport), int(seq), int(ack), int(length), int(flags, 16))


def count(path):
    """All frames, ICMP errors included."""
    out = subprocess.run(["capinfos", "-Mc", path], check=True, capture_output=True, text=True)
    return int(out.stdout.split()[-1])
