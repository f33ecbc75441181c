# SPDX-License-Identifier: GPL-2.0-or-later
"""Two hosts on one wire: a Linux client, and a server whose TCP is lwIP."""

import os
import subprocess
import sys

from acts import lwip
from net.host import Host

CLIENT, SERVER = "203.0.113.1", "203.0.113.100"


class Embedded:
    """The server, as a recipe uses it: what a Connection can do, and listen and accept."""

    ipv4 = SERVER

    def __init__(self):
        self.client = Host("guest", CLIENT)
        run = self.client.namespace.run
        run("ip", "tuntap", "add", lwip.TAP, "mode", "tap")
        run("ip", "address", "add", f"{CLIENT}/24", "dev", lwip.TAP)
        run("ip", "link", "set", lwip.TAP, "up")
        script = os.path.abspath(lwip.__file__)
        self.process = self.client.start(sys.executable, script, SERVER, CLIENT,
                                         stdin=subprocess.PIPE)
        if self.process.stdout.readline() != b"ready\n":
            raise RuntimeError(self.process.stderr.read().decode())
        # neighbours get to know each other
        self.client.connect(self, 9)
        self.client.journal.entries.clear()

    def do(self, *words):
        self.process.stdin.write(" ".join(words).encode() + b"\n")
        self.process.stdin.flush()
        result = int(self.process.stdout.readline())
        self.client.journal.add(f"lwIP: {words[0]}: {result}")

    def open_pair(self, port=80):
        self.do("listen", str(port))
        near = self.client.connect(self, port)
        self.do("accept")
        return near, self

    def recv(self):
        self.do("recv")

    def send(self, data):
        self.do("send", data.hex())

    def close(self):
        self.do("close")

    def end(self):
        self.process.kill()
        self.process.communicate()
