# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs Wireshark's programs with the plugin, in an environment that is always the same.

Set by ctest: TCP_ABORT_PLUGINS (the folder with 4.x/epan/tcp_abort.so), TCP_ABORT_PRELOAD (the
sanitizer's runtime, when the plugin was built with it).  By hand, a build folder below the
checkout is looked for.
"""
import atexit
import concurrent.futures
import functools
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from drive import unprivileged
from drive.unprivileged import identity, settings

TOP = pathlib.Path(__file__).resolve().parents[2]
SEPARATOR = "\x1f"
WORKERS = 2
SECONDS = 120
CHUNK = 20  # captures for one sharkd


class Missing(Exception):
    """Something a test needs is not there."""


def fail(message):
    sys.exit(f"{pathlib.Path(sys.argv[0]).name}: {message}")


@functools.lru_cache(None)
def plugins():
    given = os.environ.get("TCP_ABORT_PLUGINS")
    if given:
        return pathlib.Path(given)
    found = sorted(TOP.glob("build/*/plugins"), key=lambda path: path.stat().st_mtime)
    if not found:
        fail("no plugin: build it, or set TCP_ABORT_PLUGINS to its folder")
    return found[-1]


def module():
    found = sorted(plugins().glob("*/epan/tcp_abort.so"))
    if not found:
        fail(f"no tcp_abort.so below {plugins()}")
    return found[0]


@functools.lru_cache(None)
def workplace():
    """A folder of this run which the unprivileged user can read and write."""
    folder = tempfile.mkdtemp(prefix="tcp-abort-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.chmod(folder, 0o777)
    return pathlib.Path(folder)


def environment(with_plugin=True, **more):
    home = workplace() / ("home" if with_plugin else "home-without")
    nothing = workplace() / "no-plugins"
    for folder in (home, nothing):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o777)
    variables = {
        "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
        "HOME": str(home),
        **settings(home),
        "WIRESHARK_PLUGIN_DIR": str(plugins() if with_plugin else nothing),
        "WIRESHARK_EXTCAP_DIR": str(nothing),  # some hang under the sanitizer
    }
    preload = os.environ.get("TCP_ABORT_PRELOAD")
    if preload and with_plugin:
        variables.update(LD_PRELOAD=preload, ASAN_OPTIONS="detect_leaks=0",
                         WIRESHARK_DEBUG_WMEM_OVERRIDE="simple")
    variables.update(more)
    return variables


def run(program, *arguments, with_plugin=True, variables=None, text=True, **options):
    """Run a program of Wireshark; the finished process."""
    if not shutil.which(program):
        fail(f"{program} is not installed")
    return subprocess.run([program, *map(str, arguments)], cwd=workplace(), text=text,
                          env=environment(with_plugin, **(variables or {})), timeout=SECONDS,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, **identity(), **options)


def tshark(*arguments, complaint="", **options):
    """What tshark prints.  Complaints of any kind, but for the one expected, are an error."""
    done = run("tshark", "-n", *arguments, **options)
    if done.returncode or done.stderr.strip() != complaint:
        raise AssertionError(f"tshark {' '.join(map(str, arguments))}\n"
                             f"exit status {done.returncode}\n{done.stderr}")
    return done.stdout


@functools.lru_cache(None)
def readable(path):
    """The file itself, or a copy which the unprivileged user can read."""
    path = pathlib.Path(path)
    if not path.is_file():
        raise Missing(f"no such file: {path}")
    # Captures of one name in many folders must not meet.
    folder = workplace() / f"readable-{abs(hash(path.parent))}"
    folder.mkdir(exist_ok=True)
    return pathlib.Path(unprivileged.readable(path, folder))


def truth(value):
    """A boolean, as 4.0 (1, 0) and as 4.4 (True, False) print it."""
    return {"True": "1", "False": "0"}.get(value, value)


def rows(capture, fields, *arguments, display="tcp.abort.cause", two_pass=True, joint=" ",
         complaint=""):
    """One dictionary for each frame: field to its values, joined."""
    command = ["-r", readable(capture), "-Y", display, "-T", "fields", "-E", "separator=/t",
               "-E", "occurrence=a", "-E", f"aggregator={SEPARATOR}"]
    for field in fields:
        command += ["-e", field]
    printed = tshark(*(["-2"] if two_pass else []), *command, *arguments, complaint=complaint)
    return [dict(zip(fields, (joint.join(map(truth, value.split(SEPARATOR)))
                              for value in line.split("\t"))))
            for line in printed.splitlines()]


@functools.lru_cache(None)
def words(field):
    """The words of an enumeration: number, as printed, to token."""
    found = {}
    for line in run("tshark", "-G", "values").stdout.splitlines():
        parts = line.split("\t")
        if parts[:2] == ["V", field]:
            found[parts[2]] = parts[3]
    return found


def in_words(row):
    """A row of rows() with the words of its enumerations in place of their numbers."""
    enumerations = ["tcp.abort.confidence", "tcp.abort.by", "tcp.abort.form"]
    return row | {field: " ".join(words(field)[number] for number in row[field].split())
                  for field in enumerations if field in row}


def sharkd(calls):
    """The results of JSON-RPC calls, each (method, parameters), of one process."""
    lines = [json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": parameters})
             for number, (method, parameters) in enumerate(calls, 1)]
    done = run("sharkd", "-", input="\n".join(lines) + "\n")
    answers = {}
    for line in done.stdout.splitlines():
        answer = json.loads(line)
        if "error" in answer:
            raise AssertionError(f"sharkd {calls[answer['id'] - 1]}: {answer['error']}")
        answers[answer["id"]] = answer["result"]
    if len(answers) != len(calls):
        raise AssertionError(f"sharkd answered {len(answers)} of {len(calls)} calls, the next "
                             f"was {calls[len(answers)]}\n{done.stderr}")
    return [answers[number] for number in range(1, len(calls) + 1)]


def sharkd_verdicts(captures, fields, settings=()):
    """For each capture: frame to {field: what sharkd shows}.  One process reads many captures.

    Without a filter: sharkd 4.0 keeps what a filter found in the capture before.
    """
    columns = {f"column{number}": f"{field}:0" for number, field in enumerate(fields)}

    def read(part):
        calls = [("setconf", dict(zip(("name", "value"), setting.split(":"))))
                 for setting in settings]
        for capture in part:
            calls += [("load", {"file": str(readable(capture))}),
                      ("frames", columns)]
        return sharkd(calls)[len(settings) + 1::2]

    chunks = [captures[start:start + CHUNK] for start in range(0, len(captures), CHUNK)]
    answers = [answer for part in in_parallel(read, chunks) for answer in part]
    return [{frame["num"]: dict(zip(fields, frame["c"])) for frame in frames if any(frame["c"])}
            for frames in answers]


def info_column(capture, two_pass):
    """Frame to what stands in its Info column.

    From 4.2 on the field _ws.col.info is filled before post-dissectors add to the column.
    """
    printed = tshark(*(["-2"] if two_pass else []), "-r", readable(capture),
                     "-o", 'gui.column.format:"No.","%m","Info","%i"')
    parts = (line.strip().partition(" ") for line in printed.splitlines())
    return {int(number): info for number, _, info in parts}


def in_parallel(function, items):
    """function(item) of each, in order; the programs do the work, so threads suffice."""
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(function, items))


def captures():
    """What is recorded in the checkout."""
    found = sorted(path for path in (TOP / "captures").glob("*.pcap*"))
    if not found:
        fail("no captures/*.pcap*")
    return found


@functools.lru_cache(None)
def expect_plugin():
    """A plugin that does not load makes tshark neither fail nor complain: ask first."""
    done = run("tshark", "-G", "plugins")
    if "tcp_abort.so" not in done.stdout:
        fail(f"tshark does not load {module()}.\n{done.stderr or 'It says nothing about it.'}\n"
             f"A folder above it may be closed to uid {unprivileged.NOBODY}.")
    if done.stderr.strip():
        fail(f"tshark -G plugins complains:\n{done.stderr}")


expect_plugin()
