# SPDX-License-Identifier: GPL-2.0-or-later
"""Servers that are killed before they answer: curl's "Empty reply from server", by a FIN alone."""

from acts.fetch import curl, wget
from acts.servers import PythonWeb
from record.situation import situation
from record.truth import broken_off
from situations.cut_short import REFUSED, SMALL, cut, nginx, part_in_order, reverse_proxy

# a program behind nginx that takes a request and does not answer
BEHIND, BEHIND_PORT = "location = /slow { proxy_pass http://127.0.0.1:8081; }", 8081

EMPTY = "a question acknowledged, not a byte of answer, its FIN"


def unanswered(why):
    return broken_off("crash", "closed_mid_exchange", "server", why)


FIRST = broken_off("crash", "closed_mid_exchange", "server", EMPTY, also=("turned_away",))


@situation("empty-reply", "Python's http.server is killed with SIGKILL before it answers.", FIRST)
def empty_reply(net):
    with PythonWeb(net.server, 80) as server:
        cut(net, server, curl(net, "/never"))


@situation("empty-reply-second",
           "Python's http.server is killed with SIGKILL before it answers the second request of a "
           "connection; curl tries once more and is refused.",
           broken_off("crash", "killed", "server",
                      EMPTY + ", after a finished exchange, and the port refuses afterwards"),
           REFUSED)
def empty_reply_second(net):
    with PythonWeb(net.server, 80) as server:
        cut(net, server, curl(net, "/file /never"))


@situation("empty-reply-http2",
           "nginx is killed with SIGKILL before it answers, over HTTP/2.", unanswered(EMPTY))
def empty_reply_http2(net):
    net.server.listen(BEHIND_PORT)
    with nginx(net, BEHIND) as web:
        cut(net, web, curl(net, "/slow", "--http2-prior-knowledge", port=":8080"))


@situation("empty-reply-behind-reverse-proxy",
           "A server is killed with SIGKILL before it answers nginx, which answers 502.",
           None, FIRST, vantage="proxy")
def empty_reply_behind_reverse_proxy(net):
    net.server.listen(BEHIND_PORT)
    with nginx(net, BEHIND) as web, reverse_proxy(net) as url:
        cut(net, web, net.client.start("curl", "-sS", "-o", "/dev/null", f"{url}/slow"))


@situation("empty-reply-tls13",
           "nginx ends one answer with close_notify; it is killed with SIGKILL before it answers "
           "another client, over TLS 1.3; wget leaves without a word.",
           None,
           unanswered(EMPTY + " without close_notify; on its other connection it said one"))
def empty_reply_tls13(net):
    net.server.listen(BEHIND_PORT)
    with nginx(net, BEHIND + SMALL) as web:
        part_in_order(net)
        cut(net, web, wget(net, "/slow"))
