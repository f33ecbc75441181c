# SPDX-License-Identifier: GPL-2.0-or-later
"""A long cable: carries frames between two interfaces and takes its time.

Run inside a namespace of its own: net.path LEFT RIGHT SECONDS [TRUNK KIND]. What arrives is shown
on the interface TRUNK as well, wrapped as on a trunk of that kind.
"""

import collections
import select
import socket
import sys
import time

from net.trunk import WRAPS

ETH_P_ALL = 3


def tap(interface):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    sock.bind((interface, 0))
    return sock


def carry(left, right, delay, show):
    other = {left: right, right: left}
    under_way = collections.deque()
    while True:
        wait = max(0, under_way[0][0] - time.monotonic()) if under_way else None
        for sock in select.select(list(other), [], [], wait)[0]:
            frame, origin = sock.recvfrom(65535)
            if origin[2] != socket.PACKET_OUTGOING:
                under_way.append((time.monotonic() + delay, other[sock], frame))
        while under_way and under_way[0][0] <= time.monotonic():
            _, sock, frame = under_way.popleft()
            sock.send(frame)
            show(frame, sock is left)


def trunk(name=None, kind=None):
    if not name:
        return lambda frame, back: None
    sock = tap(name)
    return lambda frame, back: sock.send(WRAPS[kind](frame, back))


if __name__ == "__main__":
    ends = tap(sys.argv[1]), tap(sys.argv[2])
    print("ready", flush=True)
    carry(*ends, float(sys.argv[3]), trunk(*sys.argv[4:]))
