#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Installed for one user, Wireshark finds the plugin and the profile; uninstalled, nothing is left."""
import re
import subprocess
import unittest

import places

import derived
from drive import tshark
from drive.unprivileged import give, identity

SEVERAL = tshark.TOP / "captures" / "several.pcap"


def version():
    text = (tshark.TOP / "CMakeLists.txt").read_text()
    return re.search(r"^project\(.* VERSION ([0-9.]+)", text, re.M).group(1)


def files(folder):
    return [path for path in folder.rglob("*") if not path.is_dir()]


class Personal(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = tshark.workplace() / "someone"
        cls.home.mkdir()
        cls.cmake("--install", derived.build(), "--component", "personal", "--prefix", cls.home)
        give(cls.home, *cls.home.rglob("*"))

    @staticmethod
    def cmake(*arguments):
        subprocess.run(["cmake", *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)

    def someone(self, *arguments):
        """What tshark prints to someone whose environment says nothing of plugins and profiles."""
        variables = tshark.environment(HOME=str(self.home))
        del variables["WIRESHARK_PLUGIN_DIR"], variables["WIRESHARK_CONFIG_DIR"]
        return subprocess.run(["tshark", *map(str, arguments)], check=True, encoding="utf-8",
                              env=variables, cwd="/", timeout=tshark.SECONDS,
                              stdout=subprocess.PIPE, **identity()).stdout

    def test_1_is_loaded_in_the_version_of_the_project(self):
        found = re.search(r"(?m)^tcp_abort\.so\s+(\S+)\s+\S+\s+(.*)$", self.someone("-G", "plugins"))
        self.assertEqual(found.group(1), version())
        self.assertTrue(found.group(2).startswith(str(self.home)), found.group(2))

    def test_2_the_profile_opens(self):
        shown = self.someone("-C", "TCP Aborts", "-r", tshark.readable(SEVERAL), "-Y",
                             "tcp.abort.cause==crash")
        self.assertIn("crash", shown)

    def test_3_uninstalled_nothing_is_left(self):
        theirs = self.home / ".config" / "wireshark" / "preferences"
        theirs.touch()
        self.assertGreater(len(files(self.home)), 3)
        self.cmake(f"-DBUILD={derived.build()}", "-DMANIFEST=install_manifest_personal.txt", "-P",
                   tshark.TOP / "packaging" / "ship" / "uninstall.cmake")
        self.assertEqual([path for path in files(self.home) if path.name.startswith("recent")], [])
        self.assertEqual(files(self.home), [theirs])
        self.assertFalse((self.home / ".config" / "wireshark" / "profiles" / "TCP Aborts").exists())


if __name__ == "__main__":
    unittest.main()
