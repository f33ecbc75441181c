# SPDX-License-Identifier: GPL-2.0-or-later
"""Stacks that are not Linux: what a guest sees whose TCP ends in a program."""

import dataclasses

from acts.exchange import REQUEST, ask, exchange, pause
from record.situation import situation
from record.truth import Reset


def behind(program, name, made, *streams):
    """Declare what a guest behind this program sees, from the moment that the guest is up."""
    def register(play):
        @situation(f"{program}-{name}", f"A guest behind {program}: {made}", *streams,
                   vantage="guest", interface="tap0", stack=STACKS[program])
        def record(net):
            net.add_guest(program)
            yield
            play(net)
        return play
    return register


STACKS = {"slirp4netns": "libslirp (slirp4netns 1.2)", "pasta": "pasta (passt 2023-03-09)"}


def both(name, made, **streams):
    def register(play):
        for program in STACKS:
            behind(program, name, made, streams[program])(play)
        return play
    return register


def open_pair(net):
    listener = net.server.listen(80)
    near = net.guest.connect(net.server, 80)
    far = net.server.accept(listener)
    listener.close()
    return near, far


REFUSED = Reset("refused", "closed_port", "server", "RST+ACK with ack SYN.seq + 1")


# Linux takes no notice of it: connect() waits for an answer
BARE = Reset("unknown", "malformed", "server", "a RST without ACK to a SYN", also=("refused",),
             form="unclear", trigger=lambda frames: [frames[0], None])


@both("refused", "it asks a port that nobody listens on.", slirp4netns=REFUSED, pasta=BARE)
def refused(net):
    net.guest.connect(net.server, 80, timeout=0.8)


FAST = Reset("fast_close", "after_exchange", "server", "finished exchange, then a RST",
             also=("abort",))


@both("reset-after-exchange", "the server closes with SO_LINGER 0 after a finished exchange.",
      slirp4netns=FAST, pasta=dataclasses.replace(FAST, form="active"))
def reset_after_exchange(net):
    near, far = open_pair(net)
    exchange(near, far)
    far.reset()
    pause()
    near.recv()


ABORT = Reset("abort", None, "server", "a RST while a request is unanswered")


@both("reset-mid-exchange", "the server closes with SO_LINGER 0 before it has answered.",
      slirp4netns=ABORT, pasta=ABORT)
def reset_mid_exchange(net):
    near, far = open_pair(net)
    exchange(near, far)
    ask(near, far)
    pause()
    far.reset()
    pause()
    near.recv()


# bytes after its FIN are acknowledged first, and reset once they cannot be handed on
LATE = Reset("stale_reuse", None, "server",
             "FIN after a finished exchange; requests after it are acknowledged, then a RST",
             also=("abort", "crash"), sure=False,
             trigger=lambda frames: [None, *[f for f in frames if f.length == len(REQUEST)][1:]])


@both("late-write", "the server closes an idle kept-alive connection; the guest sends the next "
                    "request all the same.",
      slirp4netns=LATE, pasta=dataclasses.replace(LATE, form="active"))
def late_write(net):
    near, far = open_pair(net)
    exchange(near, far)
    far.close()
    pause()
    near.send(REQUEST)
    pause()
    near.recv()
    near.send(REQUEST)
    pause()


FORGOTTEN = Reset("abort", None, "server",
                  "the program acknowledges the request, then an active RST")


@both("forgotten", "the server's socket is destroyed without a word; then the guest sends a "
                   "request.", slirp4netns=FORGOTTEN, pasta=FORGOTTEN)
def forgotten(net):
    near, far = open_pair(net)
    exchange(near, far)
    net.server.forget(80)
    near.send(REQUEST)
    pause()
    near.recv()
