# SPDX-License-Identifier: GPL-2.0-or-later
"""The keep-alive race, and a server's FIN that comes at other wrong moments."""

import socket
import time

from acts.client import TITLES, open_connection, request
from acts.exchange import REQUEST, ask, exchange, open_pair, pause
from acts.web import Web
from record.situation import situation
from record.truth import Reset

LATE_WRITE = Reset("stale_reuse", "late_write", "server",
                   "FIN after a finished exchange; trigger.ack == FIN.seq + 1")
IN_FLIGHT = Reset("stale_reuse", "in_flight", "server",
                  "FIN after a finished exchange; trigger.ack == FIN.seq")


@situation("reuse-late-write",
           "The server closes an idle kept-alive connection; the client, its FIN acknowledged, "
           "sends the next request all the same.",
           LATE_WRITE)
def reuse_late_write(net, family=socket.AF_INET):
    near, far = open_pair(net, family=family)
    exchange(near, far)
    far.close()
    pause()
    near.send(REQUEST)
    pause()
    near.recv()
    near.send(REQUEST)


@situation("reuse-late-write-ipv6",
           "The server closes an idle kept-alive connection; the client, its FIN acknowledged, "
           "sends the next request all the same, over IPv6.",
           LATE_WRITE)
def reuse_late_write_ipv6(net):
    reuse_late_write(net, socket.AF_INET6)


@situation("reuse-in-flight",
           "The server closes an idle kept-alive connection while the next request is under way.",
           IN_FLIGHT)
def reuse_in_flight(net):
    near, far = open_pair(net)
    exchange(near, far)
    far.close()
    near.send(REQUEST)
    pause()
    near.recv()


@situation("reuse-in-flight-server-side",
           "The server closes an idle kept-alive connection while the next request is under way, "
           "seen from the server.",
           IN_FLIGHT, vantage="server")
def reuse_in_flight_server_side(net):
    reuse_in_flight(net)


@situation("reuse-pipelined",
           "The server closes an idle kept-alive connection while three pipelined requests are "
           "under way.",
           Reset("stale_reuse", "in_flight", "server",
                 "one RST for each of three segments with ack == FIN.seq"))
def reuse_pipelined(net):
    near, far = open_pair(net)
    exchange(near, far)
    far.close()
    for _ in range(3):
        near.send(REQUEST)
    pause()
    near.recv()


@situation("fin-before-answer",
           "The server closes after reading a request that it never answers; "
           "the client pipelines another.",
           Reset("crash", "closed_mid_exchange", "server",
                 "FIN while the second request is acknowledged and unanswered"))
def fin_before_answer(net):
    near, far = open_pair(net)
    exchange(near, far)
    ask(near, far)
    pause()
    far.close()
    pause()
    near.send(REQUEST)
    pause()
    near.recv()
    near.send(REQUEST)


@situation("no-fin",
           "The server's program ends with a request unread: no FIN, a RST at once.",
           Reset("abort", "unread_data", "server",
                 "active RST while the second request is unanswered"))
def no_fin(net):
    near, far = open_pair(net)
    exchange(near, far)
    near.send(REQUEST)
    pause()
    far.close()
    pause()
    near.recv()


RACES = {
    "http": IN_FLIGHT,
    "https": Reset("stale_reuse", "in_flight", "server",
                   "close_notify and FIN after a finished exchange; the first RST lies before "
                   "the close_notify that the client has taken in, only the second has effect",
                   sure=False),
    "http2": Reset("abort", "unread_data", "server",
                   "nginx sends GOAWAY and FIN (shutdown), then closes with the request unread: "
                   "an active RST with seq == FIN.seq + 1 whose ack covers the request",
                   also=("stale_reuse",)),
}


def declare_nginx(protocol, race):
    @situation(f"reuse-nginx-{protocol}",
               "nginx closes an idle connection after its keepalive_timeout of 1 s; "
               f"the next request is under way, over {TITLES[protocol]}.", race)
    def play(net):
        with Web(net.server, settings="keepalive_timeout 1s;"):
            near = open_connection(net, protocol)
            near.send(request(protocol))
            near.recv()
            # nginx closes 1 s after its answer left, half a round trip ago
            time.sleep(0.996)
            near.send(request(protocol, 2))
            pause()
            near.recv()


for choice in RACES.items():
    declare_nginx(*choice)
