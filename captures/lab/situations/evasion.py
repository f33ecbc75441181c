# SPDX-License-Identifier: GPL-2.0-or-later
"""Resets that the client forges itself, for a monitor on the path and not for the server."""

from acts.exchange import exchange, open_pair, part, pause
from net.box import MD5_SIGNATURE
from record.situation import situation
from record.truth import Reset


def evasion(why):
    return Reset("injected", "evasion", "client", why + "; the client goes on")


def forge(net, **how):
    """A RST that the server does not take in, between two exchanges."""
    box = net.box_on_client()
    near, far = open_pair(net)
    exchange(near, far)
    box.speak(net.client, net.server, disguised=True, **how)
    pause()
    exchange(near, far)
    part(near, far)


@situation("evasion-short-ttl",
           "The client sends an exact RST that gets no further than the router, and goes on.",
           evasion("a TTL too short to arrive, as the ICMP error says"))
def evasion_short_ttl(net):
    forge(net, ttl=1)


@situation("evasion-md5",
           "The client sends an exact RST with an MD5 signature, which the server discards, "
           "and goes on.",
           evasion("an MD5 option that was never negotiated"))
def evasion_md5(net):
    forge(net, options=MD5_SIGNATURE)


@situation("evasion-impossible",
           "The client sends a RST far outside the window, which the server discards, "
           "and goes on.",
           evasion("sequence and acknowledgement numbers far outside any window"))
def evasion_impossible(net):
    forge(net, ahead=0x70000000, ack=0x12345678)
