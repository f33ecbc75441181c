# SPDX-License-Identifier: GPL-2.0-or-later
"""The aborts of one capture as text for a terminal, from the documents of bulk.d/job.py.

What they quote from packets the plugin has made safe to print.
"""
WIDTH = 98
OWN = "tcp_abort_tcp_abort_"
RED, BOLD, FAINT, PLAIN = "\033[31m", "\033[1m", "\033[2m", "\033[0m"


def plural(count):
    return "" if count == 1 else "s"


def paragraph(lead, text):
    """The words of text in lines of WIDTH: the first after lead, the rest below it."""
    row, *words = text.split() or [""]
    row, lines = lead + row, []
    for word in words:
        if len(row) + 1 + len(word) > WIDTH:
            lines.append(row)
            row = " " * len(lead) + word
        else:
            row += f" {word}"
    return [*lines, row]


class Explanation:
    """Lines of text for one abort after the other, and a last one that counts them."""

    def __init__(self, in_full, coloured):
        self.in_full, self.coloured = in_full, coloured  # in_full: what is harmless, too
        self.advised, self.total, self.quiet, self.repeats = {}, {}, {}, 0

    def paint(self, colour, text):
        return f"{colour}{text}{PLAIN}" if self.coloured else text

    def heading(self, document, own):
        layers = document["layers"]
        cause = own("cause_name") + (f" / {own('detail_name')}" if own("detail_name") else "")
        sure = own("confidence_name") + (", harmless" if own("harmless") else "")
        repeats = document["repeats"]
        more = f"  (and {repeats} repeat{plural(repeats)})" if repeats else ""
        frame = layers["frame"]
        where = (f"frame {frame['frame_frame_number']}  {frame['frame_frame_time_relative']:.6f} s  "
                 f"stream {layers['tcp']['tcp_tcp_stream']}")
        colour = FAINT if own("harmless") else RED
        return f"{self.paint(BOLD, where)}  {self.paint(colour, cause)}, {sure}{more}"

    @staticmethod
    def alternatives(causes, objections):
        """With what speaks against them, where that is known of all."""
        known = objections if len(objections) == len(causes) else [None] * len(causes)
        return [line for against in dict.fromkeys(known) for line in paragraph(
            "    fits as well: ", " or ".join(cause for cause, said in zip(causes, known)
                                              if said == against)
            + (f", but {against}" if against else ""))]

    def advice(self, frame, text):
        """On one line: it may end in a command to copy."""
        if not text:
            return []
        if text in self.advised:
            return [f"    next: as for frame {self.advised[text]}"]
        self.advised[text] = frame
        return [f"    next: {text}"]

    def abort(self, document):
        def own(field):
            return document["layers"][OWN + field]

        cause = own("cause_name")
        self.total[cause] = self.total.get(cause, 0) + 1
        self.quiet[cause] = self.quiet.get(cause, 0) + own("harmless")
        self.repeats += document["repeats"]
        lines = [self.heading(document, own), *paragraph("    ", own("summary"))]
        if self.in_full or not own("harmless"):
            for clue in own("evidence"):
                lines += paragraph("    - ", clue)
            lines += self.alternatives(own("alternative"), own("objection"))
            lines += self.advice(document["layers"]["frame"]["frame_frame_number"],
                                 own("next_step"))
        return [*lines, ""]

    def count(self):
        aborts = sum(self.total.values())
        if not aborts:
            return "No TCP connection in this capture was aborted."
        more = ""
        if self.repeats:
            more = f" ({self.repeats} more RST{'s repeat' if self.repeats > 1 else ' repeats'} them)"
        parts = [f"{cause} {count}" + (f" ({self.quiet[cause]} harmless)" if self.quiet[cause] else "")
                 for cause, count in self.total.items()]
        return f"{aborts} abort{plural(aborts)}{more}: {', '.join(parts)}"
