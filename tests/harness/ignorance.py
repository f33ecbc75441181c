# SPDX-License-Identifier: GPL-2.0-or-later
"""How the verdicts on captures change when segments are missing from them."""
import collections

import metamorphosis

WHOLE = "as_is"
KEPT, OTHER, GONE, NEW = "same cause", "other cause", "gone", "new"
FATES = [KEPT, OTHER, GONE, NEW]


class Fate:
    """What became of the ruling on one frame."""

    def __init__(self, capture, way, before, after):
        self.capture, self.way, self.before, self.after = capture, way, before, after
        self.frame = (after or before).frame
        if not before:
            self.name = NEW
        elif not after:
            self.name = GONE
        else:
            self.name = KEPT if before.cause == after.cause else OTHER

    def is_false(self, accepted):
        """Neither the whole capture shows it nor its label allows it."""
        return (self.name in (OTHER, NEW)
                and self.after.cause not in accepted.get((self.capture, self.frame), ()))

    def is_false_certain(self, accepted):
        return self.is_false(accepted) and self.after.confidence == "certain"

    def is_false_harmless(self, accepted):
        return (self.is_false(accepted) and self.after.harmless == "1"
                and not (self.before and self.before.harmless))

    def __str__(self):
        return (f"{self.way} {self.capture.name} frame {self.frame}: "
                f"{self.before or 'nothing'} -> {self.after or 'nothing'}")


def accepted_causes(known):
    """(capture, frame) to all causes that its label allows."""
    return {(label.capture, frame): label.accept for label in known for frame in label.frames}


def ways(percent, seeds):
    return [f"lost={percent},{seed}" for seed in range(1, seeds + 1)]


def one_by_one(frames):
    """Each of the first frames is missing in turn."""
    return [f"without={frame}" for frame in range(1, frames + 1)]


def fates(captures, losses):
    """What becomes of each ruling in each way."""
    for capture, found in metamorphosis.judge(captures, [WHOLE, *losses]).items():
        whole = metamorphosis.by_frame(found[WHOLE])
        for way in losses:
            left = metamorphosis.by_frame(found[way])
            for frame in sorted(whole.keys() | left.keys()):
                before, after = (said.get(frame, [None])[0] for said in (whole, left))
                yield Fate(capture, way, before, after)


def count(all_fates):
    return collections.Counter(fate.name for fate in all_fates)
