# SPDX-License-Identifier: GPL-2.0-or-later
"""A packet filter (nftables) that resets connections in mid-stream."""

import time
import types

from acts.exchange import open_pair, pause
from record.situation import situation
from record.truth import Reset
from situations.forged import CONSEQUENCE, forged

# an address of the server's network that no host has
VIRTUAL = types.SimpleNamespace(ipv4="198.51.100.99")

REJECT = "tcp dport 5222 reject with tcp reset"


def talk(net):
    near, far = open_pair(net, port=5222)
    greet(near, far)
    return near, far


def greet(near, far):
    near.send(b"hello\n")
    far.recv()
    far.send(b"hello\n")
    near.recv()
    pause()


@situation("rejected-midstream",
           "The router begins to reject (nftables) in the middle of a connection; the server, "
           "which knows nothing of it, sends a message.",
           (forged("continues", "reflex RST to the client's data, then new data of the server",
                   count=1),
            CONSEQUENCE))
def rejected_midstream(net):
    near, far = talk(net)
    with net.router.filtering(REJECT, "forward"):
        near.send(b"anyone?\n")
        pause()
        far.send(b"news\n")
        pause()
        near.recv()


@situation("rejected-midstream-unnoticed",
           "The router begins to reject (nftables) in the middle of a connection; "
           "the server says nothing after it.",
           forged(None, "reflex RST without a FIN; only the recipe knows that it is not the "
                        "server's, for the TTL of a reflex is no evidence",
                  sure=False, also=("crash", "no_connection")))
def rejected_midstream_unnoticed(net):
    near, _ = talk(net)
    with net.router.filtering(REJECT, "forward"):
        near.send(b"anyone?\n")
        pause()
        near.recv()


@situation("idle-firewall",
           "The router tracks connections (nf_conntrack) and forgets this one after 30 s; "
           "it rejects what comes 32 s later.",
           Reset("idle_timeout", "expired_silently", "middlebox",
                 "finished exchange, no FIN, 32 s idle, reflex RST to the next message",
                 seen_as="server"))
def idle_firewall(net):
    net.router.namespace.sysctl("net.netfilter.nf_conntrack_tcp_timeout_established", 30)
    net.router.namespace.sysctl("net.netfilter.nf_conntrack_tcp_loose", 0)
    with net.router.filtering("ct state invalid meta l4proto tcp reject with tcp reset", "forward"):
        near, _ = talk(net)
        time.sleep(32)
        near.send(b"anyone?\n")
        pause()
        near.recv()


@situation("idle-nat",
           "The router translates the client's address (masquerade, nf_conntrack) and forgets "
           "this connection after 30 s; the server sends a message 32 s later, which reaches "
           "the router itself.",
           Reset("idle_timeout", "expired_silently", "middlebox",
                 "finished exchange, no FIN, 32 s idle, reflex RST to the next message, much "
                 "sooner than the client ever answered",
                 seen_as="client"),
           vantage="server")
def idle_nat(net):
    net.router.namespace.sysctl("net.netfilter.nf_conntrack_tcp_timeout_established", 30)
    with net.router.filtering('oifname "server" masquerade', "postrouting", kind="nat"):
        _, far = talk(net)
        time.sleep(32)
        far.send(b"news\n")
        pause()
        far.recv()


@situation("nat-rebound",
           "The router translates the client's address and port (masquerade to a random port, "
           "nf_conntrack) and forgets the connection after 3 s; the client's next message leaves "
           "it from another port, of which the server knows nothing.",
           (),
           Reset("no_connection", "midstream", "server",
                 "reflex RST to data of a port that never asked; its numbers are those of the "
                 "first stream", also=("idle_timeout",)),
           vantage="server")
def nat_rebound(net):
    net.router.namespace.sysctl("net.netfilter.nf_conntrack_tcp_timeout_established", 3)
    with net.router.filtering('oifname "server" meta l4proto tcp masquerade to :20000-60000 '
                              "random", "postrouting", kind="nat"):
        near, _ = talk(net)
        time.sleep(5)
        near.send(b"anyone?\n")
        pause()
        near.recv()


@situation("balancer-changed-backend",
           "The router balances (DNAT, nf_conntrack) and forgets the connection after 3 s; by "
           "then it sends that address to another backend, which knows nothing of it.",
           Reset("no_connection", "restarted", "server",
                 "reflex RST without a FIN, 5 s after the address last answered",
                 also=("crash",)))
def balancer_changed_backend(net):
    net.router.namespace.sysctl("net.netfilter.nf_conntrack_tcp_timeout_established", 3)
    listener = net.server.listen(5222)
    with balancing(net, net.server):
        near = net.client.connect(VIRTUAL, 5222)
        far = net.server.accept(listener)
        greet(near, far)
    time.sleep(5)
    with balancing(net, net.proxy):
        near.send(b"anyone?\n")
        pause()
        near.recv()


def balancing(net, backend):
    """Connections to the virtual address go to this backend."""
    return net.router.filtering(f"ip daddr {VIRTUAL.ipv4} dnat ip to {backend.ipv4}",
                                "prerouting", kind="nat")
