# SPDX-License-Identifier: GPL-2.0-or-later
"""A client of the lab's own for the three protocols that nginx serves."""

from acts import http2
from acts.exchange import pause

PORTS = {"http": 80, "https": 443, "http2": 8080}
TITLES = {"http": "HTTP/1.1", "https": "HTTPS", "http2": "HTTP/2"}

GET = b"GET /file HTTP/1.1\r\nHost: example.com\r\n\r\n"


def open_connection(net, protocol, proxy_port=None):
    """Up to where the first request could be sent; through the proxy if it has a port."""
    port = PORTS[protocol]
    if proxy_port:
        near = net.client.connect(net.proxy, proxy_port)
        target = f"{net.server.ipv4}:{port}"
        near.send(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        near.recv()
    else:
        near = net.client.connect(net.server, port)
    if protocol == "https":
        near.start_tls()
    if protocol == "http2":
        near.send(http2.PREFACE)
        near.recv()
        near.send(http2.SETTINGS_ACK)
    pause()
    return near


def request(protocol, number=1):
    """The client's first, second ... request."""
    return http2.get(2 * number - 1) if protocol == "http2" else GET
