# SPDX-License-Identifier: GPL-2.0-or-later
"""The situations that the lab can make, each under its name."""

import dataclasses
from typing import Callable

SITUATIONS = {}


@dataclasses.dataclass(frozen=True)
class Situation:
    name: str
    made: str
    # One entry a stream, in the order of tcp.stream: its resets, none if it must stay clean.
    streams: tuple
    vantage: str
    interface: str
    play: Callable


# where a host is tapped unless its recipe says otherwise: on its way to the server
INTERFACES = {"client": "eth0", "router": "server", "server": "eth0"}


def situation(name, made, *streams, vantage="client", interface=None):
    """Declare the decorated function, which takes a Network, as the recipe of a capture.

    Each of `streams` is a Reset, None (a clean connection), or a tuple of Resets. A function
    that yields, once, is recorded only from there on.
    """
    def register(play):
        if name in SITUATIONS:
            raise ValueError(f"two situations are called {name}")
        SITUATIONS[name] = Situation(name, made, tuple(map(as_tuple, streams)), vantage,
                                     interface or INTERFACES[vantage], play)
        return play
    return register


def as_tuple(stream):
    if stream is None:
        return ()
    return stream if isinstance(stream, tuple) else (stream,)
