# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes captures for the benchmark: ordinary traffic of any size, and hostile kinds."""
import functools
import struct

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
OPAQUE = 40000  # a port of no protocol: Wireshark itself is quadratic in an endless HTTP head
SERVER = bytes([198, 51, 100, 1])
REQUEST = b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n"


class Writer:
    """A pcap; each frame comes a little after the one before."""

    step_us = 37

    def __init__(self, path):
        self.file = open(path, "wb")
        self.file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        self.count = self.time_us = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def segment(self, source, destination, ports, numbers, flags, data=b"", window=512):
        """`ports` and `numbers` (sequence, acknowledgement) are pairs."""
        self.time_us += self.step_us
        self.count += 1
        tcp = struct.pack("!HHIIBBHHH", *ports, numbers[0] & 0xFFFFFFFF, numbers[1] & 0xFFFFFFFF,
                          0x50, flags, window, 0, 0) + data
        frame = (b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0"
                 + struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 0, 0x4000, 64, 6, 0,
                               source, destination) + tcp)
        self.file.write(struct.pack("<IIII", self.time_us // 1000000, self.time_us % 1000000,
                                    len(frame), len(frame)) + frame)


def client(number):
    return bytes([10, number >> 16 & 255, number >> 8 & 255, number & 255])


class Connection:
    """Both sides' next sequence numbers, and who is who."""

    def __init__(self, writer, number, port=80, server=SERVER):
        self.writer, self.host, self.server = writer, client(number), server
        self.ports = (20000 + number % 40000, port)
        self.next = [number * 7919 + 1000, number * 104729 + 1000]

    def send(self, side, flags, data=b"", ack=True, window=512):
        hosts = (self.host, self.server) if side == 0 else (self.server, self.host)
        ports = self.ports if side == 0 else self.ports[::-1]
        numbers = (self.next[side], self.next[1 - side] if ack else 0)
        self.writer.segment(*hosts, ports, numbers, flags, data, window)
        self.next[side] += len(data) + bool(flags & SYN) + bool(flags & FIN)

    def open(self):
        self.send(0, SYN, ack=False)
        self.send(1, SYN | ACK)
        self.send(0, ACK)


def exchange(connection, number):
    """A request, an answer in five segments, and an end: every 16th time by a reset."""
    connection.open()
    connection.send(0, PSH | ACK, REQUEST)
    connection.send(1, PSH | ACK, ANSWER)
    for part in range(4):
        connection.send(1, ACK, b"x" * 1000)
        if part % 2:
            connection.send(0, ACK)
    connection.send(0, FIN | ACK)
    connection.send(1, FIN | ACK)
    if number % 16 == 1:
        connection.send(0, RST, ack=False, window=0)
    else:
        connection.send(0, ACK)


def refuse(connection):
    connection.send(0, SYN, ack=False)
    connection.next[1] = 0
    connection.send(1, RST | ACK, window=0)


def connections(path, count):
    """HTTP, one connection in 16 refused.  Returns the packets written, as all here do."""
    with Writer(path) as writer:
        for number in range(count):
            connection = Connection(writer, number)
            refuse(connection) if number % 16 == 0 else exchange(connection, number)
        return writer.count


def syn_flood(path, packets):
    with Writer(path) as writer:
        for number in range(packets):
            Connection(writer, number).send(0, SYN, ack=False)
        return writer.count


def one_stream(path, packets):
    with Writer(path) as writer:
        connection = Connection(writer, 1, port=OPAQUE)
        connection.open()
        while writer.count < packets:
            connection.send(writer.count % 3 == 0, ACK, b"x" * 100)
        return writer.count


def resets(path, packets):
    with Writer(path) as writer:
        writer.step_us = 3000  # or they would be taken for copies made by the capture
        connection = Connection(writer, 1)
        exchange(connection, 0)
        while writer.count < packets:
            connection.send(0, RST, ack=False, window=0)
        return writer.count


def retransmissions(path, packets):
    with Writer(path) as writer:
        writer.step_us = 3000  # or they would be taken for copies made by the capture
        connection = Connection(writer, 1, port=OPAQUE)
        connection.open()
        while writer.count < packets:
            connection.send(0, PSH | ACK, b"x" * 100)
            connection.next[0] -= 100
        return writer.count


def deaths(path, packets):
    """One endpoint cuts every exchange at the same moment; a fifth as many connections."""
    with Writer(path) as writer:
        every = [Connection(writer, number) for number in range(packets // 5)]
        for connection in every:
            connection.open()
            connection.send(0, PSH | ACK, REQUEST)
        for connection in every:
            writer.time_us -= writer.step_us
            connection.send(1, RST | ACK, window=0)
        return writer.count


def refusals(path, aborts, server=None):
    """Each connection refused by that server, or by one of its own."""
    with Writer(path) as writer:
        for number in range(aborts):
            own = b"\x0b" + number.to_bytes(3, "big")
            refuse(Connection(writer, number, server=server or own))
        return writer.count


def kinds(path, aborts):
    """Of seven kinds in turn, at a hundred servers; ten connections are under way at a time."""
    begun = []
    with Writer(path) as writer:
        for number in range(aborts):
            server = bytes([198, 51, 100, number % 100])
            begun.append((number % 7, Connection(writer, number, server=server)))
            if len(begun) == 10 or number == aborts - 1:
                interleave(begun)
                begun.clear()
        return writer.count


def interleave(begun):
    for kind, connection in begun:
        if kind == 0:
            refuse(connection)
            continue
        connection.open()
        if kind != 1:
            connection.send(0, PSH | ACK, REQUEST)
    for kind, connection in begun:
        if kind > 3:
            connection.send(1, PSH | ACK, ANSWER + b"x" * 4000 * (kind == 4))
        if kind in (1, 2):  # turned away, or cut short before the answer
            connection.send(1, RST | ACK, window=0)
        elif kind in (3, 4, 5):  # given up before, behind or within the answer
            connection.send(0, RST | ACK, window=0)
        elif kind == 6:
            connection.send(1, FIN | ACK)


# Each takes the number of aborts.
ABORTS = {
    "all refused, each by another server": refusals,
    "all refused by one server": functools.partial(refusals, server=SERVER),
    "of seven kinds, at a hundred servers": kinds,
}

HOSTILE = {
    "a flood of SYNs, a stream each": syn_flood,
    "one stream of data": one_stream,
    "one stream of resets": resets,
    "one stream of retransmissions": retransmissions,
    "one endpoint, deaths at once": deaths,
}
