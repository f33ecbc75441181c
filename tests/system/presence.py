#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The plugin is there, exports nothing it should not, and registers what it promises."""
import shutil
import subprocess
import unittest

import places

from drive import tshark

NUMBER, WORDS, FRAME, TEXT = "FT_UINT32", "FT_UINT8", "FT_FRAMENUM", "FT_STRING"
INTERVAL, TRUTH, NOTHING = "FT_RELATIVE_TIME", "FT_BOOLEAN", "FT_NONE"

# A promise to people's saved filters: a line may be added, none may change.
PROMISED = {
    "tcp.abort": NOTHING,
    "tcp.abort.cause": WORDS,
    "tcp.abort.cause.name": TEXT,
    "tcp.abort.detail": WORDS,
    "tcp.abort.detail.name": TEXT,
    "tcp.abort.confidence": WORDS,
    "tcp.abort.alternative": TEXT,
    "tcp.abort.objection": TEXT,
    "tcp.abort.summary": TEXT,
    "tcp.abort.by": WORDS,
    "tcp.abort.client": TEXT,
    "tcp.abort.server": TEXT,
    "tcp.abort.words": TEXT,
    "tcp.abort.form": WORDS,
    "tcp.abort.effective": TRUTH,
    "tcp.abort.harmless": TRUTH,
    "tcp.abort.trigger": FRAME,
    "tcp.abort.fin": FRAME,
    "tcp.abort.fin.peer": FRAME,
    "tcp.abort.syn": FRAME,
    "tcp.abort.retransmission.first": FRAME,
    "tcp.abort.retransmission.last": FRAME,
    "tcp.abort.retransmission.count": NUMBER,
    "tcp.abort.probe.first": FRAME,
    "tcp.abort.probe.last": FRAME,
    "tcp.abort.probe.count": NUMBER,
    "tcp.abort.repeat_of": FRAME,
    "tcp.abort.killed_by": FRAME,
    "tcp.abort.proof": FRAME,
    "tcp.abort.related": NUMBER,
    "tcp.abort.since_fin": INTERVAL,
    "tcp.abort.since_trigger": INTERVAL,
    "tcp.abort.idle": INTERVAL,
    "tcp.abort.waited": INTERVAL,
    "tcp.abort.unanswered": INTERVAL,
    "tcp.abort.lost.client": NUMBER,
    "tcp.abort.lost.server": NUMBER,
    "tcp.abort.evidence": TEXT,
    "tcp.abort.symptom.client": TEXT,
    "tcp.abort.symptom.server": TEXT,
    "tcp.abort.next_step": TEXT,
    "tcp.abort.provisional": TRUTH,
    "tcp.abort.reset": FRAME,
    "tcp.abort.stream.cause": WORDS,
}


def fields(with_plugin):
    """Abbreviation to type, of all fields."""
    done = tshark.run("tshark", "-G", "fields", with_plugin=with_plugin)
    parts = (line.split("\t") for line in done.stdout.splitlines())
    return [(part[2], part[3]) for part in parts if part[0] == "F"]


class Presence(unittest.TestCase):
    def test_only_the_plugin_interface_is_exported(self):
        self.assertTrue(shutil.which("nm"), "nm (binutils) is not installed")
        printed = subprocess.run(["nm", "-D", "--defined-only", tshark.module()], check=True,
                                 text=True, stdout=subprocess.PIPE).stdout
        names = {line.split()[-1] for line in printed.splitlines()}
        required = {"plugin_version", "plugin_want_major", "plugin_want_minor", "plugin_register"}
        self.assertLessEqual(required, names)
        theirs = ("plugin_", "__odr_asan.plugin_")  # the latter: the sanitizer's marks
        self.assertEqual(sorted(name for name in names if not name.startswith(theirs)), [])

    def test_fields_have_the_promised_types(self):
        registered = dict(fields(with_plugin=True))
        missing = [name for name in PROMISED if name not in registered]
        self.assertEqual(missing, [])
        for name, kind in PROMISED.items():
            with self.subTest(name):
                self.assertEqual(registered[name], kind)

    def test_no_field_of_wireshark_is_hidden(self):
        stock = {name for name, _ in fields(with_plugin=False)}
        ours = [name for name, _ in fields(with_plugin=True) if name not in stock]
        self.assertEqual([name for name in stock if name.startswith("tcp.abort")], [])
        self.assertEqual([name for name in ours if not name.startswith("tcp.abort")
                          and not name.startswith("tcp_abort")], [])
        self.assertEqual(len(ours), len(set(ours)), "a field is registered twice")

    def test_each_cause_has_an_expert_info(self):
        registered = dict(fields(with_plugin=True))
        causes = tshark.words("tcp.abort.cause").values()
        self.assertGreaterEqual(len(causes), 17)
        for cause in causes:
            with self.subTest(cause):
                self.assertEqual(registered.get(f"tcp.abort.{cause}"), NOTHING)


if __name__ == "__main__":
    unittest.main()
