# SPDX-License-Identifier: GPL-2.0-or-later
"""State that expires while nobody speaks."""

import time

from acts.exchange import REQUEST, exchange, open_pair, pause
from record.situation import situation
from record.truth import Reset


@situation("idle-expired",
           "After 32 s of silence the server's socket is destroyed without a word; "
           "then the next request comes.",
           Reset("idle_timeout", "expired_silently", "server",
                 "finished exchange, no FIN, 32 s idle, reflex RST to the next request"))
def idle_expired(net):
    near, far = open_pair(net)
    exchange(near, far)
    time.sleep(32)
    net.server.forget(80)
    near.send(REQUEST)
    pause()
    near.recv()


@situation("idle-expired-server-speaks",
           "After 32 s of silence the client's socket is destroyed without a word; "
           "then the server sends a message, seen from the router.",
           Reset("idle_timeout", "expired_silently", "client",
                 "finished exchange, no FIN, 32 s idle, reflex RST to the server's data"),
           vantage="router")
def idle_expired_server_speaks(net):
    near, far = open_pair(net, port=5222)
    near.send(b"hello\n")
    far.recv()
    far.send(b"hello\n")
    near.recv()
    time.sleep(32)
    net.client.forget(5222)
    far.send(b"news\n")
    pause()
    far.recv()


@situation("idle-reset-at-60",
           "After 60 s of silence the server's socket is destroyed with a RST (ss --kill), "
           "as a load balancer's idle timer does.",
           Reset("idle_timeout", "reset_at_expiry", "server",
                 "finished exchange, no FIN, a RST unprompted after 60 s", also=("fast_close",)))
def idle_reset_at_60(net):
    near, far = open_pair(net)
    exchange(near, far)
    time.sleep(60)
    net.server.namespace.run("ss", "--kill", "-t", "state", "established", "( sport = :80 )")
    pause()
    near.recv()


EMPTIED = Reset("fast_close", "after_exchange", "client",
                "finished exchange, one of three active RSTs of a host within 1 ms, behind "
                "different pauses", also=("idle_timeout",))


@situation("idle-pool-emptied",
           "A client keeps three connections to two servers, last used 31, 35 and 39 s ago, and "
           "closes them with SO_LINGER 0 as it ends.",
           EMPTIED, EMPTIED, EMPTIED)
def idle_pool_emptied(net):
    pool = []
    for host in (net.server, net.proxy, net.server):
        listener = host.listen(5222)
        near = net.client.connect(host, 5222)
        far = host.accept(listener)
        listener.close()
        near.send(b"hello\n")
        far.recv()
        far.send(b"hello\n")
        near.recv()
        pool.append(near)
        time.sleep(4 if len(pool) < 3 else 31)
    for near in pool:
        near.reset()
    pause()
