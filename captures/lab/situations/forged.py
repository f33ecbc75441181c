# SPDX-License-Identifier: GPL-2.0-or-later
"""Resets that a box on the path forges in the name of one side."""

from acts.exchange import ANSWER, CHUNK, LONG_ANSWER, REQUEST, ask, exchange, open_pair, part, pause
from acts.web import Web
from record.situation import situation
from record.truth import Reset

CONSEQUENCE = Reset("no_connection", "consequence", "client",
                    "the side that the forged RST killed answers the other's later data",
                    harmless=True)


def forged(detail, why, seen_as="server", **more):
    return Reset("injected", detail, "middlebox", why, seen_as=seen_as, **more)


def each_of_three(detail, why):
    """After a forged RST the next is no repeat, but a first one again."""
    return tuple(forged(detail, why, count=1) for _ in range(3))


@situation("forged-continues",
           "A box on the router sends the client an exact RST in the server's name; "
           "the server, which knows nothing of it, answers.",
           (forged("continues", "the server sends new data, with timestamps and its own TTL, "
                                "after its RST", count=1),
            CONSEQUENCE))
def forged_continues(net, **disguise):
    box = net.box_on_router()
    near, far = open_pair(net)
    exchange(near, far)
    ask(near, far)
    pause()
    box.speak(net.server, net.client, **disguise)
    pause()
    far.send(ANSWER)
    pause()
    near.recv()
    far.recv()


@situation("forged-disguised",
           "A box on the router sends the client an exact RST with the server's TTL, next IP ID "
           "and timestamps; the server, which knows nothing of it, answers.",
           (forged("continues", "nothing in the RST betrays it, but the server sends new data "
                                "after it", count=1),
            CONSEQUENCE))
def forged_disguised(net):
    forged_continues(net, disguised=True)


@situation("forged-unnoticed",
           "A box on the router sends the client an exact RST with the server's TTL, next IP ID "
           "and timestamps; nobody says anything after it.",
           forged("continues", "nothing in the packets betrays it; only the recipe knows",
                  sure=False, also=("abort",)))
def forged_unnoticed(net):
    box = net.box_on_router()
    near, far = open_pair(net)
    exchange(near, far)
    ask(near, far)
    pause()
    box.speak(net.server, net.client, disguised=True)
    pause()
    near.recv()


@situation("forged-misfit",
           "A box on the router sends the client an exact RST in the server's name; "
           "nobody says anything after it.",
           forged("misfit", "active form, but a TTL and an IP ID that the server never had"))
def forged_misfit(net):
    box = net.box_on_router()
    near, far = open_pair(net)
    exchange(near, far)
    box.speak(net.server, net.client)
    pause()
    near.recv()


@situation("forged-misfit-to-server",
           "A box on the router sends the server an exact RST in the client's name; "
           "nobody says anything after it.",
           forged("misfit", "active form, but a TTL and an IP ID that the client never had",
                  seen_as="client"),
           vantage="server")
def forged_misfit_to_server(net):
    box = net.box_on_router()
    near, far = open_pair(net)
    exchange(near, far)
    box.speak(net.client, net.server)
    pause()
    far.recv()


@situation("forged-too-soon",
           "A box near the client resets it as soon as it hears the request, with the server's "
           "TTL, next IP ID and timestamps; the request itself is discarded further on.",
           forged("too_soon", "nothing in the RST betrays it, but it comes a few milliseconds "
                              "after the request and the round trip takes 20 ms",
                  trigger=lambda frames: [None, requests(frames)[-1]]))
def forged_too_soon(net):
    box = net.box_near_client()
    near, far = open_pair(net)
    exchange(near, far)
    with net.black_hole("tcp dport 80"):
        box.listen()
        near.send(REQUEST)
        box.wait_for_more(net.client)
        box.speak(net.server, net.client, disguised=True)
        pause()
        near.recv()


def requests(frames):
    return [frame for frame in frames if frame.length == len(REQUEST)]


@situation("forged-burst",
           "A box on the router sends the client three RSTs in the server's name, each further "
           "ahead: by 0, 1460 and 4380 bytes.",
           each_of_three("sequence", "back-to-back RSTs with rising sequence numbers, which "
                                     "answer nothing of the client's"))
def forged_burst(net):
    box = net.box_on_router()
    near, far = open_pair(net)
    exchange(near, far)
    ask(near, far)
    pause()
    burst(net, box, from_byte=0)
    pause()
    near.recv()


def burst(net, box, from_byte):
    for number, ahead in enumerate((0, 1460, 4380)):
        box.speak(net.server, net.client, ahead=from_byte + ahead, identification=64 + number)


@situation("forged-burst-late",
           "The same three RSTs come after 3000 bytes of answer: two are old, the third is in "
           "the window but not exact; a challenge ACK answers it and the connection lives.",
           each_of_three("sequence", "back-to-back RSTs with rising sequence numbers, without "
                                     "effect"))
def forged_burst_late(net):
    box = net.box_on_router()
    near, far = open_pair(net)
    exchange(near, far)
    ask(near, far)
    answer = LONG_ANSWER.replace(b"1000000", b"3000")
    far.send(answer)
    for _ in range(3):
        far.send(CHUNK)
    near.recv_all(len(answer) + 3000)
    pause()
    burst(net, box, from_byte=-len(answer) - 3000)
    pause()
    exchange(near, far)
    part(near, far)


@situation("forged-blind",
           "A box on the router sends the client a RST in the server's name, in the window but "
           "1000 bytes off; a challenge ACK answers it and the connection lives.",
           forged("blind", "in the window but not exact: challenge ACK, then business as usual",
                  form="unclear"))
def forged_blind(net):
    box = net.box_on_router()
    near, far = open_pair(net)
    exchange(near, far)
    box.speak(net.server, net.client, flags="R", ahead=1000)
    pause()
    exchange(near, far)
    part(near, far)


@situation("forged-after-hello",
           "A box on the router sends curl three identical RSTs in nginx's name as soon as it "
           "hears the ClientHello; nginx, which knows nothing of it, goes on with TLS.",
           (*each_of_three("continues", "the server goes on with its ServerHello"), CONSEQUENCE))
def forged_after_hello(net):
    with Web(net.server):
        box = net.box_on_router()
        curl = net.client.start("curl", "-sSk", f"https://{net.server.ipv4}/file")
        box.wait_for_data(net.client)
        for number in range(3):
            box.speak(net.server, net.client, identification=1000 + number)
        net.client.finish(curl)
        pause()


def both_ways(detail, why, **more):
    return tuple(forged(detail, why, seen_as=side, **more) for side in ("server", "client"))


@situation("forged-both-ways",
           "A box on the router sends both sides an exact RST in the other's name, seen on all "
           "interfaces of the router.",
           both_ways("both_ways", "RSTs to both sides at once, with a TTL and an IP ID that "
                                  "neither had"),
           vantage="router", interface="any", copies=True)
def forged_both_ways(net):
    box = net.box_on_router()
    near, far = open_pair(net)
    exchange(near, far)
    pause()
    box.speak(net.server, net.client)
    box.speak(net.client, net.server)
    pause()
    near.recv()
    far.recv()


@situation("forged-state-cleanup",
           "A box on the router resets the client once both sides have closed in order, "
           "as a firewall does that clears its table.",
           forged("state_cleanup", "both FINs acknowledged, then a RST with a TTL and an IP ID "
                                   "that the server never had",
                  also=("after_close",), harmless=True))
def forged_state_cleanup(net):
    box = net.box_on_router()
    near, far = open_pair(net)
    exchange(near, far)
    part(near, far)
    box.speak(net.server, net.client)
    pause()
