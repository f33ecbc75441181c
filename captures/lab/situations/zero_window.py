# SPDX-License-Identifier: GPL-2.0-or-later
"""A receiver that stops reading, and what becomes of its sender."""

import time

from acts.exchange import CHUNK, LONG_ANSWER, ask, exchange, open_pair, part, pause
from record.situation import situation
from record.truth import Reset, last_of_acceptor


def fill(net):
    """The server sends until the client's window is closed."""
    near, far = open_pair(net, receive_buffer=8192)
    ask(near, far)
    far.send(LONG_ANSWER + 60 * CHUNK)
    return near, far


@situation("zero-window-given-up",
           "The client stops reading; after 3 s of zero-window probes the server closes with "
           "SO_LINGER 0.",
           Reset("zero_window_timeout", None, "server",
                 "window 0, answered probes, then an active RST of the side that probed",
                 also=("abort",)))
def zero_window_given_up(net):
    near, far = fill(net)
    time.sleep(3)
    far.reset()
    pause()
    near.recv()


@situation("zero-window-receiver-killed",
           "The client stops reading; after 3 s of zero-window probes its own socket is "
           "destroyed (ss --kill).",
           Reset("abort", None, "client",
                 "active RST of the side whose own window was 0, and still is in the RST"))
def zero_window_receiver_killed(net):
    _, far = fill(net)
    time.sleep(3)
    net.client.namespace.run("ss", "--kill", "-t", "state", "established", "( dport = :80 )")
    pause()
    far.recv()


@situation("zero-window-receiver-closes",
           "The client stops reading; after 3 s of zero-window probes it closes.",
           Reset("abort", "unread_data", "client",
                 "active RST of the side whose own window was 0; it is open in the RST"))
def zero_window_receiver_closes(net):
    near, far = fill(net)
    time.sleep(3)
    near.close()
    pause()
    far.recv()


@situation("zero-window-user-timeout",
           "The client stops reading; the server's TCP_USER_TIMEOUT of 3 s ends without a RST. "
           "Then the client reads, and its window update draws one.",
           Reset("zero_window_timeout", None, "server",
                 "window 0, answered probes, silence, then a reflex RST to a window update",
                 also=("timeout", "crash", "no_connection"), sure=False))
def zero_window_user_timeout(net):
    near, far = open_pair(net, receive_buffer=8192)
    far.option("TCP_USER_TIMEOUT", 3000)
    ask(near, far)
    far.send(LONG_ANSWER + 60 * CHUNK)
    time.sleep(7)
    far.recv()
    near.recv()
    pause()
    near.recv()


@situation("zero-window-silent",
           "The client stops reading for good; the server's TCP_USER_TIMEOUT of 3 s ends without "
           "a RST. Later the client connects anew.",
           Reset("zero_window_timeout", "silent", "server",
                 "window 0, answered probes, then nothing more of either side",
                 silent=last_of_acceptor),
           None)
def zero_window_silent(net):
    near, far = open_pair(net, receive_buffer=8192)
    far.option("TCP_USER_TIMEOUT", 3000)
    ask(near, far)
    far.send(LONG_ANSWER + 60 * CHUNK)
    time.sleep(7)
    far.recv()
    another, accepted = open_pair(net)
    exchange(another, accepted)
    part(another, accepted)


@situation("keepalive-user-timeout",
           "The path goes dark; the client's keep-alive (1 s, 1 s, 10 probes) is cut short by "
           "its TCP_USER_TIMEOUT of 3.5 s.",
           Reset("keepalive_timeout", None, "client",
                 "two or more evenly spaced probes, then an active RST one interval later"))
def keepalive_user_timeout(net):
    near, far = open_pair(net)
    near.keep_alive(idle=1, interval=1, count=10)
    near.option("TCP_USER_TIMEOUT", 3500)
    exchange(near, far)
    with net.black_hole():
        near.recv()
