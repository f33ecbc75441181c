# SPDX-License-Identifier: GPL-2.0-or-later
"""One situation, played and recorded: the capture and its row of the manifest."""

import inspect
import os
import shutil
import tempfile
import time

from net.network import Network
from record import frame, manifest, tracepoint
from record.truth import MERGED_SECONDS, Mismatch, check_words, copied, label

MOST_FRAMES = 120


def record(situation, folder, trace):
    """Returns the number of frames and what it took, in seconds."""
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        draft = os.path.join(scratch, "capture.pcap")
        network = Network()
        try:
            play(situation, network, draft, trace)
        finally:
            network.close()
        row = describe(situation, network, draft, trace)
        capture = os.path.join(folder, row["capture"])
        shutil.copyfile(draft, capture)
    manifest.store(folder, row)
    return frame.count(capture), time.monotonic() - begin


def play(situation, network, draft, trace):
    go_on = prelude(situation.play, network)
    tracepoint.clear(trace)
    with situation.view.recording(network, draft):
        go_on()


def linux():
    return "Linux " + ".".join(os.uname().release.split(".")[:2])


def prelude(recipe, network):
    """What a recipe does before it yields is not recorded; returns the rest of it."""
    if not inspect.isgeneratorfunction(recipe):
        return lambda: recipe(network)
    acts = recipe(network)
    next(acts)
    return lambda: next(acts, None)


def describe(situation, network, draft, trace):
    frames = frame.read(draft)
    if frame.count(draft) > MOST_FRAMES:
        raise Mismatch(f"{frame.count(draft)} frames, more than {MOST_FRAMES}")
    with open(draft, "rb") as recording:
        check_words(situation.streams, recording.read())
    resets = [f for f in frames if f.has(frame.RST)]
    if situation.view.copies:
        resets = [f for f in resets if not copied(f, resets, MERGED_SECONDS)]
    return {
        "capture": f"{situation.name}.pcap",
        "sha256": manifest.digest(draft),
        "recipe": f"lab/lab {situation.name}",
        "made": situation.made,
        "stack": ", ".join(filter(None, (situation.stack, linux()))),
        "vantage": situation.view.words,
        "programs": {host.name: str(host.journal)
                     for host in network.hosts() if host.journal.entries},
        "kernel": tracepoint.reasons(resets, tracepoint.events(trace)),
        "licence": "CC0-1.0",
        "streams": label(frames, situation.streams, situation.view.copies),
    }
