# SPDX-License-Identifier: GPL-2.0-or-later
"""A program that serves a port of a host until it is killed."""

import os
import signal
import tempfile
import time

from acts.journal import name_of


def wait_until_served(host, process, port):
    """Until it listens on the port, and a moment longer: what listens may not accept yet."""
    while "LISTEN" not in host.namespace.run("ss", "-Htln", f"sport = :{port}"):
        if process.poll() is not None:
            raise RuntimeError(process.stderr.read().decode())
        time.sleep(0.05)
    time.sleep(0.2)


class Service:
    # where another program starts it
    name = None

    def __init__(self, host, port, *argv, about=None, files=(), **options):
        """`argv` with {folder} in it gets a folder of its own, which holds `files` by name.

        `about` are the words by which a line of its log is found that is worth telling.
        """
        self.host = host
        self.about = about
        self.folder = tempfile.TemporaryDirectory()
        os.chmod(self.folder.name, 0o755)
        for name, text in files:
            with open(os.path.join(self.folder.name, name), "w", encoding="ascii") as file:
                file.write(text.replace("{folder}", self.folder.name))
        self.prepare()
        self.process = host.start(
            *(word.replace("{folder}", self.folder.name) for word in argv), **options)
        wait_until_served(host, self.process, port)

    def prepare(self):
        """What must be done before it can start."""

    def __enter__(self):
        return self

    def kill(self):
        """All its processes at once; note how it ended."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()
        name = self.name or name_of(self.process)
        self.host.journal.add(f"{name}: killed by signal {signal.SIGKILL}")

    def __exit__(self, *_):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.host.quote(self.process, self.about, self.name)
        self.folder.cleanup()
