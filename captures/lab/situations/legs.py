# SPDX-License-Identifier: GPL-2.0-or-later
"""Proxies of which one connection ends because the other did, looked at on the proxy itself."""

import time

from acts.exchange import pause
from acts.fetch import curl
from acts.haproxy import Haproxy
from acts.servers import PythonWeb, Tinyproxy
from acts.web import Web
from record.situation import situation
from record.truth import Reset, broken_off
from situations.cut_short import BY_LENGTH, FILE_SIZE, kill, nginx, reverse_proxy, truncated

REQUEST = b"GET /file HTTP/1.1\r\nHost: example.com\r\n\r\n"


def ask(net, port=80):
    near = net.client.connect(net.proxy, port)
    near.send(REQUEST)
    return near


@situation("legs-haproxy-backend-killed",
           "A server is killed with SIGKILL in the middle of an answer that HAProxy passes on; "
           "HAProxy cuts its own short.",
           truncated(BY_LENGTH), truncated(BY_LENGTH), vantage="proxy")
def legs_haproxy_backend_killed(net):
    with nginx(net) as web, Haproxy(net.proxy, net.server):
        ask(net, Haproxy.PORT)
        kill(web)
        pause()


@situation("legs-haproxy-two-addresses",
           "A server is killed with SIGKILL in the middle of an answer that HAProxy passes on, "
           "which calls it from another address; HAProxy cuts its own short.",
           truncated(BY_LENGTH), truncated(BY_LENGTH), vantage="proxy")
def legs_haproxy_two_addresses(net):
    second = "203.0.113.31"
    net.proxy.namespace.run("ip", "address", "add", f"{second}/24", "dev", "eth0")
    with nginx(net) as web, Haproxy(net.proxy, net.server, source=second):
        ask(net, Haproxy.PORT)
        kill(web)
        pause()


@situation("legs-haproxy-backend-resets",
           "A server resets (ss --kill) an answer that HAProxy passes on; HAProxy cuts its own "
           "short.",
           truncated(BY_LENGTH),
           Reset("abort", "transfer_cut", "server", "active RST inside its own answer"),
           vantage="proxy")
def legs_haproxy_backend_resets(net):
    with nginx(net), Haproxy(net.proxy, net.server):
        ask(net, Haproxy.PORT)
        time.sleep(0.5)
        net.server.namespace.run("ss", "--kill", "-t", "state", "established", "( sport = :80 )")
        pause()


@situation("legs-haproxy-backend-stalls",
           "A server says no more in the middle of an answer that HAProxy passes on; HAProxy "
           "gives up after 6 s and closes both.",
           truncated("its FIN where the next chunk was to begin"),
           Reset("abort", "stalled", "client", "active RST 6 s after the last of the answer"),
           vantage="proxy")
def legs_haproxy_backend_stalls(net):
    with PythonWeb(net.server, 80), Haproxy(net.proxy, net.server, patience="6s"):
        near = net.client.connect(net.proxy, Haproxy.PORT)
        near.send(b"GET /whole_chunks HTTP/1.1\r\nHost: example.com\r\n\r\n")
        time.sleep(7)


@situation("legs-nginx-client-resets",
           "A client resets a download (SO_LINGER 0) that nginx fetches from another server; "
           "nginx gives up that one, too.",
           Reset("abort", "download_cancelled", "client", "active RST inside the answer"),
           broken_off("early_close", "mid_transfer", "client", "its FIN inside the answer"),
           vantage="proxy")
def legs_nginx_client_resets(net):
    with nginx(net), reverse_proxy(net):
        near = net.client.connect(net.proxy, 80)
        near.send(b"GET /front HTTP/1.1\r\nHost: example.com\r\n\r\n")
        time.sleep(0.5)
        near.reset()
        time.sleep(1.2)


@situation("legs-tunnel-server-killed",
           "A server is killed with SIGKILL under a CONNECT tunnel of tinyproxy in the middle of "
           "an answer.",
           truncated("the proxy's FIN inside the answer in its tunnel, by Content-Length"),
           truncated(BY_LENGTH), vantage="proxy")
def legs_tunnel_server_killed(net):
    with nginx(net) as web, Tinyproxy(net.proxy) as proxy:
        client = curl(net, "/file", "--proxytunnel", "--proxy",
                      f"http://{net.proxy.ipv4}:{proxy.PORT}")
        kill(web)
        net.client.finish(client)
        pause()


KILLED = broken_off("crash", "killed", "server",
                    "one of three unfinished answers that end at the same moment")


@situation("legs-three-tunnels-server-killed",
           "A server is killed with SIGKILL under three CONNECT tunnels of tinyproxy, each in the "
           "middle of an answer.",
           *[truncated("the proxy's FIN inside the answer in its tunnel, by Content-Length")
             for _ in range(3)],
           *[KILLED for _ in range(3)], vantage="proxy")
def legs_three_tunnels_server_killed(net):
    with Web(net.server, file_size=FILE_SIZE, settings="limit_rate 4k;") as web, \
            Tinyproxy(net.proxy) as proxy:
        clients = [curl(net, "/file", "--proxytunnel", "--proxy",
                        f"http://{net.proxy.ipv4}:{proxy.PORT}") for _ in range(3)]
        kill(web)
        for client in clients:
            net.client.finish(client)
        pause()
