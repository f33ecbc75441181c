# SPDX-License-Identifier: GPL-2.0-or-later
"""A receiver that does not wait for the end."""

import ssl

from acts.exchange import CHUNK, LONG_ANSWER, REQUEST, UPLOAD, ANSWER, ask, open_pair, pause
from acts.web import Web
from record.situation import situation
from record.truth import Reset

REJECTION = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n"


@situation("download-closed-all-read",
           "The client closes in the middle of a download, everything that came read; "
           "the server goes on sending.",
           Reset("early_close", "mid_transfer", "client",
                 "the client's FIN, then the server's answer goes on and draws RSTs"))
def download_closed_all_read(net):
    near, far = open_pair(net)
    ask(near, far)
    far.send(LONG_ANSWER + CHUNK)
    near.recv_all(len(LONG_ANSWER + CHUNK))
    far.send(CHUNK)
    near.close()
    for _ in range(3):
        far.send(CHUNK)
    pause()
    far.send(CHUNK)


@situation("download-closed-unread",
           "The client closes in the middle of a download with data unread.",
           Reset("abort", "download_cancelled", "client",
                 "active RST while the server sends a long answer"))
def download_closed_unread(net):
    near, far = open_pair(net)
    ask(near, far)
    far.send(LONG_ANSWER + 10 * CHUNK)
    pause()
    near.recv(4000)
    near.close()
    pause()
    far.send(CHUNK)


@situation("download-closed-window-full",
           "The client reads nothing until its receive buffer is full, then closes.",
           Reset("abort", "unread_data", "client",
                 "the window grows at least twofold in the RST, with the ack unchanged"))
def download_closed_window_full(net):
    near, far = open_pair(net, receive_buffer=16384)
    ask(near, far)
    far.send(LONG_ANSWER + 60 * CHUNK)
    pause()
    near.close()
    pause()
    far.send(CHUNK)


@situation("download-curl-gives-up",
           "curl ends a slow download after half a second (--max-time), with data unread.",
           Reset("abort", "download_cancelled", "client",
                 "active RST while the server sends a long answer"))
def download_curl_gives_up(net):
    net.shrink_buffers()
    with Web(net.server, file_size=500_000):
        net.client.run("curl", "-sS", "-o", "/dev/null", "--limit-rate", "20k",
                       "--max-time", "0.5", f"http://{net.server.ipv4}/file")
        pause()


@situation("upload-answered-and-closed",
           "The server reads what it has of an upload, answers 413 and closes; "
           "the client goes on uploading.",
           Reset("early_close", "mid_transfer", "server",
                 "answered before its FIN; the rest of the upload draws RSTs"))
def upload_answered_and_closed(net):
    near, far = open_pair(net)
    near.send(UPLOAD + CHUNK)
    far.recv()
    far.send(REJECTION)
    far.close()
    pause()
    for _ in range(3):
        near.send(CHUNK)
    pause()
    near.recv()


@situation("upload-answered-in-flight",
           "The server reads what it has of an upload, answers 413 and closes; "
           "more of the upload is under way.",
           Reset("early_close", "mid_transfer", "server",
                 "answered before its FIN; the RSTs to what was under way lie before the answer "
                 "that the client has taken in and have no effect, only the last one has",
                 sure=False))
def upload_answered_in_flight(net):
    near, far = open_pair(net)
    near.send(UPLOAD + CHUNK)
    far.recv()
    far.send(REJECTION)
    far.close()
    for _ in range(3):
        near.send(CHUNK)
    pause()
    near.recv()


@situation("upload-rejected",
           "The server answers 413 and closes with part of the upload unread.",
           Reset("abort", "upload_rejected", "server",
                 "answer, then active RST while the client still sends"))
def upload_rejected(net):
    near, far = open_pair(net)
    near.send(UPLOAD + CHUNK)
    far.recv()
    near.send(CHUNK)
    near.send(CHUNK)
    pause()
    far.send(REJECTION)
    far.close()
    pause()
    near.recv()
    near.recv()


@situation("cancelled-before-answer",
           "The client closes right after its request; the answer comes later.",
           Reset("early_close", "before_answer", "client",
                 "the client's FIN before any byte of the answer that it asked for"))
def cancelled_before_answer(net):
    near, far = open_pair(net)
    near.send(REQUEST)
    near.close()
    far.recv()
    pause()
    far.send(ANSWER)
    pause()
    far.recv()


@situation("handshake-abandoned",
           "The client closes after its ClientHello; the server goes on with the TLS handshake.",
           Reset("early_close", "handshake_abandoned", "client",
                 "the client's FIN between its ClientHello and the ServerHello"))
def handshake_abandoned(net):
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context()
    try:
        context.wrap_bio(incoming, outgoing, server_hostname="example.com").do_handshake()
    except ssl.SSLWantReadError:
        pass
    with Web(net.server):
        near = net.client.connect(net.server, 443)
        near.send(outgoing.read())
        near.close()
        pause()
        pause()
