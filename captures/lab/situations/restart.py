# SPDX-License-Identifier: GPL-2.0-or-later
"""Segments that reach a host which knows no such connection (any more)."""

import time

from acts.exchange import ANSWER, REQUEST, ask, exchange, open_pair, part, pause
from net.segment import Segment
from record.situation import situation
from record.truth import Reset, copies


@situation("restarted-while-idle",
           "The server's host loses power after a finished exchange and is back 5 s later; "
           "then the next request comes.",
           Reset("no_connection", "restarted", "server",
                 "reflex RST without a FIN, 5 s after the host was last heard",
                 also=("crash",)))
def restarted_while_idle(net):
    near, far = open_pair(net)
    exchange(near, far)
    restart(net, far, 5)
    near.send(REQUEST)
    pause()
    near.recv()


def restart(net, far, seconds):
    net.unplug(net.server)
    far.close()
    time.sleep(seconds)
    net.power_on(net.server).journal.add("power off and on")


@situation("restarted-mid-exchange",
           "The server's host loses power before it has answered; "
           "the client's retransmissions reach it when it is back.",
           Reset("crash", "vanished", "server",
                 "no FIN and no answer; the last copy of the request draws the RST",
                 also=("no_connection",), trigger=copies))
def restarted_mid_exchange(net):
    near, far = open_pair(net)
    exchange(near, far)
    net.unplug(net.server)
    near.send(REQUEST)
    far.close()
    time.sleep(1)
    net.power_on(net.server).journal.add("power off and on")
    near.recv()


@situation("vanished",
           "The server's socket is destroyed without a word right after it was asked.",
           Reset("no_connection", None, "server",
                 "heard a moment before, never a FIN: no host restarts so soon",
                 also=("crash",)))
def vanished(net):
    near, far = open_pair(net)
    exchange(near, far)
    ask(near, far)
    pause()
    net.server.forget(80)
    near.send(REQUEST)
    pause()
    near.recv()


@situation("vanished-probe",
           "The server's socket is destroyed without a word; a keep-alive probe draws the RST.",
           Reset("no_connection", "restarted", "server",
                 "keep-alive probe to a host without the socket, no FIN", also=("crash",)))
def vanished_probe(net):
    near, far = open_pair(net)
    near.keep_alive(idle=3, interval=1, count=3)
    exchange(near, far)
    net.server.forget(80)
    near.recv()


@situation("address-moved",
           "The server's address moves to another host, which knows nothing of the connection.",
           Reset("no_connection", "restarted", "server",
                 "reflex RST without a FIN, 5 s after the address last answered",
                 also=("crash",)))
def address_moved(net):
    near, far = open_pair(net)
    exchange(near, far)
    time.sleep(5)
    move_address(net)
    near.send(REQUEST)
    pause()
    near.recv()


def move_address(net):
    net.proxy.namespace.run("ip", "address", "add", f"{net.server.ipv4}/32", "dev", "eth0")
    net.router.namespace.run("ip", "route", "add", f"{net.server.ipv4}/32",
                             "via", net.proxy.ipv4)


@situation("address-lost-and-back",
           "The server's address is gone for a second and comes back; "
           "the request is retransmitted and answered.",
           None)
def address_lost_and_back(net):
    near, far = open_pair(net)
    exchange(near, far)
    net.server.namespace.run("ip", "address", "del", f"{net.server.ipv4}/24", "dev", "eth0")
    near.send(REQUEST)
    time.sleep(1)
    net.server.namespace.run("ip", "address", "add", f"{net.server.ipv4}/24", "dev", "eth0")
    net.server.namespace.run("ip", "route", "add", "default", "via", "198.51.100.1")
    far.recv()
    far.send(ANSWER)
    near.recv()
    part(near, far)


def unsolicited(by, why, **more):
    return Reset("no_connection", "unsolicited", by, why, **more)


@situation("unsolicited",
           "Four segments made by hand that belong to no connection: an ACK to an open port, "
           "data and a FIN to closed ones, a SYN-ACK that nobody asked for.",
           unsolicited("server", "a bare ACK to a listener"),
           unsolicited("server", "data out of nothing"),
           unsolicited("server", "a bare FIN to a closed port: Chat", harmless=True),
           unsolicited("client", "a SYN-ACK without a SYN"))
def unsolicited_segments(net):
    listener = net.server.listen(80)
    near, far = net.client, net.server
    Segment(near, far, 50001, 80, seq=1000).send(".", ack=2000)
    pause()
    Segment(near, far, 50002, 81, seq=1000).send("P.", ack=2000, payload=REQUEST)
    pause()
    Segment(near, far, 50003, 82, seq=1000).send("F")
    pause()
    Segment(far, near, 83, 50004, seq=1000).send("S.", ack=2000)
    pause()
    listener.close()


@situation("stale-socket",
           "The client's host forgot a connection and opens it anew with the same ports; "
           "the server still holds the old one.",
           None,
           Reset("no_connection", "stale_socket", "client",
                 "SYN, challenge ACK with the old numbers, RST with seq == its ack, SYN again"))
def stale_socket(net):
    near, far = open_pair(net, from_port=50123)
    exchange(near, far)
    net.client.forget(80)
    near.close()
    near, again = open_pair(net, from_port=50123)
    far.recv()
    exchange(near, again)
    part(near, again)
