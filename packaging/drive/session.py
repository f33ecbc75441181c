# SPDX-License-Identifier: GPL-2.0-or-later
"""Starts a program again as who may read Wireshark's window: the user that shows it."""
import os
import subprocess
import sys

from drive import tshark
from drive.unprivileged import identity

PYTHON = "/usr/bin/python3"  # the one that Debian's python3-gi is for


def enter():
    """Returns in the session.  Outside it, runs the program in there and exits as it did."""
    if os.environ.get("TCP_ABORT_SESSION"):
        return
    variables = {name: value for name, value in os.environ.items()
                 if name.startswith("TCP_ABORT_") or name == "TMPDIR"}
    variables.update(PATH="/usr/bin:/bin", LC_ALL="C.UTF-8", TZ="UTC", TCP_ABORT_SESSION="1",
                     PYTHONDONTWRITEBYTECODE="1", TCP_ABORT_PLUGINS=str(tshark.plugins()))
    program = os.path.abspath(sys.argv[0])
    # Who is killed takes along what it started.
    done = subprocess.run(["setpriv", "--pdeathsig", "TERM", PYTHON, program, *sys.argv[1:]],
                          cwd="/", env=variables, stdin=subprocess.DEVNULL, **identity())
    sys.exit(done.returncode)
