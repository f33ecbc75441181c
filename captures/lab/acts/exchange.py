# SPDX-License-Identifier: GPL-2.0-or-later
"""One connection with both ends in the lab's hands, and what they say over it."""

import time

REQUEST = b"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
LONG_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
UPLOAD = b"PUT /file HTTP/1.1\r\nHost: example.com\r\nContent-Length: 1000000\r\n\r\n"
CHUNK = bytes(1000)

# long enough for a segment and its answer to cross the long cable
PAUSE = 0.06


def pause():
    time.sleep(PAUSE)


def open_pair(net, port=80, from_port=0, family=None, receive_buffer=None):
    """Both ends of a new connection; the listener is gone again."""
    family = family or net.family
    listener = net.server.listen(port, family)
    near = net.client.connect(net.server, port, family, from_port, receive_buffer)
    far = net.server.accept(listener)
    listener.close()
    return near, far


def ask(near, far, request=REQUEST):
    """The client's request, delivered and read."""
    near.send(request)
    far.recv()


def exchange(near, far):
    """A request and its whole answer, everything read and acknowledged."""
    ask(near, far)
    far.send(ANSWER)
    near.recv()
    pause()


def part(*connections):
    """Both ends close in good order, the first one first."""
    for connection in connections:
        connection.close()
        pause()
