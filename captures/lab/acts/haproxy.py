# SPDX-License-Identifier: GPL-2.0-or-later
"""HAProxy on a host, in front of one server."""

from acts.service import Service

CONFIGURATION = """
global
    log stderr format raw daemon
defaults
    mode http
    timeout connect 1s
    timeout client 60s
    timeout server {patience}
    retries 0
frontend door
    bind :{port}
    default_backend house
backend house
    server one {server}:80 {source}
"""


class Haproxy(Service):
    PORT = 8000

    def __init__(self, host, server, patience="60s", source=None):
        """`source`: the address it calls the server from, if not the one it is called by."""
        configuration = CONFIGURATION.format(port=self.PORT, server=server.ipv4, patience=patience,
                                             source=f"source {source}" if source else "")
        super().__init__(host, self.PORT, "haproxy", "-db", "-f", "{folder}/haproxy.cfg",
                         files=(("haproxy.cfg", configuration),))
