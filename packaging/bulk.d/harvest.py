#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Has GNU parallel judge many captures, here or over ssh, and merges what comes back.

A part is what was said of one unit: a capture, or neighbours of a ring.  It is named after all
that it depends on, so that another run takes the parts that are there.  Captures never go by
their own names to parallel, ssh or tshark, but as 0, 1, ... in the folder of their job.
"""
import argparse
import contextlib
import fcntl
import gzip
import hashlib
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import elastic
import job
import summary

PROGRAM = {"job.py": HERE, "drive/unprivileged.py": HERE.parent}  # all that a host needs of ours
SUFFIX = re.compile(r"\.(p?cap(ng)?\d*|dmp|snoop|erf|trc|ntar)(\.(gz|zst|lz4))?$", re.I)
MAGIC = {bytes.fromhex(word) for word in ("d4c3b2a1 a1b2c3d4 4d3cb2a1 a1b23c4d 34cdb2a1 a1b2cd34 "
                                          "0a0d0d0a").split()}
# dumpcap and editcap: NAME_00001_20260101120000.pcap or the two turned round; tcpdump -C: x.pcap1
RINGS = (re.compile(r"(?P<name>.*_)(?P<n>\d{5,})_(?P<t>\d{14})(?P<end>(\.\w+)*)", re.S),
         re.compile(r"(?P<name>.*_)(?P<t>\d{14})_(?P<n>\d{5,})(?P<end>(\.\w+)*)", re.S),
         re.compile(r"(?P<name>.*\.p?cap(ng)?)(?P<n>\d*)(?P<t>)(?P<end>)", re.S))
BATCH_FILES, BATCH_BYTES = 16, 64 << 20  # of one job: starting one costs, too


def at_least(kind, least):
    """A number from there on."""
    def number(text):
        value = kind(text)
        if not value >= least:
            raise argparse.ArgumentTypeError(f"{text} is less than {least}")
        return value

    number.__name__ = "number"
    return number


class Parser(argparse.ArgumentParser):
    def error(self, message):
        """Status 2 means something else."""
        sys.exit(f"bulk: {message} (--help tells more)")


def arguments():
    parser = Parser(
        prog="tcp-abort bulk", description="Why every connection in many captures was aborted: "
        "one line of JSON each.  tcp-abort(1) tells more.")
    add = parser.add_argument
    add("captures", nargs="+", help="folders and files")
    add("-o", "--output", default="aborts", help="folder for what is found (aborts)")
    add("-j", "--jobs", type=at_least(int, 1),
        help="processes on each machine (as many as it has cores)")
    add("--host", action="append", default=[], metavar="[N/]HOST",
        help="work there over ssh; more than one may be given, and : is this machine")
    add("--shared", action="store_true", help="the hosts see all folders at the same paths")
    add("--ring", action="store_true", help="judge the files of a ring buffer together")
    add("--chunk", type=at_least(float, 0.001), default=512, metavar="MB",
        help="as many of them at once (512)")
    add("--around", type=at_least(int, 0), default=1, metavar="FILES",
        help="and on either side (1)")
    add("--elastic", metavar="INDEX", help="write the bulk format of Elasticsearch as well")
    add("--harmless", action="store_true", help="count harmless aborts too in the summary")
    add("--check", action="store_true", help=argparse.SUPPRESS)  # the arguments alone
    options = parser.parse_args()
    for name in options.captures:
        if not os.path.exists(name):
            parser.error(f"no such file or folder: {shown(name)}")
    if not options.check:
        check_hosts(options.host, parser.error)
    return options


def check_hosts(hosts, complain):
    """Each answers, without a question."""
    for host in hosts:
        name = host.rpartition("/")[2]
        if name == ":":
            continue
        done = subprocess.run([*shlex.split(os.environ.get("PARALLEL_SSH", "ssh")), "-o",
                               "BatchMode=yes", "-o", "ConnectTimeout=15", name, "true"],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            said = " ".join(done.stderr.split()) or f"ssh ended with status {done.returncode}"
            complain(f"--host {name}: {said}")


@contextlib.contextmanager
def alone(output):
    """Nobody else writes there meanwhile."""
    output.mkdir(parents=True, exist_ok=True)
    with open(output / ".lock", "w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit(f"bulk: {output}: another run writes there")
        try:
            yield
        finally:
            (output / ".lock").unlink(missing_ok=True)


def shown(name):
    """A file name as text: bytes that are not UTF-8 stand as \\xNN."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def is_capture(path):
    if SUFFIX.search(path):
        return True
    try:
        with open(path, "rb") as file:
            start = file.read(4)
        if start[:2] == b"\x1f\x8b":
            with gzip.open(path) as file:
                start = file.read(4)
    except (OSError, EOFError):
        return False
    return start in MAGIC


def found(given, output):
    """Path of every capture, and how many other files there are."""
    paths, others = [], 0
    for top in given:
        if os.path.isfile(top):
            paths.append(os.path.realpath(top))
        for folder, folders, names in os.walk(os.path.realpath(top)):
            folders[:] = [name for name in folders if os.path.join(folder, name) != output]
            for path in (os.path.join(folder, name) for name in names):
                if os.path.isfile(path) and is_capture(path):
                    paths.append(path)
                else:
                    others += 1
    return sorted(set(paths), key=os.fsencode), others


def rings(paths):
    """Files of one ring, in order, for each ring."""
    groups = {}
    for path in paths:
        folder, name = os.path.split(path)
        for kind, pattern in enumerate(RINGS):
            match = pattern.fullmatch(name)
            if match:
                key = (folder, kind, match["name"], match["end"])
                groups.setdefault(key, []).append((match["t"], int(match["n"] or 0), path))
                break
    return [[path for _, _, path in sorted(group)] for group in groups.values() if len(group) > 1]


def chunks(ring, options):
    """Neighbours to judge together: (files, which of them the chunk answers for)."""
    start = 0
    while start < len(ring):
        end, size = start + 1, os.path.getsize(ring[start])
        while end < len(ring) and size + os.path.getsize(ring[end]) <= options.chunk * 1e6:
            size += os.path.getsize(ring[end])
            end += 1
        first = max(0, start - options.around)
        yield ring[first:end + options.around], range(start - first, end - first)
        start = end


def common(given):
    """The folder that file names are relative to."""
    base = os.path.commonpath([os.path.realpath(top) for top in given])
    return os.path.dirname(base) if os.path.isfile(base) else base


def units(paths, options, versions):
    """What is judged together, in the order of the output."""
    base = common(options.captures)
    found_rings = rings(paths) if options.ring else []
    sets = [chunk for ring in found_rings for chunk in chunks(ring, options)]
    in_ring = {path for ring in found_rings for path in ring}
    sets += [([path], [0]) for path in paths if path not in in_ring]
    sets.sort(key=lambda chunk: os.fsencode(chunk[0][chunk[1][0]]))
    program = [(folder / name).read_text(encoding="utf-8") for name, folder in PROGRAM.items()]
    for files, core in sets:
        names = [shown(os.path.relpath(path, base)) for path in files]
        stamps = [(entry.st_size, entry.st_mtime_ns) for entry in map(os.stat, files)]
        row = {"names": names, "core": list(core), "paths": files,
               "bytes": sum(stamps[index][0] for index in core)}
        depends = json.dumps([program, versions, names, stamps, row["core"]])
        yield {**row, "key": hashlib.sha256(depends.encode()).hexdigest()[:32]}


def batches(rows, most):
    batch, size = [], 0
    for row in rows:
        if batch and (len(batch) >= most or size + row["bytes"] > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += row["bytes"]
    if batch:
        yield batch


def prepare(work, todo, options, versions):
    """A folder for each job: its captures under safe names, and what judges them."""
    jobs = []
    most = min(BATCH_FILES, max(1, len(todo) // 4))
    for number, batch in enumerate(batches(todo, most)):
        folder = work / f"jobs/{number}"
        (folder / "drive").mkdir(parents=True)
        for name, origin in PROGRAM.items():  # no links: Python would look for modules behind them
            shutil.copyfile(origin / name, folder / name)
        rows, files = [], 0
        for row in batch:
            numbers = list(range(files, files + len(row["paths"])))
            for name, path in zip(numbers, row["paths"]):
                (folder / str(name)).symlink_to(path)
            files += len(numbers)
            rows.append({"key": row["key"], "names": row["names"], "core": row["core"],
                         "files": numbers})
        known = None if options.host else versions
        (folder / "job.json").write_text(json.dumps({"versions": known, "units": rows}))
        jobs.append(f"{folder if options.shared else f'jobs/{number}'}\n")
    return jobs


def parallel(work, options):
    command = ["parallel", "--plain", "--line-buffer", "--jobs", str(options.jobs or "100%")]
    for host in options.host:
        command += ["--sshlogin", host]
    if options.host:
        command += ["--retries", "2"]
        if not options.shared:
            command += ["--transferfile", "{}", "--cleanup", "--workdir", "..."]
    return subprocess.Popen([*command, "python3 -B {}/job.py {}"], cwd=work, text=True,
                            encoding="utf-8", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            env={**os.environ, "PARALLEL_RSYNC_OPTS": "-rLtDzR"})


class Progress:
    def __init__(self, rows, done):
        self.total, self.done, self.aborts, self.told = len(rows), done, 0, 0
        self.terminal = sys.stderr.isatty()

    def tell(self, last=False):
        if not last and time.monotonic() - self.told < (0.5 if self.terminal else 15):
            return
        self.told = time.monotonic()
        print(f"\r{self.done} of {self.total} done, {self.aborts} new aborts",
              end="\n" if last or not self.terminal else " ", file=sys.stderr, flush=True)


def collect(lines, parts, versions, progress):
    """Each unit's lines become its part once they are complete."""
    for line in lines:
        key, _, text = line.partition(" ")
        unfinished = parts / f"{key}.unfinished"
        if text.startswith('{"versions":'):
            theirs = json.loads(text)["versions"]
            if theirs != versions:
                sys.exit(f"bulk: a host has {theirs}, this machine {versions}")
            unfinished.write_text("")
        elif text == "done\n":
            unfinished.replace(parts / key)
            progress.done += 1
        else:
            with open(unfinished, "a", encoding="utf-8") as part:
                part.write(text)
            progress.aborts += text.startswith('{"timestamp":')
        progress.tell()


def judge(rows, output, options, versions):
    """Makes the parts that are not there."""
    parts = output / "parts"
    parts.mkdir(parents=True, exist_ok=True)
    todo = [row for row in rows if not (parts / row["key"]).exists()]
    progress = Progress(rows, len(rows) - len(todo))
    with tempfile.TemporaryDirectory(prefix="jobs-", dir=output) as work:
        jobs = prepare(pathlib.Path(work).resolve(), todo, options, versions)
        with parallel(work, options) as process:
            try:
                process.stdin.write("".join(jobs))
                process.stdin.close()
                collect(process.stdout, parts, versions, progress)
            except BaseException:
                process.terminate()
                raise
    progress.tell(last=True)


def merge(rows, output):
    """aborts.ndjson, incidents.ndjson and problems.ndjson, in the order of the units; the problems."""
    problems = []
    with open(output / "aborts.ndjson", "wb") as aborts, \
            open(output / "incidents.ndjson", "wb") as incidents:
        for row in rows:
            part = output / "parts" / row["key"]
            if not part.exists():
                problems += [{"file": row["names"][index], "status": None,
                              "message": "no result: not judged, run again"}
                             for index in row["core"]]
                continue
            with open(part, "rb") as lines:
                for line in lines:
                    if line.startswith(b'{"timestamp":'):
                        aborts.write(line)
                    elif line.startswith(b'{"incident":'):
                        incidents.write(line)
                    else:
                        problems.append(json.loads(line))
    with open(output / "problems.ndjson", "w", encoding="utf-8") as file:
        for problem in problems:
            file.write(json.dumps(problem, ensure_ascii=False) + "\n")
            print(f"bulk: {problem['file']}: {problem['message']}", file=sys.stderr)
    return problems


def main():
    options = arguments()
    if options.check:
        return 0
    output = pathlib.Path(os.path.realpath(options.output))
    try:
        with alone(output):
            return run(options, output)
    except OSError as error: # a full disk, a folder that cannot be written
        sys.exit(f"bulk: {error.filename or output}: {error.strerror}")


def run(options, output):
    paths, others = found(options.captures, str(output))
    if not paths:
        sys.exit("bulk: no captures there")
    missing = [program for program in ("parallel", "tshark") if not shutil.which(program)]
    if missing:
        sys.exit(f"bulk: not installed: {', '.join(missing)}")
    with tempfile.TemporaryDirectory() as place:
        versions = job.Tools(place).versions()
    if versions.endswith("no tcp_abort"):
        sys.exit("bulk: TShark does not load the plugin: tshark -G plugins lists what it loads")
    rows = list(units(paths, options, versions))
    judge(rows, output, options, versions)
    problems = merge(rows, output)
    for part in set(os.listdir(output / "parts")) - {row["key"] for row in rows}:
        os.unlink(output / "parts" / part)
    base = common(options.captures)
    apart = [] if options.ring else [[shown(os.path.relpath(path, base)) for path in ring]
                                     for ring in rings(paths)]
    summary.write(output, len(paths), others, problems, apart, options.harmless)
    if options.elastic:
        elastic.write(output, options.elastic)
    print(f"{output}: aborts.ndjson, incidents.ndjson, problems.ndjson, summary.md", file=sys.stderr)
    return 2 if problems else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\nbulk: interrupted; the same command goes on from here", file=sys.stderr)
        sys.exit(130)
