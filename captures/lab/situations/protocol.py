# SPDX-License-Identifier: GPL-2.0-or-later
"""Segments that the state of a connection forbids, and what they draw."""

from acts.exchange import exchange, open_pair, part, pause
from net.segment import Segment
from record.situation import situation
from record.truth import Reset



def bad_ack(by, why, **more):
    return Reset("protocol_error", "bad_ack", by, why, **more)


@situation("bad-ack-of-syn-ack",
           "A raw socket on the server answers the client's SYN with a SYN-ACK that acknowledges "
           "1000 bytes more than that.",
           bad_ack("client", "reflex RST to a SYN-ACK whose ack is not SYN.seq + 1"))
def bad_ack_of_syn_ack(net):
    with net.server.dropping("tcp flags & rst != 0", "output"):
        box = net.box_on_client()
        sock = net.client.new_socket()
        sock.setblocking(False)
        sock.connect_ex((net.server.ipv4, 80))
        pause()
        syn = box.listen()[net.client.ipv4]
        Segment(net.server, net.client, 80, syn.port, seq=5000).send(
            "S.", ack=syn.next_seq + 1000)
        pause()


@situation("bad-ack-in-handshake",
           "A raw socket on the client completes the handshake with an ACK of 1000 bytes that "
           "the server never sent.",
           bad_ack("server", "reflex RST to the third segment, whose ack is not SYN-ACK.seq + 1",
                   also=("turned_away",)))
def bad_ack_in_handshake(net):
    with net.client.dropping("tcp flags & rst != 0", "output"):
        box = net.box_on_client()
        listener = net.server.listen(80)
        Segment(net.client, net.server, 50123, 80, seq=1000).send("S")
        pause()
        answer = box.listen()[net.server.ipv4]
        Segment(net.client, net.server, 50123, 80, seq=1001).send(
            ".", ack=answer.next_seq + 1000)
        pause()
        listener.close()


@situation("syn-in-window",
           "A SYN inside the window of an established connection: a challenge ACK, no RST, "
           "and the connection lives.",
           None, None)
def syn_in_window(net):
    box = net.box_on_client()
    near, far = open_pair(net)
    exchange(near, far)
    box.speak(net.client, net.server, flags="S", ahead=100, ttl=64, window=64240)
    pause()
    exchange(near, far)
    part(near, far)


@situation("syn-in-window-of-handshake",
           "A raw socket on the client sends a second SYN, in the window of the SYN-ACK that it "
           "got for the first.",
           None,
           Reset("protocol_error", "syn_in_window", "server",
                 "RST to a SYN in the window of a half-open connection", also=("refused",),
                 sure=False))
def syn_in_window_of_handshake(net):
    with net.client.dropping("tcp flags & rst != 0", "output"):
        listener = net.server.listen(80)
        Segment(net.client, net.server, 50123, 80, seq=1000).send("S")
        pause()
        Segment(net.client, net.server, 50123, 80, seq=1001).send("S")
        pause()
        listener.close()
