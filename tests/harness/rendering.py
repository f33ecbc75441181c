# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenarios rendered as captures by seg2pcap."""
import functools
import os
import subprocess

import tshark


class Rendering:
    """One capture with all renderings of a scenario, one after the other."""

    def __init__(self, scenario):
        program = os.environ.get("TCP_ABORT_SEG2PCAP")
        if not program:
            tshark.fail("TCP_ABORT_SEG2PCAP does not say where seg2pcap is")
        self.scenario = scenario
        self.capture = tshark.workplace() / f"{scenario.stem}.pcap"
        self.variants = []      # (name, frames before it)
        self.expectations = []  # (frame of the scenario, words behind `expect`)
        printed = subprocess.run([program, scenario, self.capture], check=True, text=True,
                                 stdout=subprocess.PIPE).stdout
        before = 0
        for line in printed.splitlines():
            kind, number, rest = line.split(" ", 2)
            if kind == "rendering":
                self.variants.append((rest, before))
                before += int(number)
            else:
                self.expectations.append((int(number), rest))

    @property
    def causes(self):
        return {words.split()[0].split("/")[0] for _, words in self.expectations}


@functools.lru_cache(None)
def all_scenarios():
    """Every scenario of the folder, rendered."""
    folder = tshark.TESTS / "scenarios"
    scenarios = sorted(folder.glob("*.seg"))
    if not scenarios:
        tshark.fail(f"no scenario in {folder}")
    return [Rendering(scenario) for scenario in scenarios]
