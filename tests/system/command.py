#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The command tcp-abort, installed: what it prints, what it reads, what it says of what it cannot."""
import bz2
import gzip
import hashlib
import json
import lzma
import os
import pathlib
import re
import signal
import subprocess
import time
import unittest

import places

import derived
import rendering
from drive import tshark

SEVERAL = tshark.TOP / "captures" / "several.pcap"
CLEAN = tshark.TOP / "captures" / "clean-fin.pcap"
HARMLESS = re.compile(r"(?m)^frame .*, harmless.*\n((?:    .*\n)*)")


def command(**variables):
    """Its words and what subprocess.run needs besides."""
    program = derived.installation() / "bin" / "tcp-abort"
    environment = {**os.environ, "WIRESHARK_PLUGIN_DIR": str(tshark.plugins()), **variables}
    preload = environment.get("TCP_ABORT_PRELOAD")
    if preload:
        environment.update(LD_PRELOAD=preload, ASAN_OPTIONS="detect_leaks=0",
                           WIRESHARK_DEBUG_WMEM_OVERRIDE="simple")
    return [program], {"env": environment, "cwd": tshark.workplace(), "text": True,
                       "encoding": "utf-8"}


def tell(*arguments, status=0, complaint="", **options):
    """What it prints."""
    words, how = command()
    done = subprocess.run([*words, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False, **{"stdin": subprocess.DEVNULL, **how, **options})
    if done.returncode != status or not re.fullmatch(complaint, done.stderr.strip(), re.S):
        raise AssertionError(f"status {done.returncode}\n{done.stderr}\n{done.stdout}")
    return done.stdout


class Text(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.text = tell(SEVERAL)

    def test_it_explains_what_tshark_finds(self):
        rows = tshark.rows(SEVERAL, ["frame.number", "frame.time_relative", "tcp.stream",
                                     "tcp.abort.cause.name", "tcp.abort.repeat_of"])
        wanted = [(row["frame.number"], f"{float(row['frame.time_relative']):.6f}",
                   row["tcp.stream"], row["tcp.abort.cause.name"])
                  for row in rows if not row["tcp.abort.repeat_of"]]
        self.assertEqual(re.findall(r"(?m)^frame (\d+)  (\S+) s  stream (\d+)  (\w+)", self.text),
                         wanted)
        self.assertIn(f"\n{len(wanted)} aborts ({len(rows) - len(wanted)} more RSTs repeat them): "
                      "refused 2, ", self.text)

    def test_what_was_observed_and_what_to_do(self):
        self.assertRegex(self.text, r"(?m)^    - The server had sent its FIN in frame 24, ")
        self.assertRegex(self.text, r"(?m)^    next: What happened to the process behind ")
        self.assertRegex(self.text, r"(?m)^    fits as well: abort or early_close, but a program ")
        prose = [line for line in self.text.splitlines() if not line.startswith("    next: ")]
        self.assertLess(max(map(len, prose[:-1])), 99)

    def test_advice_is_given_once(self):
        told = re.findall(r"(?m)^    next: (.*)", tell(rendering.everything()[0]))
        repeated = [text for text in told if re.fullmatch(r"as for frame \d+", text)]
        self.assertGreater(len(repeated), 10)
        self.assertEqual(len(set(told) - set(repeated)), len(told) - len(repeated))

    def test_of_what_is_harmless_it_tells_more_when_asked(self):
        self.assertEqual(len(HARMLESS.findall(self.text)), 2)
        self.assertFalse(any("    - " in part for part in HARMLESS.findall(self.text)))
        asked = HARMLESS.findall(tell("--harmless", SEVERAL))
        self.assertTrue(all("    - " in part for part in asked))

    def test_no_abort(self):
        self.assertEqual(tell(CLEAN), "No TCP connection in this capture was aborted.\n")

    def test_a_filter(self):
        self.assertTrue(tell("--filter", "tcp.abort.cause==stale_reuse || udp", SEVERAL)
                        .endswith("\n\n1 abort: stale_reuse 1\n"))
        complaint = tell("--filter", "tcp.abort.cause==", SEVERAL, status=2,
                         complaint="tcp-abort: .*several.pcap: .*")
        self.assertEqual(complaint, "")

    def test_colours_are_for_terminals(self):
        self.assertNotIn("\033", self.text)
        for arguments, coloured in (([], True), (["--no-color"], False)):
            ours, its = os.openpty()
            words, how = command(TERM="xterm")
            how["env"].pop("NO_COLOR", None)
            done = subprocess.Popen([*words, *arguments, CLEAN.with_name("linger0-client.pcap")],
                                    stdout=its, **how)
            done.wait()
            printed = os.read(ours, 1 << 16)
            self.assertEqual(b"\033[2mfast_close" in printed, coloured, printed)
            os.close(ours)
            os.close(its)


class Ways(unittest.TestCase):
    def test_json(self):
        documents = [json.loads(line) for line in tell("--json", SEVERAL, CLEAN).splitlines()]
        self.assertEqual(len(documents), 8)
        self.assertEqual({document["file"] for document in documents}, {str(SEVERAL)})
        crash = documents[1]["layers"]
        self.assertEqual(crash["tcp_abort_tcp_abort_cause_name"], "crash")
        self.assertEqual(crash["frame"]["frame_frame_number"], 25)
        self.assertEqual(documents[1]["repeats"], 2)

    def test_report(self):
        wanted = tshark.tshark("-2", "-q", "-r", tshark.readable(SEVERAL), "-z",
                               "tcp_abort,report,tcp.stream==1")
        title, _, subject, digest, rest = tell("--report", "--filter", "tcp.stream==1",
                                               SEVERAL).split("\n", 4)
        self.assertEqual(f"{title}\n{rest}", wanted)
        self.assertRegex(subject, r"^Of `.*several\.pcap`, 102 frames, from 2026-11-22 08:28:48\.")
        self.assertIn(hashlib.sha256(SEVERAL.read_bytes()).hexdigest(), digest)

    def test_bulk(self):
        output = tshark.workplace() / "aborts"
        tell("bulk", "-o", output, SEVERAL,
             complaint=".*aborts.ndjson, incidents.ndjson, problems.ndjson, summary.md")
        wanted = [json.loads(line) for line in tell("--json", SEVERAL).splitlines()]
        for document in wanted:
            document["file"] = SEVERAL.name
            del document["layers"]["frame"]["frame_frame_time_relative"]
        found = [json.loads(line) for line in (output / "aborts.ndjson").read_text().splitlines()]
        self.assertEqual(found, wanted)

    def test_nothing_is_written_where_it_is_installed(self):
        tell(CLEAN)
        self.assertEqual(list(derived.installation().rglob("__pycache__")), [])


class Captures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.wanted = tell(SEVERAL)

    def test_several(self):
        self.assertEqual(tell(SEVERAL, CLEAN),
                         f"== {SEVERAL}\n\n{self.wanted}\n== {CLEAN}\n\n{tell(CLEAN)}")

    def test_compressed(self):
        for suffix, compress in (("gz", gzip.compress), ("bz2", bz2.compress),
                                 ("xz", lzma.compress)):
            with self.subTest(suffix):
                path = tshark.workplace() / f"packed.pcap.{suffix}"
                path.write_bytes(compress(SEVERAL.read_bytes()))
                self.assertEqual(tell(path), self.wanted)
                with open(path, "rb") as file:
                    self.assertEqual(tell("-", stdin=file), self.wanted)
        path.write_bytes(lzma.compress(SEVERAL.read_bytes())[:-40])
        tell(path, status=2, complaint="tcp-abort: .*packed.pcap.xz: cannot be unpacked: .*")

    def test_a_pipe_that_is_interrupted(self):
        """As by Ctrl-C, after tcpdump on another machine has sent what there is so far."""
        words, how = command()
        started = subprocess.Popen([*words, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   **{**how, "text": False, "encoding": None})
        started.stdin.write(SEVERAL.read_bytes())
        started.stdin.flush()
        deadline = time.monotonic() + 20
        while not list(self.spooled(started.pid)) and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(0.3)
        started.send_signal(signal.SIGINT)
        self.assertEqual(started.communicate()[0].decode(), self.wanted)

    @staticmethod
    def spooled(process):
        """What the process has written of standard input."""
        for link in pathlib.Path(f"/proc/{process}/fd").iterdir():
            if link.is_symlink() and os.readlink(link).endswith("/standard-input"):
                yield link

    def test_not_one(self):
        empty, damaged = tshark.workplace() / "empty.pcap", tshark.workplace() / "damaged.pcap"
        empty.touch()
        damaged.write_bytes(SEVERAL.read_bytes()[:-100])
        said = tell("/no/such", tshark.workplace(), empty, CLEAN, status=2,
                    complaint="tcp-abort: /no/such: No such file or directory\n"
                              "tcp-abort: \\S+: a folder: tcp-abort bulk .*\n"
                              "tcp-abort: \\S+: an empty file")
        self.assertEqual(said, f"== {CLEAN}\n\nNo TCP connection in this capture was aborted.\n")
        said = tell(damaged, status=2, complaint="tcp-abort: .*damaged.pcap: .*cut short.*")
        self.assertIn("keepalive_timeout", said)

    def test_no_plugin(self):
        words, how = command(WIRESHARK_PLUGIN_DIR=str(tshark.workplace()))
        tell(SEVERAL, status=2, env=how["env"], complaint=".*does not load the plugin.*")


class Documented(unittest.TestCase):
    page = derived.installation() / "share" / "man" / "man1" / "tcp-abort.1"
    completion = derived.installation() / "share" / "bash-completion" / "completions" / "tcp-abort"

    def test_the_page_is_well_formed(self):
        done = subprocess.run(["mandoc", "-Tlint", self.page], stdout=subprocess.PIPE, text=True,
                              stderr=subprocess.STDOUT, check=False)
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_every_option_stands_in_the_page_and_is_completed(self):
        page = self.page.read_text().replace("\\-", "-")
        parts = page.partition(".SS Of tcp-abort bulk")
        for words, part in (([], parts[0]), (["bulk"], parts[2])):
            options = set(re.findall(r"--[a-z-]+", tell(*words, "--help")))
            self.assertGreater(len(options), 6)
            completed = self.complete("tcp-abort", *words, "--")
            self.assertEqual(set(completed), options)
            self.assertEqual(options - {"--help"},
                             set(re.findall(r"(?m)^\.TP\n\.B.*?(--[a-z-]+)", part)) - {"--help"})

    def complete(self, *words):
        script = (f'source "{self.completion}"; COMP_WORDS=({" ".join(words)}); '
                  f'COMP_CWORD={len(words) - 1}; _tcp_abort; echo "${{COMPREPLY[@]}}"')
        return subprocess.run(["bash", "-euc", script], check=True, stdout=subprocess.PIPE,
                              text=True).stdout.split()


if __name__ == "__main__":
    unittest.main()
