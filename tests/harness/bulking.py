# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs packaging/bulk, here and on two hosts.

The hosts are SSH servers (dropbear) in a network namespace, each with mounts of its own: they see
neither the captures nor what is written here.
"""
import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import tempfile

from drive import tshark

if not shutil.which("parallel"):
    tshark.fail("parallel is not installed")

CAPTURES = tshark.TOP / "captures"
SEVERAL = CAPTURES / "several.pcap"
SOME = ["several", "backscatter", "clean-fin", "keepalive-client-ipv6", "close-unanswered",
        "forged-burst", "overflow-aborted", "idle-nat", "midstream-lone-reset", "cut-chunked",
        "legs-three-tunnels-server-killed"]
HOSTS = ["127.0.0.2", "127.0.0.3"]
# $0: propagation of mounts, $1: workplace, $2: the module's folder, $3: that of installed plugins,
# $4: the captures; then a command.
NAMESPACE = r"""
work=$1 plugins=$2 installed=$3 captures=$4
shift 4
ip link set lo up
ssh-keygen -q -t ed25519 -N '' -f "$work/key"
for host in 2 3; do
    home=$work/127.0.0.$host
    mkdir -p "$home/.ssh"
    cp "$work/key.pub" "$home/.ssh/authorized_keys"
    chmod -R go= "$home"
    dropbearkey -t ed25519 -f "$home/hostkey" >/dev/null 2>&1
    sed 's|^root:.*|root:x:0:0::/mnt:/bin/sh|' /etc/passwd >"$home/passwd"
    unshare --mount --propagation "$0" sh -euc '
        mount --bind "$1" /mnt
        mount --bind "$1/passwd" /etc/passwd
        mount --bind "$2" "$3"
        mount -t tmpfs tmpfs "$4"
        mount -t tmpfs -o mode=1777 tmpfs "$(dirname "$6")"
        exec dropbear -F -s -E -r /mnt/hostkey -p "127.0.0.$5:22"' \
        sh "$home" "$plugins" "$installed" "$captures" $host "$work" 2>"$work/log.$host" &
done
for _ in $(seq 100); do
    [ "$(cat "$work"/log.* | grep -c 'Not backgrounding')" -eq 2 ] && break
    sleep 0.1
done
"$@"
"""
SSH_CONFIG = """Host *
IdentityFile {0}/key
IdentitiesOnly yes
UserKnownHostsFile {0}/known_hosts
StrictHostKeyChecking accept-new
User root
LogLevel ERROR
"""


def wrapper():
    """A tshark with the sanitizer's runtime, when the plugin needs it."""
    preload = os.environ.get("TCP_ABORT_PRELOAD")
    folder = tshark.workplace() / "bin"
    if preload and not folder.exists():
        folder.mkdir()
        program = folder / "tshark"
        program.write_text(f'#!/bin/sh\nASAN_OPTIONS=detect_leaks=0 WIRESHARK_DEBUG_WMEM_OVERRIDE='
                           f'simple LD_PRELOAD={preload} exec /usr/bin/tshark "$@"\n')
        program.chmod(0o755)
    return folder


def environment():
    return {**os.environ, "PATH": f"{wrapper()}:{os.environ['PATH']}", "TZ": "UTC",
            "WIRESHARK_PLUGIN_DIR": str(tshark.plugins())}


def bulk(output, *arguments, before=(), status=0, variables=None):
    """Runs it; what it said on stderr."""
    done = subprocess.run([*before, tshark.TOP / "packaging" / "bulk", "-o", output, *arguments],
                          env={**environment(), **(variables or {})}, cwd=tshark.workplace(),
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False)
    said = done.stderr.decode(errors="backslashreplace")
    if done.returncode != status or done.stdout:
        raise AssertionError(f"status {done.returncode}, not {status}\n{said}{done.stdout}")
    return said


def over_ssh(output, captures, *arguments):
    """Runs it in a namespace with two hosts."""
    work = pathlib.Path(tempfile.mkdtemp(dir=tshark.workplace()))
    (work / "ssh_config").write_text(SSH_CONFIG.format(work))
    folders = subprocess.run(["tshark", "-G", "folders"], check=True, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    installed = re.search(r"^Global Plugins:\s+(\S+)", folders, re.M).group(1)
    # In a chroot that is no mount point, / has no propagation to change.
    whole = subprocess.run(["mountpoint", "-q", "/"], check=False).returncode == 0
    propagation = "private" if whole else "unchanged"
    before = ["unshare", "--net", "--mount", "--propagation", propagation, "--pid", "--fork",
              "--mount-proc", "--kill-child", "sh", "-euc", NAMESPACE, propagation, work,
              tshark.module().parent.parent, installed, captures]
    hosts = [word for host in HOSTS for word in ("--host", f"1/{host}")]
    return bulk(output, *hosts, *arguments, captures, before=before,
                variables={"PARALLEL_SSH": f"ssh -F {work / 'ssh_config'}"})


def why_no_hosts():
    """What is missing to have hosts, or None."""
    if os.geteuid() != 0:
        return "namespaces need root"
    if os.environ.get("TCP_ABORT_PRELOAD"):
        return "the hosts have no sanitizer"
    missing = [program for program in ("dropbear", "ssh", "rsync", "ip")
               if not shutil.which(program)]
    return f"not installed: {', '.join(missing)}" if missing else None


def folder(name):
    made = tshark.workplace() / name
    made.mkdir()
    return made


def some():
    """A folder of captures."""
    made = tshark.workplace() / "some"
    if not made.exists():
        (made / "below").mkdir(parents=True)
        for name in SOME:
            shutil.copy(CAPTURES / f"{name}.pcap", made / "below")
        shutil.copy(SEVERAL, made)
        (made / "notes.txt").write_text("no capture")
    return made


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def results(output):
    return {name: (output / name).read_bytes()
            for name in ("aborts.ndjson", "problems.ndjson", "summary.md")}


def ek(field):
    """What -T ek calls a field of ours."""
    return "tcp_abort_" + field.replace(".", "_")


def fields():
    """Each field of ours and its type."""
    printed = tshark.run("tshark", "-G", "fields").stdout
    return {parts[2]: parts[3] for parts in (line.split("\t") for line in printed.splitlines())
            if parts[0] == "F" and parts[2].startswith("tcp.abort.") and parts[3] != "FT_NONE"}


def as_pcapng(pcap, year=None):
    """A pcap with microseconds as pcapng: its frames in that year, or without any time (Simple
    Packet Blocks; draft-ietf-opsawg-pcapng, 4.4)."""
    def block(kind, body):
        body += bytes(-len(body) % 4)
        length = struct.pack("<I", 12 + len(body))
        return struct.pack("<I", kind) + length + body + length

    link, = struct.unpack_from("<I", pcap, 20)
    out = [block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)),
           block(1, struct.pack("<HHI", link, 0, 0))]
    at = 24
    while at < len(pcap):
        second, part, captured, sent = struct.unpack_from("<IIII", pcap, at)
        frame = pcap[at + 16:at + 16 + captured]
        at += 16 + captured
        if year is None:
            out.append(block(3, struct.pack("<I", sent) + frame))
            continue
        time = (int((year - 1970) * 365.2425 * 86400) + second % 86400) * 1000000 + part
        out.append(block(6, struct.pack("<IIIII", 0, time >> 32, time & 0xFFFFFFFF, captured, sent)
                         + frame))
    return b"".join(out)
