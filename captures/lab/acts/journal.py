# SPDX-License-Identifier: GPL-2.0-or-later
"""What a program on a host saw, in its own words: results, errno, exit codes."""

import errno
import itertools
import os
import time


class Journal:
    def __init__(self):
        self.entries = []

    def add(self, entry):
        self.entries.append(entry)

    def attempt(self, act, call, *arguments):
        """Do it and write down how it went; an error is a result like any other."""
        begin = time.monotonic()
        try:
            result = call(*arguments)
        except OSError as error:
            self.add(f"{act}{waited(begin)}: {describe(error)}")
            return None
        self.add(f"{act}{waited(begin)}: {outcome(result)}")
        return result

    def __str__(self):
        groups = [(entry, len(list(same))) for entry, same in itertools.groupby(self.entries)]
        return "; ".join(entry if count == 1 else f"{entry} ({count} times)"
                         for entry, count in groups)


def waited(begin):
    seconds = time.monotonic() - begin
    return f" after {seconds:.1f} s" if seconds >= 1 else ""


def describe(error):
    name = errno.errorcode.get(error.errno) if type(error).__module__ != "ssl" else None
    return f"{name} ({error.strerror})" if name else f"{type(error).__name__} ({error.args[-1]})"


def outcome(result):
    if isinstance(result, bytes):
        return f"{len(result)} bytes" if result else "end of stream"
    return "ok"


def name_of(process):
    return os.path.basename(process.args[0])


def last_words(process, timeout=20):
    """The lines that it has written when it ends: what it complained of, else what it said."""
    for text in reversed(process.communicate(timeout=timeout)):
        lines = [line for line in (text or b"").decode(errors="replace").splitlines()
                 if line.strip()]
        if lines:
            return lines
    return []
