# SPDX-License-Identifier: GPL-2.0-or-later
"""Connections that end by FIN as they should, though some of them look as if they did not."""

import subprocess
import time

from acts.client import TITLES, open_connection, request
from acts.exchange import pause
from acts.fetch import curl, nc, wget
from acts.servers import PythonWeb
from acts.service import Service
from acts.web import Web
from record.situation import situation
from record.truth import Reset
from situations.cut_short import COMPOSED

CLOSE = "-H", "Connection: close"
# what nginx answers without a body
EMPTY = "location = /empty { return 204; } location = /busy { return 503; }"


@situation("clean-half-close-nc",
           "nc sends its request and its FIN (-N); nginx answers in full.", None)
def clean_half_close_nc(net):
    with Web(net.server, file_size=20_000):
        net.client.finish(nc(net, b"GET /file HTTP/1.1\r\nHost: example.com\r\n"
                                  b"Connection: close\r\n\r\n", "-N"))
        pause()


@situation("clean-body-until-close",
           "curl --http1.0 asks nginx for a page of unknown length, which the close ends.", None)
def clean_body_until_close(net):
    with Web(net.server, locations=COMPOSED, file_size=20_000):
        net.client.finish(curl(net, "/composed", "--http1.0"))
        pause()


@situation("clean-http09", "nc asks nginx in HTTP/0.9; the close ends the answer.", None)
def clean_http09(net):
    with Web(net.server, file_size=5000):
        client = nc(net, b"GET /file\r\n")
        time.sleep(0.2)
        net.client.finish(client)
        pause()


@situation("clean-without-body",
           "HEAD, 204, 304 and 503, each with Connection: close: nginx closes behind each head.",
           None, None, None, None)
def clean_without_body(net):
    with Web(net.server, locations=EMPTY):
        for path, *arguments in (("/file", "-I"), ("/empty",), ("/file", "-H", "If-None-Match: *"),
                                 ("/busy",)):
            net.client.finish(curl(net, path, *CLOSE, *arguments))
            pause()


@situation("clean-continue",
           "curl waits for 100 Continue before it uploads; nginx answers 201 and closes.", None)
def clean_continue(net):
    with Web(net.server):
        client = net.client.start("curl", "-sS", "-o", "/dev/null", *CLOSE, "-H",
                                  "Expect: 100-continue", "-T", "-",
                                  f"http://{net.server.ipv4}/new", stdin=subprocess.PIPE)
        client.stdin.write(bytes(5000))
        net.client.finish(client)
        pause()


@situation("clean-trailers",
           "Python's http.server answers with chunk extensions and trailers, and closes.", None)
def clean_trailers(net):
    with PythonWeb(net.server, 80):
        net.client.finish(curl(net, "/trailers", *CLOSE))
        pause()


@situation("clean-pipelined",
           "nc pipelines GET, HEAD and GET; nginx answers all three and closes.", None)
def clean_pipelined(net):
    with Web(net.server):
        net.client.finish(nc(net, b"GET /file HTTP/1.1\r\nHost: example.com\r\n\r\n"
                                  b"HEAD /file HTTP/1.1\r\nHost: example.com\r\n\r\n"
                                  b"GET /file HTTP/1.1\r\nHost: example.com\r\n"
                                  b"Connection: close\r\n\r\n"))
        pause()


@situation("clean-health-check",
           "nc -z looks three times, 1 s apart, whether nginx takes connections, and says nothing.",
           None, None, None)
def clean_health_check(net):
    with Web(net.server):
        for _ in range(3):
            net.client.run("nc", "-z", net.server.ipv4, "80")
            time.sleep(1)


@situation("clean-idle-closed-by-server",
           "nginx closes a kept-alive connection that was idle for 1 s (keepalive_timeout); "
           "the client then closes.", None)
def clean_idle_closed_by_server(net):
    with Web(net.server, settings="keepalive_timeout 1s;"):
        net.client.finish(nc(net, b"GET /file HTTP/1.1\r\nHost: example.com\r\n\r\n"))
        pause()


def declare_idle(protocol, last_words):
    @situation(f"clean-idle-closed-by-server-{protocol}",
               "nginx closes an idle connection after its keepalive_timeout of 1 s, with "
               f"{last_words}; the client then closes, over {TITLES[protocol]}.", None)
    def play(net):
        with Web(net.server, settings="keepalive_timeout 1s;"):
            near = open_connection(net, protocol)
            near.send(request(protocol))
            while near.recv():
                pass
            near.close()
            pause()


for choice in {"https": "close_notify", "http2": "GOAWAY"}.items():
    declare_idle(*choice)


@situation("clean-idle-closed-by-client",
           "The client closes a kept-alive connection that was idle for 2 s; nginx then closes.",
           None)
def clean_idle_closed_by_client(net):
    with Web(net.server):
        near = net.client.connect(net.server, 80)
        near.send(b"GET /file HTTP/1.1\r\nHost: example.com\r\n\r\n")
        near.recv()
        time.sleep(2)
        near.close()
        pause()


@situation("clean-ftp", "curl fetches a file from vsftpd; the FIN ends its data connection.",
           None, None)
def clean_ftp(net):
    configuration = ("listen=YES\nanonymous_enable=YES\nanon_root={folder}\nbackground=NO\n"
                     "secure_chroot_dir={folder}\nno_anon_password=YES\n"
                     "isolate_network=NO\nseccomp_sandbox=NO\n")
    with Service(net.server, 21, "vsftpd", "{folder}/vsftpd.conf",
                 files=(("vsftpd.conf", configuration), ("file", "\0" * 20_000))):
        net.client.run("curl", "-sS", "-o", "/dev/null", f"ftp://{net.server.ipv4}/file")
        pause()


@situation("clean-upload-unanswered",
           "nc sends 50 kB and its FIN to a server that reads them and never says a word.", None)
def clean_upload_unanswered(net):
    with Service(net.server, 5001, "nc", "-l", "5001", stdout=subprocess.DEVNULL):
        net.client.finish(nc(net, bytes(50_000), "-N", port=5001))
        pause()


@situation("clean-close-notify",
           "Python's http.server says close_notify, the client answers with its own, both close, "
           "over TLS 1.3.", None)
def clean_close_notify(net):
    with PythonWeb(net.server, 443, "--tls", "{folder}", "--close-notify"):
        near = net.client.connect(net.server, 443)
        near.start_tls()
        near.send(b"GET /file HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n")
        while near.recv():
            pass
        near.close_tls()
        pause()


@situation("clean-no-close-notify",
           "Python's http.server ends two whole answers without close_notify, as is its habit, "
           "over TLS 1.3; wget leaves likewise.", None, None)
def clean_no_close_notify(net):
    with PythonWeb(net.server, 443, "--tls", "{folder}"):
        for _ in range(2):
            net.client.finish(wget(net, "/file", "--no-http-keep-alive"))
            pause()


@situation("habit-no-close-notify",
           "Python's http.server ends a whole answer without close_notify, as is its habit, over "
           "TLS 1.3; curl's close_notify comes later.",
           Reset("after_close", "close_notify", "server",
                 "behind the server's FIN the client sent only its close_notify and FIN"))
def habit_no_close_notify(net):
    with PythonWeb(net.server, 443, "--tls", "{folder}"):
        net.client.finish(curl(net, "/file", "-k", *CLOSE, scheme="https"))
        pause()


@situation("clean-long-poll",
           "Python's http.server answers after 3 s, in full, and closes.", None)
def clean_long_poll(net):
    with PythonWeb(net.server, 80):
        net.client.finish(curl(net, "/later", *CLOSE))
        pause()


@situation("clean-acceptor-asks",
           "A shell connects back to nc, which sends it commands; the last one is exit.", None)
def clean_acceptor_asks(net):
    server = net.server.start("nc", "-l", "4444", stdin=subprocess.PIPE,
                              stdout=subprocess.DEVNULL)
    time.sleep(0.2)
    shell = net.client.start("bash", "-c",
                             f"exec bash <> /dev/tcp/{net.server.ipv4}/4444 >&0 2>&0")
    for command in (b"echo one\n", b"echo two\n", b"exit\n"):
        time.sleep(0.3)
        server.stdin.write(command)
        server.stdin.flush()
    net.client.finish(shell)
    net.server.finish(server)
    pause()


@situation("length-lies",
           "Python's http.server sends 100 bytes less than its Content-Length and closes the idle "
           "connection a minute later.",
           Reset("crash", "truncated_answer", "server",
                 "its FIN inside its answer, by Content-Length, a minute after the last byte",
                 form="fin", sure=False))
def length_lies(net):
    with PythonWeb(net.server, 80):
        net.client.finish(curl(net, "/lie"), timeout=90)
        pause()
