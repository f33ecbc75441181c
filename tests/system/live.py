#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A live capture is judged as the file that is written of it.

Frames are sent to the loopback of a network namespace of their own, where dumpcap listens and
hands them on to tshark as they come.  Exit status 77 (skipped) where no namespace can be made.
"""
import os
import pathlib
import socket
import struct
import subprocess
import sys
import time
import unittest

import places

SKIPPED = 77
FIELDS = ["frame.number", "tcp.abort.cause.name", "tcp.abort.detail.name", "tcp.abort.confidence",
          "tcp.abort.trigger", "tcp.abort.fin", "tcp.abort.provisional"]
BATCH = 50  # frames sent at once


def bring_up_loopback():
    import fcntl
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sH", b"lo", 0x1 | 0x40)  # IFF_UP | IFF_RUNNING
        fcntl.ioctl(control, 0x8914, request)  # SIOCSIFFLAGS


def inside(capture):
    """In the namespace: send the frames, write what dumpcap hears to standard output."""
    import wrapping
    bring_up_loopback()
    listener = subprocess.Popen(["dumpcap", "-q", "-B", "64", "-i", "lo", "-w", "-"],
                                stderr=subprocess.PIPE, text=True)
    for line in listener.stderr:
        if line.startswith("File:"):
            break
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as wire:
        wire.bind(("lo", 0))
        for number, (_, _, frame, _) in enumerate(wrapping.frames_of(pathlib.Path(capture))):
            wire.send(frame)
            if number % BATCH == 0:
                time.sleep(0.02)
    time.sleep(1)
    listener.terminate()
    listener.wait()


def namespace():
    """How to enter one; None: not allowed here."""
    for way in (["unshare", "--net"], ["unshare", "--user", "--map-root-user", "--net"]):
        command = [*way, "dumpcap", "-D"]
        if subprocess.run(command, capture_output=True).returncode == 0:
            return way
    return None


def table(printed):
    return [dict(zip(FIELDS, line.split("\t"))) for line in printed.splitlines()]


class Live(unittest.TestCase):
    def test_a_live_capture_and_its_file(self):
        import rendering
        from drive import tshark
        import wrapping
        source, _ = rendering.everything()
        sent = sum(1 for _ in wrapping.frames_of(source))
        written = tshark.workplace() / "live.pcapng"
        shown = ["-T", "fields", *(part for field in FIELDS for part in ("-e", field))]
        sender = subprocess.Popen([*WAY, sys.executable, __file__, "--inside", str(source)],
                                  stdout=subprocess.PIPE)
        done = tshark.run("tshark", "-n", "-i", "-", "-w", written, "-P", *shown,
                          stdin=sender.stdout)
        sender.stdout.close()
        self.assertEqual(sender.wait(), 0)
        self.assertEqual(done.returncode, 0, done.stderr)
        live = table(done.stdout)
        self.assertGreater(len(live), sent * 0.9, "frames were lost on the way")
        again = table(tshark.tshark("-r", written, *shown))
        self.assertGreater(sum(1 for row in again if row.get(FIELDS[1])), 100)
        self.assertEqual(live, again)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        inside(sys.argv[2])
        sys.exit()
    WAY = namespace()
    if not WAY:  # ctest reports it as skipped
        print("skipped: neither root nor allowed to make a network namespace and capture in it")
        sys.exit(SKIPPED)
    unittest.main()
