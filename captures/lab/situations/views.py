# SPDX-License-Identifier: GPL-2.0-or-later
"""Situations from other files, looked at in another way."""

import dataclasses
import socket

from acts.exchange import exchange, open_pair, pause
from net import interface
from record.situation import SITUATIONS, situation
from record.truth import Reset
from situations import early_close, linger, refused, restart, reuse, timeout

ACTS = {
    "refused-ipv4": refused.refused_ipv4,
    "vanished": restart.vanished,
    "reuse-in-flight": reuse.reuse_in_flight,
    "reuse-late-write": reuse.reuse_late_write,
    "linger0-client": linger.linger0_client,
    "linger0-mid-exchange": linger.linger0_mid_exchange,
    "keepalive-client": timeout.keepalive_client,
    "download-closed-unread": early_close.download_closed_unread,
}


def seen(act, suffix, how, prepare=None, change=None, **view):
    """Declare a situation again; `change` are the fields of its resets that differ in this view."""
    known = SITUATIONS[act]
    streams = [tuple(dataclasses.replace(reset, **change or {}) for reset in stream)
               for stream in known.streams]
    name = act.removesuffix("-ipv4") + "-" + suffix

    @situation(name, f"{known.made.removesuffix('.')}, {how}.", *streams, **view)
    def play(net):
        if prepare:
            prepare(net)
        yield
        ACTS[act](net)


def use_ipv6(net):
    net.family = socket.AF_INET6


for each in ("vanished", "linger0-client", "reuse-in-flight", "keepalive-client"):
    seen(each, "ipv6", "over IPv6", use_ipv6)

for each in ("refused-ipv4", "vanished", "linger0-client"):
    seen(each, "at-server", "seen from the server", vantage="server")
    seen(each, "at-router", "seen from the router", vantage="router")

for each in ("refused-ipv4", "vanished", "reuse-in-flight", "linger0-client"):
    seen(each, "any", "seen on all interfaces of the router: every frame twice",
         vantage="router", interface="any", copies=True)
    seen(each, "snapped", "with 64 bytes kept of each frame", snap=64)

seen("linger0-client", "any-client", "seen on all interfaces of the client", interface="any")

for each in ("refused-ipv4", "vanished", "linger0-client", "reuse-late-write"):
    seen(each, "merged", "seen from both ends, merged: every frame twice, 10 ms apart",
         merged_with="server", copies=True, change={"sure": False})


def from_one_side(act, by, why, *also):
    """Only what the reset side sends; it was recorded with a filter for its address."""
    other = {"client": "192.0.2.10", "server": "198.51.100.20"}[by]
    seen(act, "one-sided", f"with only the {by}'s frames kept", keep=f"ip.src == {other}",
         change={"also": ("unknown", *also), "trigger": lambda frames: [None],
                 "detail": None, "sure": False, "why": why})


from_one_side("refused-ipv4", "server", "a lone RST+ACK with seq 0; what it answers is not seen")
from_one_side("vanished", "server", "a bare RST in sequence; what it answers is not seen",
              "no_connection", "abort")
from_one_side("reuse-in-flight", "server", "a RST at FIN.seq; what it answers is not seen",
              "after_close", "crash", "fast_close", "early_close")
from_one_side("linger0-client", "client", "an active RST; the other side is not seen", "abort")


# kind of trunk: what is seen on it, and how it is called
TRUNKS = {
    "vlan": ("linger0-client", "in a VLAN (IEEE 802.1Q)"),
    "qinq": ("reuse-in-flight", "in two VLANs (IEEE 802.1ad)"),
    "gre": ("vanished", "in a GRE tunnel (RFC 2784)"),
    "vxlan": ("reuse-late-write", "in a VXLAN (RFC 7348)"),
}

for kind, (each, title) in TRUNKS.items():
    seen(each, kind, f"seen on a trunk, {title}", lambda net, kind=kind: net.lay_trunk(kind),
         vantage="cable", interface="trunk", record="", keep="tcp")


def jumbo(net):
    for host in (net.client, net.cable, net.router, net.server):
        for link in host.namespace.run("ip", "-o", "link").splitlines():
            name = link.split()[1].partition("@")[0].rstrip(":")
            host.namespace.run("ip", "link", "set", name, "mtu", "9000")


def offload(net):
    for host, name in ((net.server, "eth0"), (net.router, "server")):
        interface.set_offloads(host.namespace, name, on=True)


seen("download-closed-unread", "jumbo", "with frames of up to 9000 bytes", jumbo)
seen("download-closed-unread", "offloaded",
     "seen from the server, which leaves segmentation to its interface", offload,
     vantage="server")


@situation("midstream-linger0",
           "The client closes with SO_LINGER 0 after a second exchange; the capture begins "
           "between the two.",
           Reset("fast_close", "after_exchange", "client",
                 "nothing seen contradicts a finished exchange, active RST", also=("abort",)))
def midstream_linger0(net):
    near, far = open_pair(net)
    exchange(near, far)
    yield
    exchange(near, far)
    near.reset()
    pause()
    far.recv()
