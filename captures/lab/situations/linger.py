# SPDX-License-Identifier: GPL-2.0-or-later
"""A live socket destroyed by its owner: SO_LINGER 0, unread data, ss --kill, impatience."""

import socket
import time

from acts.exchange import ANSWER, LONG_ANSWER, CHUNK, REQUEST, ask, exchange, open_pair, pause
from record.situation import situation
from record.truth import Reset, ack_of_fin

NOT_TOLD = "finished exchange, active RST; on Linux a close with unread data looks the same"
IN_PLACE_OF_FIN = "RST in place of a FIN, its ack covers the other FIN, nothing outstanding"


@situation("linger0-server", "The server closes with SO_LINGER 0 after a finished exchange.",
           Reset("fast_close", "after_exchange", "server", NOT_TOLD, also=("abort",)))
def linger0_server(net):
    near, far = open_pair(net)
    exchange(near, far)
    far.reset()
    pause()
    near.recv()


@situation("linger0-client", "The client closes with SO_LINGER 0 after a finished exchange.",
           Reset("fast_close", "after_exchange", "client", NOT_TOLD, also=("abort",)))
def linger0_client(net):
    near, far = open_pair(net)
    exchange(near, far)
    near.reset()
    pause()
    far.recv()


@situation("linger0-after-fin",
           "The server closes in order; the client answers with SO_LINGER 0 instead of a FIN.",
           Reset("fast_close", "instead_of_fin", "client", IN_PLACE_OF_FIN, also=("abort",)))
def linger0_after_fin(net):
    near, far = open_pair(net)
    exchange(near, far)
    far.close()
    pause()
    near.reset()


@situation("unread-after-fin",
           "The server answers and closes; the client closes without having read the answer.",
           Reset("fast_close", "instead_of_fin", "client", IN_PLACE_OF_FIN, also=("abort",)))
def unread_after_fin(net):
    near, far = open_pair(net)
    ask(near, far)
    far.send(ANSWER)
    far.close()
    pause()
    near.close()


@situation("unread-leftover",
           "The client has the whole answer but reads nothing of it before it closes.",
           Reset("fast_close", "unread_leftover", "client",
                 "finished exchange; the window grows at least twofold in the RST",
                 also=("abort",), harmless=False))
def unread_leftover(net):
    near, far = open_pair(net, receive_buffer=16384)
    ask(near, far)
    far.send(LONG_ANSWER.replace(b"1000000", b"17000") + 17 * CHUNK)
    time.sleep(0.5)
    near.close()
    pause()
    far.recv()


@situation("linger2-server", "The server closes with TCP_LINGER2 < 0: FIN, its ACK, RST at once.",
           Reset("fast_close", "after_own_fin", "server",
                 "reflex RST to the bare ACK of the FIN, the client not having closed",
                 also=("after_close",), trigger=ack_of_fin))
def linger2_server(net):
    near, far = open_pair(net)
    exchange(near, far)
    far.option("TCP_LINGER2", -1)
    far.close()
    pause()
    near.recv()
    near.send(REQUEST)


@situation("linger0-mid-exchange",
           "The server closes with SO_LINGER 0 before it has answered the second request.",
           Reset("abort", None, "server", "active RST while a request is unanswered"))
def linger0_mid_exchange(net):
    near, far = open_pair(net)
    exchange(near, far)
    ask(near, far)
    pause()
    far.reset()
    pause()
    near.recv()


@situation("linger0-own-data-unacknowledged",
           "The server closes with SO_LINGER 0 right after sending a part of its answer.",
           Reset("abort", "transfer_cut", "server",
                 "the RST overtakes no data, but the data before it was not acknowledged"))
def linger0_own_data_unacknowledged(net):
    near, far = open_pair(net)
    exchange(near, far)
    ask(near, far)
    far.send(LONG_ANSWER + CHUNK)
    far.reset()
    pause()
    near.recv()


@situation("socket-killed",
           "The administrator destroys the server's socket (ss --kill) before it has answered.",
           Reset("abort", None, "server", "active RST while a request is unanswered"))
def socket_killed(net):
    near, far = open_pair(net)
    exchange(near, far)
    ask(near, far)
    pause()
    net.server.namespace.run("ss", "--kill", "-t", "state", "established", "( sport = :80 )")
    pause()
    near.recv()
    far.recv()


@situation("gave-up-waiting",
           "The server stays silent for 5.5 s after the second request; "
           "the client closes with SO_LINGER 0.",
           Reset("abort", "gave_up_waiting", "client",
                 "request acknowledged, more than 5 s of silence, active RST of the asker"))
def gave_up_waiting(net):
    near, far = open_pair(net)
    exchange(near, far)
    ask(near, far)
    time.sleep(5.5)
    near.reset()
    pause()
    far.recv()


@situation("answer-stalled",
           "The answer stops in the middle for 5.5 s; the client closes with SO_LINGER 0.",
           Reset("abort", "stalled", "client",
                 "1000 of 1000000 bytes, more than 5 s of silence, active RST of the asker"))
def answer_stalled(net):
    near, far = open_pair(net)
    ask(near, far)
    far.send(LONG_ANSWER + CHUNK)
    near.recv()
    time.sleep(5.5)
    near.reset()
    pause()
    far.recv()


@situation("unread-ipv6",
           "The server closes with a request unread, over IPv6.",
           Reset("abort", "unread_data", "server", "active RST while a request is unanswered"))
def unread_ipv6(net):
    near, far = open_pair(net, family=socket.AF_INET6)
    exchange(near, far)
    near.send(REQUEST)
    pause()
    far.close()
    pause()
    near.recv()
