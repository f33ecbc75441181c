# SPDX-License-Identifier: GPL-2.0-or-later
"""A box on the path: it overhears both sides, and speaks to either in the other's name."""

import dataclasses
import select
import socket
import struct

from net.segment import FLAGS, checked

ETH_P_ALL = 3
ETHERNET, IPV4_TYPE = 14, b"\x08\x00"
DONT_FRAGMENT = 0x4000
NOP_NOP_TIMESTAMPS = b"\x01\x01\x08\x0a"
# RFC 2385, with a signature that nobody can verify
MD5_SIGNATURE = b"\x13\x12" + bytes(16) + b"\x01\x01"

# how a box looks that takes no pains to look like anybody else
TTL, IDENTIFICATION = 249, 0x4242


@dataclasses.dataclass
class Voice:
    """What was last heard of one side of a connection, IPv4 only."""

    address: str
    port: int
    ttl: int
    identification: int
    next_seq: int
    length: int
    ack: int
    window: int
    options: bytes


class Wire:
    """An interface to listen on and to send from."""

    def __init__(self, host, name):
        self.sock = host.new_socket(socket.AF_PACKET, socket.SOCK_RAW)
        self.sock.bind((name, ETH_P_ALL))
        # Ethernet headers by the IPv4 address of the sender
        self.headers = {}

    def heard(self):
        """Every TCP segment since the last time: its IPv4 packet."""
        while select.select([self.sock], [], [], 0)[0]:
            frame = self.sock.recv(65535)
            if frame[12:ETHERNET] != IPV4_TYPE or frame[ETHERNET + 9] != socket.IPPROTO_TCP:
                continue
            source, destination = frame[26:30], frame[30:34]
            self.headers[source] = frame[:ETHERNET]
            self.headers.setdefault(destination, frame[6:12] + frame[:6] + IPV4_TYPE)
            yield frame[ETHERNET:]

    def send(self, packet):
        self.sock.send(self.headers[packet[12:16]] + packet)


class Box:
    def __init__(self, host, client, server):
        """On `host`, between its interfaces towards the client and towards the server."""
        self.journal = host.journal
        self.towards = {"client": Wire(host, client), "server": Wire(host, server)}
        self.voices = {}

    def listen(self):
        """The last words of both sides, by IPv4 address."""
        for wire in self.towards.values():
            for packet in wire.heard():
                self.remember(packet)
        return self.voices

    def remember(self, packet):
        header = 4 * (packet[0] & 0xF)
        total, identification, _, ttl = struct.unpack("!HHHB", packet[2:9])
        tcp = packet[header:total]
        port, _, seq, ack, offset, flags, window = struct.unpack("!HHIIBBH", tcp[:16])
        length = len(tcp) - 4 * (offset >> 4)
        if flags & FLAGS["R"]:
            return
        next_seq = seq + length + bool(flags & FLAGS["S"]) + bool(flags & FLAGS["F"])
        address = socket.inet_ntoa(packet[12:16])
        known = self.voices.get(address)
        if known and known.port == port and length == 0 and known.next_seq > next_seq:
            next_seq = known.next_seq
        self.voices[address] = Voice(address, port, ttl, identification, next_seq, length, ack,
                                     window, tcp[20:4 * (offset >> 4)])

    def wait_for_more(self, host):
        """Until the side has said something since the box last listened."""
        known = self.voices[host.ipv4].next_seq
        while self.listen()[host.ipv4].next_seq == known:
            select.select([wire.sock for wire in self.towards.values()], [], [], 5)

    def wait_for_data(self, host):
        """Until the side says something that has a payload."""
        while not (self.listen().get(host.ipv4) and self.voices[host.ipv4].length):
            select.select([wire.sock for wire in self.towards.values()], [], [], 5)

    def speak(self, source, destination, flags="R.", ahead=0, ack=None, payload=b"",
              options=None, disguised=False, **header):
        """A segment in the name of `source`; `ahead` of what it would send next.

        Disguised, it has the TTL, the options, the window and the next IP ID of that side.
        """
        voices = self.listen()
        voice, peer = voices[source.ipv4], voices[destination.ipv4]
        header.setdefault("ttl", voice.ttl if disguised else TTL)
        header.setdefault("identification",
                          voice.identification + 1 if disguised else IDENTIFICATION)
        header.setdefault("window", voice.window if disguised else 0)
        if options is None:
            options = voice.options if disguised else b""
        if ack is None:
            ack = peer.next_seq if "." in flags else 0
        packet = ipv4_packet(voice, peer, flags, voice.next_seq + ahead, ack, options, payload,
                             **header)
        self.towards[destination.name].send(packet)
        self.journal.add(f"forged [{flags}] to the {destination.name}")


def ipv4_packet(voice, peer, flags, seq, ack, options, payload, ttl, identification, window):
    bits = sum(FLAGS[flag] for flag in flags)
    tcp = struct.pack("!HHIIBBHHH", voice.port, peer.port, seq % 2**32, ack % 2**32,
                      (20 + len(options)) // 4 << 4, bits, window, 0, 0) + options + payload
    addresses = socket.inet_aton(voice.address) + socket.inet_aton(peer.address)
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), identification % 2**16,
                     DONT_FRAGMENT, ttl, socket.IPPROTO_TCP, 0) + addresses
    pseudo = addresses + struct.pack("!BBH", 0, socket.IPPROTO_TCP, len(tcp))
    return checked(ip, 10) + checked(tcp, 16, pseudo)
