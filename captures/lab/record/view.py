# SPDX-License-Identifier: GPL-2.0-or-later
"""From where, and how, a situation is looked at."""

import contextlib
import dataclasses
import os
import subprocess
from typing import Optional

from record.recording import FILTER, Recording

# where a host is tapped unless its recipe says otherwise: on its way to the server
INTERFACES = {"client": "eth0", "router": "server", "server": "eth0",
              "proxy": "eth0"}


@dataclasses.dataclass(frozen=True)
class View:
    vantage: str = "client"
    interface: Optional[str] = None
    # A second host, whose recording is merged with the first one's.
    merged_with: Optional[str] = None
    # Bytes kept of a frame; 0 keeps all.
    snap: int = 0
    # What is recorded, as a capture filter.
    record: str = FILTER
    # What is left of the recording, as a display filter.
    keep: Optional[str] = None
    # Whether a frame that looks like the one before it may be a copy made by the capture.
    copies: bool = False

    @property
    def words(self):
        return " and ".join(filter(None, (self.vantage, self.merged_with)))

    @contextlib.contextmanager
    def recording(self, network, path):
        with contextlib.ExitStack() as stack:
            parts = []
            for number, vantage in enumerate(filter(None, (self.vantage, self.merged_with))):
                parts.append(f"{path}.{number}")
                host = getattr(network, vantage)
                recording = Recording(host.namespace, self.interface or INTERFACES[vantage],
                                      parts[-1], self.snap, self.record)
                stack.callback(recording.stop)
            yield
        if self.merged_with:
            run("mergecap", "-F", "pcap", "-w", path, *parts)
        elif self.keep:
            run("tshark", "-n", "-r", parts[0], "-Y", self.keep, "-F", "pcap", "-w", path)
        else:
            os.rename(parts[0], path)


def run(*command):
    subprocess.run(command, check=True, capture_output=True)
