# SPDX-License-Identifier: GPL-2.0-or-later
"""What a frame of the long cable is wrapped in where it crosses a trunk."""

import socket
import struct

from net.segment import checked

VLAN, QINQ = b"\x81\x00", b"\x88\xa8"
OUTER_TAG, INNER_TAG = 200, 100
IPV4 = b"\x08\x00"
GRE, UDP = 47, 17
VXLAN_PORT, NETWORK_IDENTIFIER = 4789, 42
# RFC 1701: Ethernet inside GRE
TRANSPARENT_ETHERNET = 0x6558

ENDS = "203.0.113.201", "203.0.113.202"
MACS = bytes.fromhex("02000000f001"), bytes.fromhex("02000000f002")


def tagged(frame, kind, number):
    return frame[:12] + kind + struct.pack("!H", number) + frame[12:]


def tunnelled(payload, protocol, back):
    """Between the ends of the trunk, or back."""
    source, destination = reversed(ENDS) if back else ENDS
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 0, 0x4000, 64, protocol, 0)
    header = checked(ip + socket.inet_aton(source) + socket.inet_aton(destination), 10)
    macs = MACS if back else tuple(reversed(MACS))
    return b"".join(macs) + IPV4 + header + payload


def vlan(frame, _):
    return tagged(frame, VLAN, INNER_TAG)


def qinq(frame, _):
    return tagged(tagged(frame, VLAN, INNER_TAG), QINQ, OUTER_TAG)


def gre(frame, back):
    return tunnelled(struct.pack("!HH", 0, TRANSPARENT_ETHERNET) + frame, GRE, back)


def vxlan(frame, back):
    inner = struct.pack("!II", 0x08000000, NETWORK_IDENTIFIER << 8) + frame
    return tunnelled(struct.pack("!HHHH", 49152, VXLAN_PORT, 8 + len(inner), 0) + inner, UDP, back)


WRAPS = {"vlan": vlan, "qinq": qinq, "gre": gre, "vxlan": vxlan}
