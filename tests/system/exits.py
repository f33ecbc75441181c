#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the plugin cannot work it says so, or says nothing: never a crash, never an invention."""
import shutil
import struct
import subprocess
import unittest

import places

from drive import tshark

CAPTURE = tshark.TOP / "captures" / "linger0-client.pcap"
SHOW = ["-Y", "tcp.abort.cause", "-T", "fields", "-e", "frame.number", "-e",
        "tcp.abort.cause.name"]
VERDICT = "8\tfast_close"


def place(name):
    """A folder for plugins of this version, and the one with the modules in it."""
    folder = tshark.workplace() / name
    modules = folder / tshark.module().parent.parent.name / "epan"
    modules.mkdir(parents=True)
    return folder, modules


def said(*arguments, **variables):
    return tshark.run("tshark", "-n", "-r", tshark.readable(CAPTURE), *arguments,
                      variables=variables)


class Exits(unittest.TestCase):
    def assert_good(self, done, printed):
        self.assertEqual((done.returncode, done.stdout.strip()), (0, printed), done.stderr)

    def test_here(self):
        """What the others are to be compared with."""
        self.assert_good(said(*SHOW), VERDICT)

    def test_another_version(self):
        """A file built for another Wireshark is left out, and the version it was built for said."""
        folder, modules = place("other-version")
        data = bytearray(tshark.module().read_bytes())
        symbols = subprocess.run(["nm", "-D", tshark.module()], check=True, capture_output=True,
                                 text=True).stdout
        at = int(next(line for line in symbols.splitlines() if "plugin_want_minor" in line).split()[0],
                 16)
        minor = int(modules.parent.name.split(".")[1])
        self.assertEqual(struct.unpack_from("=i", data, at)[0], minor, "not where it is loaded")
        struct.pack_into("=i", data, at, minor + 2)
        (modules / "tcp_abort.so").write_bytes(data)
        done = said(WIRESHARK_PLUGIN_DIR=str(folder))
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stderr, rf"tcp_abort\.so.*compiled.*\.{minor + 2}|"
                                      rf"tcp_abort\.so.*\.{minor + 2}")
        self.assertNotIn("abort:", done.stdout)

    def test_two_copies_of_one_name(self):
        personal = tshark.workplace() / "twice"
        modules = (personal / ".local/lib/wireshark/plugins" / tshark.module().parent.parent.name
                   / "epan")
        modules.mkdir(parents=True)
        shutil.copy(tshark.module(), modules)
        done = said(*SHOW, HOME=str(personal))
        self.assert_good(done, VERDICT)

    def test_two_copies_of_other_names(self):
        folder, modules = place("two-names")
        for name in ("tcp_abort.so", "tcp_abort (1).so"):
            shutil.copy(tshark.module(), modules / name)
        done = said(*SHOW, WIRESHARK_PLUGIN_DIR=str(folder))
        self.assert_good(done, VERDICT)
        self.assertIn("installed more than once", done.stderr)

    def test_disabled_protocols(self):
        """Without TCP, or without what carries it, there is nothing to judge."""
        for name in ("tcp", "ip", "eth"):
            with self.subTest(name):
                self.assert_good(said("--disable-protocol", name, *SHOW), "")

    def test_disabled_itself(self):
        self.assert_good(said("--disable-protocol", "tcp_abort", *SHOW), "")

    def test_without_analysis_of_sequence_numbers(self):
        """The plugin reads sequence numbers itself."""
        for setting in ("tcp.analyze_sequence_numbers:FALSE",
                        "tcp.relative_sequence_numbers:FALSE",
                        "tcp.track_bytes_in_flight:FALSE", "ip.defragment:FALSE",
                        "tcp.desegment_tcp_streams:FALSE"):
            with self.subTest(setting):
                self.assert_good(said("-o", setting, *SHOW), VERDICT)

    def test_ip_decoded_as_something_else(self):
        """A frame that is not taken for TCP is not judged."""
        self.assert_good(said("-d", "ip.proto==6,udp", *SHOW), "")


if __name__ == "__main__":
    unittest.main()
