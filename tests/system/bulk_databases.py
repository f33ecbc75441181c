#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What packaging/bulk writes goes into Elasticsearch and SQLite, and its summary counts it."""
import json
import re
import shutil
import subprocess
import unittest

import places

from bulking import SOME, bulk, lines, some
from drive import tshark


def leaves(value, path=()):
    """Every name of a document, with where it stands."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        yield from leaves(value[0], path)
    else:
        yield path


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


if __name__ == "__main__":
    if not shutil.which("sqlite3"):
        tshark.fail("sqlite3 is not installed")
    unittest.main()
