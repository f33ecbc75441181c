# SPDX-License-Identifier: GPL-2.0-or-later
"""The situations that the lab can make, each under its name."""

import dataclasses
from typing import Callable, Optional

from record.view import View

SITUATIONS = {}


@dataclasses.dataclass(frozen=True)
class Situation:
    name: str
    made: str
    # One entry a stream, in the order of tcp.stream: its resets, none if it must stay clean.
    streams: tuple
    view: View
    play: Callable
    # Whose TCP it is, where it is not Linux's alone.
    stack: Optional[str]


def situation(name, made, *streams, stack=None, **view):
    """Declare the decorated function, which takes a Network, as the recipe of a capture.

    Each of `streams` is a Reset, None (a clean connection), or a tuple of Resets. A function
    that yields, once, is recorded only from there on. The rest says what View to take.
    """
    def register(play):
        if name in SITUATIONS:
            raise ValueError(f"two situations are called {name}")
        SITUATIONS[name] = Situation(name, made, tuple(map(as_tuple, streams)), View(**view),
                                     play, stack)
        return play
    return register


def as_tuple(stream):
    if stream is None:
        return ()
    return stream if isinstance(stream, tuple) else (stream,)
