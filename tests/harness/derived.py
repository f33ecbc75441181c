# SPDX-License-Identifier: GPL-2.0-or-later
"""What is derived from the table of causes, and what an installation holds."""
import functools
import os
import pathlib
import subprocess

from drive import tshark


@functools.lru_cache(None)
def derive(product):
    """The lines of a product of packaging/derive."""
    program = os.environ.get("TCP_ABORT_DERIVE", tshark.plugins().parent / "packaging" / "derive")
    return subprocess.run([program, product], check=True, stdout=subprocess.PIPE,
                          encoding="utf-8").stdout.splitlines()


def examples():
    """Each cause and the capture that shows it best."""
    return [(cause, tshark.TOP / "captures" / f"{stem}.pcap")
            for cause, stem in (line.split("\t") for line in derive("examples"))]


def build():
    return pathlib.Path(os.environ.get("TCP_ABORT_BUILD", tshark.plugins().parent))


@functools.lru_cache(None)
def installation():
    """A prefix into which the build was installed."""
    prefix = tshark.workplace() / "prefix"
    subprocess.run(["cmake", "--install", build(), "--prefix", prefix], check=True,
                   stdout=subprocess.DEVNULL)
    return prefix
