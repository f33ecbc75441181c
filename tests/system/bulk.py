#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""packaging/bulk: many captures in, one line of JSON per abort out, wherever they are judged.

`bulk.py --measure FOLDER` compares one, two and four processes and two hosts over that folder and
prints the time of each.  The hosts are SSH servers (dropbear) in a network namespace, each with
mounts of its own: they see neither the captures nor what is written here.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

import places

from drive import tshark

CAPTURES = tshark.TOP / "captures"
SEVERAL = CAPTURES / "several.pcap"
SOME = ["several", "backscatter", "clean-fin", "keepalive-client-ipv6", "close-unanswered",
        "forged-burst", "overflow-aborted", "idle-nat", "midstream-lone-reset"]
WORDS = ["confidence", "by", "form"]  # tshark does not print theirs
HOSTILE = [b" two words .pcap", b"-r.pcap", b"new\nline.pcap", b"not-utf8-\xff\xfe.pcap",
           b"$(touch evil)`touch evil`.pcap", b"'\"{}*;&|<img src=x>.pcap", "名字.pcap".encode()]
HOSTS = ["127.0.0.2", "127.0.0.3"]
# $0: propagation of mounts, $1: workplace, $2: the module's folder, $3: that of installed plugins, $4: the captures; then a
# command.
NAMESPACE = r"""
work=$1 plugins=$2 installed=$3 captures=$4
shift 4
ip link set lo up
ssh-keygen -q -t ed25519 -N '' -f "$work/key"
for host in 2 3; do
    home=$work/127.0.0.$host
    mkdir -p "$home/.ssh"
    cp "$work/key.pub" "$home/.ssh/authorized_keys"
    chmod -R go= "$home"
    dropbearkey -t ed25519 -f "$home/hostkey" >/dev/null 2>&1
    sed 's|^root:.*|root:x:0:0::/mnt:/bin/sh|' /etc/passwd >"$home/passwd"
    unshare --mount --propagation "$0" sh -euc '
        mount --bind "$1" /mnt
        mount --bind "$1/passwd" /etc/passwd
        mount --bind "$2" "$3"
        mount -t tmpfs tmpfs "$4"
        mount -t tmpfs -o mode=1777 tmpfs "$(dirname "$6")"
        exec dropbear -F -s -E -r /mnt/hostkey -p "127.0.0.$5:22"' \
        sh "$home" "$plugins" "$installed" "$captures" $host "$work" 2>"$work/log.$host" &
done
for _ in $(seq 100); do
    [ "$(cat "$work"/log.* | grep -c 'Not backgrounding')" -eq 2 ] && break
    sleep 0.1
done
"$@"
"""
SSH_CONFIG = """Host *
IdentityFile {0}/key
IdentitiesOnly yes
UserKnownHostsFile {0}/known_hosts
StrictHostKeyChecking accept-new
User root
LogLevel ERROR
"""


def wrapper():
    """A tshark with the sanitizer's runtime, when the plugin needs it."""
    preload = os.environ.get("TCP_ABORT_PRELOAD")
    folder = tshark.workplace() / "bin"
    if preload and not folder.exists():
        folder.mkdir()
        program = folder / "tshark"
        program.write_text(f'#!/bin/sh\nASAN_OPTIONS=detect_leaks=0 WIRESHARK_DEBUG_WMEM_OVERRIDE='
                           f'simple LD_PRELOAD={preload} exec /usr/bin/tshark "$@"\n')
        program.chmod(0o755)
    return folder


def environment():
    return {**os.environ, "PATH": f"{wrapper()}:{os.environ['PATH']}", "TZ": "UTC",
            "WIRESHARK_PLUGIN_DIR": str(tshark.plugins())}


def bulk(output, *arguments, before=(), status=0, variables=None):
    """Runs it; what it said on stderr."""
    done = subprocess.run([*before, tshark.TOP / "packaging" / "bulk", "-o", output, *arguments],
                          env={**environment(), **(variables or {})}, cwd=tshark.workplace(),
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False)
    said = done.stderr.decode(errors="backslashreplace")
    if done.returncode != status or done.stdout:
        raise AssertionError(f"status {done.returncode}, not {status}\n{said}{done.stdout}")
    return said


def over_ssh(output, captures, *arguments):
    """Runs it in a namespace with two hosts."""
    work = pathlib.Path(tempfile.mkdtemp(dir=tshark.workplace()))
    (work / "ssh_config").write_text(SSH_CONFIG.format(work))
    folders = subprocess.run(["tshark", "-G", "folders"], check=True, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    installed = re.search(r"^Global Plugins:\s+(\S+)", folders, re.M).group(1)
    # In a chroot that is no mount point, / has no propagation to change.
    whole = subprocess.run(["mountpoint", "-q", "/"], check=False).returncode == 0
    propagation = "private" if whole else "unchanged"
    before = ["unshare", "--net", "--mount", "--propagation", propagation, "--pid", "--fork",
              "--mount-proc", "--kill-child", "sh", "-euc", NAMESPACE, propagation, work,
              tshark.module().parent.parent, installed, captures]
    hosts = [word for host in HOSTS for word in ("--host", f"1/{host}")]
    return bulk(output, *hosts, *arguments, captures, before=before,
                variables={"PARALLEL_SSH": f"ssh -F {work / 'ssh_config'}"})


def why_no_hosts():
    """What is missing to have hosts, or None."""
    if os.geteuid() != 0:
        return "namespaces need root"
    if os.environ.get("TCP_ABORT_PRELOAD"):
        return "the hosts have no sanitizer"
    missing = [program for program in ("dropbear", "ssh", "rsync", "ip")
               if not shutil.which(program)]
    return f"not installed: {', '.join(missing)}" if missing else None


def folder(name):
    made = tshark.workplace() / name
    made.mkdir()
    return made


def some():
    """A folder of captures."""
    made = tshark.workplace() / "some"
    if not made.exists():
        (made / "below").mkdir(parents=True)
        for name in SOME:
            shutil.copy(CAPTURES / f"{name}.pcap", made / "below")
        shutil.copy(SEVERAL, made)
        (made / "notes.txt").write_text("no capture")
    return made


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def results(output):
    return {name: (output / name).read_bytes()
            for name in ("aborts.ndjson", "problems.ndjson", "summary.md")}


def ek(field):
    """What -T ek calls a field of ours."""
    return "tcp_abort_" + field.replace(".", "_")


def fields():
    """Each field of ours and its type."""
    printed = tshark.run("tshark", "-G", "fields").stdout
    return {parts[2]: parts[3] for parts in (line.split("\t") for line in printed.splitlines())
            if parts[0] == "F" and parts[2].startswith("tcp.abort.") and parts[3] != "FT_NONE"}


def leaves(value, path=()):
    """Every name of a document, with where it stands."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        yield from leaves(value[0], path)
    else:
        yield path


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


class Ring(unittest.TestCase):
    """A ring of 15 files against the capture that it was cut from."""
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.place = folder("ring")
        subprocess.run(["editcap", "-c", "7", tshark.readable(SEVERAL), cls.place / "cap.pcapng"],
                       check=True)
        cls.names = sorted(path.name for path in cls.place.iterdir())
        alone = tshark.workplace() / "alone"
        bulk(alone, SEVERAL)
        cls.alone = lines(alone / "aborts.ndjson")

    def numbered(self, document):
        """As it would be of the whole capture: 7 frames are in each file."""
        def whole(frame, name):
            return 7 * self.names.index(name) + int(frame)

        def mention(found):
            first = whole(found[2], found[3] or home)
            return found[1] + str(first) + (
                f" to {whole(found[4], found[5] or home)}" if found[4] else "")

        home, layers = document["file"], document["layers"]
        pattern = (r"\b([Ff]rames? )(\d+)(?: of (cap_\d+_\d+\.pcapng))?"
                   r"(?: to (\d+)(?: of (cap_\d+_\d+\.pcapng))?)?")
        for name, value in layers.items():
            if isinstance(value, str):
                layers[name] = re.sub(pattern, mention, value)
            elif name.endswith("_evidence"):
                layers[name] = [re.sub(pattern, mention, text) for text in value]
        proof = ek("tcp.abort.proof")
        for name in {ek(field) for field, kind in fields().items() if kind == "FT_FRAMENUM"}:
            if name != proof and name in layers:
                layers[name] = layers[name] and whole(layers[name], home)
        layers[proof] = [whole(frame, home) for frame in layers[proof]]
        for link in document["elsewhere"]:
            frame = whole(link["frame"], link["file"])
            if link["field"] == proof:
                layers[proof] = sorted([*layers[proof], frame])
            else:
                layers[link["field"]] = frame
        layers["frame"]["frame_frame_number"] = whole(layers["frame"]["frame_frame_number"], home)
        return {**document, "file": "several.pcap", "elsewhere": []}

    def test_equals_the_whole_capture(self):
        sizes = {"whole": (), "in chunks": ("--chunk", "0.003", "--around", "15")}
        for name, arguments in sizes.items():
            with self.subTest(name):
                output = tshark.workplace() / f"ring {name}"
                bulk(output, "--ring", *arguments, self.place)
                aborts = lines(output / "aborts.ndjson")
                self.assertTrue([document for document in aborts if document["elsewhere"]])
                self.assertEqual(list(map(self.numbered, aborts)), self.alone)

    def test_one_neighbour_on_either_side_finds_each_abort_once(self):
        output = tshark.workplace() / "ring-neighbours"
        bulk(output, "--ring", "--chunk", "0.003", self.place)
        self.assertEqual([self.numbered(document)["layers"]["frame"]
                          for document in lines(output / "aborts.ndjson")],
                         [document["layers"]["frame"] for document in self.alone])

    def test_says_what_is_lost_without(self):
        output = tshark.workplace() / "ring-apart"
        bulk(output, self.place)
        summary = (output / "summary.md").read_text(encoding="utf-8")
        self.assertRegex(summary, r"14 more are of one ring .*: 7 of their aborts end conversations")

    def test_a_broken_file_costs_only_what_it_held(self):
        place = folder("ring-broken")
        for name in self.names:
            shutil.copy(self.place / name, place)
        middle = place / self.names[7]
        middle.write_bytes(middle.read_bytes()[:-20])
        output = tshark.workplace() / "ring-broken-output"
        bulk(output, "--ring", place, status=2)
        problem, = lines(output / "problems.ndjson")
        self.assertEqual(problem["file"], self.names[7])
        self.assertEqual(len(lines(output / "aborts.ndjson")), len(self.alone))


class Databases(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.output = tshark.workplace() / "databases"
        bulk(cls.output, "--elastic", "aborts", some())
        cls.aborts = lines(cls.output / "aborts.ndjson")

    def test_bulk_format_fits_the_template(self):
        template = json.loads((self.output / "aborts.template.json").read_text(encoding="utf-8"))
        self.assertEqual(template["index_patterns"], ["aborts*"])
        mappings = template["template"]["mappings"]
        rows = lines(self.output / "aborts.bulk")
        self.assertEqual(rows[1::2], self.aborts)
        for action in rows[::2]:
            self.assertEqual(list(action), ["index"])
            self.assertEqual(action["index"]["_index"], "aborts")
        self.assertEqual(len({action["index"]["_id"] for action in rows[::2]}), len(self.aborts))
        types = {"long": int, "integer": int, "short": int, "double": float, "boolean": bool,
                 "keyword": str, "text": str, "ip": str, "date": str, "date_nanos": str}
        for document in self.aborts:
            for path in leaves(document):
                known, value = mappings, document
                for name in path:
                    known = known["properties"].get(name)
                    self.assertIsNotNone(known, f"{path} is not in the template")
                    value = value[0] if isinstance(value, list) else value
                    value = value[name]
                value = value[0] if isinstance(value, list) and value else value
                if value not in (None, []):
                    self.assertIsInstance(value, types[known["type"]], path)

    def test_sqlite(self):
        script = (tshark.TOP / "packaging" / "bulk.d" / "bulk.sql").read_text(encoding="utf-8")
        done = subprocess.run(["sqlite3", "-bail", "aborts.db"], input=script, cwd=self.output,
                              encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              check=True)
        for question in re.findall(r"^\.print (.*)$", script, re.M):
            answer = done.stdout.split(question)[1]
            self.assertIn("198.51.100.20:", answer.splitlines()[4])
        count = subprocess.run(["sqlite3", "aborts.db", "select count(*), sum(harmless) from abort"],
                               cwd=self.output, text=True, stdout=subprocess.PIPE, check=True)
        harmless = sum(document["layers"]["tcp_abort_tcp_abort_harmless"]
                       for document in self.aborts)
        self.assertEqual(count.stdout.strip(), f"{len(self.aborts)}|{harmless}")

    def test_summary_counts_what_the_lines_say(self):
        summary = (self.output / "summary.md").read_text(encoding="utf-8")
        harmful = [document for document in self.aborts
                   if not document["layers"]["tcp_abort_tcp_abort_harmless"]]
        self.assertIn(f"{len(SOME) + 1} captures, 0 problems. {len(self.aborts)} aborts, "
                      f"{len(harmful)} of them harmful", summary)
        self.assertIn("1 other files were left out", summary)
        for title in ("Servers", "Clients", "Captures", "Timeline"):
            rows = re.findall(r"^\| .*? \| (\d+) \|",
                              summary.split(f"## {title}")[1].split("##")[0], re.M)
            self.assertEqual(sum(map(int, rows)), len(harmful), title)


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
    for needed in ("parallel", "sqlite3"):
        if not shutil.which(needed):
            tshark.fail(f"{needed} is not installed")
    unittest.main()
