# SPDX-License-Identifier: GPL-2.0-or-later
"""MANIFEST.jsonl: one row a capture, sorted by name."""

import fcntl
import hashlib
import json
import os

NAME = "MANIFEST.jsonl"


def digest(path):
    with open(path, "rb") as capture:
        return hashlib.sha256(capture.read()).hexdigest()


def store(folder, row):
    """Put a row in the place of the one that had its name."""
    path = os.path.join(folder, NAME)
    with open(path, "a+", encoding="utf-8") as manifest:
        fcntl.flock(manifest, fcntl.LOCK_EX)
        manifest.seek(0)
        rows = {known["capture"]: known for known in map(json.loads, manifest)}
        rows[row["capture"]] = row
        manifest.truncate(0)
        for _, known in sorted(rows.items()):
            manifest.write(json.dumps(known, ensure_ascii=False) + "\n")
