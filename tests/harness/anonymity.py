# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures without names, addresses and data: what is left is what a verdict rests on."""
import dataclasses
import ipaddress
import re
import struct

from net.segment import checked

IPV4, IPV6, TCP = 0x0800, 0x86dd, 6
RAW = 101  # LINKTYPE_RAW (tcpdump.org)
MAGIC_NS = 0xa1b23c4d
START = 946684800  # 2000-01-01
ENDS = {4: ("192.0.2.10", "198.51.100.20"), 6: ("2001:db8:1::10", "2001:db8:2::20")}
# of each LINKTYPE: bytes before the type, and where the type stands
LINKS = {1: (14, 12), 113: (16, 14), 276: (20, 0)}
VLANS = {0x8100, 0x88a8, 0x9100}
# words of the head of a message whose value decides
DECIDING = re.compile(rb"(?im)^(content-length|transfer-encoding|connection|upgrade|trailer|"
                      rb"content-type):")
BODY = b"\r\n\r\n"
CHUNK = re.compile(rb"([0-9A-Fa-f]+\r\n)?")


class Unreadable(Exception):
    """Why a capture cannot be made anonymous."""


@dataclasses.dataclass
class Frame:
    time_ns: int
    sent: int         # bytes that it had, from IP on
    head: bytearray   # IP and TCP
    payload: bytearray


def network(link, frame):
    """What lies above the link layer."""
    if link in (RAW, 228, 229):
        return frame
    if link in (0, 108):
        return frame[4:]
    if link not in LINKS:
        raise Unreadable(f"link layer {link} is not known here: editcap or tcprewrite may change it")
    size, at = LINKS[link]
    kind, = struct.unpack_from("!H", frame, at)
    while kind in VLANS:
        kind, = struct.unpack_from("!H", frame, size + 2)
        size += 4
    return frame[size:] if kind in (IPV4, IPV6) else b""


def split(packet):
    """Head (IP and TCP) and payload; None: it is no TCP segment, or not at the outside."""
    if len(packet) < 20:
        return None
    if packet[0] >> 4 == 4:
        size, kind = 4 * (packet[0] & 15), packet[9]
        length, = struct.unpack_from("!H", packet, 2)
        packet = packet[:length or len(packet)]
    else:
        size, kind = 40, packet[6]
        packet = packet[:40 + struct.unpack_from("!H", packet, 4)[0]]
    if kind != TCP or len(packet) < size + 20:
        return None
    size += 4 * (packet[size + 12] >> 4)
    return bytearray(packet[:size]), bytearray(packet[size:])


def read(data):
    """The frames of a pcap file, addresses changed already."""
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    nano = data[:4] in (b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d")
    link = struct.unpack_from(order + "I", data, 20)[0] & 0xffff
    at, frames, ends = 24, [], {}
    while at + 16 <= len(data):
        second, part, captured, sent = struct.unpack_from(order + "IIII", data, at)
        packet = network(link, data[at + 16:at + 16 + captured])
        below = captured - len(packet)
        parts = split(packet)
        at += 16 + captured
        if not parts:
            raise Unreadable(f"frame {len(frames) + 1} is no TCP segment right above IP "
                             "(a tunnel, a fragment, an ICMP error): it has to be made by hand")
        head, payload = parts
        readdress(head, ends)
        frames.append(Frame(second * 10**9 + part * (1 if nano else 1000), sent - below, head,
                            payload))
    if not frames:
        raise Unreadable("the stream has no frames")
    first = frames[0].time_ns
    for frame in frames:
        frame.time_ns -= first - START * 10**9
    return frames


def readdress(head, ends):
    version = head[0] >> 4
    size, at = (4, 12) if version == 4 else (16, 8)
    for place in (at, at + size):
        address = bytes(head[place:place + size])
        ends.setdefault(address, ENDS[version][len(ends) % 2])
        head[place:place + size] = ipaddress.ip_address(ends[address]).packed


def with_checksums(frame):
    """The packet, with the checksums that it has now."""
    head = bytearray(frame.head)
    if head[0] >> 4 == 4:
        size, ends = 4 * (head[0] & 15), bytes(head[12:20])
        head[10:12] = bytes(2)
        head[:size] = checked(bytes(head[:size]), 10)
    else:
        size, ends = 40, bytes(head[8:40])
    head[size + 16:size + 18] = bytes(2)
    segment = bytes(head[size:] + frame.payload)
    return bytes(head[:size]) + checked(segment, 16, ends + struct.pack("!HH", TCP, len(segment)))


def write(frames):
    """A pcap file of them."""
    out = [struct.pack("<IHHiIII", MAGIC_NS, 2, 4, 0, 0, 262144, RAW)]
    for frame in frames:
        packet = with_checksums(frame)
        out += [struct.pack("<IIII", frame.time_ns // 10**9, frame.time_ns % 10**9, len(packet),
                            max(frame.sent, len(packet))), packet]
    return b"".join(out)


def blanked(payload):
    return bytes(len(payload))


def headed(payload):
    return masked(payload, lambda body: bytes(len(body)))


def chunked(payload):
    """The size of the first chunk stays."""
    return masked(payload, lambda body: CHUNK.match(body).group().ljust(len(body), b"\0"))


def with_body(payload):
    return masked(payload, lambda body: body)


def masked(payload, of_body):
    """The same shape without what it says: heads of HTTP, records of TLS, lines of text."""
    data = bytes(payload)
    if data[:1] in (b"\x14", b"\x15", b"\x16", b"\x17") and data[1:2] == b"\x03":
        return data[:5] + data[5:9] + bytes(max(len(data) - 9, 0))
    head, mark, body = data.partition(BODY)
    lines = head.split(b"\r\n")
    for i, line in enumerate(lines):
        if i and not DECIDING.match(line):
            name, colon, value = line.partition(b":")
            lines[i] = name + colon + re.sub(rb"[A-Za-z0-9]", b"x", value) if colon else line
    first = lines[0].split(b" ")
    if len(first) > 2 and first[-1].startswith(b"HTTP/"):
        first[1:-1] = [re.sub(rb"[A-Za-z0-9]", b"x", word) for word in first[1:-1]]
        lines[0] = b" ".join(first)
    return b"\r\n".join(lines) + mark + of_body(body)


def blank(frames, path, is_as_before):
    """Take away payload as long as the verdict stays; path is written anew.  The numbers of the
    frames that have some left."""
    def attempt(changes):
        old = {i: frames[i].payload for i in changes}
        for i, payload in changes.items():
            frames[i].payload = bytearray(payload)
        path.write_bytes(write(frames))
        if is_as_before():
            return True
        for i, payload in old.items():
            frames[i].payload = payload
        path.write_bytes(write(frames))
        return False

    filled = [i for i, frame in enumerate(frames) if any(frame.payload)]
    if not attempt({i: blanked(frames[i].payload) for i in filled}):
        for i in filled:
            any(attempt({i: less(frames[i].payload)})
                for less in (blanked, headed, chunked, with_body))
    return [i + 1 for i, frame in enumerate(frames) if any(frame.payload)]
