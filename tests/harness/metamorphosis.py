# SPDX-License-Identifier: GPL-2.0-or-later
"""The rulings of the core on captures that were changed before it heard them, beside those on the
captures as they are.  judge_natively -w help lists the ways.
"""
import collections
import re
import tempfile

import native

FREE = {"frame.number", "tcp.stream", "tcp.abort.related"}  # streams are counted as they come
INTERVAL = re.compile(r"tcp\.abort\.(since_|idle$|unanswered$)")
NAMES = {"cause.name": "cause", "detail.name": "detail"}


def short(field):
    name = field.removeprefix("tcp.abort.")
    return NAMES.get(name, name)


class Ruling:
    """What is said of one frame of a capture: when (`copy`, `once`, or at the end), and how sure."""

    def __init__(self, when, provisional, row):
        self.when, self.provisional = when, bool(provisional)
        self.frame = int(row["frame.number"])
        self.said = {short(field): value for field, value in row.items()
                     if field not in FREE and not INTERVAL.match(field)}

    def __getattr__(self, name):
        return self.said[name]

    def __str__(self):
        return f"{self.cause}/{self.detail or '-'} {self.confidence}"


def judge(captures, ways):
    """Capture to way to its rulings."""
    arguments = [argument for way in ways for argument in ("-w", way)]
    with tempfile.TemporaryDirectory() as folder:
        files = {str(native.plain(path, folder)): path for path in captures}
        names, *lines = native.run([*arguments, *files])
    found = {path: {way: [] for way in ways} for path in captures}
    for file, way, when, provisional, *values in lines:
        found[files[file]][way].append(Ruling(when, provisional, dict(zip(names[4:], values))))
    return found


def by_frame(rulings, when=""):
    found = collections.defaultdict(list)
    for ruling in rulings:
        if ruling.when == when:
            found[ruling.frame].append(ruling)
    return {frame: sorted(same, key=lambda ruling: ruling.form) for frame, same in found.items()}


def differences(one, other):
    """Words for what two rulings on a frame do not agree on."""
    return [f"{name} {one.said[name] or 'none'} -> {other.said[name] or 'none'}"
            for name in one.said if one.said[name] != other.said[name]]


def movements(before, after):
    """Frame to what has moved."""
    old, new = by_frame(before), by_frame(after)
    found = {}
    for frame in sorted(old.keys() | new.keys()):
        one, other = old.get(frame, []), new.get(frame, [])
        if len(one) != len(other):
            found[frame] = [f"{', '.join(map(str, one)) or 'nothing'} -> "
                            f"{', '.join(map(str, other)) or 'nothing'}"]
        else:
            words = [word for pair in zip(one, other) for word in differences(*pair)]
            if words:
                found[frame] = words
    return found
