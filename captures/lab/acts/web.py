# SPDX-License-Identifier: GPL-2.0-or-later
"""nginx on a host: HTTP/1.1 on port 80, HTTP/2 without TLS on 8080, TLS with both on 443."""

import os
import signal
import tempfile

from acts.service import wait_until_served

CONFIGURATION = """
daemon off;
user root;
worker_processes 1;
pid nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    ssl_protocols {tls};
    {settings}
    server {{
        listen 80;
        listen [::]:80;
        listen 8080 http2;
        listen 443 ssl http2;
        ssl_certificate certificate.pem;
        ssl_certificate_key key.pem;
        root files;
        client_max_body_size 10m;
        location / {{ dav_methods PUT; }}
        {locations}
    }}
}}
"""


def make_certificate(host, folder):
    """certificate.pem and key.pem, which nobody has reason to trust."""
    host.namespace.run(
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
        "-nodes", "-days", "2", "-subj", "/CN=example.com",
        "-keyout", f"{folder}/key.pem", "-out", f"{folder}/certificate.pem")


class Web:
    def __init__(self, host, settings="", file_size=1000, tls="TLSv1.3", locations="", about=None):
        """`about` are the words by which a line of its log is found that is worth telling."""
        self.host = host
        self.about = about
        self.folder = tempfile.TemporaryDirectory()
        name = self.folder.name
        os.mkdir(f"{name}/files")
        with open(f"{name}/files/file", "wb") as file:
            file.write(bytes(file_size))
        with open(f"{name}/nginx.conf", "w", encoding="ascii") as file:
            file.write(CONFIGURATION.format(settings=settings, tls=tls, locations=locations))
        make_certificate(host, name)
        self.process = host.start("nginx", "-p", name, "-c", "nginx.conf", "-e", "stderr")
        wait_until_served(host, self.process, 443)

    def __enter__(self):
        return self

    def signal(self, number):
        """To the master alone, which passes it on: TERM, QUIT."""
        self.process.send_signal(number)

    def kill(self):
        """Master and worker at once, so that no new worker is born."""
        os.killpg(self.process.pid, signal.SIGKILL)

    def wait(self):
        self.host.finish(self.process)

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.kill()
            self.host.quote(self.process, self.about)
        self.folder.cleanup()
