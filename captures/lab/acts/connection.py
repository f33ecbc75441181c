# SPDX-License-Identifier: GPL-2.0-or-later
"""A TCP connection held by the lab itself, every call noted in its host's journal."""

import socket
import ssl
import struct

# linux/tcp.h
TCP_REPAIR, TCP_REPAIR_QUEUE, TCP_QUEUE_SEQ = 19, 20, 21
TCP_RECV_QUEUE, TCP_SEND_QUEUE = 1, 2
TCP_REPAIR_OFF_NO_WP = -1


class Connection:
    def __init__(self, sock, journal):
        self.sock = sock
        self.journal = journal
        sock.settimeout(20)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data):
        """One segment per call where it fits; what does not fit now is not sent."""
        return self.journal.attempt(f"send {len(data)}", self.sock.send, data)

    def recv(self, size=65536):
        return self.journal.attempt("recv", self.sock.recv, size)

    def recv_all(self, size):
        rest = size
        while rest > 0:
            data = self.recv(rest)
            if not data:
                break
            rest -= len(data)

    def shutdown(self):
        self.journal.attempt("shutdown", self.sock.shutdown, socket.SHUT_WR)

    def close(self):
        self.journal.add("close")
        self.sock.close()

    def reset(self):
        """Close with SO_LINGER 0: a RST instead of a FIN."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.journal.add("close with SO_LINGER 0")
        self.sock.close()

    def option(self, name, value):
        self.option_number(getattr(socket, name), value)

    def keep_alive(self, idle, interval, count):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self.option("TCP_KEEPIDLE", idle)
        self.option("TCP_KEEPINTVL", interval)
        self.option("TCP_KEEPCNT", count)

    def start_tls(self, alpn=("http/1.1",)):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.set_alpn_protocols(list(alpn))
        self.sock = self.journal.attempt("TLS handshake", context.wrap_socket, self.sock)

    def close_tls(self):
        """Send close_notify, wait for the answer, close."""
        self.sock = self.journal.attempt("TLS shutdown", self.sock.unwrap) or self.sock
        self.close()

    def next_numbers(self):
        """The sequence number it would send next and the one it expects (TCP_REPAIR)."""
        self.option_number(TCP_REPAIR, 1)
        numbers = []
        for queue in (TCP_SEND_QUEUE, TCP_RECV_QUEUE):
            self.option_number(TCP_REPAIR_QUEUE, queue)
            numbers.append(self.sock.getsockopt(socket.IPPROTO_TCP, TCP_QUEUE_SEQ) % 2**32)
        self.option_number(TCP_REPAIR, TCP_REPAIR_OFF_NO_WP)
        return numbers

    def option_number(self, number, value):
        self.sock.setsockopt(socket.IPPROTO_TCP, number, value)

    @property
    def port(self):
        return self.sock.getsockname()[1]
