# SPDX-License-Identifier: GPL-2.0-or-later
"""Programs on the client that ask; each goes on until its host finishes it."""

import subprocess


def curl(net, paths, *arguments, scheme="http", port=""):
    """It fetches one path or, on the same connection, several, divided by spaces."""
    urls = [word for path in paths.split()
            for word in ("-o", "/dev/null", f"{scheme}://{net.server.ipv4}{port}{path}")]
    return net.client.start("curl", "-sS", *arguments, *urls)


def wget(net, path, *arguments):
    return net.client.start("wget", "--progress=dot:giga", "-O", "/dev/null", "--tries=1",
                            "--no-check-certificate", *arguments,
                            f"https://{net.server.ipv4}{path}")


def urllib(net, path):
    program = ("import ssl, sys, urllib.request as request; request.urlopen(sys.argv[1], "
               "context=ssl._create_unverified_context()).read()")
    return net.client.start("python3", "-c", program, f"https://{net.server.ipv4}{path}")


def nc(net, text, *arguments, port=80):
    """nc says this and prints what comes."""
    client = net.client.start("nc", *arguments, net.server.ipv4, str(port),
                              stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    client.stdin.write(text)
    client.stdin.flush()
    return client


def psql(net, *arguments, **options):
    place = f"host={net.server.ipv4} user=postgres sslmode=disable gssencmode=disable"
    return net.client.start("psql", "-X", place, *arguments, **options)
