# SPDX-License-Identifier: GPL-2.0-or-later
"""A host whose TCP is lwIP, on a TAP interface: run as lwip.py ADDRESS GATEWAY.

Its sockets do what standard input says, a line each: listen PORT, accept, recv, send HEX, close.
"""

import ctypes
import os
import socket
import struct
import sys
import threading

TAP = "tap0"
LIBRARY = "liblwip.so.0"
MASK = "255.255.255.0"
# more than any struct netif has
NETIF_BYTES = 4096


def ipv4(address):
    return socket.inet_aton(address)


class Stack:
    def __init__(self, address, gateway):
        os.environ["PRECONFIGURED_TAPIF"] = TAP
        self.library = ctypes.CDLL(LIBRARY)
        self.netif = ctypes.create_string_buffer(NETIF_BYTES)
        self.listener = self.connection = -1
        up = threading.Event()

        def attach(_):
            addresses = map(ipv4, (address, MASK, gateway))
            self.library.netif_add(self.netif, *addresses, None, self.library.tapif_init,
                                   self.library.tcpip_input)
            self.library.netif_set_default(self.netif)
            self.library.netif_set_up(self.netif)
            self.library.netif_set_link_up(self.netif)
            up.set()

        self.attach = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(attach)
        self.library.tcpip_init(self.attach, None)
        up.wait()

    def listen(self, port):
        self.listener = self.library.lwip_socket(socket.AF_INET, socket.SOCK_STREAM, 0)
        name = struct.pack("=H", socket.AF_INET) + struct.pack("!H", int(port)) + bytes(12)
        self.library.lwip_bind(self.listener, name, len(name))
        return self.library.lwip_listen(self.listener, 5)

    def accept(self):
        self.connection = self.library.lwip_accept(self.listener, None, None)
        return self.connection

    def recv(self):
        data = ctypes.create_string_buffer(65536)
        return self.library.lwip_recv(self.connection, data, len(data), 0)

    def send(self, text):
        data = bytes.fromhex(text)
        return self.library.lwip_send(self.connection, data, len(data), 0)

    def close(self):
        return self.library.lwip_close(self.connection)


def main():
    stack = Stack(*sys.argv[1:])
    print("ready", flush=True)
    for line in sys.stdin:
        act, *arguments = line.split()
        print(getattr(stack, act)(*arguments), flush=True)


if __name__ == "__main__":
    main()
