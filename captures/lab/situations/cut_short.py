# SPDX-License-Identifier: GPL-2.0-or-later
"""Servers and proxies that are killed in the middle of an answer, which a FIN alone tells of.

Under TLS a client has the last word, which draws a RST: curl says close_notify, and what leaves
OpenSSL 3 as it is says decode_error, a fatal alert. wget, whose TLS is GnuTLS, says nothing.
"""

import contextlib
import time

from acts.exchange import pause
from acts.fetch import curl, urllib, wget
from acts.servers import Lighttpd, Nghttpd, PythonWeb, Tinyproxy
from acts.web import Web
from record.situation import situation
from record.truth import Reset, broken_off

# nginx sends so much in the first second, and no more in the half that it lives; sealed, several
# records in a row that are as long as can be
SLOW = "limit_rate 40k;"
SLOW_SEALED = SLOW + "ssl_buffer_size 8k;"
FILE_SIZE = 200_000
# no length, and no file that ends by itself: a page that nginx composes
COMPOSED = "location = /composed { alias files/file; ssi on; ssi_types *; }"
SMALL = 'location = /small { return 200 "ok"; }'

BY_LENGTH = "its FIN inside its answer, by Content-Length"
BY_CHUNK = "its FIN inside its answer, in the middle of a chunk"
BY_FRAME = "its FIN inside its answer, a stream of HTTP/2 without END_STREAM"
BY_TLS = "a FIN without close_notify inside its answer; "
NOTIFIED = "curl's close_notify draws the RST"


def nginx(net, locations=COMPOSED, settings=SLOW, **options):
    return Web(net.server, file_size=FILE_SIZE, settings=settings, locations=locations, **options)


def nginx_sealed(net, **options):
    return nginx(net, settings=SLOW_SEALED, **options)


def part_in_order(net):
    """A whole answer, then the server's close_notify and FIN; the client closes."""
    near = net.client.connect(net.server, 443)
    near.start_tls()
    near.send(b"GET /small HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n")
    while near.recv():
        pass
    near.close()
    pause()


def kill(program):
    """When the client has some of what it wants, or waits for it."""
    time.sleep(0.5)
    program.kill()
    if isinstance(program, Web):
        program.wait()


def cut(net, program, client):
    kill(program)
    net.client.finish(client)
    pause()


REFUSED = Reset("refused", "service_down", "server", "the same port accepted before")


def truncated(why):
    return broken_off("crash", "truncated_answer", "server", why)


def truncated_and_reset(why):
    """By its FIN, and what the client says to that draws a RST."""
    return Reset("crash", "truncated_answer", "server", BY_TLS + why, after_fin=True)


@situation("cut-chunked", "nginx is killed with SIGKILL in the middle of a chunked answer.",
           truncated(BY_CHUNK))
def cut_chunked(net):
    with nginx(net) as web:
        cut(net, web, curl(net, "/composed"))


@situation("cut-lighttpd", "lighttpd is killed with SIGKILL in the middle of an answer.",
           truncated(BY_LENGTH))
def cut_lighttpd(net):
    with Lighttpd(net.server, FILE_SIZE) as server:
        cut(net, server, curl(net, "/file"))


@situation("cut-python", "Python's http.server is killed with SIGKILL in the middle of an answer.",
           truncated(BY_LENGTH))
def cut_python(net):
    with PythonWeb(net.server, 80) as server:
        cut(net, server, curl(net, "/half"))


@situation("cut-in-head",
           "Python's http.server is killed with SIGKILL in the middle of the head of an answer.",
           truncated("its FIN inside the head of its answer"))
def cut_in_head(net):
    with PythonWeb(net.server, 80) as server:
        cut(net, server, curl(net, "/half_head"))


@situation("cut-between-chunks",
           "Python's http.server is killed with SIGKILL in a chunked answer, behind a whole chunk.",
           truncated("its FIN where the next chunk was to begin"))
def cut_between_chunks(net):
    with PythonWeb(net.server, 80) as server:
        cut(net, server, curl(net, "/whole_chunks"))


@situation("cut-chunked-after-whole-answers",
           "Python's http.server is killed with SIGKILL in the third answer of a connection, a "
           "chunked one.",
           truncated(BY_CHUNK + ", behind two whole answers"))
def cut_chunked_after_whole_answers(net):
    with PythonWeb(net.server, 80) as server:
        cut(net, server, curl(net, "/file /trailers /half_chunked"))


@situation("cut-http2-nghttpd",
           "nghttpd is killed with SIGKILL in the middle of an answer, over HTTP/2.",
           truncated(BY_FRAME))
def cut_http2_nghttpd(net):
    net.shrink_buffers()
    with Nghttpd(net.server, FILE_SIZE) as server:
        cut(net, server, curl(net, "/file", "--http2-prior-knowledge", "--limit-rate", "20k"))


@situation("cut-tls12",
           "nginx is killed with SIGKILL in the middle of an answer, over TLS 1.2; curl "
           "says close_notify.",
           truncated_and_reset(NOTIFIED))
def cut_tls12(net):
    with nginx_sealed(net, tls="TLSv1.2") as web:
        cut(net, web, curl(net, "/file", "-k", "--http1.1", scheme="https"))


@situation("cut-tls13-chunked",
           "nginx is killed with SIGKILL in the middle of a chunked answer, over TLS 1.3; curl "
           "says close_notify.",
           truncated_and_reset(NOTIFIED))
def cut_tls13_chunked(net):
    with nginx_sealed(net) as web:
        cut(net, web, curl(net, "/composed", "-k", "--http1.1", scheme="https"))


@situation("cut-tls13-complained-of",
           "nginx is killed with SIGKILL in the middle of an answer, over TLS 1.3; urllib says "
           "decode_error.",
           truncated_and_reset("the sealed alert that urllib answers it with draws the RST"))
def cut_tls13_complained_of(net):
    with nginx_sealed(net) as web:
        cut(net, web, urllib(net, "/file"))


@situation("cut-tls12-unnoticed",
           "nginx is killed with SIGKILL in the middle of an answer, over TLS 1.2; wget leaves "
           "without a word.",
           truncated(BY_TLS + "and no RST"))
def cut_tls12_unnoticed(net):
    with nginx_sealed(net, tls="TLSv1.2") as web:
        cut(net, web, wget(net, "/file"))


@situation("cut-tls13-unnoticed",
           "nginx is killed with SIGKILL in the middle of an answer, over TLS 1.3; wget leaves "
           "without a word.",
           truncated(BY_TLS + "and no RST"))
def cut_tls13_unnoticed(net):
    with nginx_sealed(net) as web:
        cut(net, web, wget(net, "/file"))


@situation("cut-tls13-between-records",
           "Python's http.server is killed with SIGKILL in the middle of an answer, over TLS 1.3, "
           "each record whole.",
           truncated(BY_TLS + "its last record is as long as the longest"))
def cut_tls13_between_records(net):
    with PythonWeb(net.server, 443, "--tls", "{folder}") as server:
        cut(net, server, wget(net, "/half"))


@situation("cut-http2-tls13",
           "nginx ends one answer with close_notify; it is killed with SIGKILL in the middle of "
           "another, over HTTP/2 and TLS 1.3.",
           None,
           truncated(BY_TLS + "on its other connection it said one; curl, over HTTP/2, leaves "
                     "without an alert"))
def cut_http2_tls13(net):
    with nginx(net, SMALL) as web:
        part_in_order(net)
        cut(net, web, curl(net, "/file", "-k", "--http2", scheme="https"))


@situation("cut-then-refused",
           "nginx is killed with SIGKILL in the middle of an answer; the client's next connection "
           "is refused.",
           broken_off("crash", "killed", "server",
                      BY_LENGTH + ", and the port refuses afterwards"),
           REFUSED)
def cut_then_refused(net):
    with nginx(net) as web:
        cut(net, web, curl(net, "/file"))
        net.client.finish(curl(net, "/file"))


THIRD = broken_off("crash", "killed", "server",
                   "one of three unfinished answers that end at the same moment")


@situation("cut-three-at-once", "nginx is killed with SIGKILL during three downloads of curl.",
           THIRD, THIRD, THIRD)
def cut_three_at_once(net):
    with Web(net.server, file_size=FILE_SIZE, settings="limit_rate 15k;") as web:
        clients = [curl(net, "/file") for _ in range(3)]
        kill(web)
        for client in clients:
            net.client.finish(client)
        pause()


@situation("cut-tunnel-http",
           "tinyproxy is killed with SIGKILL under a CONNECT tunnel in the middle of an answer.",
           truncated("the proxy's FIN inside the answer in its tunnel, by Content-Length"))
def cut_tunnel_http(net):
    with nginx(net), Tinyproxy(net.proxy) as proxy:
        cut(net, proxy, curl(net, "/file", "--proxytunnel", "--proxy",
                             f"http://{net.proxy.ipv4}:{proxy.PORT}"))


@situation("cut-tunnel-https",
           "tinyproxy is killed with SIGKILL under a CONNECT tunnel in the middle of an answer, "
           "over TLS 1.3.",
           truncated("the proxy's FIN inside the answer in its tunnel, without close_notify"))
def cut_tunnel_https(net):
    with nginx_sealed(net), Tinyproxy(net.proxy) as proxy:
        cut(net, proxy, wget(net, "/file", "-e", "https_proxy=http://"
                             f"{net.proxy.ipv4}:{proxy.PORT}"))


@contextlib.contextmanager
def reverse_proxy(net):
    """nginx, which asks another server in its turn and passes on what comes as it comes."""
    location = f"""location = /front {{ proxy_pass http://{net.server.ipv4}/file;
                                        proxy_buffering off; }}
                   location = /slow {{ proxy_pass http://{net.server.ipv4}/slow; }}"""
    with Web(net.proxy, locations=location, about="upstream prematurely closed connection"):
        yield f"http://{net.proxy.ipv4}"


@situation("cut-behind-reverse-proxy",
           "A server is killed with SIGKILL in the middle of an answer that nginx passes on; "
           "nginx cuts its own short.",
           truncated(BY_LENGTH), truncated(BY_LENGTH), vantage="proxy")
def cut_behind_reverse_proxy(net):
    with nginx(net) as web, reverse_proxy(net) as url:
        cut(net, web, net.client.start("curl", "-sS", "-o", "/dev/null", f"{url}/front"))


@situation("cut-where-others-end-in-order",
           "Python's http.server, which says close_notify, ends one answer so; it is killed with "
           "SIGKILL in the middle of the next, over TLS 1.3.",
           None,
           truncated(BY_TLS + "on its other connection it said one"))
def cut_where_others_end_in_order(net):
    with PythonWeb(net.server, 443, "--tls", "{folder}", "--close-notify") as server:
        near = net.client.connect(net.server, 443)
        near.start_tls()
        near.send(b"GET /file HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n")
        while near.recv():
            pass
        near.close_tls()
        pause()
        cut(net, server, wget(net, "/half"))
