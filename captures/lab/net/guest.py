# SPDX-License-Identifier: GPL-2.0-or-later
"""A guest behind the client, whose TCP ends in a program there: a stack that is not Linux."""

import re
import subprocess
import tempfile
import time

from net.host import Host

ADDRESS, GATEWAY, NETWORK = "203.0.113.100", "203.0.113.2", "203.0.113.0/24"
TAP = "tap0"

COMMANDS = {
    "slirp4netns": ("--configure", f"--cidr={NETWORK}", "--netns-type=path", "--disable-dns"),
    "pasta": ("--foreground", "--quiet", "--ipv4-only", "--config-net", "--netns-only",
              "--ns-ifname", TAP, "--address", ADDRESS, "--netmask", "24",
              "--gateway", GATEWAY, "--interface", "eth0", "--runas", "0:0",
              "--tcp-ports", "none", "--udp-ports", "none", "--netns"),
}


class Guest(Host):
    def __init__(self, host, program):
        super().__init__("guest", ADDRESS)
        self.name_file = tempfile.NamedTemporaryFile()
        subprocess.run(["mount", "--bind", self.namespace.path, self.name_file.name], check=True)
        arguments = (*COMMANDS[program], self.name_file.name)
        if program == "slirp4netns":
            arguments += (TAP,)
        self.program = host.start(program, *arguments)
        while not re.search(f"inet {ADDRESS}", self.namespace.run("ip", "address")):
            if self.program.poll() is not None:
                raise RuntimeError(self.program.stderr.read().decode())
            time.sleep(0.05)
        time.sleep(0.3)

    def close(self):
        self.program.kill()
        self.program.communicate()
        subprocess.run(["umount", self.name_file.name], check=True)
        self.name_file.close()
        super().close()
