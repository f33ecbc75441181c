#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""packaging/bulk --ring: the files of a ring are judged as the capture they were cut from."""
import re
import shutil
import subprocess
import unittest

import places

from bulking import SEVERAL, bulk, ek, fields, folder, lines
from drive import tshark


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
            elif isinstance(value, list) and all(isinstance(text, str) for text in value):
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


if __name__ == "__main__":
    unittest.main()
