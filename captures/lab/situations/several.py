# SPDX-License-Identifier: GPL-2.0-or-later
"""One capture in which several things go wrong, one after the other."""

from acts.exchange import pause
from record.situation import SITUATIONS, situation
from situations import closing, kill, linger, refused, restart, reuse, timeout

ACTS = {
    "refused-ipv4": refused.refused_ipv4,
    "killed-then-refused": kill.killed_then_refused,
    "reuse-in-flight": reuse.reuse_in_flight,
    "linger0-client": linger.linger0_client,
    "after-close-notify": closing.after_close_notify,
    "vanished": restart.vanished,
    "keepalive-client": timeout.keepalive_client,
    "clean-fin": closing.clean_fin,
}


@situation("several",
           "One after the other: " + ", ".join(ACTS) + ".",
           *[stream for name in ACTS for stream in SITUATIONS[name].streams])
def several(net):
    for act in ACTS.values():
        act(net)
        pause()
