# SPDX-License-Identifier: GPL-2.0-or-later
"""Connections that end before they begin: turned away, or only a probe."""

import time

from acts.exchange import REQUEST, open_pair, pause
from net.segment import Segment
from record.situation import situation
from record.truth import Reset

REFUSED = Reset("refused", "closed_port", "server", "RST+ACK, seq 0, ack SYN.seq + 1")


@situation("turned-away-before-data",
           "The server accepts and at once closes with SO_LINGER 0.",
           Reset("turned_away", "before_data", "server", "RST of the acceptor before any byte"))
def turned_away_before_data(net):
    near, far = open_pair(net)
    far.reset()
    pause()
    near.recv()


@situation("turned-away-at-first-data",
           "The server accepts and, when the first request comes, closes without reading it.",
           Reset("turned_away", "at_first_data", "server",
                 "RST of the acceptor, which never sent a byte, to the first flight",
                 also=("abort",)))
def turned_away_at_first_data(net):
    near, far = open_pair(net)
    near.send(REQUEST)
    pause()
    far.close()
    pause()
    near.recv()


@situation("turned-away-listener-closed",
           "The connection waits in the accept queue when the listener is closed.",
           Reset("turned_away", "at_first_data", "server",
                 "RST of the acceptor, which never sent a byte, to the first flight",
                 also=("abort",)))
def turned_away_listener_closed(net):
    listener = net.server.listen(80)
    near = net.client.connect(net.server, 80)
    near.send(REQUEST)
    pause()
    listener.close()
    pause()
    near.recv()


@situation("turned-away-without-a-word",
           "The server accepts and closes without a byte; the client says QUIT and closes.",
           Reset("turned_away", "closed_without_a_word", "server",
                 "FIN of the acceptor without a byte; only the client's farewell draws RSTs",
                 also=("after_close",)))
def turned_away_without_a_word(net):
    near, far = open_pair(net, port=25)
    far.close()
    pause()
    near.send(b"QUIT\r\n")
    near.close()
    pause()


@situation("closed-before-request",
           "The server accepts and closes without a byte; the client sends its request.",
           Reset("crash", "closed_before_request", "server",
                 "FIN of the acceptor before any byte, then a request that draws the RST",
                 also=("turned_away", "stale_reuse")))
def closed_before_request(net):
    near, far = open_pair(net)
    far.close()
    pause()
    near.send(REQUEST)
    pause()
    near.recv()


@situation("probe-half-open",
           "A raw socket sends a SYN to an open port; the kernel resets the SYN-ACK.",
           Reset("probe", "half_open_scan", "client", "SYN without options, SYN-ACK, RST"))
def probe_half_open(net):
    listener = net.server.listen(80)
    Segment(net.client, net.server, 50123, 80, seq=1000).send("S", window=1024)
    pause()
    listener.close()


@situation("probe-abandoned-connect",
           "The client gives up its connect() before the SYN-ACK is back.",
           Reset("probe", "abandoned_connect", "client",
                 "the SYN of a full stack, SYN-ACK, RST"))
def probe_abandoned_connect(net):
    listener = net.server.listen(80)
    sock = net.client.new_socket()
    sock.setblocking(False)
    sock.connect_ex((net.server.ipv4, 80))
    sock.close()
    net.client.journal.add("connect given up at once")
    pause()
    listener.close()


@situation("probe-connect-scan",
           "Three ports are connected to and reset at once; one of them is open.",
           REFUSED,
           Reset("probe", "connect_scan", "client", "handshake, no byte, RST of the opener"),
           REFUSED)
def probe_connect_scan(net):
    listener = net.server.listen(80)
    for port in (22, 80, 443):
        near = net.client.connect(net.server, port)
        if near:
            near.reset()
    pause()
    listener.close()


CHECK = Reset("probe", "health_check", "client",
              "handshake, no byte, RST of the opener, three times 2 s apart")


@situation("probe-health-check",
           "A health check connects and resets every 2 s, three times.",
           CHECK, CHECK, CHECK)
def probe_health_check(net):
    listener = net.server.listen(80)
    for _ in range(3):
        net.client.connect(net.server, 80).reset()
        time.sleep(2)
    listener.close()


@situation("probe-banner",
           "A scanner reads the greeting of a mail server and resets the connection.",
           Reset("probe", "connect_scan", "client",
                 "handshake, a greeting of the server, RST of the opener without a byte"))
def probe_banner(net):
    near, far = open_pair(net, port=25)
    far.send(b"220 mail.example.com ESMTP\r\n")
    near.recv()
    pause()
    near.reset()
    pause()
    far.recv()
