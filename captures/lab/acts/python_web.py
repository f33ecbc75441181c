# SPDX-License-Identifier: GPL-2.0-or-later
"""A web server of Python's standard library, as people write them.

Run inside a namespace: python_web.py PORT [--tls FOLDER] [--close-notify]. What it does depends on
the path. Under TLS it closes as http.server does, without close_notify, unless it is told to.
"""

import argparse
import http.server
import ssl
import time

# what it promises, and what it has sent when it stops in the middle
LENGTH, HALF = 100_000, 49_152
RECORD = 16_384


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        getattr(self, self.path.strip("/"))()

    def head(self, name, value):
        self.send_response(200)
        self.send_header(name, value)
        self.end_headers()

    def write(self, size):
        for _ in range(0, size, RECORD):
            self.wfile.write(bytes(min(size, RECORD)))

    def chunk(self, data, extension=b""):
        self.wfile.write(b"%x%s\r\n%s\r\n" % (len(data), extension, data))

    def file(self):
        self.head("Content-Length", "1000")
        self.write(1000)

    def later(self):
        """A long poll."""
        time.sleep(3)
        self.file()

    def never(self):
        time.sleep(3600)

    def half(self):
        self.head("Content-Length", str(LENGTH))
        self.write(HALF)
        self.never()

    def half_head(self):
        self.send_response(200)
        self.flush_headers()
        self.never()

    def half_chunked(self):
        self.head("Transfer-Encoding", "chunked")
        self.chunk(bytes(1000))
        self.wfile.write(b"%x\r\n" % LENGTH + bytes(HALF))
        self.never()

    def whole_chunks(self):
        """Between two chunks nothing is cut but the answer."""
        self.head("Transfer-Encoding", "chunked")
        for _ in range(3):
            self.chunk(bytes(1000))
        self.never()

    def trailers(self):
        """RFC 9112, 7.1: chunk extensions, and fields behind the last chunk."""
        self.head("Transfer-Encoding", "chunked")
        self.chunk(bytes(1000), b";part=1")
        self.chunk(bytes(500), b";part=2")
        self.wfile.write(b"0;last\r\nExpires: Thu, 01 Jan 1970 00:00:00 GMT\r\n\r\n")

    def lie(self):
        """A length 100 bytes too long."""
        self.head("Content-Length", "1100")
        self.write(1000)
        self.connection.settimeout(60)
        self.close_connection = False


class Server(http.server.ThreadingHTTPServer):
    close_notify = False

    def shutdown_request(self, request):
        if self.close_notify:
            request.unwrap()
        super().shutdown_request(request)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("--tls", metavar="FOLDER")
    parser.add_argument("--close-notify", action="store_true")
    options = parser.parse_args()
    server = Server(("", options.port), Handler)
    server.close_notify = options.close_notify
    if options.tls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(f"{options.tls}/certificate.pem", f"{options.tls}/key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
