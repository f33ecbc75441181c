# SPDX-License-Identifier: GPL-2.0-or-later
"""Single TCP segments made by hand, sent over IPv4 through a raw socket."""

import socket
import struct

# linux/in.h
IP_TRANSPARENT = 19

FLAGS = {"F": 0x01, "S": 0x02, "R": 0x04, "P": 0x08, ".": 0x10}


class Segment:
    def __init__(self, sender, receiver, source_port, destination_port, seq=0):
        self.sender = sender
        self.receiver = receiver
        self.ports = source_port, destination_port
        self.seq = seq

    def send(self, flags, ack=0, payload=b"", window=65535, through=None):
        """Flags in the notation of packetdrill: S, F, P, R and a dot for ACK.

        `through` is the host that sends it, if it is not the sender that it names.
        """
        bits = sum(FLAGS[flag] for flag in flags)
        header = struct.pack("!HHIIBBHHH", *self.ports, self.seq % 2**32, ack % 2**32,
                             5 << 4, bits, window, 0, 0)
        segment = checked(header + payload, 16, self.pseudo_header(len(header + payload)))
        host = through or self.sender
        raw = host.new_socket(kind=socket.SOCK_RAW, protocol=socket.IPPROTO_TCP)
        if through:
            raw.setsockopt(socket.IPPROTO_IP, IP_TRANSPARENT, 1)
            raw.bind((self.sender.ipv4, 0))
        raw.sendto(segment, (self.receiver.ipv4, 0))
        raw.close()
        host.journal.add(f"raw segment [{flags}], {len(payload)} bytes")

    def pseudo_header(self, length):
        return (socket.inet_aton(self.sender.ipv4) + socket.inet_aton(self.receiver.ipv4)
                + struct.pack("!BBH", 0, socket.IPPROTO_TCP, length))


def checked(data, offset, pseudo_header=b""):
    """The same with its checksum filled in at the offset."""
    checksum = internet_checksum(pseudo_header + data)
    return data[:offset] + struct.pack("!H", checksum) + data[offset + 2:]


def internet_checksum(data):
    """RFC 1071."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
