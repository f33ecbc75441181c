# SPDX-License-Identifier: GPL-2.0-or-later
"""A network namespace without a name: the kernel removes it with its last user."""

import ctypes
import os
import subprocess
from signal import SIGKILL

CLONE_NEWNET = 0x40000000
PR_SET_PDEATHSIG = 1

LIBC = ctypes.CDLL(None, use_errno=True)


def check(result):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def die_with_parent():
    """In a child process before exec."""
    LIBC.prctl(PR_SET_PDEATHSIG, SIGKILL)


class Namespace:
    """Enter it with `with`: sockets opened inside belong to it for good."""

    def __init__(self):
        before = self.current()
        check(LIBC.unshare(CLONE_NEWNET))
        self.descriptor = self.current()
        check(LIBC.setns(before, CLONE_NEWNET))
        os.close(before)
        self.outside = []

    @staticmethod
    def current():
        return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)

    @property
    def path(self):
        """A name that other processes can open it by."""
        return f"/proc/{os.getpid()}/fd/{self.descriptor}"

    def __enter__(self):
        self.outside.append(self.current())
        check(LIBC.setns(self.descriptor, CLONE_NEWNET))
        return self

    def __exit__(self, *_):
        before = self.outside.pop()
        check(LIBC.setns(before, CLONE_NEWNET))
        os.close(before)

    def join(self):
        """In a child process before exec."""
        die_with_parent()
        check(LIBC.setns(self.descriptor, CLONE_NEWNET))

    def popen(self, argv, **options):
        return subprocess.Popen(argv, preexec_fn=self.join, **options)

    def run(self, *argv, text=None):
        """Run a tool that has to succeed; returns what it printed."""
        process = self.popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True)
        out, err = process.communicate(text)
        if process.returncode != 0:
            raise RuntimeError(f"{' '.join(argv)}: {err.strip()}")
        return out

    def sysctl(self, name, value):
        with self, open("/proc/sys/" + name.replace(".", "/"), "w", encoding="ascii") as entry:
            entry.write(str(value))

    def close(self):
        os.close(self.descriptor)
