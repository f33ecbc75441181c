# SPDX-License-Identifier: GPL-2.0-or-later
"""A server or a proxy that is killed: before the client sends, while it sends, while it receives.

nginx serves, a small CONNECT proxy forwards, curl or a client of the lab's own asks.
"""

import contextlib
import itertools
import os
import signal
import subprocess
import sys
import time

import forward_proxy
import http2
from exchange import pause
from situation import situation
from truth import Reset
from web import Web

GET = b"GET /file HTTP/1.1\r\nHost: example.com\r\n\r\n"

PORTS = {"http": 80, "https": 443, "http2": 8080}
TITLES = {"http": "HTTP/1.1", "https": "HTTPS", "http2": "HTTP/2"}
CURL = {"http": ("--http1.1",), "https": ("--http1.1", "-k"),
        "http2": ("--http2-prior-knowledge",)}

# keeps what is under way at the moment of death down to a few segments
SMALL_BUFFER = "4096 16384 16384"


class Proxy:
    def __init__(self, host):
        self.host = host
        self.process = host.start(sys.executable, forward_proxy.__file__)
        self.process.stdout.readline()

    def __enter__(self):
        return self

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        self.process.kill()

    def wait(self):
        _, _ = self.process.communicate()
        self.host.journal.add(f"proxy: killed by signal {-self.process.returncode}")

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.kill()
            self.process.communicate()


class Scene:
    """Who is killed with what, and how the client reaches the server."""

    def __init__(self, net, victim, protocol, number):
        self.net = net
        self.victim = victim
        self.protocol = protocol
        self.number = number
        self.programs = contextlib.ExitStack()

    def __enter__(self):
        web = self.programs.enter_context(Web(self.net.server, file_size=500_000))
        proxy = self.programs.enter_context(Proxy(self.net.proxy))
        self.program = proxy if self.victim == "proxy" else web
        return self

    def __exit__(self, *problem):
        pause()
        return self.programs.__exit__(*problem)

    def kill(self):
        if self.number == signal.SIGKILL:
            self.program.kill()
        else:
            self.program.signal(self.number)

    def connect(self):
        """A client of our own, up to where the first request could be sent."""
        port = PORTS[self.protocol]
        if self.victim == "proxy":
            near = self.net.client.connect(self.net.proxy, forward_proxy.PORT)
            target = f"{self.net.server.ipv4}:{port}"
            near.send(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
            near.recv()
        else:
            near = self.net.client.connect(self.net.server, port)
        if self.protocol == "https":
            near.start_tls()
        if self.protocol == "http2":
            near.send(http2.PREFACE)
            near.recv()
            near.send(http2.SETTINGS_ACK)
        pause()
        return near

    def request(self, number):
        return http2.get(2 * number - 1) if self.protocol == "http2" else GET

    def curl(self, *arguments, **options):
        scheme = "https" if self.protocol == "https" else "http"
        url = f"{scheme}://{self.net.server.ipv4}:{PORTS[self.protocol]}/file"
        way = ()
        if self.victim == "proxy":
            proxy = f"http://{self.net.proxy.ipv4}:{forward_proxy.PORT}"
            way = ("--proxy", proxy, "--proxytunnel")
        return self.net.client.start("curl", "-sS", "-o", "/dev/null", *CURL[self.protocol], *way,
                                     *arguments, url, **options)


def before_sending(scene):
    near = scene.connect()
    scene.kill()
    scene.program.wait()
    pause()
    near.send(scene.request(1))
    pause()
    near.recv()


def while_sending(scene):
    upload = scene.curl("-T", "-", stdin=subprocess.PIPE)
    feed(upload, 8, 0.02)
    pause()
    scene.kill()
    feed(upload, 3, 0.001)
    scene.program.wait()
    pause()
    upload.stdin.close()
    upload.stdin = None
    scene.net.client.finish(upload)


def feed(process, times, interval):
    for _ in range(times):
        os.write(process.stdin.fileno(), bytes(500))
        time.sleep(interval)


def while_receiving(scene):
    scene.net.client.namespace.sysctl("net.ipv4.tcp_rmem", SMALL_BUFFER)
    for host in (scene.net.server, scene.net.proxy):
        host.namespace.sysctl("net.ipv4.tcp_wmem", SMALL_BUFFER)
    if scene.number == signal.SIGTERM:
        receive_and_ask(scene)
    else:
        receive_only(scene)


def receive_only(scene):
    download = scene.curl("--limit-rate", "20k")
    time.sleep(0.5)
    scene.kill()
    scene.program.wait()
    scene.net.client.finish(download)


def receive_and_ask(scene):
    near = scene.connect()
    near.send(scene.request(1))
    near.recv(4000)
    pause()
    scene.kill()
    scene.program.wait()
    near.send(scene.request(2))
    pause()
    while near.recv():
        pass


PHASES = {
    "before-sending": before_sending,
    "while-sending": while_sending,
    "while-receiving": while_receiving,
}

TRUTHS = {}


def crash(detail, why, *also):
    return Reset("crash", detail, "server", why, also=also)


def declare(victim, phase, protocol, number):
    name = f"killed-{victim}-{phase}-{protocol}-{number.name.lower()}"
    made = (f"The {victim} is killed with {number.name} {phase.replace('-', ' ')}: "
            f"the client speaks {TITLES[protocol]}.")

    @situation(name, made, crash(None, "?"))
    def play(net):
        with Scene(net, victim, protocol, number) as scene:
            PHASES[phase](scene)


for choice in itertools.product(("server", "proxy"), PHASES, PORTS,
                                (signal.SIGKILL, signal.SIGTERM)):
    declare(*choice)
