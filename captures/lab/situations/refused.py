# SPDX-License-Identifier: GPL-2.0-or-later
"""Connections that nobody takes."""

import socket
import time

from net.segment import Segment
from record.situation import situation
from record.truth import Reset

ANSWERS_SYN = "RST+ACK, seq 0, ack SYN.seq + 1"


def refused(detail, why=ANSWERS_SYN, **more):
    return Reset("refused", detail, "server", why, **more)


@situation("refused-ipv4", "curl asks a port that nobody listens on.", refused("closed_port"))
def refused_ipv4(net):
    net.client.run("curl", "-sS", f"http://{net.server.ipv4}/")


@situation("refused-ipv6", "curl asks a port that nobody listens on, over IPv6.",
           refused("closed_port"))
def refused_ipv6(net):
    net.client.run("curl", "-sS", f"http://[{net.server.ipv6}]/")


@situation("refused-retried",
           "One SYN is sent three times, half a second apart as Windows does; each is refused.",
           refused("closed_port", "three SYNs with one sequence number, each refused alike"))
def refused_retried(net):
    syn = Segment(net.client, net.server, 50123, 80, seq=1000)
    for _ in range(3):
        syn.send(flags="S")
        time.sleep(0.5)


@situation("refused-after-retransmission",
           "The first SYN is lost on the path, its retransmission is refused.",
           refused("closed_port", "the RST answers one of two SYNs with the same number",
                   trigger=lambda frames: [frames[1], frames[0]]))
def refused_after_retransmission(net):
    with net.black_hole():
        sock = net.client.new_socket()
        sock.setblocking(False)
        sock.connect_ex((net.server.ipv4, 80))
        time.sleep(0.3)
    sock.settimeout(5)
    time.sleep(1.5)
    error = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    net.client.journal.add(f"connect: errno {error}")


@situation("refused-service-down",
           "The listener answers one connection, is gone for the next, and is back for the third.",
           None,
           refused("service_down", "the same port accepted before, in stream 0, and again after"),
           None)
def refused_service_down(net):
    listener = net.server.listen(80)
    exchange_and_close(net, listener)
    listener.close()
    time.sleep(0.2)
    net.client.connect(net.server, 80)
    time.sleep(0.2)
    exchange_and_close(net, net.server.listen(80))


def exchange_and_close(net, listener):
    near = net.client.connect(net.server, 80)
    far = net.server.accept(listener)
    near.send(b"ping\r\n")
    far.recv()
    far.send(b"pong\r\n")
    near.recv()
    near.close()
    time.sleep(0.05)
    far.close()
    time.sleep(0.05)


@situation("refused-by-filter",
           "The router rejects a port with a TCP reset (nftables) while another port is served.",
           None,
           refused("filter_reject", "the RST's TTL is one higher than any other of this host"))
def refused_by_filter(net):
    exchange_and_close(net, net.server.listen(80))
    with net.router.filtering("tcp dport 8080 reject with tcp reset", "forward"):
        net.client.connect(net.server, 8080)


@situation("refused-by-icmp",
           "The router rejects a port with an ICMP error (nftables); no RST is sent.",
           Reset("refused", "by_icmp", "server", "no RST: an ICMP error quotes the SYN",
                 silent=lambda frames: frames[0]))
def refused_by_icmp(net):
    rule = "tcp dport 8080 reject with icmp type admin-prohibited"
    with net.router.filtering(rule, "forward"):
        net.client.connect(net.server, 8080, timeout=3)
