# SPDX-License-Identifier: GPL-2.0-or-later
"""A flood of SYNs with somebody else's address, seen by that somebody and by its target."""

from acts.exchange import pause
from net.segment import Segment
from record.situation import situation
from record.truth import Reset

PORTS = 50001, 50002, 50003

VICTIM = Reset("no_connection", "unsolicited", "client", "a SYN-ACK without a SYN draws a RST")
TARGET = Reset("probe", "half_open_scan", "client",
               "SYN without options, SYN-ACK, RST: from here it looks like a scan",
               also=("no_connection",))


def flood(net):
    """From the proxy's host, in the client's name."""
    listener = net.server.listen(80)
    for port in PORTS:
        Segment(net.client, net.server, port, 80, seq=1000).send("S", through=net.proxy)
    pause()
    listener.close()


@situation("backscatter",
           "Somebody else sends SYNs to the server with the client's address.",
           VICTIM, VICTIM, VICTIM)
def backscatter(net):
    flood(net)


@situation("backscatter-at-the-target",
           "Somebody else sends SYNs to the server with the client's address, seen from the "
           "server.",
           TARGET, TARGET, TARGET, vantage="server")
def backscatter_at_the_target(net):
    flood(net)
