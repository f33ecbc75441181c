# SPDX-License-Identifier: GPL-2.0-or-later
"""Answers that an address translation does not know, and so does not translate back."""

import time

from acts.exchange import pause
from record.situation import situation
from record.truth import Reset, last_retransmission
from situations.reject import VIRTUAL, balancing, greet

STRAY = Reset("no_connection", "untranslated", "client",
              "reflex RST to a segment from the server's own address, which the client never "
              "asked; its numbers are those of the connection to the virtual address")


def passing_untracked(net):
    """What the server sends is not tracked (nf_conntrack), and so not translated back."""
    return net.router.filtering('iifname "server" tcp sport 5222 notrack', "prerouting",
                                priority="raw")


@situation("untranslated-answer",
           "The router sends a virtual address to the server (DNAT, nf_conntrack); the answers do "
           "not pass its tracking, so the client meets them under the server's own address.",
           Reset("no_connection", "untranslated", "client",
                 "the SYN again and again; SYN-ACKs to it came from another address",
                 also=("timeout",), silent=last_retransmission),
           STRAY)
def untranslated_answer(net):
    listener = net.server.listen(5222)
    with balancing(net, net.server), passing_untracked(net):
        net.client.connect(VIRTUAL, 5222, timeout=4)
        time.sleep(1.5)
    listener.close()


@situation("untranslated-segment",
           "The router sends a virtual address to the server (DNAT, nf_conntrack); one message of "
           "the server passes its tracking by, and the client's RST kills the server's socket.",
           Reset("no_connection", "consequence", "server",
                 "reflex RST: the client's own RST, in the other stream, had destroyed the socket",
                 harmless=True),
           STRAY)
def untranslated_segment(net):
    listener = net.server.listen(5222)
    with balancing(net, net.server):
        near = net.client.connect(VIRTUAL, 5222)
        far = net.server.accept(listener)
        greet(near, far)
        with passing_untracked(net):
            far.send(b"news\n")
            pause()
        near.send(b"anyone?\n")
        pause()
        near.recv()
