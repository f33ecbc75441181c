#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""One job of packaging/bulk: judges captures with tshark and prints a line of JSON per abort.

Needs of the project drive/unprivileged.py alone, so that both can be sent to another machine with
the captures.  The argument is a folder: job.json says what the captures beside it, 0, 1, ..., are called.
Each line is preceded by the key of its unit, for those of several jobs may come mixed.
"""
import bisect
import collections
import datetime
import functools
import itertools
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from drive import unprivileged

WORDS = {  # the numbers never change
    "confidence": {1: "possible", 2: "likely", 3: "certain"},
    "by": {0: "unknown", 1: "client", 2: "server", 3: "middlebox"},
    "form": {0: "unclear", 1: "reflex", 2: "active", 3: "fin", 4: "silence"},
}
TEXTS = ("summary", "cause.name", "detail.name", "symptom.client", "symptom.server", "next_step",
         "stated_reason", "client", "server", "words")
NUMBERS = ("cause", "detail", "retransmission.count", "probe.count", "lost.client", "lost.server")
TRUTHS = ("effective", "harmless")
INTERVALS = ("since_fin", "since_trigger", "waited", "idle", "unanswered")
LINKS = ("killed_by", "trigger", "fin", "fin.peer", "syn", "retransmission.first", "retransmission.last",
         "probe.first", "probe.last")
LISTS = ("alternative", "objection", "evidence", "related", "proof")  # the last one of links
OWN = (*TEXTS, *NUMBERS, *WORDS, *TRUTHS, *INTERVALS, *LINKS, *LISTS, "repeat_of")
OTHERS = ("frame.number", "frame.time_epoch", "frame.protocols", "ip.src", "ip.dst", "ipv6.src",
          "ipv6.dst", "tcp.srcport", "tcp.dstport", "tcp.stream", "tcp.completeness")
MENTION = re.compile(r"\b([Ff]rames? )(\d+)(?:( to )(\d+))?")
# What tshark tells every root.
CUSTOMARY = re.compile(r'^Running as user "root".*\n?', re.M)


def ek(field):
    """The name of a field of ours in tshark -T ek."""
    return "tcp_abort_tcp_abort_" + field.replace(".", "_")


class Tools:
    """Wireshark's programs, with fresh settings, as an unprivileged user."""

    def __init__(self, folder):
        self.folder = folder
        identity = unprivileged.identity()
        variables = {**os.environ, **unprivileged.settings(folder)}
        if identity:  # others may have the plugin below their home
            variables["HOME"] = folder
        unprivileged.give(folder)
        self.options = {"cwd": folder, "env": variables, **identity}

    def run(self, *command):
        """Exit status, output, complaint."""
        done = subprocess.run(command, capture_output=True, text=True, errors="replace",
                              check=False, **self.options)
        return done.returncode, done.stdout, complaint(done.returncode, done.stderr)

    def readable(self, path):
        """The file, or a copy that the unprivileged user can read.  tshark says what is wrong."""
        return unprivileged.readable(path, self.folder) if os.access(path, os.R_OK) else path

    def versions(self):
        tshark = self.run("tshark", "--version")[1].partition("\n")[0]
        plugin = re.search(r"^tcp_abort\.so\s+(\S+)", self.run("tshark", "-G", "plugins")[1], re.M)
        return f"{tshark} tcp_abort {plugin.group(1)}" if plugin else f"{tshark} no tcp_abort"


def complaint(status, stderr):
    text = " ".join(CUSTOMARY.sub("", stderr).split())
    if status < 0:
        text = f"ended by signal {-status}. {text}"
    return text or (f"exit status {status}" if status else "")


class Range:
    """Captures read one after the other as one: whose frame is frame N?"""

    def __init__(self, names, counts):
        self.names = names
        self.ends = list(itertools.accumulate(counts)) or [0]

    def place(self, frame):
        """File (its index) and the frame's number in it."""
        index = min(bisect.bisect_left(self.ends, frame), len(self.names) - 1)
        return index, frame - (self.ends[index - 1] if index else 0)

    def reworded(self, text, home):
        """The text, its frame numbers as they are in the capture they are in."""
        def local(number):
            index, frame = self.place(int(number))
            return f"{frame}" if index == home else f"{frame} of {self.names[index]}"

        def mention(found):
            to = found[3] + local(found[4]) if found[3] else ""
            return found[1] + local(found[2]) + to

        return MENTION.sub(mention, text) if len(self.names) > 1 else text


def moment(epoch):
    """Milliseconds since 1970 and ISO 8601, as texts; None: the frame has no time, or an odd one."""
    seconds, _, fraction = epoch.partition(".")
    try:
        time = datetime.datetime.fromtimestamp(int(seconds), datetime.timezone.utc)
    except (ValueError, OverflowError, OSError):
        return None, None
    return f"{seconds}{fraction[:3]:0<3}", f"{time:%Y-%m-%dT%H:%M:%S}.{fraction:0<9}Z"


def record(layers, files):
    """The document of one abort, always with the same keys; what does not apply is null."""
    def last(field):
        return layers.get(field.replace(".", "_"), [None])[-1]

    def all_of(field):
        return layers.get(f"tcp_abort_{field}", [])

    home, number = files.place(int(last("frame.number")))
    elsewhere = []

    def link(field, value):
        index, frame = files.place(int(value))
        if index == home:
            return frame
        elsewhere.append({"field": ek(field), "file": files.names[index], "frame": frame})
        return None

    def converted(field):
        value = last(f"tcp.abort.{field}")
        if value is None:
            return None
        if field in TEXTS:
            return files.reworded(value, home)
        if field in TRUTHS:
            return value in ("1", "True", "true")
        if field in INTERVALS:
            return float(value)
        return link(field, value) if field in LINKS else int(value)

    names = last("frame.protocols").split(":")
    ip = next((name for name in reversed(names) if name in ("ip", "ipv6")), "ip")
    ends = [(last(f"{ip}.{side}"), last(f"tcp.{side}port")) for side in ("src", "dst")]
    milliseconds, time = moment(last("frame.time_epoch") or "")
    own = {ek(field): converted(field) for field in OWN[:-1] if field not in LISTS}
    for field, words in WORDS.items():
        own[ek(field) + "_name"] = words.get(own[ek(field)])
    own[ek("harmless")] = bool(own[ek("harmless")])  # tshark has it only where it is true
    own[ek("alternative")] = all_of("alternative")
    own[ek("objection")] = [files.reworded(text, home) for text in all_of("objection")]
    own[ek("evidence")] = [files.reworded(text, home) for text in all_of("evidence")]
    own[ek("related")] = [int(stream) for stream in all_of("related")]
    proofs = [link("proof", frame) for frame in all_of("proof")]
    own[ek("proof")] = [frame for frame in proofs if frame]
    since_first = last("frame.time_relative")  # it has a meaning in one capture, not in a ring
    return home, {
        "timestamp": milliseconds,
        "layers": {
            "frame": {"frame_frame_number": number,
                      "frame_frame_time": time,
                      **({"frame_frame_time_relative": float(since_first)} if since_first else {})},
            "ip": {f"ip_ip_{side}": end[0] if ip == "ip" else None
                   for side, end in zip(("src", "dst"), ends)},
            "ipv6": {f"ipv6_ipv6_{side}": end[0] if ip == "ipv6" else None
                     for side, end in zip(("src", "dst"), ends)},
            "tcp": {"tcp_tcp_srcport": int(ends[0][1]), "tcp_tcp_dstport": int(ends[1][1]),
                    "tcp_tcp_stream": int(last("tcp.stream")),
                    "tcp_tcp_completeness": int(last("tcp.completeness") or 0)},
            **own},
        "file": files.names[home], "client": last("tcp.abort.client"),
        "server": last("tcp.abort.server"), "elsewhere": elsewhere}


def incident(found, files, core, tell):
    """Tells an incident under the file in which it is told of."""
    home, found["teller"] = files.place(found["teller"])
    places = [files.place(frame) for frame in found.pop("frames")]
    if home in core:
        tell(json.dumps({"incident": found, "file": files.names[home],
                         "frames": [frame for index, frame in places if index == home],
                         "elsewhere": [{"file": files.names[index], "frame": frame}
                                       for index, frame in places if index != home]},
                        ensure_ascii=False))


def judged(tools, capture, files, core, tell, display="tcp.abort.cause", more=(), incidents=True):
    """Tells the aborts of the core files, with more of Wireshark's fields, and the incidents that
    they are parts of; what tshark complains of."""
    command = ["tshark", "-2", "-n", "-r", capture, "-Y", display, "-T", "ek",
               *(("-z", "tcp_abort,lines") if incidents else ())]
    for field in (*OTHERS, *more, *(f"tcp.abort.{field}" for field in OWN)):
        command += ["-e", field]
    first_of, lines = {}, tempfile.TemporaryFile("w+", encoding="utf-8")
    with tempfile.TemporaryFile() as errors, subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, **tools.options) as process:
        for line in process.stdout:
            document = json.loads(line.decode(errors="replace"))
            if "frames" in document:
                incident(document, files, core, tell)
            layers = document.get("layers")
            if not layers:
                continue
            frame = layers["frame_number"][0]
            if "tcp_abort_repeat_of" in layers:
                first = layers["tcp_abort_repeat_of"][0]
                first_of[frame] = first_of.get(first, first)
                continue
            home, document = record(layers, files)
            if home in core:
                text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
                lines.write(f"{frame} {text[:-1]}\n")
        status = process.wait()
        errors.seek(0)
        said = complaint(status, errors.read().decode(errors="replace"))
    repeats = collections.Counter(first_of.values())
    lines.seek(0)
    for line in lines:
        frame, _, text = line.rstrip("\n").partition(" ")
        tell(f'{text},"repeats":{repeats[frame]}}}')
    return status, said


def merged(tools, paths, names, trouble):
    """The captures in one file; for each how many frames of it are in there."""
    counts, parts, before = [], [], 0.0
    for index, path in enumerate(paths):
        info = ("capinfos", "-T", "-r", "-S", "-M", "-c", "-a", path)
        status, row, said = tools.run(*info)
        if status:  # what can be read of it
            part = os.path.join(tools.folder, f"part{index}")
            tools.run("editcap", path, part)
            trouble(index, status, said)
            status, row, _ = tools.run(*info[:-1], part)
            path = part
        count, start = (row.split("\t") + ["0"] * 3)[1:3] if not status else ("0", "0")
        counts.append(int(count))
        if not counts[-1]:
            continue
        parts.append(path)
        if float(start) < before:
            trouble(index, 0, "begins before the file before it: not in the order of the ring")
        before = float(start)
    whole = os.path.join(tools.folder, "whole")
    status, _, said = tools.run("mergecap", "-a", "-w", whole, *parts) if parts else (0, "", "")
    if status:
        trouble(0, status, said)
    return whole if parts else None, Range(names, counts)


def unit(tools, folder, row, tell):
    """Captures that are judged together: one, or neighbours of a ring."""
    def trouble(index, status, said):
        if index in row["core"]:
            for number, name in zip(row["files"], row["names"]):
                said = said.replace(str(folder / str(number)), name)
            tell(json.dumps({"file": row["names"][index], "status": status, "message": said},
                            ensure_ascii=False))

    paths = [tools.readable(str(folder / str(number))) for number in row["files"]]
    for index, path in enumerate(paths):
        if os.path.isfile(path) and not os.path.getsize(path):
            trouble(index, 0, "an empty file")
    if len(paths) == 1:
        capture, files = paths[0], Range(row["names"], [])
    else:
        capture, files = merged(tools, paths, row["names"], trouble)
    if capture:
        status, said = judged(tools, capture, files, row["core"], tell)
        if said:
            trouble(row["core"][0], status, said.replace(capture, row["names"][row["core"][0]]))


def main():
    sys.stdout.reconfigure(encoding="utf-8")
    folder = pathlib.Path(sys.argv[1]).resolve()
    job = json.loads((folder / "job.json").read_text())
    versions = job["versions"]
    for row in job["units"]:
        with tempfile.TemporaryDirectory(prefix="tcp-abort-") as place:
            tools = Tools(place)
            versions = versions or tools.versions()
            print(row["key"], json.dumps({"versions": versions}))
            tell = functools.partial(print, row["key"])
            try:
                unit(tools, folder, row, tell)
            except Exception as error: # its neighbours are judged all the same
                for index in row["core"]:
                    tell(json.dumps({"file": row["names"][index], "status": None, "message":
                                     f"not judged: {type(error).__name__}: {error}"},
                                    ensure_ascii=False))
            print(row["key"], "done", flush=True)


if __name__ == "__main__":
    main()
