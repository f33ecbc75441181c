# SPDX-License-Identifier: GPL-2.0-or-later
"""What confidence and alternatives are worth: cases against labels, and verdicts by themselves.

A verdict where none should be counts as wrong; an abort that nothing is said of has its cause
nowhere.
"""
import collections

import judgement

CONFIDENCES = ["certain", "likely", "possible"]
VERDICT, FIRST, SECOND, LATER, NOWHERE = ("verdict", "1st alternative", "2nd alternative",
                                          "later", "nowhere")
PLACES = [VERDICT, FIRST, SECOND, LATER, NOWHERE]
TOLD = PLACES[:3]


def place(case):
    """Where the true cause stands in what is said."""
    causes = [case.verdict.cause, *case.verdict.alternatives] if case.verdict else []
    for rank, cause in enumerate(causes):
        if cause in case.label.true:
            return PLACES[min(rank, PLACES.index(LATER))]
    return NOWHERE


def places(cases):
    """Place to the cases of labels with their cause there."""
    found = {name: [] for name in PLACES}
    for case in cases:
        if case.label.cause:
            found[place(case)].append(case)
    return found


def outcomes(cases):
    """Confidence to a count of right, within and wrong."""
    count = {name: collections.Counter() for name in CONFIDENCES}
    for case in cases:
        if case.verdict:
            good = case.outcome in (judgement.RIGHT, judgement.WITHIN)
            count[case.verdict.confidence][case.outcome if good else judgement.WRONG] += 1
    return count


def alone(said):
    """The (capture, verdict) that are uncertain, and yet nothing else is said to fit."""
    return [(capture, verdict) for capture, verdict in said
            if verdict.confidence != CONFIDENCES[0] and not verdict.alternatives]


def words(verdict):
    return (f"{verdict.cause}/{verdict.detail} ({verdict.confidence}), "
            f"or {' '.join(verdict.alternatives) or 'none'}")


def firsts(captures):
    """All (capture, verdict) of captures, labelled or not; of a repeat the first tells."""
    return [(capture, verdict) for capture, frames in judgement.verdicts(captures).items()
            for verdict in frames.values() if verdict and verdict.repeat_of is None]
