#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""packaging/bulk: many captures in, one line of JSON per abort out, wherever they are judged.

`bulk.py --measure FOLDER` compares one, two and four processes and two hosts over that folder and
prints the time of each.
"""
import fcntl
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import unittest

import places

from bulking import (CAPTURES, SEVERAL, SOME, as_pcapng, bulk, ek, environment, fields, folder,
                     lines, over_ssh, results, some, why_no_hosts)
from drive import tshark

WORDS = ["confidence", "by", "form"]  # tshark does not print theirs
HOSTILE = [b" two words .pcap", b"-r.pcap", b"new\nline.pcap", b"not-utf8-\xff\xfe.pcap",
           b"$(touch evil)`touch evil`.pcap", b"'\"{}*;&|<img src=x>.pcap", "名字.pcap".encode()]


class Bulk(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.output = tshark.workplace() / "output"
        cls.said = bulk(cls.output, "--jobs", "2", "--elastic", "aborts", some())
        cls.aborts = lines(cls.output / "aborts.ndjson")

    def test_every_abort_is_a_line_and_repeats_are_counted(self):
        for path in sorted(some().rglob("*.pcap")):
            name = str(path.relative_to(some()))
            rows = tshark.rows(path, ["frame.number", "tcp.abort.repeat_of", "tcp.abort.cause",
                                      "tcp.abort.summary"])
            mine = [document for document in self.aborts if document["file"] == name]
            self.assertEqual(
                [(str(document["layers"]["frame"]["frame_frame_number"]),
                  str(document["layers"]["tcp_abort_tcp_abort_cause"]),
                  document["layers"]["tcp_abort_tcp_abort_summary"]) for document in mine],
                [(row["frame.number"], row["tcp.abort.cause"], row["tcp.abort.summary"])
                 for row in rows if not row["tcp.abort.repeat_of"]])
            self.assertEqual(sum(document["repeats"] for document in mine),
                             sum(1 for row in rows if row["tcp.abort.repeat_of"]))
        self.assertGreater(sum(document["repeats"] for document in self.aborts), 0)

    def test_every_abort_is_in_one_incident(self):
        told = [(incident["file"], frame) for incident in lines(self.output / "incidents.ndjson")
                for frame in incident["frames"]]
        self.assertEqual(sorted(told), sorted(
            (document["file"], document["layers"]["frame"]["frame_frame_number"])
            for document in self.aborts))

    def test_the_worst_incident_stands_first(self):
        summary = (self.output / "summary.md").read_text(encoding="utf-8")
        self.assertRegex(summary, r"the worst first\n\n.*\n.*\n\| crash \(killed\) \| "
                                  r"198\.51\.100\.20:80 \| 6 \| "
                                  r"below/legs-three-tunnels-server-killed\.pcap \| 76 to 85 \|")

    def test_names_and_values_are_those_of_tshark(self):
        printed = tshark.tshark("-2", "-r", SEVERAL, "-T", "ek",
                                "-Y", "tcp.abort.cause and !tcp.abort.repeat_of")
        theirs = [json.loads(line) for line in printed.splitlines()[1::2]]
        ours = [document for document in self.aborts if document["file"] == "several.pcap"]
        self.assertEqual(len(theirs), len(ours))
        for their, our in zip(theirs, ours):
            self.assertEqual(their["timestamp"], our["timestamp"])
            for layer in ("frame", "ip", "tcp"):
                for name, value in our["layers"][layer].items():
                    if name != "frame_frame_time":
                        self.assertEqual(str(value), their["layers"][layer][name])
            for name, value in our["layers"].items():
                said = their["layers"].get(name, False if name.endswith("_harmless") else None)
                if not name.startswith("tcp_abort") or re.search("(confidence|by|form)_name", name):
                    continue
                if isinstance(value, list):
                    said = said if isinstance(said, list) else [said] if said else []
                    self.assertEqual([str(item) for item in value], said)
                elif isinstance(value, float):
                    self.assertEqual(value, float(said))
                else:
                    self.assertEqual(value if isinstance(value, bool) or value is None
                                     else str(value), said, name)

    def test_every_field_is_there_or_left_out_on_purpose(self):
        ours = {name for name in self.aborts[0]["layers"] if name.startswith("tcp_abort_")}
        known = {ek(field): field for field in fields()}
        self.assertEqual({known[name] for name in known.keys() - ours},
                         {"tcp.abort.provisional", "tcp.abort.reset", "tcp.abort.stream.cause",
                          "tcp.abort.repeat_of"})
        self.assertEqual(ours - known.keys(), {ek(f"tcp.abort.{field}_name") for field in WORDS})

    def test_every_word_of_a_number_is_the_one_of_tshark(self):
        for field in WORDS:
            name = ek(f"tcp.abort.{field}")
            said = {str(document["layers"][name]): document["layers"][f"{name}_name"]
                    for document in self.aborts if document["layers"][name] is not None}
            self.assertEqual(said, tshark.words(f"tcp.abort.{field}"))

    def test_every_line_has_the_same_keys(self):
        shapes = {json.dumps([list(document), list(document["layers"])])
                  for document in self.aborts}
        self.assertEqual(len(shapes), 1)
        manual = (tshark.TOP / "packaging" / "bulk.d" / "BULK.md").read_text(encoding="utf-8")
        for name in (*self.aborts[0], *self.aborts[0]["layers"]):
            self.assertIn(f"`{name.removeprefix('tcp_abort_tcp_abort_')}`", manual)

    def test_times_and_endpoints(self):
        document = self.aborts[-1]
        self.assertEqual(document["file"], "several.pcap")
        self.assertEqual(document["client"], "192.0.2.10:51314")
        self.assertEqual(document["server"], "198.51.100.20:80")
        self.assertEqual(document["layers"]["frame"]["frame_frame_time"],
                         "2026-11-22T08:28:54.374491000Z")
        six = next(document for document in self.aborts if "ipv6" in document["file"])
        self.assertTrue(six["client"].startswith("[2001:db8:1::10]:"))
        self.assertEqual(six["layers"]["ipv6"]["ipv6_ipv6_src"], "2001:db8:1::10")

    def test_same_output_for_any_number_of_processes_and_hosts(self):
        for jobs in ("1", "4"):
            output = tshark.workplace() / f"jobs{jobs}"
            bulk(output, "--jobs", jobs, some())
            self.assertEqual(results(output), results(self.output))

    @unittest.skipIf(why_no_hosts(), why_no_hosts())
    def test_same_output_from_two_hosts(self):
        output = tshark.workplace() / "hosts"
        over_ssh(output, some())
        self.assertEqual(results(output), results(self.output))

    def test_hostile_names(self):
        place = folder("hostile")
        for name in HOSTILE:
            shutil.copy(SEVERAL, os.path.join(os.fsencode(place), name))
        output = tshark.workplace() / "hostile-output"
        bulk(output, place)
        count = sum(document["file"] == "several.pcap" for document in self.aborts)
        aborts = lines(output / "aborts.ndjson")
        for name in HOSTILE:
            shown = name.decode("utf-8", "backslashreplace")
            self.assertEqual(sum(document["file"] == shown for document in aborts), count, shown)
        self.assertFalse(list(tshark.workplace().rglob("evil")))
        self.assertNotIn("<img", (output / "summary.md").read_text(encoding="utf-8"))

    @unittest.skipIf(why_no_hosts(), why_no_hosts())
    def test_hostile_names_over_ssh(self):
        place = folder("hostile-ssh")
        for name in HOSTILE:
            shutil.copy(CAPTURES / "close-unanswered.pcap", os.path.join(os.fsencode(place), name))
        here, there = (tshark.workplace() / f"hostile-{name}" for name in ("here", "there"))
        bulk(here, place)
        over_ssh(there, place)
        self.assertEqual(results(there), results(here))

    def test_broken_captures_are_reported_and_what_can_be_read_is_kept(self):
        place = folder("broken")
        whole = SEVERAL.read_bytes()
        (place / "cut.pcap").write_bytes(whole[:-1000])
        (place / "empty.pcap").write_bytes(b"")
        (place / "garbage.pcap").write_bytes(b"no capture at all" * 10)
        (place / "whole.pcap").write_bytes(whole)
        output = tshark.workplace() / "broken-output"
        said = bulk(output, place, status=2)
        problems = {problem["file"]: problem for problem in lines(output / "problems.ndjson")}
        self.assertEqual(set(problems), {"cut.pcap", "empty.pcap", "garbage.pcap"})
        self.assertIn("cut short", problems["cut.pcap"]["message"])
        summary = (output / "summary.md").read_text(encoding="utf-8")
        for name, problem in problems.items():
            self.assertIn(f"bulk: {name}: {problem['message']}", said)
            self.assertNotIn("/", problem["message"].replace("file/directory", ""))
            self.assertIn(f"| {name} |", summary)
        files = [document["file"] for document in lines(output / "aborts.ndjson")]
        self.assertGreater(files.count("cut.pcap"), 3)
        self.assertGreater(files.count("whole.pcap"), files.count("cut.pcap") - 1)

    def test_goes_on_where_it_was_interrupted(self):
        place = folder("growing")
        for name in SOME[:3]:
            shutil.copy(CAPTURES / f"{name}.pcap", place)
        output = tshark.workplace() / "growing-output"
        bulk(output, place)
        before = results(output)
        parts = {part.name: part.stat().st_mtime_ns for part in (output / "parts").iterdir()}
        self.assertEqual(len(parts), 3)
        (output / "parts" / min(parts)).unlink()
        self.assertIn("2 of 3 done, 0 new", bulk(output, place))
        self.assertEqual(results(output), before)
        now = {part.name: part.stat().st_mtime_ns for part in (output / "parts").iterdir()}
        self.assertEqual([name for name in parts if now.get(name) != parts[name]], [min(parts)])
        shutil.copy(CAPTURES / "overflow-aborted.pcap", place)
        os.utime(place / "several.pcap", (1, 1))
        self.assertIn("2 of 4 done", bulk(output, place))
        self.assertEqual(len(list((output / "parts").iterdir())), 4)

    def test_ends_at_once_when_told_to_and_keeps_what_is_done(self):
        output = tshark.workplace() / "interrupted"
        parts = output / "parts"
        with subprocess.Popen([tshark.TOP / "packaging" / "bulk", "-o", output, "-j", "1", some()],
                              env=environment(), stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True) as process:
            while not parts.exists() or not [part for part in parts.iterdir()
                                             if not part.suffix]:
                time.sleep(0.01)
                self.assertIsNone(process.poll())
            process.terminate()
            self.assertIn("goes on from here", process.communicate()[1])
        self.assertEqual(process.returncode, 130)
        self.assertEqual([path.name for path in output.iterdir()], ["parts"])
        kept = {part.name for part in parts.iterdir() if not part.suffix}
        self.assertLess(len(kept), len(SOME) + 1)
        times = {name: (parts / name).stat().st_mtime_ns for name in kept}
        bulk(output, some())
        self.assertEqual(results(output), results(self.output))
        self.assertEqual({name: (parts / name).stat().st_mtime_ns for name in kept}, times)

    def test_a_result_that_does_not_come_is_a_problem(self):
        output = tshark.workplace() / "lost-output"
        broken = folder("broken-bin")
        (broken / "python3").write_text('#!/bin/sh\ncase $* in */job.py*) exit 9;; esac\n'
                                        'exec /usr/bin/python3 "$@"\n')
        (broken / "python3").chmod(0o755)
        bulk(output, SEVERAL, status=2, variables={"PATH": f"{broken}:{environment()['PATH']}"})
        self.assertIn("run again", lines(output / "problems.ndjson")[0]["message"])
        bulk(output, SEVERAL)
        self.assertEqual((output / "problems.ndjson").read_bytes(), b"")

    def test_usage_errors(self):
        self.assertIn("no such file", bulk(tshark.workplace() / "x", "/no/such", status=1))
        self.assertIn("no captures", bulk(tshark.workplace() / "x", folder("nothing"), status=1))
        for arguments, complaint in ((("--jobs", "zero"), "invalid number value: 'zero'"),
                                     (("--jobs", "0"), "0 is less than 1"),
                                     (("--chunk", "-5"), "-5 is less than 0.001"),
                                     (("--around", "-1"), "-1 is less than 0"),
                                     (("--host", "no.such.host.invalid"), "--host no.such.host")):
            said = bulk(tshark.workplace() / "x", *arguments, SEVERAL, status=1)
            self.assertIn(complaint, said)
            self.assertNotIn("Traceback", said)
        self.assertIn("No such file or directory", bulk("/proc/x", SEVERAL, status=1))

    def test_two_runs_do_not_mix(self):
        output = tshark.workplace() / "locked"
        output.mkdir()
        with open(output / ".lock", "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.assertIn("another run writes there", bulk(output, SEVERAL, status=1))
        bulk(output, SEVERAL)

    def test_frames_without_a_time_or_of_an_odd_one(self):
        place = folder("odd")
        whole = SEVERAL.read_bytes()
        (place / "far.pcapng").write_bytes(as_pcapng(whole, year=12000))
        (place / "none.pcapng").write_bytes(as_pcapng(whole))
        (place / "whole.pcap").write_bytes(whole)
        output = tshark.workplace() / "odd-output"
        bulk(output, place)
        aborts = lines(output / "aborts.ndjson")
        self.assertEqual({document["file"] for document in aborts},
                         {"far.pcapng", "none.pcapng", "whole.pcap"})
        self.assertEqual({document["timestamp"] for document in aborts
                          if document["file"] == "far.pcapng"}, {None})


def measure(given):
    """The time of one, two and four processes and of two hosts; False if outputs differ."""
    place, seen = pathlib.Path(given).resolve(), []
    ways = [(f"{jobs} here", lambda output, jobs=jobs: bulk(output, "--jobs", str(jobs), place))
            for jobs in (1, 2, 4)]
    if why_no_hosts():
        print(f"two hosts: {why_no_hosts()}")
    else:
        ways.append(("two hosts", lambda output: over_ssh(output, place)))
    for name, run in ways:
        output = tshark.workplace() / f"measure {name}"
        begun = time.monotonic()
        run(output)
        took = time.monotonic() - begun
        seen.append(results(output))
        aborts = seen[-1]["aborts.ndjson"]
        same = "the first" if len(seen) == 1 else "same" if seen[-1] == seen[0] else "DIFFERENT"
        print(f"{name}: {took:.1f} s, {aborts.count(bytes([10]))} aborts, output {same}", flush=True)
    return all(one == seen[0] for one in seen)


if __name__ == "__main__":
    if "--measure" in sys.argv:
        sys.exit(not measure(sys.argv[-1]))
    unittest.main()
