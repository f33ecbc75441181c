# SPDX-License-Identifier: GPL-2.0-or-later
"""How Wireshark's programs are started: by whom, and with which settings.

Run as root, Wireshark loads no plugin but an installed one; so root runs it as nobody, who must be
able to read what it is given.  Anybody else runs it as who they are.  Needs no other file of the
project, so that it can be sent to another machine.
"""
import os
import shutil
import subprocess

NOBODY = 65534


def identity():
    """For subprocess: who runs it."""
    if os.geteuid() == 0:
        return {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    return {}


def settings(folder):
    """Environment variables: fresh settings, below that folder, and one language and time."""
    return {"LC_ALL": "C.UTF-8", "TZ": "UTC", "WIRESHARK_CONFIG_DIR": str(folder)}


def give(*paths):
    """Files and folders to who runs it."""
    if identity():
        for path in paths:
            os.chown(path, NOBODY, NOBODY)


def readable(path, folder):
    """The file, or a copy in that folder which who runs it can read."""
    asked = subprocess.run(["test", "-r", path], cwd="/", check=False, **identity())
    if asked.returncode == 0:
        return path
    copy = os.path.join(folder, os.path.basename(path))
    shutil.copyfile(path, copy)
    os.chmod(copy, 0o644)
    return copy
