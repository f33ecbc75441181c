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

from acts import forward_proxy
from acts.client import GET, PORTS, TITLES, open_connection, request
from acts.exchange import pause
from acts.web import Web
from record.situation import situation
from record.truth import Reset, broken_off

CURL = {"http": ("--http1.1",), "https": ("--http1.1", "-k"),
        "http2": ("--http2-prior-knowledge",)}


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
        self.process.communicate()
        self.host.journal.add(f"proxy: killed by signal {-self.process.returncode}")

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.kill()
            self.process.communicate()


class Scene:
    """Who is killed with what, and how the client reaches the server."""

    def __init__(self, net, victim, protocol, number, file_size=500_000):
        self.net = net
        self.file_size = file_size
        self.victim = victim
        self.protocol = protocol
        self.number = number
        self.programs = contextlib.ExitStack()

    def __enter__(self):
        self.program = self.programs.enter_context(Web(self.net.server, file_size=self.file_size))
        if self.victim == "proxy":
            self.program = self.programs.enter_context(Proxy(self.net.proxy))
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
        proxy_port = forward_proxy.PORT if self.victim == "proxy" else None
        return open_connection(self.net, self.protocol, proxy_port)

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
    near.send(request(scene.protocol))
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
    scene.net.shrink_buffers()
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
    near.send(request(scene.protocol))
    near.recv(4000)
    pause()
    scene.kill()
    scene.program.wait()
    near.send(request(scene.protocol, 2))
    pause()
    while near.recv():
        pass


PHASES = {
    "before-sending": (before_sending, "before the client sends"),
    "while-sending": (while_sending, "while the client sends"),
    "while-receiving": (while_receiving, "while the client receives"),
}


def crash(detail, why, *also):
    return Reset("crash", detail, "server", why, also=also)


def truth(victim, phase, protocol, number):
    if phase == "before-sending":
        also = ("turned_away",) if victim == "server" and protocol != "http2" else ()
        return crash("closed_before_request", "FIN before the first request, which draws the RST",
                     "stale_reuse", *also)
    if phase == "while-sending":
        return crash("closed_mid_exchange", "FIN inside the upload, the rest of which draws RSTs",
                     "early_close")
    if number == signal.SIGTERM:
        return crash("vanished", "the next request overtakes the FIN, which still waits behind "
                     "the answer: a RST inside the answer, and no FIN", "no_connection")
    if protocol == "https":
        return crash("truncated_answer", "the FIN cuts a TLS record short")
    # the kernel delivers what it has and a FIN; the client says nothing more
    return broken_off("crash", "truncated_answer", "server",
                      "its FIN inside its answer, and no RST")


def declare(victim, phase, protocol, number):
    name = f"killed-{victim}-{phase}-{protocol}-{number.name.lower()}"
    play_phase, moment = PHASES[phase]
    made = f"The {victim} is killed with {number.name} {moment}, over {TITLES[protocol]}."

    @situation(name, made, truth(victim, phase, protocol, number))
    def play(net):
        with Scene(net, victim, protocol, number) as scene:
            play_phase(scene)


for choice in itertools.product(("server", "proxy"), PHASES, PORTS,
                                (signal.SIGKILL, signal.SIGTERM)):
    declare(*choice)


@situation("killed-then-refused",
           "The server is killed with SIGKILL during an upload; the client's next connection "
           "is refused.",
           crash("killed", "FIN inside the upload, and the port refuses afterwards"),
           Reset("refused", "service_down", "server", "the same port accepted before"))
def killed_then_refused(net):
    with Scene(net, "server", "http", signal.SIGKILL) as scene:
        while_sending(scene)
        net.client.finish(scene.curl())


def hang_and_kill(scene):
    """A program that is stopped reads nothing, so its death finds a request unread."""
    near = scene.connect()
    near.send(GET)
    near.recv()
    os.killpg(scene.program.process.pid, signal.SIGSTOP)
    near.send(GET)
    time.sleep(1)
    scene.kill()
    scene.program.wait()
    pause()
    near.recv()


@situation("killed-hung",
           "The server hangs (SIGSTOP) and is killed with SIGKILL while a request is unread.",
           Reset("abort", "unread_data", "server",
                 "active RST, no FIN, while the second request is unanswered"))
def killed_hung(net):
    with Scene(net, "server", "http", signal.SIGKILL, file_size=1000) as scene:
        hang_and_kill(scene)


@situation("killed-hung-then-refused",
           "The server hangs (SIGSTOP) and is killed with SIGKILL while a request is unread; "
           "the client's next connection is refused.",
           crash("killed", "active RST while the second request is unanswered, and the port "
                 "refuses afterwards", "abort"),
           Reset("refused", "service_down", "server", "the same port accepted before"))
def killed_hung_then_refused(net):
    with Scene(net, "server", "http", signal.SIGKILL, file_size=1000) as scene:
        hang_and_kill(scene)
        net.client.finish(scene.curl())


CUT = crash("killed", "one of three unfinished answers that end at the same moment",
            "no_connection")


@situation("killed-three-at-once",
           "The server is killed with SIGKILL during three downloads; "
           "each client asks for one more file.",
           CUT, CUT, CUT)
def killed_three_at_once(net):
    net.shrink_buffers()
    with Scene(net, "server", "http", signal.SIGKILL) as scene:
        downloads = [scene.connect() for _ in range(3)]
        for near in downloads:
            near.send(GET)
            near.recv(1000)
        pause()
        scene.kill()
        scene.program.wait()
        for near in downloads:
            near.send(GET)
        pause()
        for near in downloads:
            while near.recv():
                pass
