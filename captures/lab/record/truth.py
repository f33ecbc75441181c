# SPDX-License-Identifier: GPL-2.0-or-later
"""What a recipe did, and the frames of a recording in which it shows."""

import collections
import dataclasses
from typing import Callable, Optional

from record.frame import ACK, FIN, RST, SYN, covers

# A capture on several interfaces sees a segment again this soon; one from both ends, later.
COPY_SECONDS, MERGED_SECONDS = 0.002, 0.05

HARMLESS = {"probe", "after_close", "fast_close"}

# RFC 8446, 6: last words that are no text
ALERT = bytes.fromhex("15 0303 0002 02")
FATAL_ALERTS = {"handshake_failure": 40, "unknown_ca": 48, "protocol_version": 70}


@dataclasses.dataclass(frozen=True)
class Reset:
    """One abort. `also` are the causes that the same packets allow a fair judge as well."""

    cause: str
    detail: Optional[str]
    by: str
    why: str
    also: tuple = ()
    harmless: Optional[bool] = None
    sure: bool = True
    # Without a RST: picks the frame to report on among the frames of the stream.
    silent: Optional[Callable] = None
    # Where the arithmetic leaves a choice: the frames of the stream that may be the trigger,
    # the right one first.
    trigger: Optional[Callable] = None
    # A forged RST: the side whose address it bears.
    seen_as: Optional[str] = None
    # How many RSTs of that side it has, if others follow that are none of its repeats.
    count: Optional[int] = None
    # Where the header does not tell.  "fin": no RST, the first FIN of that side is the end.
    form: Optional[str] = None
    # Whether a FIN of that side comes before it, where a recording might show either.
    after_fin: Optional[bool] = None
    # What the side that ended it said last, where it can be read.
    words: Optional[str] = None


class Mismatch(Exception):
    """The recording does not show what its recipe promises."""


def broken_off(cause, detail, by, why, **more):
    """Ended by a FIN that came too soon, and no RST in the stream."""
    return Reset(cause, detail, by, why, form="fin", **more)


def last_retransmission(frames):
    """The last segment that repeats an earlier one of the same sender."""
    seen, last = set(), None
    for frame in frames:
        key = (frame.sender, frame.seq, frame.length, frame.flags & (SYN | FIN))
        if key in seen and (frame.length or frame.has(SYN) or frame.has(FIN)):
            last = frame
        seen.add(key)
    return last


def last_of_acceptor(frames):
    """The last segment of the side that did not begin."""
    return [frame for frame in frames if frame.sender != frames[0].sender][-1]


def label(frames, streams, copies=False):
    """The rows of the manifest: for each stream its resets with frame numbers."""
    everything = frames
    if copies:
        frames = [frame for frame in frames if not copied(frame, everything)]
    rows = label_all(frames, streams)
    for reset in (reset for row in rows for reset in row["resets"] if copies):
        reset["trigger_accept"] += [
            other.number for frame in everything if frame.number in reset["trigger_accept"]
            for other in everything if other.number > frame.number and same(frame, other)]
    return rows


def same(frame, other):
    return (abs(frame.time - other.time) <= MERGED_SECONDS
            and (frame.sender, frame.seq, frame.ack, frame.length, frame.flags)
            == (other.sender, other.seq, other.ack, other.length, other.flags))


def copied(frame, frames, seconds=COPY_SECONDS):
    """Whether the capture shows an earlier copy of the same segment."""
    return any(same(frame, other) and 0 <= frame.time - other.time <= seconds
               for other in frames if other.number < frame.number)


def label_all(frames, streams):
    numbers = sorted({frame.stream for frame in frames})
    if len(numbers) != len(streams):
        raise Mismatch(f"{len(numbers)} streams recorded, {len(streams)} declared")
    return [{"stream": number,
             "resets": label_stream([f for f in frames if f.stream == number], declared)}
            for number, declared in zip(numbers, streams)]


def label_stream(frames, declared):
    told, rows = set(), []
    for reset in declared:
        rows.append(place(frames, reset, told))
        told.update(rows[-1]["frames"])
    untold = [f.number for f in frames if f.has(RST) and f.number not in told]
    if untold:
        raise Mismatch(f"stream {frames[0].stream}: undeclared RST in frames {untold}")
    return rows


def place(frames, reset, told=()):
    """`told` are the frames of the resets declared before."""
    sender = side(frames, reset.seen_as or reset.by)
    if reset.silent:
        resets, form, triggers = [reset.silent(frames)], "silence", [None]
    elif reset.form == "fin":
        resets, form, triggers = [first_fin(frames, sender)], "fin", [None]
    else:
        resets = [f for f in frames
                  if f.has(RST) and f.sender == sender and f.number not in told][:reset.count]
        if len(resets) < (reset.count or 1):
            raise Mismatch(f"stream {frames[0].stream}: no RST of the {reset.by}")
        form = reset.form or form_of(resets[0], frames)
        triggers = find_triggers(frames, resets[0], form, reset)
    fins = [f for f in frames
            if f.has(FIN) and f.sender == sender and f.number < resets[0].number]
    if reset.after_fin not in (None, bool(fins)):
        raise Mismatch(f"frame {resets[0].number}: {'a' if fins else 'no'} FIN before it")
    check_race(reset, triggers[0], fins)
    row = {
        "frames": [f.number for f in resets],
        "cause": reset.cause,
        "accept": [reset.cause, *reset.also],
        "detail": reset.detail,
        "by": reset.by,
        "trigger": number(triggers[0]),
        "trigger_accept": [number(trigger) for trigger in triggers],
        "fin": number(fins[0] if fins else None),
        "form": form,
        "harmless": reset.cause in HARMLESS if reset.harmless is None else reset.harmless,
        "sure": reset.sure,
        "why": reset.why,
    }
    return row | {"words": reset.words} if reset.words else row


def check_words(streams, recording):
    """That the last words of the declared resets stand in the recording, which is bytes."""
    for words in (reset.words for declared in streams for reset in declared if reset.words):
        said = ALERT + bytes([FATAL_ALERTS[words]]) if words in FATAL_ALERTS else words.encode()
        if said not in recording:
            raise Mismatch(f"nobody says {words}")


def first_fin(frames, sender):
    """A FIN that nobody ever acknowledged ended nothing: it is a matter of timeouts."""
    for fin in frames:
        if fin.has(FIN) and fin.sender == sender:
            if any(f.sender != sender and f.has(ACK) and covers(f.ack, fin.end) for f in frames):
                return fin
            raise Mismatch(f"frame {fin.number}: nobody acknowledged this FIN")
    raise Mismatch(f"stream {frames[0].stream}: no FIN of {sender[0]}")


def check_race(reset, trigger, fins):
    """A race is won or lost by milliseconds: see who won in this recording."""
    if reset.detail not in ("in_flight", "late_write"):
        return
    if not trigger or not fins:
        raise Mismatch(f"not {reset.detail}: no trigger or no FIN")
    in_flight = covers(fins[0].seq, trigger.ack)
    if in_flight != (reset.detail == "in_flight"):
        raise Mismatch(f"frame {trigger.number}: not {reset.detail}")


def number(frame):
    return frame.number if frame else None


def side(frames, by):
    """The client sent the SYN; where none was seen, it has the higher port."""
    first = frames[0]
    forward = first.has(SYN) and not first.has(ACK) or (
        not first.has(SYN) and first.source_port > first.destination_port)
    ends = (first.sender, (first.destination, first.destination_port))
    client, server = ends if forward else reversed(ends)
    return client if by == "client" else server


def form_of(rst, frames):
    if len(frames) == 1:
        return "unclear"
    return "active" if rst.has(ACK) and rst.seq else "reflex"


def find_triggers(frames, rst, form, reset):
    if reset.trigger:
        return reset.trigger(frames)
    if form != "reflex":
        return [None]
    fits = [f for f in frames if answers(rst, f) and not acknowledged(f, frames, rst)]
    # a bare ACK is never acknowledged: it is the trigger only where nothing else can be
    weighty = [f for f in fits if f.end != f.seq]
    if not fits:
        raise Mismatch(f"frame {rst.number}: no segment that this RST answers")
    return weighty[:1] or fits[-1:]


def copies(frames):
    """The segment that was sent most often: any of the copies may have drawn the RST."""
    times = collections.Counter((f.sender, f.seq, f.length) for f in frames if f.length)
    most = times.most_common(1)[0][0]
    return [f for f in reversed(frames) if (f.sender, f.seq, f.length) == most]


def ack_of_fin(frames):
    """The first bare ACK that covers a FIN of the other side."""
    fin = next(f for f in frames if f.has(FIN))
    return [next(f for f in frames if f.ack == fin.end and f.sender != fin.sender)]


def answers(rst, frame):
    """RFC 9293, 3.5.2: a reset takes its numbers from the segment that it answers."""
    if frame.sender == rst.sender or frame.has(RST) or frame.number > rst.number:
        return False
    if rst.has(ACK):
        return not frame.has(ACK) and rst.ack == frame.end
    return frame.has(ACK) and rst.seq == frame.ack


def acknowledged(frame, frames, rst):
    """Whether A took the segment in: acknowledged it, or was alive after it came."""
    own = [f for f in frames
           if f.sender == rst.sender and f.number < rst.number and not f.has(RST)]
    if frame.end == frame.seq:
        return any(frame.number < f.number for f in own)
    return any(f.has(ACK) and covers(f.ack, frame.end) for f in own)
