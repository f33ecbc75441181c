# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenarios rendered as a capture by seg2pcap."""
import functools
import os
import pathlib
import subprocess

from drive import tshark


class Scenario:
    """What is expected of a scenario, and where its renderings are in the capture."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.expectations = []  # (frame of the scenario, words behind `expect`)
        self.renderings = []    # (name, frames of the capture before it)
        self.spans = []         # (frames before it, frames up to its end)

    @property
    def cause(self):
        """The cause that the name says it proves."""
        return self.path.stem.split("-")[0]


def render(capture, paths):
    """Write the capture; its scenarios."""
    program = os.environ.get("TCP_ABORT_SEG2PCAP")
    if not program:
        tshark.fail("TCP_ABORT_SEG2PCAP does not say where seg2pcap is")
    done = subprocess.run([program, capture, *paths], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
    if done.returncode:
        tshark.fail(done.stderr.strip())
    scenarios, before = [], 0
    for line in done.stdout.splitlines():
        kind, number, rest = line.split(" ", 2)
        if kind == "scenario":
            scenarios.append(Scenario(rest))
        elif kind == "expect":
            scenarios[-1].expectations.append((int(number), rest))
        else:
            scenarios[-1].renderings.append((rest, before))
            scenarios[-1].spans.append((before, before + int(number)))
            before += int(number)
    return scenarios


@functools.lru_cache(None)
def everything():
    """One capture with all scenarios, and these."""
    paths = sorted((tshark.TOP / "tests" / "scenarios").glob("*.seg"))
    if not paths:
        tshark.fail("no scenarios/*.seg")
    capture = tshark.workplace() / "scenarios.pcap"
    return capture, render(capture, paths)
