# SPDX-License-Identifier: GPL-2.0-or-later
"""Servers as they are installed, each with as little configuration as will do."""

import glob
import os
import sys

from acts import python_web
from acts.service import Service
from acts.web import make_certificate


class PythonWeb(Service):
    def __init__(self, host, port, *arguments):
        super().__init__(host, port, sys.executable, python_web.__file__, str(port), *arguments)

    def prepare(self):
        make_certificate(self.host, self.folder.name)


class Lighttpd(Service):
    CONFIGURATION = """
server.document-root = "{folder}"
server.port = 80
server.kbytes-per-second = 40
"""

    def __init__(self, host, file_size):
        files = ("lighttpd.conf", self.CONFIGURATION), ("file", "\0" * file_size)
        super().__init__(host, 80, "lighttpd", "-D", "-f", "{folder}/lighttpd.conf", files=files)


class Nghttpd(Service):
    def __init__(self, host, file_size):
        super().__init__(host, 80, "nghttpd", "--no-tls", "-d", "{folder}", "80",
                         files=(("file", "\0" * file_size),))


class Tinyproxy(Service):
    PORT = 8888

    def __init__(self, host):
        configuration = f"Port {self.PORT}\nTimeout 60\nMaxClients 10\n"
        super().__init__(host, self.PORT, "tinyproxy", "-d", "-c", "{folder}/tinyproxy.conf",
                         files=(("tinyproxy.conf", configuration),))


class Sshd(Service):
    def __init__(self, host):
        os.makedirs("/run/sshd", exist_ok=True)
        super().__init__(host, 22, "/usr/sbin/sshd", "-D", "-e", "-f", "/dev/null",
                         "-h", "{folder}/key", "-o", "MaxStartups=1:100:1", "-o", "PidFile=none",
                         about="drop connection")

    def prepare(self):
        self.host.namespace.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "",
                                "-f", f"{self.folder.name}/key")


class Smtpd(Service):
    name = "smtpd"
    CONFIGURATION = """
table everybody { "0.0.0.0/0" }
filter "busy" phase connect match src <everybody> disconnect "421 Too busy, try again later"
listen on 0.0.0.0 hostname mail.example.com filter "busy"
action "none" mda "/bin/true"
match from any for any action "none"
"""

    def __init__(self, host):
        """Nobody is there to be asked for the client's name."""
        super().__init__(host, 25, "unshare", "--mount", "sh", "-c",
                         "mount -t tmpfs none /run && "
                         "mount --bind {folder}/resolv.conf /etc/resolv.conf && "
                         "exec smtpd -d -f {folder}/smtpd.conf",
                         files=(("smtpd.conf", self.CONFIGURATION),
                                ("resolv.conf", "lookup file\n")))


class Postgres(Service):
    """As the user postgres: it refuses to run as root."""

    name = "postgres"
    AS_POSTGRES = "setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"

    def __init__(self, host, *settings, about="FATAL"):
        self.programs = max(glob.glob("/usr/lib/postgresql/*/bin"))
        super().__init__(host, 5432, *self.AS_POSTGRES, f"{self.programs}/postgres", "-D",
                         "{folder}/data", "-k", "{folder}/data", "-h", "0.0.0.0", "-c",
                         "log_line_prefix=", *settings, about=about)

    def prepare(self):
        data = os.path.join(self.folder.name, "data")
        os.mkdir(data)
        self.host.namespace.run("chown", "postgres:", data)
        self.host.namespace.run(*self.AS_POSTGRES, f"{self.programs}/initdb", "--no-sync", "-A",
                                "trust", "-D", data)
        with open(os.path.join(data, "pg_hba.conf"), "a", encoding="ascii") as rules:
            rules.write("host all all 0.0.0.0/0 trust\n")

    def ask(self, query):
        """The administrator, on the host itself."""
        self.host.namespace.run("psql", "-h", f"{self.folder.name}/data", "-U", "postgres", "-c",
                                query)
        self.host.journal.add(f"psql: {query}")

    def terminate(self):
        self.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                 "WHERE client_addr IS NOT NULL")
