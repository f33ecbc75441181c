# SPDX-License-Identifier: GPL-2.0-or-later
"""The frames of a capture of Ethernet once more, in what TCP travels in.

A wrapping takes an Ethernet frame and gives the frames it becomes, the last of which completes it.
"""
import struct

ETHERNET, NULL, RAW, PPP, WLAN, COOKED, COOKED2 = 1, 0, 101, 9, 105, 113, 276
MACS = bytes.fromhex("020000000009020000000008")
IPV4, IPV6, PROTOCOL_FRAGMENT, PROTOCOL_TCP = 0x0800, 0x86DD, 44, 6


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ipv4(protocol, payload, *, source=b"\xc0\0\2\1", destination=b"\xc6\x33\x64\1", number=7,
         fragment=0, ttl=61):
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), number, fragment, ttl,
                       protocol, 0, source, destination)
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def udp(port, payload):
    return struct.pack("!HHHH", 50000, port, 8 + len(payload), 0) + payload


def ethernet(kind, payload):
    return MACS + struct.pack("!H", kind) + payload


def family(frame):
    return struct.unpack_from("!H", frame, 12)[0]


def tunnel(protocol, head=lambda frame: b"", inner=14):
    return lambda frame: [ethernet(IPV4, ipv4(protocol, head(frame) + frame[inner:]))]


def over_udp(port, head, inner=0):
    return lambda frame: [ethernet(IPV4, ipv4(17, udp(port, head + frame[inner:])))]


def kind_of(frame):
    return struct.pack("!H", family(frame))


def ppp_kind(frame):
    return b"\0\x21" if family(frame) == IPV4 else b"\0\x57"


def pppoe(frame):
    inner = ppp_kind(frame) + frame[14:]
    return [ethernet(0x8864, struct.pack("!BBHH", 0x11, 0, 9, len(inner)) + inner)]


def fragments(frame):
    """Three, the first of them ending inside the TCP header."""
    ip = frame[14:]
    if family(frame) == IPV4:
        parts, number = ip[20:], struct.unpack_from("!H", ip, 4)[0]
        same = {"source": ip[12:16], "destination": ip[16:20], "number": number, "ttl": ip[8]}

        def piece(at, end, more):
            return ethernet(IPV4, ipv4(PROTOCOL_TCP, parts[at:end], fragment=more | at // 8, **same))
        more = 0x2000
    else:
        parts = ip[40:]
        number = checksum(frame)

        def piece(at, end, more):
            inner = struct.pack("!BBHI", PROTOCOL_TCP, 0, at | more, number) + parts[at:end]
            return ethernet(IPV6, ip[:4] + struct.pack("!HB", len(inner), PROTOCOL_FRAGMENT)
                            + ip[7:40] + inner)
        more = 1
    return [piece(0, 8, more), piece(8, 16, more), piece(16, len(parts), 0)]


def extended(frame):
    """IPv6 with hop-by-hop and destination options; IPv4 with a router alert."""
    ip = frame[14:]
    if family(frame) == IPV4:
        head = b"\x46" + ip[1:2] + struct.pack("!H", len(ip) + 4) + ip[4:10] + b"\0\0" + ip[12:20]
        return [ethernet(IPV4, head + b"\x94\4\0\0" + ip[20:])]
    more = bytes([60, 0, 5, 2, 0, 0, 1, 0]) + bytes([PROTOCOL_TCP, 0, 1, 4, 0, 0, 0, 0])
    return [ethernet(IPV6, ip[:4] + struct.pack("!HB", len(ip) - 40 + len(more), 0) + ip[7:40]
                     + more + ip[40:])]


def wlan(frame):
    head = b"\x08\x02\0\0" + frame[:6] + MACS[:6] + frame[6:12] + b"\0\0"
    return [head + b"\xaa\xaa\3\0\0\0" + frame[12:]]


def aggregate(frame):
    """An 802.11 A-MSDU with the frame in it alone."""
    head = b"\x88\x02\0\0" + frame[:6] + MACS[:6] + frame[6:12] + b"\0\0" + b"\x80\0"
    inner = b"\xaa\xaa\3\0\0\0" + frame[12:]
    return [head + frame[:12] + struct.pack("!H", len(inner)) + inner]


def cooked(frame):
    return [b"\0\0\0\1\0\6" + frame[6:12] + b"\0\0" + frame[12:]]


def cooked2(frame):
    return [frame[12:14] + b"\0\0" + struct.pack("!IHBB", 1, 1, 0, 6) + frame[6:12] + b"\0\0"
            + frame[14:]]


def null(frame):
    return [struct.pack("<I", 2 if family(frame) == IPV4 else 24) + frame[14:]]


def quoted(frame):
    """The frame, and an error that quotes another number of bytes of it each time."""
    ip = frame[14:]
    if family(frame) != IPV4 or ip[33] & 0x02:  # the quote of a SYN is evidence
        return [frame]
    icmp = b"\x0b\0\0\0\0\0\0\0" + ip[:20 + quoted.length % 61]
    quoted.length += 1
    icmp = icmp[:2] + struct.pack("!H", checksum(icmp)) + icmp[4:]
    return [ethernet(IPV4, ipv4(1, icmp, destination=ip[12:16])), frame]


quoted.length = 0


def sampled(frame):
    """sFlow 5: what a switch shows of traffic elsewhere."""
    raw = frame + b"\0" * (-len(frame) % 4)
    record = struct.pack("!IIIIII", 1, 16 + len(raw), 1, len(frame), 0, len(frame)) + raw
    sample = struct.pack("!IIIIIIII", 1, 3, 1, 1, 0, 1, 2, 1) + record
    datagram = (struct.pack("!II4sIIII", 5, 1, b"\xc0\0\2\1", 0, 1, 1, 1)
                + struct.pack("!II", 1, len(sample)) + sample)
    return [ethernet(IPV4, ipv4(17, udp(6343, datagram)))]


# What a verdict must not change in: link type and wrapping.
TRANSPARENT = {
    "VLAN": (ETHERNET, lambda frame: [frame[:12] + b"\x81\0\0\5" + frame[12:]]),
    "QinQ": (ETHERNET, lambda frame: [frame[:12] + b"\x88\xa8\0\6\x81\0\0\5" + frame[12:]]),
    "MPLS": (ETHERNET, lambda frame: [ethernet(0x8847, b"\0\1\x01\x40" + frame[14:])]),
    "PPPoE": (ETHERNET, pppoe),
    "padding": (ETHERNET, lambda frame: [frame + b"\0" * max(0, 100 - len(frame))]),
    "GRE": (ETHERNET, tunnel(47, lambda frame: b"\0\0" + kind_of(frame))),
    "IP in IP": (ETHERNET, lambda frame: tunnel(4 if family(frame) == IPV4 else 41)(frame)),
    "VXLAN": (ETHERNET, over_udp(4789, b"\x08\0\0\0\0\0\5\0")),
    "Geneve": (ETHERNET, over_udp(6081, b"\0\0\x65\x58\0\0\5\0")),
    "ERSPAN": (ETHERNET, tunnel(47, lambda frame: b"\x10\0\x88\xbe\0\0\0\1\x10\5\0\0\0\0\0\0", 0)),
    "GTP": (ETHERNET, lambda frame: over_udp(
        2152, struct.pack("!BBHI", 0x30, 255, len(frame) - 14, 5), 14)(frame)),
    "options and extension headers": (ETHERNET, extended),
    "fragments": (ETHERNET, fragments),
    "ICMP quotes": (ETHERNET, quoted),
    "raw IP": (RAW, lambda frame: [frame[14:]]),
    "loopback": (NULL, null),
    "PPP": (PPP, lambda frame: [b"\xff\3" + ppp_kind(frame) + frame[14:]]),
    "cooked": (COOKED, cooked),
    "cooked 2": (COOKED2, cooked2),
    "802.11": (WLAN, wlan),
    "802.11 aggregate": (WLAN, aggregate),
}

# What is no traffic of its own: no verdict at all.
REPORTS = {"sFlow": (ETHERNET, sampled)}


def frames_of(path):
    """Each record of a pcap in this machine's byte order: (seconds, fraction, frame, sent)."""
    data, at = path.read_bytes(), 24
    while at < len(data):
        seconds, fraction, captured, sent = struct.unpack_from("=IIII", data, at)
        yield seconds, fraction, data[at + 16:at + 16 + captured], sent
        at += 16 + captured


def wrap(source, target, link, wrapping):
    """Write the capture; for each frame of the source, its number in the new one."""
    numbers, written = [0], 0
    with target.open("wb") as file:
        file.write(struct.pack("=IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, link))
        for seconds, fraction, frame, sent in frames_of(source):
            for piece in wrapping(frame):
                file.write(struct.pack("=IIII", seconds, fraction, len(piece),
                                       len(piece) + sent - len(frame)) + piece)
                written += 1
            numbers.append(written)
    target.chmod(0o644)
    return numbers
