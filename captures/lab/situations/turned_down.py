# SPDX-License-Identifier: GPL-2.0-or-later
"""Servers that close instead of serving, with words or without one."""

import contextlib
import signal
import subprocess
import time

from acts.exchange import pause
from acts.fetch import curl, psql
from acts.servers import Postgres, Smtpd, Sshd
from acts.service import Service
from acts.web import Web
from record.situation import situation
from record.truth import Reset, broken_off


def in_words(words, why="a refusal is all that it ever said, then its FIN", form="fin", **more):
    return Reset("turned_away", "refused_in_words", "server", why, form=form, words=words, **more)


@contextlib.contextmanager
def one_startup(net):
    """sshd with as many clients as it takes at a time, and none of them has logged in."""
    with Sshd(net.server) as server:
        near = net.client.connect(net.server, 22)
        near.recv()
        yield server
        near.close()
        pause()


SSH_FULL = in_words("Exceeded MaxStartups")


@situation("refused-in-words-ssh",
           "sshd turns away what exceeds its MaxStartups; nc says nothing.",
           None, SSH_FULL)
def refused_in_words_ssh(net):
    with one_startup(net):
        net.client.run("nc", net.server.ipv4, "22")


@situation("refused-in-words-ssh-late-greeting",
           "sshd turns away what exceeds its MaxStartups; the client's greeting comes too late.",
           None,
           in_words("Exceeded MaxStartups", form=None, after_fin=True,
                    why="a refusal and its FIN; the client's greeting draws the RST"))
def refused_in_words_ssh_late_greeting(net):
    with one_startup(net):
        near = net.client.connect(net.server, 22)
        pause()
        near.send(b"SSH-2.0-Example_1\r\n")
        pause()
        near.recv()
        near.recv()
        near.close()


@situation("refused-in-words-ssh-greeting-unread",
           "sshd, late (SIGSTOP, SIGCONT), turns away what exceeds its MaxStartups, with the "
           "greeting of ssh unread.",
           None,
           in_words("Exceeded MaxStartups", form=None, after_fin=False,
                    why="a refusal, then an active RST in place of a FIN"))
def refused_in_words_ssh_greeting_unread(net):
    with one_startup(net) as server:
        server.process.send_signal(signal.SIGSTOP)
        client = net.client.start("ssh", "-F", "none", "-o", "BatchMode=yes", "-o",
                                  "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
                                  net.server.ipv4)
        time.sleep(0.5)
        server.process.send_signal(signal.SIGCONT)
        net.client.finish(client)


@situation("refused-in-words-redis",
           "redis-server has as many clients as it takes (maxclients) and turns nc away.",
           None, in_words("-ERR max number of clients reached"))
def refused_in_words_redis(net):
    with Service(net.server, 6379, "redis-server", "--maxclients", "1", "--save", "",
                 "--protected-mode", "no", "--dir", "{folder}"):
        first = net.client.connect(net.server, 6379)
        first.send(b"PING\r\n")
        first.recv()
        net.client.run("nc", net.server.ipv4, "6379")
        first.send(b"QUIT\r\n")
        first.recv()
        first.recv()
        first.close()
        pause()


@situation("refused-in-words-smtp", "OpenSMTPD greets curl with 421 and closes.",
           in_words("421 Too busy, try again later"))
def refused_in_words_smtp(net):
    with Smtpd(net.server):
        net.client.run("curl", "-sS", f"smtp://{net.server.ipv4}", "--mail-from",
                       "a@example.com", "--mail-rcpt", "b@example.com")


TERMINATED = "terminating connection due to administrator command"


@situation("terminated-postgres-mid-query",
           "The administrator terminates a session of PostgreSQL (pg_terminate_backend) whose "
           "query runs.",
           broken_off("crash", "closed_mid_exchange", "server",
                      "FATAL 57P01 in place of the result, and its FIN",
                      also=("turned_away",), words=TERMINATED))
def terminated_postgres_mid_query(net):
    with Postgres(net.server) as server:
        client = psql(net, "-c", "SELECT pg_sleep(60)")
        time.sleep(0.5)
        server.terminate()
        net.client.finish(client)
        pause()


@situation("terminated-postgres-idle",
           "The administrator terminates an idle session of PostgreSQL (pg_terminate_backend); "
           "psql finds out by its next query.",
           Reset("stale_reuse", "late_write", "server",
                 "FATAL 57P01, unasked, and its FIN after a finished exchange; "
                 "trigger.ack == FIN.seq + 1", also=("crash",), words=TERMINATED))
def terminated_postgres_idle(net):
    with Postgres(net.server) as server:
        client = psql(net, stdin=subprocess.PIPE)
        client.stdin.write(b"SELECT 1;\n")
        client.stdin.flush()
        time.sleep(1.2)
        server.terminate()
        pause()
        client.stdin.write(b"SELECT 2;\n")
        client.stdin.flush()
        net.client.finish(client)
        pause()


@situation("refused-in-words-postgres",
           "PostgreSQL has as many clients as it takes (max_connections) and turns psql away.",
           None,
           in_words("sorry, too many clients already",
                    "FATAL 53300 in answer to the first question, and its FIN, which the "
                    "client's crosses", sure=False))
def refused_in_words_postgres(net):
    with Postgres(net.server, "-c", "max_connections=1", "-c", "superuser_reserved_connections=0",
                  "-c", "max_wal_senders=0", about="FATAL:  sorry"):
        first = psql(net, "-c", "SELECT pg_sleep(1)")
        time.sleep(0.3)
        net.client.finish(psql(net, "-c", "SELECT 1"))
        net.client.finish(first)
        pause()


CUT_OFF = "location = /gone { return 444; }"
CUT_OFF_AT_ONCE = broken_off("turned_away", "closed_without_a_word", "server",
                             "the first question acknowledged, its FIN, and it never spoke",
                             also=("crash",))


@situation("closed-without-answer-nginx",
           "nginx closes instead of answering the first request of a connection (return 444).",
           CUT_OFF_AT_ONCE)
def closed_without_answer_nginx(net):
    with Web(net.server, locations=CUT_OFF):
        net.client.finish(curl(net, "/gone"))
        pause()


@situation("closed-without-answer-nginx-second",
           "nginx closes instead of answering the second request of a connection (return 444), "
           "and once more when curl tries anew.",
           broken_off("crash", "closed_mid_exchange", "server",
                      "a question acknowledged after a finished exchange, and its FIN"),
           CUT_OFF_AT_ONCE)
def closed_without_answer_nginx_second(net):
    with Web(net.server, locations=CUT_OFF):
        net.client.finish(curl(net, "/file /gone"))
        pause()


@situation("closed-without-a-word",
           "A server that has nothing to say (nc -lN) closes at once; curl waits for the greeting "
           "of a mail server.",
           broken_off("turned_away", "closed_without_a_word", "server",
                      "the acceptor's FIN right behind the handshake, not a byte either way"))
def closed_without_a_word(net):
    with Service(net.server, 25, "nc", "-lN", "25"):
        net.client.run("curl", "-sS", f"smtp://{net.server.ipv4}")
