# SPDX-License-Identifier: GPL-2.0-or-later
"""The lab's network:  client ===10 ms=== router --- server, and router --- proxy."""

import os
import socket
import sys
import time

from net import interface
from net.box import Box
from net.embedded import Embedded
from net.guest import Guest
from net.host import Host

LAB = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

ONE_WAY_SECONDS = 0.010

DISCARD_PORT = 9
WARM_UP_TRIES = 50

# net.ipv4.tcp_rmem and tcp_wmem: least, default, most
SMALL_BUFFER = "4096 16384 16384"

# leg: subnet of each family, number of the host in it
LEGS = {
    "client": ("192.0.2", "2001:db8:1:", 10),
    "server": ("198.51.100", "2001:db8:2:", 20),
    "proxy": ("203.0.113", "2001:db8:3:", 30),
}


class Network:
    # what connections use unless they are told
    family = socket.AF_INET

    guest = embedded = None

    def __init__(self):
        self.router = Host("router")
        self.cable = Host("cable")
        self.client, self.server, self.proxy = (self.new_host(leg) for leg in LEGS)
        for name in ("net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding"):
            self.router.namespace.sysctl(name, 1)
        self.cable.namespace.sysctl("net.ipv6.conf.default.disable_ipv6", 1)
        self.lay_long_cable()
        for host in (self.server, self.proxy):
            self.attach(host)
        for host in (self.server, self.proxy):
            self.warm_up(self.client, host)

    @staticmethod
    def new_host(leg):
        ipv4, ipv6, number = LEGS[leg]
        return Host(leg, f"{ipv4}.{number}", f"{ipv6}:{number}")

    def lay_long_cable(self):
        interface.connect(self.client.namespace, "eth0", mac("client"),
                          self.cable.namespace, "left", "02:00:00:00:0c:01")
        interface.connect(self.router.namespace, "client", gateway_mac("client"),
                          self.cable.namespace, "right", "02:00:00:00:0c:02")
        self.address(self.client)
        self.carrier = self.start_carrier()

    def start_carrier(self, *trunk):
        carrier = self.cable.start(sys.executable, "-m", "net.path", "left", "right",
                                   str(ONE_WAY_SECONDS), *trunk, cwd=LAB)
        if carrier.stdout.readline() != b"ready\n":
            raise RuntimeError("the long cable between client and router did not come up")
        return carrier

    def lay_trunk(self, kind):
        """What crosses the cable is seen on its interface "trunk", wrapped in this kind."""
        interface.connect(self.cable.namespace, "trunk", "02:00:00:00:0c:03",
                          self.cable.namespace, "far", "02:00:00:00:0c:04")
        for name in ("trunk", "far"):
            self.cable.namespace.run("ip", "link", "set", name, "mtu", "1600")
        self.carrier.kill()
        self.carrier.communicate()
        self.carrier = self.start_carrier("trunk", kind)
        self.warm_up(self.client, self.server)

    def attach(self, host):
        interface.connect(host.namespace, "eth0", mac(host.name),
                          self.router.namespace, host.name, gateway_mac(host.name))
        self.address(host)

    def address(self, host):
        """Addresses and routes on both ends of a leg."""
        ipv4, ipv6, number = LEGS[host.name]
        ends = ((host.namespace, "eth0", number), (self.router.namespace, host.name, 1))
        for namespace, name, last in ends:
            namespace.run("ip", "address", "add", f"{ipv4}.{last}/24", "dev", name)
            namespace.run("ip", "address", "add", f"{ipv6}:{last}/64", "dev", name, "nodad")
        host.namespace.run("ip", "route", "add", "default", "via", f"{ipv4}.1")
        host.namespace.run("ip", "-6", "route", "add", "default", "via", f"{ipv6}:1")

    def warm_up(self, source, host):
        """Neighbours must know each other, or the first packets of a capture are lost."""
        for family, address in ((socket.AF_INET, host.ipv4), (socket.AF_INET6, host.ipv6)):
            if not any(refuses(source, family, address) for _ in range(WARM_UP_TRIES)):
                raise RuntimeError(f"{host.name} cannot be reached from {source.name}")

    def unplug(self, host):
        """Power off: the host is gone before it can say a word."""
        self.router.namespace.run("ip", "link", "delete", host.name)

    def power_on(self, host):
        """The same addresses on a host that remembers nothing."""
        fresh = self.new_host(host.name)
        fresh.journal = host.journal
        host.close()
        self.attach(fresh)
        setattr(self, host.name, fresh)
        self.warm_up(self.router, fresh)
        return fresh

    def shrink_buffers(self):
        """What is under way at any moment is a few segments, and a long transfer lasts."""
        self.client.namespace.sysctl("net.ipv4.tcp_rmem", SMALL_BUFFER)
        for host in (self.server, self.proxy):
            host.namespace.sysctl("net.ipv4.tcp_wmem", SMALL_BUFFER)

    def box_on_router(self):
        return Box(self.router, client="client", server="server")

    def box_near_client(self):
        """At the client's end of the long cable."""
        return Box(self.cable, client="left", server="right")

    def box_on_client(self):
        """The client itself, behind the back of its kernel."""
        return Box(self.client, client="eth0", server="eth0")

    def box_on_server(self):
        return Box(self.server, client="eth0", server="eth0")

    def add_guest(self, program):
        """Behind the client; its TCP ends in the program."""
        self.guest = Guest(self.client, program)
        return self.guest

    def add_embedded(self):
        """A server whose TCP is lwIP, and a client on the same wire."""
        self.embedded = Embedded()
        self.guest = self.embedded.client
        return self.embedded

    def hosts(self):
        hosts = self.client, self.cable, self.router, self.server, self.proxy
        return hosts if self.guest is None else (self.guest, *hosts)

    def black_hole(self, rule="meta l4proto tcp"):
        """The router discards what matches, for as long as the block lasts."""
        return self.router.dropping(rule, "forward")

    def close(self):
        self.carrier.kill()
        self.carrier.communicate()
        if self.embedded:
            self.embedded.end()
        for host in self.hosts():
            host.close()


def refuses(source, family, address):
    with source.namespace, socket.socket(family) as sock:
        sock.settimeout(0.2)
        try:
            sock.connect((address, DISCARD_PORT))
        except ConnectionRefusedError:
            return True
        except OSError:
            time.sleep(0.05)
            return False
    raise RuntimeError(f"somebody listens on port {DISCARD_PORT} of {address}")


def mac(leg):
    return f"02:00:00:00:{LEGS[leg][2]:02x}:02"


def gateway_mac(leg):
    return f"02:00:00:00:{LEGS[leg][2]:02x}:01"
