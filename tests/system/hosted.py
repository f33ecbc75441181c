#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The steps of the hosted build that take no tree of Wireshark's own, and what they pack."""
import pathlib
import re
import subprocess
import tarfile
import unittest

import places

from drive import tshark

HOSTED = tshark.TOP / "packaging/ship/hosted"
SERIES = tshark.module().parent.parent.name


def run(*command, **options):
    return subprocess.run(list(map(str, command)), check=True, text=True, stdout=subprocess.PIPE,
                          **options).stdout


def repository(tags):
    """What Wireshark's own repository is to `bring`: commits with tags."""
    folder = tshark.workplace() / "repository"

    def git(*arguments):
        run("git", "-C", folder, "-c", "user.name=A B", "-c", "user.email=a@example.org", *arguments)

    folder.mkdir()
    git("init", "-q")
    for tag in tags:
        git("commit", "-q", "--allow-empty", "-m", tag)
        git("tag", tag)
    return folder


class Hosted(unittest.TestCase):
    def test_the_newest_release_with_the_plugin_in_it(self):
        source = repository(["v4.6.0rc1", "v4.6.9", "v4.6.10", "v4.60.11", "v4.4.12"])
        tree = tshark.workplace() / "tree"
        self.assertEqual(run(HOSTED, "bring", "4.6", tree, source.as_uri()), "v4.6.10\n")
        run(HOSTED, "lay", tree)
        laid = tree / "plugins/epan/tcp_abort"
        self.assertEqual((laid / "plugin/plugin.c").read_bytes(),
                         (tshark.TOP / "plugin/plugin.c").read_bytes())
        self.assertFalse((laid / "build").exists())

    def test_the_archive_installs_for_who_unpacks_it(self):
        home = tshark.workplace() / "home-of-one"
        home.mkdir()
        home.chmod(0o777)
        path = run(HOSTED, "pack", SERIES, tshark.module().parents[3], home).strip()
        with tarfile.open(path) as archive:
            archive.extractall(home)
        unpacked = pathlib.Path(path.removesuffix(".tar.gz"))
        self.assertTrue((unpacked / "LICENSE").is_file())
        variables = {"PATH": "/usr/bin:/bin", "HOME": str(home)}
        who = {**tshark.identity(), "env": variables, "cwd": "/"}
        installed = run("sh", unpacked / "install.sh", **who).strip()
        self.assertRegex(run("tshark", "-G", "plugins", **who),
                         rf"(?m)^tcp_abort\.so\s.*{re.escape(installed)}$")

    def test_the_workflow_knows_the_steps(self):
        workflow = (tshark.TOP / ".github/workflows/build.yml").read_text(encoding="utf-8")
        used = re.findall(r"packaging/ship/hosted (\w+)", workflow)
        offered = re.findall(r"(?m)^  (\w+)\b", run(HOSTED, "--help"))
        self.assertEqual(used, offered)


if __name__ == "__main__":
    unittest.main()
