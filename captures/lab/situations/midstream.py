# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures that begin in the middle of a connection."""

from acts.exchange import REQUEST, exchange, open_pair, pause
from record.situation import situation
from record.truth import Reset


@situation("midstream-lone-reset",
           "The server closes with SO_LINGER 0; the capture begins just before.",
           Reset("unknown", "lone", "server", "a RST and nothing else"))
def midstream_lone_reset(net):
    near, far = open_pair(net)
    exchange(near, far)
    yield
    far.reset()
    pause()
    near.recv()


@situation("midstream-late-write",
           "The server closes an idle kept-alive connection, the client sends all the same; "
           "the capture begins just before the FIN.",
           Reset("stale_reuse", "late_write", "server",
                 "nothing seen contradicts a finished exchange; trigger.ack == FIN.seq + 1",
                 also=("crash",)))
def midstream_late_write(net):
    near, far = open_pair(net)
    exchange(near, far)
    yield
    far.close()
    pause()
    near.send(REQUEST)
    pause()
    near.recv()


@situation("midstream-forgotten",
           "The server's socket was destroyed without a word; the capture begins just before "
           "the request that finds out.",
           Reset("no_connection", "midstream", "server",
                 "data and a reflex RST to it, and nothing else"))
def midstream_forgotten(net):
    near, far = open_pair(net)
    exchange(near, far)
    net.server.forget(80)
    yield
    near.send(REQUEST)
    pause()
    near.recv()
