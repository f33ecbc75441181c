# SPDX-License-Identifier: GPL-2.0-or-later
"""A host of the lab: a namespace, its addresses, its programs and their journal."""

import contextlib
import itertools
import socket
import subprocess
import time

from acts.connection import Connection
from acts.journal import Journal, last_words, name_of
from net.namespace import Namespace

SERIAL = itertools.count()


class Host:
    def __init__(self, name, ipv4=None, ipv6=None):
        self.name = name
        self.ipv4 = ipv4
        self.ipv6 = ipv6
        self.journal = Journal()
        self.held = []
        self.namespace = Namespace()
        self.namespace.run("ip", "link", "set", "lo", "up")

    def new_socket(self, family=socket.AF_INET, kind=socket.SOCK_STREAM, protocol=0):
        with self.namespace:
            sock = socket.socket(family, kind, protocol)
        self.held.append(sock)
        return sock

    def listen(self, port, family=socket.AF_INET, backlog=128, protocol=0):
        sock = self.new_socket(family, protocol=protocol)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("", port))
        sock.listen(backlog)
        sock.settimeout(20)
        return sock

    def accept(self, listener):
        sock, _ = listener.accept()
        self.held.append(sock)
        self.journal.add("accept: ok")
        return Connection(sock, self.journal)

    def connect(self, peer, port, family=socket.AF_INET, from_port=0, receive_buffer=None,
                timeout=20, protocol=0):
        """Returns a Connection, or None with the error in the journal."""
        sock = self.new_socket(family, protocol=protocol)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if receive_buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        sock.settimeout(timeout)
        if from_port:
            sock.bind(("", from_port))
        address = peer.ipv4 if family == socket.AF_INET else peer.ipv6
        if self.journal.attempt("connect", lambda: sock.connect((address, port)) or True):
            return Connection(sock, self.journal)
        sock.close()
        return None

    def start(self, *argv, **options):
        """Start a program that goes on; stop it with `finish`."""
        options.setdefault("stdin", subprocess.DEVNULL)
        options.setdefault("stdout", subprocess.PIPE)
        return self.namespace.popen(argv, stderr=subprocess.PIPE, start_new_session=True,
                                    **options)

    def finish(self, process, timeout=20):
        """Wait for a program and note how it ended."""
        name, lines = name_of(process), last_words(process, timeout)
        verdict = (f"killed by signal {-process.returncode}" if process.returncode < 0
                   else f"exit {process.returncode}")
        signed = [line for line in lines if line.startswith(f"{name}: ")]
        text = "".join(f": {line}" for line in (signed or lines)[-1:])
        self.journal.add(f"{name}: {verdict}{text}")

    def quote(self, process, about, name=None):
        """Wait for a program and note the last line of its log that speaks of this, if any."""
        lines = [line for line in last_words(process) if about and about in line]
        if lines:
            said = lines[-1][lines[-1].index(about):]
            self.journal.add(f"{name or name_of(process)}: {said}")

    def run(self, *argv, **options):
        self.finish(self.start(*argv, **options))

    @contextlib.contextmanager
    def dropping(self, rule, hook):
        """Silently discard what the nftables rule matches, for as long as the block lasts."""
        with self.filtering(rule + " drop", hook):
            yield

    @contextlib.contextmanager
    def filtering(self, rule, hook, kind="filter", priority="0"):
        table = f"lab{next(SERIAL)}"
        self.namespace.run("nft", "-f", "-", text=f"table inet {table} {{ chain rules {{\n"
                           f"type {kind} hook {hook} priority {priority};\n{rule}\n}}\n}}\n")
        try:
            yield
        finally:
            self.namespace.run("nft", "delete", "table", "inet", table)

    def forget(self, port):
        """Destroy the sockets of a port without a word to the peers."""
        with self.dropping("tcp flags & (fin | rst) != 0", "output"):
            self.namespace.run("ss", "--kill", "-t", "state", "connected",
                               f"( sport = :{port} or dport = :{port} )")
            time.sleep(0.05)
        self.journal.add("socket destroyed silently (ss --kill, its RST dropped)")

    def close(self):
        for sock in self.held:
            sock.close()
        self.namespace.close()
