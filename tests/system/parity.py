#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The same verdicts in every mode of every program that reads captures without a window.

All captures, ours, the scenarios and the corpus beside the checkout, are read as one after
another: their streams meet, which is harder than apart.  Two passes of tshark are the measure.
One pass may differ only where it says that the verdict is provisional; a connection that fell
silent is known only behind the last frame.  sharkd reads each capture by itself as well, and so
does the core alone: it agrees in all that tshark shows of a ruling.
"""
import functools
import json
import re
import shutil
import unittest

import places

import labels
import native
import rendering
from drive import tshark
import wrapping

FIELDS = ["tcp.abort.cause.name", "tcp.abort.detail.name", "tcp.abort.confidence",
          "tcp.abort.trigger", "tcp.abort.fin", "tcp.abort.fin.peer", "tcp.abort.repeat_of",
          "tcp.abort.killed_by"]
NUMBER, PROVISIONAL, RESET = "frame.number", "tcp.abort.provisional", "tcp.flags.reset"
# Wireshark's numbers, which depend on its version.
STREAMS = ("tcp.stream", "tcp.abort.related")


@functools.lru_cache(None)
def every_capture():
    found = list(tshark.captures())
    for name in ("real", "loopback"):
        folder = labels.corpus(name)
        found += sorted(folder.glob("*.pcap*")) if folder else []
    return [tshark.readable(path) for path in found] + [rendering.everything()[0]]


@functools.lru_cache(None)
def all_in_one():
    joined = tshark.workplace() / "all.pcapng"
    done = tshark.run("mergecap", "-a", "-F", "pcapng", "-w", joined, *every_capture(),
                      with_plugin=False)
    if done.returncode:
        raise AssertionError(done.stderr)
    return joined


def as_table(rows):
    """Frame to its fields, without those that are empty."""
    return {int(row[NUMBER]): {field: row[field] for field in FIELDS if row.get(field)}
            for row in rows}


@functools.lru_cache(None)
def measure():
    """Two passes of tshark: what all others are compared with."""
    return as_table(tshark.rows(all_in_one(), [NUMBER, *FIELDS], joint=","))


@functools.lru_cache(None)
def once():
    """One pass: the verdicts, and the frames where they may still change."""
    rows = tshark.rows(all_in_one(), [NUMBER, PROVISIONAL, *FIELDS], two_pass=False, joint=",")
    return as_table(rows), {int(row[NUMBER]) for row in rows if "1" in row[PROVISIONAL]}


def of_json(layers):
    """The fields of a packet of -T json."""
    found = {}

    def walk(item):
        for name, value in item.items():
            if name in FIELDS:
                found.setdefault(name, []).extend(value if isinstance(value, list) else [value])
            for inner in value if isinstance(value, list) else [value]:
                if isinstance(inner, dict):
                    walk(inner)
    walk(layers)
    return {name: ",".join(map(str, values)) for name, values in found.items()}


def read_json():
    printed = tshark.tshark("-2", "-r", all_in_one(), "-Y", "tcp.abort.cause", "-T", "json",
                            "--no-duplicate-keys", "-j", "frame tcp.abort")
    packets = (packet["_source"]["layers"] for packet in json.loads(printed))
    return {int(layers["frame"]["frame.number"]): of_json(layers) for layers in packets}


def read_ek():
    """Newline-delimited JSON with underscores for dots."""
    printed = tshark.tshark("-2", "-r", all_in_one(), "-Y", "tcp.abort.cause", "-T", "ek")
    names = {f"tcp_abort_{field.replace('.', '_')}": field for field in FIELDS}
    found = {}
    for line in printed.splitlines():
        layers = json.loads(line).get("layers")
        if layers:
            renamed = {names[name]: value for name, value in layers.items() if name in names}
            found[int(layers["frame"]["frame_frame_number"])] = of_json(renamed)
    return found


def read_text():
    """-V: frame to cause and detail, as the tree shows them."""
    printed = tshark.tshark("-2", "-r", all_in_one(), "-Y", "tcp.abort.cause", "-V")
    found, frame = {}, None
    for line in printed.splitlines():
        start = re.match(r"Frame (\d+):", line)
        item = re.match(r" +\[(Cause|Detail): (\w+)\]", line)
        if start:
            frame = found.setdefault(int(start[1]), {})
        elif item:
            name = f"tcp.abort.{item[1].lower()}.name"
            frame[name] = ",".join(filter(None, [frame.get(name), item[2]]))
    return found


def only(table, fields):
    return {frame: {field: row[field] for field in fields if field in row}
            for frame, row in table.items()}


class Parity(unittest.TestCase):
    maxDiff = 4000

    def compare(self, found, wanted):
        self.assertGreater(len(wanted), 500)
        wrong = [f"frame {frame}: {found.get(frame)}, not {wanted.get(frame)}"
                 for frame in sorted(found.keys() | wanted.keys())
                 if found.get(frame) != wanted.get(frame)]
        if wrong:
            self.fail(f"{len(wrong)} of {len(wanted)} differ\n" + "\n".join(wrong[:10]))
        print(f"{self.id().split('.')[-1]}: {len(wanted)} verdicts of {len(every_capture())} "
              "captures agree")

    def test_one_pass_differs_only_where_it_says_so(self):
        """Of ends without a reset only what follows tells.  Elsewhere it has to be rare that one
        pass spoke too early."""
        found, provisional = once()
        resets = {int(row[NUMBER]) for row in tshark.rows(
            all_in_one(), [NUMBER], display="tcp.flags.reset == 1", two_pass=False)}
        wanted = {frame: row for frame, row in measure().items()
                  if frame in resets or frame in found}
        other = {frame for frame in provisional if found[frame] != wanted.get(frame)}
        self.compare({frame: row for frame, row in found.items() if frame not in other},
                     {frame: row for frame, row in wanted.items() if frame not in other})
        print(f"  {len(other)} provisional ones do not, {len(other - resets)} of them on FINs; "
              f"{len(measure()) - len(wanted)} are known at the end only")
        self.assertLess(len(other & resets), len(wanted) / 10)

    def test_without_a_display_filter(self):
        rows = tshark.rows(all_in_one(), [NUMBER, *FIELDS], display="frame", joint=",")
        self.compare({frame: row for frame, row in as_table(rows).items() if row}, measure())

    def test_two_passes_with_a_read_filter(self):
        rows = tshark.rows(all_in_one(), [NUMBER, *FIELDS], "-R", "frame.number > 0", joint=",")
        self.compare(as_table(rows), measure())

    def test_json(self):
        self.compare(only(read_json(), [f for f in FIELDS if "confidence" not in f]),
                     only(measure(), [f for f in FIELDS if "confidence" not in f]))

    def test_ek(self):
        self.compare(read_ek(), measure())

    def test_text(self):
        words = ["tcp.abort.cause.name", "tcp.abort.detail.name"]
        self.compare(only(read_text(), words), only(measure(), words))

    def test_the_core_alone(self):
        """It has no stream of its own for each capture."""
        found = native.rows([all_in_one()])[all_in_one()]
        confidence = {word: number for number, word in tshark.words("tcp.abort.confidence").items()}
        for row in found.values():
            row["tcp.abort.confidence"] = confidence[row["tcp.abort.confidence"]]
        self.compare({frame: {field: row[field] for field in FIELDS if row[field]}
                      for frame, row in found.items()}, measure())

    def test_a_session_that_is_reset(self):
        """-M: after so many frames it is as if the file began again."""
        capture, _ = rendering.everything()
        count = sum(1 for _ in wrapping.frames_of(capture))
        twice = tshark.workplace() / "twice.pcap"
        data = capture.read_bytes()
        twice.write_bytes(data + data[24:])
        twice.chmod(0o644)
        rows = tshark.rows(twice, [NUMBER, *FIELDS], "-M", count, two_pass=False, joint=",",
                           complaint="resetting session.")
        half = len(rows) // 2
        self.assertEqual(as_table(rows[:half]), as_table(rows[half:]))
        self.compare(as_table(rows[:half]), as_table(
            tshark.rows(capture, [NUMBER, *FIELDS], two_pass=False, joint=",")))

    def test_rawshark(self):
        if not shutil.which("rawshark"):
            self.skipTest("rawshark is not installed")
        capture, _ = rendering.everything()
        fields = [argument for field in FIELDS for argument in ("-F", field)]
        done = tshark.run("rawshark", "-s", "-r", "-", "-d", "encap:1", "-n", *fields, text=False,
                          input=capture.read_bytes())
        self.assertEqual(done.returncode, 0, done.stderr)
        found = {}
        for line in done.stdout.decode().splitlines():
            number, _, rest = line.partition(" ")
            values = dict(re.findall(r'(\d+)="([^"]*)"', rest))
            if number.isdigit() and values:
                found[int(number)] = {FIELDS[int(key)]: value for key, value in values.items()}
        self.compare(only(found, FIELDS[:2]), only(as_table(
            tshark.rows(capture, [NUMBER, *FIELDS], two_pass=False, joint=",")), FIELDS[:2]))

    def test_sharkd(self):
        """All in one, and once more after a tap has read the frames again."""
        columns = {f"column{number}": f"{field}:0" for number, field in enumerate(FIELDS)}
        answers = tshark.sharkd([("load", {"file": str(all_in_one())}), ("frames", columns),
                                 ("tap", {"tap0": "conv:TCP"}), ("frames", columns)])
        confidence = tshark.words("tcp.abort.confidence")
        wanted = {frame: row | {"tcp.abort.confidence": ",".join(
            confidence[number] for number in row["tcp.abort.confidence"].split(","))}
            for frame, row in measure().items()}
        for frames in (answers[1], answers[3]):
            self.compare({frame["num"]: {field: value for field, value in zip(FIELDS, frame["c"])
                                         if value} for frame in frames if any(frame["c"])}, wanted)


@functools.lru_cache(None)
def alone():
    """Each capture by itself: frame to its fields, those of the core's rows."""
    fields = [field for field in native.fields() if field not in STREAMS]
    rows = tshark.in_parallel(lambda capture: tshark.rows(capture, fields), apart())
    return {capture: {int(row[NUMBER]): tshark.in_words(row) for row in found}
            for capture, found in zip(apart(), rows)}


@functools.lru_cache(None)
def apart():
    """All captures, and those of corpora without labels."""
    return list(dict.fromkeys(every_capture() + [
        tshark.readable(path) for path in sorted(labels.corpora().glob("*/*.pcap*"))]))


class Apart(unittest.TestCase):
    """Each capture by itself; one process reads many: nothing is left over from the one before."""
    maxDiff = 4000

    def test_sharkd_and_tshark_agree(self):
        for capture, said in zip(every_capture(), tshark.sharkd_verdicts(every_capture(), FIELDS)):
            wanted = {frame: {field: row[field].replace(" ", ",") for field in FIELDS if row[field]}
                      for frame, row in alone()[capture].items()}
            with self.subTest(capture.name):
                self.assertEqual({frame: {field: value for field, value in row.items() if value}
                                  for frame, row in said.items()}, wanted)

    def test_the_core_alone_agrees(self):
        """What it is told by a reader of captures is what Wireshark's dissection tells it."""
        said = native.rows(apart())
        for capture, rows in said.items():
            for row in rows.values():
                for number in STREAMS:
                    del row[number]
            with self.subTest(capture.name):
                self.assertEqual(rows, alone()[capture])
        count = sum(map(len, said.values()))
        self.assertGreater(count, 500)
        print(f"the core alone: {count} rulings on {len(said)} captures agree")


if __name__ == "__main__":
    unittest.main()
