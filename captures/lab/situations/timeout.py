# SPDX-License-Identifier: GPL-2.0-or-later
"""Nobody answers: retransmissions, keep-alive probes, and what is left of them later."""

import time

from acts.exchange import ANSWER, REQUEST, ask, exchange, open_pair, part, pause
from record.situation import situation
from record.truth import Reset, last_of_acceptor, last_retransmission

PROBES = "two or more evenly spaced probes, then an active RST one interval later"


def unanswered(detail, why, by="client"):
    return Reset("timeout", detail, by, why, silent=last_retransmission)


@situation("keepalive-client",
           "The path goes dark; the client's keep-alive (1 s, 1 s, 3 probes) gives up.",
           Reset("keepalive_timeout", None, "client", PROBES))
def keepalive_client(net):
    near, far = open_pair(net)
    near.keep_alive(idle=1, interval=1, count=3)
    exchange(near, far)
    with net.black_hole():
        near.recv()


@situation("keepalive-server",
           "The path goes dark; the server's keep-alive (1 s, 1 s, 3 probes) gives up.",
           Reset("keepalive_timeout", None, "server", PROBES), vantage="server")
def keepalive_server(net):
    near, far = open_pair(net)
    far.keep_alive(idle=1, interval=1, count=3)
    exchange(near, far)
    with net.black_hole():
        far.recv()


@situation("keepalive-answers-lost",
           "The server's probes reach the client, whose answers are lost on the path.",
           Reset("keepalive_timeout", None, "server",
                 PROBES + "; the answers in this capture never reached the server"))
def keepalive_answers_lost(net):
    near, far = open_pair(net)
    far.keep_alive(idle=1, interval=1, count=3)
    exchange(near, far)
    with net.black_hole("tcp dport 80"):
        far.recv()
    pause()
    near.recv()


@situation("keepalive-late-answer",
           "The client's keep-alive has given up unheard; later the server sends data.",
           Reset("keepalive_timeout", None, "client", PROBES + "; data draws the repeat"))
def keepalive_late_answer(net):
    near, far = open_pair(net)
    near.keep_alive(idle=1, interval=1, count=3)
    ask(near, far)
    with net.black_hole():
        near.recv()
        pause()
    far.send(ANSWER)
    pause()
    far.recv()


@situation("retransmissions-silent",
           "The path goes dark; the client's TCP_USER_TIMEOUT of 3 s ends without a RST. "
           "Later it connects anew.",
           unanswered("silent", "retransmissions without an ACK, then nothing for 5 s"),
           None)
def retransmissions_silent(net):
    near, far = open_pair(net)
    exchange(near, far)
    near.option("TCP_USER_TIMEOUT", 3000)
    with net.black_hole():
        near.send(REQUEST)
        near.recv()
        time.sleep(5)
    converse(net)


def converse(net):
    """A whole connection: it also shows that the capture went on."""
    near, far = open_pair(net)
    exchange(near, far)
    part(near, far)


@situation("retransmissions-late-answer",
           "The client gave up after its TCP_USER_TIMEOUT of 3 s; later the server sends data.",
           Reset("timeout", "gave_up_silently", "client",
                 "retransmissions without an ACK, silence, then a reflex RST to data"))
def retransmissions_late_answer(net):
    near, far = open_pair(net)
    ask(near, far)
    near.option("TCP_USER_TIMEOUT", 3000)
    with net.black_hole():
        near.send(REQUEST)
        near.recv()
    pause()
    far.send(ANSWER)
    pause()
    far.recv()


@situation("retransmissions-server",
           "The client's host goes dark during the answer; the server's TCP_USER_TIMEOUT of 3 s "
           "ends without a RST, seen from the router.",
           unanswered("silent", "retransmissions without an ACK, then nothing for 5 s",
                      by="server"),
           vantage="router")
def retransmissions_server(net):
    near, far = open_pair(net)
    ask(near, far)
    far.option("TCP_USER_TIMEOUT", 3000)
    with net.black_hole():
        far.send(ANSWER)
        far.recv()
        time.sleep(5)


@situation("close-unanswered",
           "The path goes dark; the client closes, its FIN is never acknowledged.",
           unanswered("silent", "the FIN retransmitted without an ACK, then nothing"))
def close_unanswered(net):
    net.client.namespace.sysctl("net.ipv4.tcp_orphan_retries", 3)
    near, far = open_pair(net)
    exchange(near, far)
    with net.black_hole():
        near.close()
        time.sleep(8)


@situation("connect-silent",
           "Nobody answers the SYN and its retransmissions; later the client connects anew.",
           unanswered("connect", "SYN and retries without an answer, nor an ICMP error"),
           None)
def connect_silent(net):
    net.client.namespace.sysctl("net.ipv4.tcp_syn_retries", 2)
    with net.black_hole():
        net.client.connect(net.server, 80)
    converse(net)


@situation("connect-back-blocked",
           "The server's SYN-ACKs are lost on the path, and so are their repetitions; later the "
           "client connects anew.",
           Reset("timeout", "connect_back", "server",
                 "SYN-ACKs sent again, of which nobody acknowledged one",
                 silent=last_of_acceptor),
           None, vantage="server")
def connect_back_blocked(net):
    net.client.namespace.sysctl("net.ipv4.tcp_syn_retries", 2)
    net.server.namespace.sysctl("net.ipv4.tcp_synack_retries", 2)
    listener = net.server.listen(80)
    with net.black_hole("tcp sport 80"):
        net.client.connect(net.server, 80)
        time.sleep(2)
    listener.close()
    converse(net)
