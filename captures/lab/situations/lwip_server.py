# SPDX-License-Identifier: GPL-2.0-or-later
"""A server whose TCP is lwIP, as many small devices have it."""

from acts.exchange import REQUEST, exchange, pause
from net.segment import Segment
from record.situation import situation
from record.truth import Reset


def served(name, made, *streams):
    def register(play):
        @situation(f"lwip-{name}", made, *streams, vantage="guest", interface="tap0",
                   stack="lwIP 2.1.3 (server)")
        def record(net):
            server = net.add_embedded()
            yield
            play(server)
        return play
    return register


def last_data(frames):
    return [frame for frame in frames if frame.length][-1:]


@served("refused", "A Linux client asks a port that nobody listens on; the server's TCP is lwIP.",
        Reset("refused", "closed_port", "server", "RST+ACK with ack SYN.seq + 1"))
def refused(server):
    server.client.connect(server, 80)


@served("unread", "A server whose TCP is lwIP closes with a request unread.",
        Reset("abort", "unread_data", "server", "active RST while a request is unanswered"))
def unread(server):
    near, far = server.open_pair()
    exchange(near, far)
    near.send(REQUEST)
    pause()
    far.close()
    pause()
    near.recv()


@served("late-write", "A server whose TCP is lwIP closes an idle kept-alive connection; the "
                      "client sends the next request all the same.",
        Reset("stale_reuse", "late_write", "server",
              "FIN after a finished exchange; the RST is at FIN.seq + 1 and its ack covers the "
              "request, which was not acknowledged before",
              also=("abort",), form="reflex", trigger=lambda frames: [*last_data(frames), None]))
def late_write(server):
    near, far = server.open_pair()
    exchange(near, far)
    far.close()
    pause()
    near.send(REQUEST)
    pause()
    near.recv()


@served("unsolicited", "Data out of nothing, made by hand, to a server whose TCP is lwIP.",
        Reset("no_connection", "unsolicited", "server",
              "RST with seq == trigger.ack, but with ACK: lwIP sets it in every RST",
              also=("unknown",), form="reflex", trigger=last_data))
def unsolicited(server):
    Segment(server.client, server, 50123, 80, seq=1000).send("P.", ack=2000, payload=REQUEST)
    pause()
