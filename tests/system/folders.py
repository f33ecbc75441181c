#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What is built is found in build/ of the checkout, whoever can read that; and what a script needs
for a while goes with it, or with the next one.
"""
import os
import pathlib
import shutil
import signal
import subprocess
import time
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


class Havens(unittest.TestCase):
    """Of scripts that are killed, and of those that are not."""
    SECONDS = 10

    def setUp(self):
        self.place = tshark.workplace() / self.id()
        self.place.mkdir()

    def script(self, *begins, goes_on=":"):
        """One that has made its haven, and begun with that."""
        lines = [f'. "$top/{HOUSE}"', "make_haven", *begins, "echo made", goes_on]
        script = subprocess.Popen(["sh", "-euc", "\n".join(lines)], stdout=subprocess.PIPE, text=True,
                                  env={**os.environ, "top": str(tshark.TOP),
                                       "TMPDIR": str(self.place)}, start_new_session=True)
        self.addCleanup(script.wait)
        self.addCleanup(script.stdout.close)
        self.addCleanup(self.kill_all, script)
        self.assertEqual(script.stdout.readline(), "made\n")
        return script

    def kill_all(self, script):
        try:
            os.killpg(script.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def await_end(self, script):
        """Of all that it has started: who is killed holds its lock a little longer."""
        script.wait()
        until = time.monotonic() + self.SECONDS
        while self.is_alive(script):
            self.assertLess(time.monotonic(), until)
            time.sleep(0.1)

    def is_alive(self, script):
        """Anything of its session; see proc(5)."""
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                state, _, _, session, *_ = stat.read_text().rpartition(")")[2].split()
            except (OSError, UnicodeDecodeError):  # it has ended
                continue
            if state != "Z" and int(session) == script.pid:
                return True
        return False

    def havens(self):
        return set(self.place.iterdir())

    def end(self, script):
        self.assertEqual(script.wait(self.SECONDS), 0)

    def test_ends_with_the_script(self):
        self.end(self.script())
        self.assertEqual(self.havens(), set())

    def test_of_a_killed_one(self):
        killed = self.script(goes_on="sleep 100")
        self.kill_all(killed)
        self.await_end(killed)
        self.assertEqual(len(self.havens()), 1)
        self.end(self.script())
        self.assertEqual(self.havens(), set())

    def test_of_one_that_is_alive(self):
        self.script(goes_on="sleep 100")
        alive = self.havens()
        self.end(self.script())
        self.assertEqual(self.havens(), alive)

    def test_of_one_whose_child_is_alive(self):
        killed = self.script("sleep 100 &", goes_on="wait")
        alive = self.havens()
        killed.kill()
        killed.wait()
        self.end(self.script())
        self.assertEqual(self.havens(), alive)

    def test_others_stay(self):
        """What is not held is none; nor is what another user holds."""
        (self.place / "tcp-abort-run.begun").mkdir()
        strange = self.place / "tcp-abort-run.strange"
        strange.mkdir()
        (strange / "held").touch()
        if os.geteuid() == 0:
            os.chown(strange / "held", 1, 1)
        else:
            shutil.rmtree(strange)
        others = self.havens()
        self.end(self.script())
        self.assertEqual(self.havens(), others)

    def test_time_is_told_no_longer(self):
        killed = self.script("tell_time waiting &", goes_on="wait")
        killed.kill()
        self.await_end(killed)


if __name__ == "__main__":
    unittest.main()
