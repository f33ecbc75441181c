# SPDX-License-Identifier: GPL-2.0-or-later
"""The rulings of the core alone: what judge_natively reads from captures, without Wireshark.

Set by ctest: TCP_ABORT_NATIVE, the program.  By hand, that of the newest build folder below the
checkout.
"""
import functools
import gzip
import os
import pathlib
import subprocess
import tempfile

TESTS = pathlib.Path(__file__).resolve().parent.parent
NUMBER = "frame.number"


@functools.lru_cache(None)
def program():
    found = sorted(TESTS.parent.glob("build/*/tests/judge_natively"),
                   key=lambda path: path.stat().st_mtime)
    given = os.environ.get("TCP_ABORT_NATIVE") or (found and found[-1])
    if not given:
        raise FileNotFoundError("no judge_natively: build it, or say TCP_ABORT_NATIVE")
    return given


def plain(path, folder):
    """The file itself, or what is packed in it."""
    path = pathlib.Path(path)
    if path.suffix != ".gz":
        return path
    unpacked = pathlib.Path(folder) / f"{abs(hash(path))}-{path.stem}"
    unpacked.write_bytes(gzip.decompress(path.read_bytes()))
    return unpacked


def merge(first, second):
    """Two rulings on one frame, as tshark shows them: what repeats is joined."""
    return {field: " ".join(filter(None, (first[field], second[field]))) for field in first}


def run(files):
    """What stands in the columns, first of all their names."""
    done = subprocess.run([program(), *files], text=True, check=True, stdout=subprocess.PIPE)
    return [line.split("\t") for line in done.stdout.splitlines()]


@functools.lru_cache(None)
def fields():
    """The fields of a row, as tshark names them."""
    return run([])[0][1:]


def rows(captures):
    """Capture to its rulings: frame to {field: what tshark shows, enumerations as words}."""
    with tempfile.TemporaryDirectory() as folder:
        files = {str(plain(path, folder)): path for path in captures}
        lines = run(files)[1:]
    found = {path: {} for path in captures}
    for file, *values in lines:
        row = dict(zip(fields(), values))
        frames, frame = found[files[file]], int(row[NUMBER])
        same = {NUMBER: "", "tcp.stream": ""}
        frames[frame] = merge(frames[frame], row | same) if frame in frames else row
    return found


@functools.lru_cache(None)
def words(kind):
    """The words that are released: of cause, detail, by, form or confidence."""
    lines = (TESTS / "golden" / "causes.expected").read_text(encoding="utf-8").splitlines()
    return {parts[3 if kind == "detail" else 2] for parts in map(str.split, lines)
            if parts[0] == kind}
