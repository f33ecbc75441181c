# SPDX-License-Identifier: GPL-2.0-or-later
"""What the kernel says about each RST it sends: the tracepoint tcp:tcp_send_reset."""

import collections
import contextlib
import os
import re
import subprocess
import time

TRACEFS = "/sys/kernel/tracing"
EVENT = "events/tcp/tcp_send_reset"
LINE = re.compile(r" (\d+\.\d+): tcp_send_reset: .* src=(\S+) dest=(\S+) "
                  r"state=(\S+) reason=(\S+)")

Event = collections.namedtuple("Event", "time source destination state reason")


@contextlib.contextmanager
def instance():
    """A trace buffer of our own, so that nobody else's tracing is disturbed."""
    if not os.path.isdir(f"{TRACEFS}/instances"):
        subprocess.run(["mount", "-t", "tracefs", "nodev", TRACEFS], check=True)
    if not os.path.isdir(f"{TRACEFS}/{EVENT}"):
        raise SystemExit("lab: this kernel has no tracepoint tcp:tcp_send_reset (Linux >= 6.10)")
    remove_abandoned()
    path = f"{TRACEFS}/instances/tcp-abort-lab-{os.getpid()}"
    os.mkdir(path)
    try:
        write(path, "trace_clock", "mono")
        write(path, f"{EVENT}/enable", "1")
        yield path
    finally:
        os.rmdir(path)


def remove_abandoned():
    """Buffers of labs that were killed before they could tidy up."""
    for name in os.listdir(f"{TRACEFS}/instances"):
        prefix, _, pid = name.rpartition("-")
        if prefix == "tcp-abort-lab" and not os.path.isdir(f"/proc/{pid}"):
            os.rmdir(f"{TRACEFS}/instances/{name}")


def write(path, name, value):
    with open(f"{path}/{name}", "w", encoding="ascii") as entry:
        entry.write(value)


def clear(path):
    write(path, "trace", "")


def events(path):
    """Events with their time as seconds since the epoch, as captures have it."""
    offset = time.time() - time.monotonic()
    with open(f"{path}/trace", encoding="ascii") as trace:
        found = [LINE.search(line) for line in trace]
    return [Event(float(match[1]) + offset, *match.groups()[1:]) for match in found if match]


def reasons(resets, found):
    """The event of each RST frame: its addresses name it; in a burst they pair in order."""
    rest = list(found)
    return [statement(frame, take(frame, rest)) for frame in resets]


def take(frame, rest):
    """Later by the path's delay at most; an event without addresses is told by its time."""
    ends = (endpoint(frame.source, frame.source_port),
            endpoint(frame.destination, frame.destination_port))
    near = [event for event in rest if -0.002 <= frame.time - event.time <= 0.05]
    exact = [event for event in near if (event.source, event.destination) == ends]
    nameless = [event for event in near if unaddressed(event)]
    for event in exact[:1] or nameless[:1]:
        rest.remove(event)
        return event
    return None


def unaddressed(event):
    return event.destination.endswith(":0")


def endpoint(address, port):
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def statement(frame, event):
    if event is None:
        return {"frame": frame.number, "reason": None, "state": None,
                "note": "no event: not made by a TCP socket of Linux"}
    said = {"frame": frame.number, "reason": event.reason, "state": event.state}
    if unaddressed(event):
        said["note"] = "the event names no peer; paired by time"
    return said
