# SPDX-License-Identifier: GPL-2.0-or-later
"""A pair of virtual Ethernet interfaces whose frames look as they would on a wire."""

import ctypes
import fcntl
import socket
import struct

SIOCETHTOOL = 0x8946
# linux/ethtool.h: receive and transmit checksums, scatter-gather, TSO, GSO, GRO
OFFLOADS = (0x15, 0x17, 0x19, 0x1F, 0x24, 0x2C)


def set_offloads(namespace, name, on):
    """With them, a capture shows frames larger than the MTU and unfinished checksums."""
    with namespace, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for command in OFFLOADS:
            value = ctypes.create_string_buffer(struct.pack("II", command, on))
            request = struct.pack("16sP", name.encode(), ctypes.addressof(value))
            fcntl.ioctl(control, SIOCETHTOOL, request)


def connect(left, left_name, left_mac, right, right_name, right_mac):
    """Lay a cable between two namespaces."""
    left.run("ip", "link", "add", left_name, "address", left_mac, "type", "veth",
             "peer", "name", right_name, "address", right_mac,
             "netns", right.path)
    for namespace, name in ((left, left_name), (right, right_name)):
        set_offloads(namespace, name, on=False)
        namespace.run("ip", "link", "set", name, "up")
