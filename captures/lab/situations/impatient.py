# SPDX-License-Identifier: GPL-2.0-or-later
"""A client that leaves before all has come or before all is sent: curl --max-time, by a FIN."""

import contextlib
import subprocess
import tempfile
import time

from acts.exchange import CHUNK, pause
from acts.fetch import curl
from acts.web import Web
from record.situation import situation
from record.truth import Reset, broken_off

PATIENCE = "--max-time", "1.5"
FRONT = """
location = /slow { proxy_pass http://127.0.0.1:8081; proxy_buffering off;
                   proxy_http_version 1.1; }
"""
GAVE_UP = "client prematurely closed connection"

HALF = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + 20 * CHUNK
HALF_CHUNKED = (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + b"4e20\r\n" + 20 * CHUNK + b"\r\n186a0\r\n" + CHUNK)

BEFORE = broken_off("early_close", "before_answer", "client",
                    "its FIN before a byte of the answer, which never comes")
DURING = broken_off("early_close", "mid_transfer", "client",
                    "its FIN in the middle of the answer, the rest of which never comes")


@contextlib.contextmanager
def nginx_before(net, answer=b""):
    """nginx, and behind it a program that answers so much of it and no more."""
    listener = net.server.listen(8081)
    with Web(net.server, locations=FRONT, settings="error_log stderr info;", about=GAVE_UP):
        yield lambda: net.server.accept(listener).send(answer) if answer else None


def give_up(net, path, *arguments, answer=b"", **options):
    with nginx_before(net, answer) as behind:
        client = curl(net, path, *PATIENCE, *arguments, **options)
        behind()
        net.client.finish(client)
        pause()
        time.sleep(0.2)


@situation("gave-up-before-answer",
           "curl ends after 1.5 s without an answer (--max-time); nginx, whose upstream is slow, "
           "closes.", BEFORE)
def gave_up_before_answer(net):
    give_up(net, "/slow")


@situation("gave-up-before-answer-http2",
           "curl ends after 1.5 s without an answer (--max-time), over HTTP/2; nginx, whose "
           "upstream is slow, closes.", BEFORE)
def gave_up_before_answer_http2(net):
    give_up(net, "/slow", "--http2-prior-knowledge", port=":8080")


@situation("gave-up-before-answer-tls13",
           "curl ends after 1.5 s without an answer (--max-time), over TLS 1.3; nginx, whose "
           "upstream is slow, closes.",
           Reset("fast_close", "instead_of_fin", "server",
                 "the client has left before a byte of the answer; nginx closes with its "
                 "close_notify unread, and the RST covers its FIN",
                 also=("abort", "early_close"), sure=False))
def gave_up_before_answer_tls13(net):
    give_up(net, "/slow", "-k", "--http1.1", scheme="https")


@situation("gave-up-before-answer-unheard",
           "curl ends after 1.5 s without an answer (--max-time); the server's program hangs and "
           "does not close.", BEFORE)
def gave_up_before_answer_unheard(net):
    net.server.listen(80)
    client = curl(net, "/", *PATIENCE)
    net.client.finish(client)
    time.sleep(1.5)


@situation("gave-up-mid-answer",
           "An answer stops in the middle; curl ends after 1.5 s (--max-time), everything that "
           "came read; nginx closes.", DURING)
def gave_up_mid_answer(net):
    give_up(net, "/slow", answer=HALF)


@situation("gave-up-mid-answer-chunked",
           "A chunked answer stops in the middle; curl ends after 1.5 s (--max-time), everything "
           "that came read; nginx closes.", DURING)
def gave_up_mid_answer_chunked(net):
    give_up(net, "/slow", answer=HALF_CHUNKED)


@situation("gave-up-mid-upload",
           "curl ends an upload after 1.5 s (--max-time), half of it sent; nginx closes.",
           broken_off("early_close", "truncated_request", "client",
                      "its FIN inside its own request, by Content-Length"))
def gave_up_mid_upload(net):
    with tempfile.NamedTemporaryFile() as file:
        file.truncate(200_000)
        give_up(net, "/new", "-H", "Expect:", "--limit-rate", "20k", "-T", file.name)


@situation("killed-client-mid-upload-chunked",
           "curl is killed with SIGKILL in the middle of an upload, chunked; nginx closes.",
           broken_off("early_close", "truncated_request", "client",
                      "its FIN inside its own request, before the last chunk"))
def killed_client_mid_upload_chunked(net):
    with nginx_before(net):
        client = net.client.start("curl", "-sS", "-o", "/dev/null", "-H", "Expect:", "-T", "-",
                                  f"http://{net.server.ipv4}/new", stdin=subprocess.PIPE)
        client.stdin.write(10 * CHUNK)
        client.stdin.flush()
        time.sleep(0.5)
        client.kill()
        net.client.finish(client)
        time.sleep(0.2)
