# SPDX-License-Identifier: GPL-2.0-or-later
"""Resets whose payload says why, made by a program of the endpoint itself (RFC 1122, 4.2.2.12)."""

import struct

from acts.exchange import ask, exchange, open_pair, pause
from record.situation import situation
from record.truth import Reset

# draft-boucadair-tcpm-rst-diagnostic-payload: the compact and the text form
COMPACT, TEXT = 0x33AA, 0xF317
# its registry: a resource of the endpoint is used up
NOT_A_VENDOR, RESOURCE_EXCEEDED = 0, 10


def stated(why):
    return Reset("abort", None, "server", "a request unanswered, active RST " + why)


def reset_saying(net, payload):
    """In place of the server's kernel, which forgets the connection without a word."""
    box = net.box_on_server()
    near, far = open_pair(net)
    exchange(near, far)
    ask(near, far)
    pause()
    net.server.forget(80)
    box.speak(net.server, net.client, disguised=True, payload=payload)
    pause()
    near.recv()


@situation("stated-text",
           "The server resets before it has answered and says why, in text.",
           stated("with a text"))
def stated_text(net):
    reset_saying(net, b"connection limit of this host reached")


@situation("stated-compact",
           "The server resets before it has answered and says why, in the compact form of "
           "draft-boucadair-tcpm-rst-diagnostic-payload.",
           stated("with 0x33AA, a code and no vendor"))
def stated_compact(net):
    reset_saying(net, struct.pack("!HHI", COMPACT, RESOURCE_EXCEEDED, NOT_A_VENDOR))


@situation("stated-diagnostic-text",
           "The server resets before it has answered and says why, in the text form of "
           "draft-boucadair-tcpm-rst-diagnostic-payload.",
           stated("with 0xF317 and a text"))
def stated_diagnostic_text(net):
    reset_saying(net, struct.pack("!H", TEXT) + "quota reached – try later".encode())
