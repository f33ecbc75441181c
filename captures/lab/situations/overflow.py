# SPDX-License-Identifier: GPL-2.0-or-later
"""A listener whose accept queue is full when a handshake ends."""

import time

from acts.exchange import pause
from record.situation import situation
from record.truth import Reset

# a queue of this backlog takes one connection more
BACKLOG = 2


@situation("overflow-ignored",
           "Two handshakes at once, room for one in the accept queue (tcp_abort_on_overflow 0): "
           "the other's ACK and data are dropped, and taken in when they come again.",
           None, None)
def overflow_ignored(net):
    listener = fill_queue(net, abort=0)
    yield
    socks = connect_two(net)
    pause()
    for sock in socks:
        sock.send(b"hello\n")
    time.sleep(0.3)
    drain(net, listener)
    time.sleep(2)
    drain(net, listener)
    for sock in socks:
        sock.close()
    pause()


@situation("overflow-aborted",
           "Two handshakes at once, room for one in the accept queue (tcp_abort_on_overflow 1).",
           None,
           Reset("turned_away", "before_data", "server",
                 "reflex RST to the last segment of the handshake"))
def overflow_aborted(net):
    fill_queue(net, abort=1)
    yield
    connect_two(net)
    pause()


def fill_queue(net, abort):
    """A listener with room for one more connection."""
    net.server.namespace.sysctl("net.ipv4.tcp_abort_on_overflow", abort)
    # cookies would take the place of a half-open connection, and of its RST
    net.server.namespace.sysctl("net.ipv4.tcp_syncookies", 0)
    listener = net.server.listen(80, backlog=BACKLOG)
    for _ in range(BACKLOG):
        net.client.connect(net.server, 80)
    return listener


def connect_two(net):
    socks = [net.client.new_socket() for _ in range(2)]
    for sock in socks:
        sock.setblocking(False)
        sock.connect_ex((net.server.ipv4, 80))
    pause()
    return socks


def drain(net, listener):
    """Accept all there is; what was asked for before the recording stays open."""
    listener.settimeout(0)
    while True:
        try:
            net.server.accept(listener)
        except BlockingIOError:
            return
