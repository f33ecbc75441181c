# SPDX-License-Identifier: GPL-2.0-or-later
"""Housekeeping after the conversation was over, and connections that end well."""

import time

from acts.exchange import ANSWER, CHUNK, LONG_ANSWER, REQUEST, ask, exchange, open_pair, part, pause
from acts.web import Web
from net.segment import Segment
from record.situation import situation
from record.truth import Reset

LAST_REQUEST = b"GET /file HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n"


CLOSE_NOTIFY = Reset("after_close", "close_notify", "server",
                     "after the server's FIN the client sent only its close_notify")


@situation("after-close-notify",
           "nginx ends a TLS 1.3 session and closes; the client answers with its close_notify.",
           CLOSE_NOTIFY)
def after_close_notify(net, tls="TLSv1.3"):
    with Web(net.server, tls=tls):
        near = net.client.connect(net.server, 443)
        near.start_tls()
        near.send(LAST_REQUEST)
        while near.recv():
            pass
        pause()
        near.close_tls()
        pause()


@situation("after-close-notify-tls12",
           "nginx ends a TLS 1.2 session and closes; the client answers with its close_notify.",
           CLOSE_NOTIFY)
def after_close_notify_tls12(net):
    after_close_notify(net, tls="TLSv1.2")


@situation("after-close-late-fin",
           "The server closed and its FIN-WAIT-2 has expired when the client closes.",
           Reset("after_close", "late_fin", "server",
                 "after the server's FIN the client sent only its FIN"))
def after_close_late_fin(net):
    net.server.namespace.sysctl("net.ipv4.tcp_fin_timeout", 1)
    near, far = open_pair(net)
    exchange(near, far)
    far.close()
    time.sleep(4)
    near.close()
    pause()


@situation("after-close-time-wait",
           "Both have closed; the server's last data comes once more and draws an ACK of "
           "TIME-WAIT, which the server's host resets.",
           Reset("after_close", "time_wait", "server",
                 "both FINs acknowledged; the RST answers the ACK of TIME-WAIT",
                 trigger=lambda frames: [frames[-2]]))
def after_close_time_wait(net):
    near, far = open_pair(net)
    exchange(near, far)
    port = near.port
    seq, ack = far.next_numbers()
    part(near, far)
    copy = Segment(net.server, net.client, 80, port, seq=seq - len(ANSWER))
    copy.send("P.", ack=ack, payload=ANSWER)
    pause()


@situation("after-close-replayed",
           "Both have closed; then the network delivers the client's request once more, which "
           "the server's host resets.",
           Reset("after_close", None, "server",
                 "both FINs acknowledged; the RST answers an old duplicate, whose ack it takes",
                 also=("no_connection",), trigger=lambda frames: frames[-2:-1]))
def after_close_replayed(net):
    near, far = open_pair(net)
    box = net.box_on_client()
    near.send(REQUEST)
    far.recv()
    box.listen()
    asked = box.voices[net.client.ipv4]
    far.send(ANSWER)
    near.recv()
    pause()
    part(near, far)
    now = box.listen()[net.client.ipv4]
    box.speak(net.client, net.server, "P.", ahead=asked.next_seq - len(REQUEST) - now.next_seq,
              ack=asked.ack, payload=REQUEST, disguised=True)
    pause()


@situation("clean-fin", "A request, its answer, both close.", None)
def clean_fin(net):
    near, far = open_pair(net)
    exchange(near, far)
    part(near, far)


@situation("clean-half-close",
           "The client sends its FIN with the request; the server answers in its own time.", None)
def clean_half_close(net):
    near, far = open_pair(net)
    near.send(REQUEST)
    near.shutdown()
    far.recv()
    time.sleep(1)
    far.send(ANSWER)
    far.close()
    near.recv()
    near.recv()
    near.close()
    pause()


@situation("clean-simultaneous-close", "Both close at the same moment; the FINs cross.", None)
def clean_simultaneous_close(net):
    near, far = open_pair(net)
    exchange(near, far)
    near.close()
    far.close()
    pause()


@situation("clean-long-idle", "A connection idle for 35 s goes on as if nothing had been.", None)
def clean_long_idle(net):
    near, far = open_pair(net)
    exchange(near, far)
    time.sleep(35)
    exchange(near, far)
    part(near, far)


@situation("clean-keepalive", "Keep-alive probes every second, all answered.", None)
def clean_keepalive(net):
    near, far = open_pair(net)
    near.keep_alive(idle=1, interval=1, count=3)
    exchange(near, far)
    time.sleep(3.5)
    exchange(near, far)
    part(near, far)


@situation("clean-loss",
           "A fifth of the packets is lost both ways; retransmissions mend it.", None)
def clean_loss(net):
    near, far = open_pair(net)
    with net.black_hole("numgen random mod 10 < 2"):
        ask(near, far)
        answer = LONG_ANSWER.replace(b"1000000", b"20000") + 20 * CHUNK
        far.send(answer)
        near.recv_all(len(answer))
    part(near, far)


@situation("clean-port-reuse",
           "The client opens a second connection from the same port while the first is in "
           "TIME-WAIT at the server.",
           None, None)
def clean_port_reuse(net):
    for _ in range(2):
        near, far = open_pair(net, from_port=50123)
        exchange(near, far)
        part(far, near)
        time.sleep(1.1)


@situation("clean-tls", "curl fetches a file over HTTPS three times, 1 s apart, and closes.", None)
def clean_tls(net):
    url = f"https://{net.server.ipv4}/file"
    with Web(net.server):
        net.client.run("curl", "-skS", "--http1.1", "--rate", "1/s", url, url, url,
                       "-o", "/dev/null", "-o", "/dev/null", "-o", "/dev/null")
        pause()


@situation("clean-zero-window",
           "The client stops reading until its window is 0, then reads on to the end.", None)
def clean_zero_window(net):
    near, far = open_pair(net, receive_buffer=16384)
    ask(near, far)
    answer = LONG_ANSWER.replace(b"1000000", b"30000") + 30 * CHUNK
    far.send(answer)
    time.sleep(1)
    near.recv_all(len(answer))
    part(far, near)
