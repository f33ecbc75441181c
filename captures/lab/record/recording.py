# SPDX-License-Identifier: GPL-2.0-or-later
"""One capture: dumpcap on a host's interface until told to stop."""

import os
import signal
import subprocess
import time

# TCP and the ICMP errors that quote it; no ARP, no neighbour discovery
FILTER = "tcp or icmp or (icmp6 and ip6[40] < 128)"

# dumpcap hands packets over every 250 ms
SETTLE_SECONDS = 0.4


class Recording:
    def __init__(self, namespace, name, path, snap=0, wanted=FILTER):
        self.path = path
        self.process = namespace.popen(
            ["dumpcap", "-q", "-P", "-B", "8", "-s", str(snap), "-i", name, "-f", wanted,
             "-w", path],
            stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if line.startswith("File:"):
                return
        raise RuntimeError(f"dumpcap did not start on {name}")

    def stop(self):
        time.sleep(SETTLE_SECONDS)
        self.process.send_signal(signal.SIGINT)
        text = self.process.stderr.read()
        self.process.wait()
        if not os.path.exists(self.path):
            raise RuntimeError(f"dumpcap left no file: {text.strip()}")
