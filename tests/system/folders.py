#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What is built is found in build/ of the checkout, whoever can read that."""
import os
import pathlib
import shutil
import subprocess
import unittest

import places

from drive import tshark
from drive.unprivileged import identity

HOUSE = "packaging/house/house.sh"
CHOOSE = f'. "$top/{HOUSE}" && choose_folders && echo "built in $build"'


def choose(top):
    """The folder to build in, and what was said before."""
    done = subprocess.run(["sh", "-euc", CHOOSE], env={**os.environ, "top": str(top)}, check=True,
                          stdout=subprocess.PIPE, text=True)
    said, _, build = done.stdout.rstrip("\n").rpartition("built in ")
    return pathlib.Path(build), said


class Folders(unittest.TestCase):
    def setUp(self):
        self.home = tshark.workplace() / self.id()
        self.top = self.checkout("checkout")

    def checkout(self, name):
        top = self.home / name
        (top / HOUSE).parent.mkdir(parents=True)
        shutil.copy(tshark.TOP / HOUSE, top / HOUSE)
        return top

    def choose(self, top):
        build, said = choose(top)
        if build != top / "build":
            self.addCleanup(shutil.rmtree, build.parent, ignore_errors=True)
        return build, said

    def test_readable_by_all(self):
        self.assertEqual(self.choose(self.top), (self.top / "build", ""))
        self.assertFalse((self.top / "build").is_symlink())

    def test_closed_to_others(self):
        """As below /root.  Moved out of there, it is built in place."""
        self.home.chmod(0o700)
        for _ in range(2):
            build, said = self.choose(self.top)
            self.assertTrue((self.top / "build").samefile(build))
            self.assertEqual("cannot read" in said, bool(identity()))
        self.home.chmod(0o755)
        self.assertEqual(self.choose(self.top), (self.top / "build", ""))
        self.assertFalse((self.top / "build").is_symlink())

    def test_a_folder_of_that_name_stays(self):
        self.home.chmod(0o700)
        mine = self.top / "build" / "mine"
        mine.mkdir(parents=True)
        build, said = self.choose(self.top)
        self.assertTrue(mine.is_dir())
        self.assertEqual(f"what is built is in {build}" in said, bool(identity()))


if __name__ == "__main__":
    unittest.main()
