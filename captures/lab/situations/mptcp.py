# SPDX-License-Identifier: GPL-2.0-or-later
"""Multipath TCP (RFC 8684): resets that say why in an option."""

import socket

from acts.exchange import REQUEST, ask, exchange, pause
from record.situation import situation
from record.truth import Reset


def open_multipath(net):
    listener = net.server.listen(80, protocol=socket.IPPROTO_MPTCP)
    near = net.client.connect(net.server, 80, protocol=socket.IPPROTO_MPTCP)
    return near, net.server.accept(listener)


@situation("mptcp-fastclose-idle",
           "The server closes an MPTCP connection with SO_LINGER 0 after a finished exchange.",
           Reset("fast_close", "after_exchange", "server",
                 "MP_FASTCLOSE in an active RST after a finished exchange", also=("abort",)))
def mptcp_fastclose_idle(net):
    near, far = open_multipath(net)
    exchange(near, far)
    far.reset()
    pause()
    near.recv()


@situation("mptcp-fastclose-asked",
           "The server closes an MPTCP connection with SO_LINGER 0 before it has answered.",
           Reset("abort", None, "server", "MP_FASTCLOSE in an active RST, a request unanswered"))
def mptcp_fastclose_asked(net):
    near, far = open_multipath(net)
    exchange(near, far)
    ask(near, far)
    pause()
    far.reset()
    pause()
    near.recv()


@situation("mptcp-unread",
           "The server closes an MPTCP connection with a request unread.",
           Reset("abort", "unread_data", "server",
                 "MP_FASTCLOSE in an active RST, a request unanswered"))
def mptcp_unread(net):
    near, far = open_multipath(net)
    exchange(near, far)
    near.send(REQUEST)
    pause()
    far.close()
    pause()
    near.recv()


@situation("mptcp-join-prohibited",
           "The client opens a second subflow (MP_JOIN), which the server's limits prohibit; "
           "the first goes on.",
           None,
           (Reset("protocol_error", "mptcp", "server",
                  "MP_TCPRST 3 (prohibited) in the RST that answers the ACK with MP_JOIN",
                  also=("turned_away",)),
            Reset("protocol_error", "mptcp", "client",
                  "Linux answers that RST with one of its own, MP_TCPRST 0 (unspecified)",
                  also=("no_connection", "probe"), sure=False)))
def mptcp_join_prohibited(net):
    second = "192.0.2.11"
    net.client.namespace.run("ip", "address", "add", f"{second}/24", "dev", "eth0")
    net.client.namespace.run("ip", "mptcp", "limits", "set", "subflows", "1")
    net.server.namespace.run("ip", "mptcp", "limits", "set", "subflows", "0")
    net.client.namespace.run("ip", "mptcp", "endpoint", "add", second, "dev", "eth0", "subflow")
    near, far = open_multipath(net)
    exchange(near, far)
    pause()
    near.close()
    pause()
    far.close()
    pause()
