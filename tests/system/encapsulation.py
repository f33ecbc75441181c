#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Whatever TCP travels in, the verdicts are the same; of what is only reported there are none."""
import unittest

import places

import rendering
from drive import tshark
import wrapping

WORDS = ["tcp.abort.cause.name", "tcp.abort.detail.name", "tcp.abort.confidence",
         "tcp.abort.by", "tcp.abort.form"]
FRAMES = ["tcp.abort.trigger", "tcp.abort.fin", "tcp.abort.fin.peer", "tcp.abort.repeat_of"]
PORTS = ["-d", "udp.port==4789,vxlan", "-d", "udp.port==6081,geneve"]


def verdicts(capture):
    rows = tshark.rows(capture, ["frame.number", *WORDS, *FRAMES], *PORTS)
    return {int(row.pop("frame.number")): row for row in rows}


def renumbered(verdicts_of_source, numbers):
    """As they must be once the frames have other numbers."""
    def rename(row):
        return {field: " ".join(str(numbers[int(frame)]) for frame in value.split())
                if field in FRAMES else value for field, value in row.items()}
    return {numbers[frame]: rename(row) for frame, row in verdicts_of_source.items()}


class Encapsulation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        paths = [path for path in sorted((tshark.TOP / "tests" / "scenarios").glob("*.seg"))
                 if " cut " not in path.read_text()]  # what is wrapped is whole
        cls.plain = tshark.workplace() / "plain.pcap"
        scenarios = rendering.render(cls.plain, paths)
        cls.plain.chmod(0o644)
        cls.on_ip = {frame for scenario in scenarios if " ttl " in scenario.path.read_text()
                     or " id " in scenario.path.read_text()
                     for before, after in scenario.spans for frame in range(before + 1, after + 1)}
        cls.wanted = verdicts(cls.plain)

    def wrapped(self, name, link, wrap):
        target = tshark.workplace() / f"{name.replace(' ', '-')}.pcap"
        return target, wrapping.wrap(self.plain, target, link, wrap)

    def difference(self, item):
        name, (link, wrap) = item
        target, numbers = self.wrapped(name, link, wrap)
        found, wanted = verdicts(target), renumbered(self.wanted, numbers)
        if name == "fragments":  # neither TTL nor IP ID are known of them
            hidden = {numbers[frame] for frame in self.on_ip}
            hidden |= {frame for rows in (wanted, found) for frame, row in rows.items()
                       if row["tcp.abort.cause.name"] == "injected"
                       or row["tcp.abort.detail.name"] == "one_sided"}
            wanted, found = ({frame: row for frame, row in rows.items() if frame not in hidden}
                             for rows in (wanted, found))
        target.unlink()
        wrong = [f"  frame {frame}: {found.get(frame)}, plain {wanted.get(frame)}"
                 for frame in sorted(found.keys() | wanted.keys())
                 if found.get(frame) != wanted.get(frame)]
        return f"{name}: {len(wrong)} of {len(wanted)}\n" + "\n".join(wrong[:5]) if wrong else ""

    def test_the_same_in_every_encapsulation(self):
        self.assertGreater(len(self.wanted), 100)
        problems = tshark.in_parallel(self.difference, wrapping.TRANSPARENT.items())
        self.assertFalse(any(problems), "\n".join(filter(None, problems)))

    def test_nothing_of_what_is_only_reported(self):
        for name, (link, wrap) in wrapping.REPORTS.items():
            with self.subTest(name):
                target, _ = self.wrapped(name, link, wrap)
                seen = tshark.tshark("-r", target, "-Y", "tcp.flags.reset == 1")
                self.assertTrue(seen.strip(), "the reports are not dissected")
                self.assertEqual(verdicts(target), {})


if __name__ == "__main__":
    unittest.main()
