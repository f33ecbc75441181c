# SPDX-License-Identifier: GPL-2.0-or-later
"""A TLS handshake that one side ends with a fatal alert (RFC 8446, 6.2) and a FIN."""

from acts.exchange import pause
from acts.fetch import curl
from acts.web import Web
from record.situation import situation
from record.truth import Reset, broken_off


def alert(cause, detail, by, name, why):
    return broken_off(cause, detail, by, f"its fatal alert {name} {why}, and its FIN", words=name)


def distrust(net):
    """With more than one pipeline it takes all that has come before it looks at a record."""
    net.client.run("openssl", "s_client", "-connect", f"{net.server.ipv4}:443", "-quiet",
                   "-verify_return_error", "-max_pipelines", "2")
    pause()


@situation("alert-unknown-ca-tls12",
           "openssl s_client does not trust the server's certificate, over TLS 1.2: unknown_ca.",
           alert("abort", "disliked_answer", "client", "unknown_ca", "in clear"))
def alert_unknown_ca_tls12(net):
    with Web(net.server, tls="TLSv1.2"):
        distrust(net)


@situation("alert-unknown-ca-tls13",
           "openssl s_client does not trust the server's certificate, over TLS 1.3: unknown_ca.",
           alert("abort", "disliked_answer", "client", "unknown_ca",
                 "in clear, in place of Finished"))
def alert_unknown_ca_tls13(net):
    with Web(net.server):
        distrust(net)


@situation("handshake-abandoned-without-an-alert",
           "A client in Python (asyncio) does not trust the server's certificate, over TLS 1.3, "
           "and closes without an alert; nginx closes.",
           broken_off("early_close", "handshake_abandoned", "client",
                      "its FIN behind the server's flight, in place of Finished",
                      also=("probe",)))
def handshake_abandoned_without_an_alert(net):
    program = ("import asyncio, sys; asyncio.run(asyncio.open_connection(sys.argv[1], 443, "
               "ssl=True, server_hostname='example.com'))")
    with Web(net.server):
        net.client.run("python3", "-c", program, net.server.ipv4)
        pause()


@situation("alert-unknown-ca-unread",
           "curl does not trust the server's certificate, over TLS 1.2: unknown_ca, and closes "
           "with the rest of the server's flight unread.",
           Reset("abort", "disliked_answer", "client",
                 "its fatal alert unknown_ca in clear, then an active RST and no FIN",
                 words="unknown_ca"))
def alert_unknown_ca_unread(net):
    with Web(net.server, tls="TLSv1.2"):
        net.client.finish(curl(net, "/file", scheme="https"))
        pause()


@situation("alert-handshake-failure",
           "curl offers no cipher that nginx could use with its key, over TLS 1.2: "
           "handshake_failure.",
           alert("turned_away", "refused_in_words", "server", "handshake_failure", "in clear"))
def alert_handshake_failure(net):
    with Web(net.server, tls="TLSv1.2"):
        net.client.finish(curl(net, "/file", "-k", "--tls-max", "1.2", "--ciphers",
                               "AES256-GCM-SHA384", scheme="https"))
        pause()


@situation("alert-protocol-version",
           "curl speaks TLS 1.2 at most and nginx no less than TLS 1.3: protocol_version.",
           alert("turned_away", "refused_in_words", "server", "protocol_version", "in clear"))
def alert_protocol_version(net):
    with Web(net.server):
        net.client.finish(curl(net, "/file", "-k", "--tls-max", "1.2", scheme="https"))
        pause()
