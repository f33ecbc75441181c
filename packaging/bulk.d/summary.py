# SPDX-License-Identifier: GPL-2.0-or-later
"""The Markdown summary of what packaging/bulk found: causes, endpoints, timeline, problems."""
import collections
import datetime
import json
import re

import job

MOST = 20           # rows of a table
SEVERITIES = ("warn", "note", "chat")
BUCKETS = 24        # rows of the timeline, at most
SPANS = (1, 10, 60, 600, 3600, 6 * 3600, 86400, 7 * 86400, 28 * 86400, 364 * 86400)
CAUSE, BY, SURE, HARMLESS = (job.ek(field) for field in
                             ("cause.name", "by", "confidence", "harmless"))
SPECIAL = re.compile(r"[^\w ./:,\-\[\]]|\b_|_\b")
SYN_SEEN = 1        # of tcp.completeness


class Tally:
    """What is counted while the aborts go by once."""

    def __init__(self):
        self.aborts = self.harmless = self.repeats = 0
        self.first, self.last = None, None
        self.causes, self.servers = (collections.defaultdict(collections.Counter)
                                     for _ in range(2))
        self.clients, self.files, self.began_before = (collections.Counter() for _ in range(3))
        self.seconds = collections.defaultdict(collections.Counter)

    def add(self, document, with_harmless):
        layers = document["layers"]
        self.aborts += 1
        self.repeats += document["repeats"]
        self.harmless += layers[HARMLESS]
        self.began_before[document["file"]] += not layers["tcp"]["tcp_tcp_completeness"] & SYN_SEEN
        if layers[HARMLESS] and not with_harmless:
            return
        time = layers["frame"]["frame_frame_time"]
        if time:
            self.first, self.last = min(self.first or time, time), max(self.last or time, time)
        cause = layers[CAUSE]
        self.causes[cause].update(("all", layers[BY + "_name"], layers[SURE + "_name"]))
        self.servers[document["server"]].update((cause, "all", "by " + layers[BY + "_name"]))
        self.clients[document["client"].rpartition(":")[0]] += 1
        self.files[document["file"]] += 1
        if time:
            self.seconds[int(document["timestamp"]) // 1000][cause] += 1


def escaped(text):
    """Nothing in a name is Markdown or HTML."""
    return SPECIAL.sub(lambda found: f"&#{ord(found[0])};", text)


def table(head, rows, more=0):
    if not rows:
        return ""
    lines = [head, ["---"] * len(head), *rows]
    text = "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)
    return text + (f"\n{more} more are not shown.\n" if more > 0 else "")


def top(counts, most=MOST):
    """The most frequent, ties by name."""
    return sorted(counts, key=lambda pair: (-pair[1], pair[0]))[:most]


def told(causes):
    return ", ".join(f"{cause} {count}" for cause, count in top(causes.items()))


def timeline(seconds):
    buckets = {}
    for span in SPANS:
        buckets = collections.defaultdict(collections.Counter)
        for second, causes in seconds.items():
            buckets[second // span * span].update(causes)
        if len(buckets) <= BUCKETS:
            break
    times = [(datetime.datetime.fromtimestamp(start, datetime.timezone.utc), causes)
             for start, causes in sorted(buckets.items())]
    return span, [(f"{time:%Y-%m-%d %H:%M:%S}", sum(causes.values()), told(causes))
                  for time, causes in times]


def weight(line):
    """Of an incident: the worst first."""
    found = line["incident"]
    return SEVERITIES.index(found["severity"]), -found["harmful"]


def worst(lines, most=MOST):
    """The worst harmful incidents, ties in the order of the captures, and how many there are."""
    harmful = [line for line in map(json.loads, lines) if line["incident"]["harmful"]]
    return sorted(harmful, key=weight)[:most], len(harmful)


def incident_row(line):
    found, frames = line["incident"], line["frames"]
    cause = f"{found['cause']} ({found['detail']})" if found["detail"] else found["cause"]
    extent = f"{frames[0]} to {frames[-1]}" if len(frames) > 1 else found["teller"]
    return cause, escaped(found["where"]), found["aborts"], escaped(line["file"]), extent


def duration(seconds):
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)):
        if seconds % size == 0:
            count = seconds // size
            return f"{count} {unit}s" if count > 1 else unit


def ring_notes(apart, began_before):
    for ring in apart:
        lost = sum(began_before[name] for name in ring)
        yield (f"- {escaped(ring[0])} and {len(ring) - 1} more are of one ring and were judged one "
               f"by one: {lost} of their aborts end conversations whose start is not in the same "
               "file. `--ring` judges them together.\n")


def text(tally, incidents, captures, others, problems, apart):
    counted = tally.aborts - tally.harmless
    yield "# Aborted TCP connections\n\n"
    yield (f"{captures} captures, {len(problems)} problems. {tally.aborts} aborts, {counted} of them "
           f"harmful; {tally.repeats} more resets repeat one of them.")
    yield f" {others} other files were left out.\n" if others else "\n"
    if tally.first:
        yield f"\nFrom {tally.first} to {tally.last}.\n"
    if tally.causes:
        rows, count = incidents
        yield "\n## Incidents, the worst first\n\n" + table(
            ("incident", "where", "aborts", "capture", "frames"), [incident_row(line) for line in rows],
            count - MOST)
        sides, sure = ("client", "server", "middlebox", "unknown"), ("certain", "likely", "possible")
        yield "\n## Causes\n\n" + table(
            ("cause", "aborts", *(f"by {side}" for side in sides), *sure),
            [(cause, count, *(tally.causes[cause][word] for word in (*sides, *sure)))
             for cause, count in top([(cause, counts["all"])
                                      for cause, counts in tally.causes.items()])])
        servers = [(server, counts["all"]) for server, counts in tally.servers.items()]
        rows = []
        for server, count in top(servers):
            by = tally.servers[server]
            causes = {word: by[word] for word in by if word != "all" and not word.startswith("by ")}
            rows.append((escaped(server), count, by["by server"], by["by client"], told(causes)))
        yield "\n## Servers\n\n" + table(
            ("server", "aborts", "ended by it", "by its clients", "causes"), rows,
            len(servers) - MOST)
        for title, counts in (("Client", tally.clients), ("Capture", tally.files)):
            yield f"\n## {title}s\n\n" + table(
                (title.lower(), "aborts"),
                [(escaped(name), count) for name, count in top(counts.items())],
                len(counts) - MOST)
    if tally.first:
        span, rows = timeline(tally.seconds)
        yield f"\n## Timeline\n\nBy {duration(span)}, without those in which nothing happened.\n\n"
        yield table(("from (UTC)", "aborts", "causes"), rows)
    if apart:
        yield "\n## Rings\n\n"
        yield from ring_notes(apart, tally.began_before)
    if problems:
        yield "\n## Problems\n\nWhat could be read of these captures is counted above.\n\n" + table(
            ("capture", "message"),
            [(escaped(problem["file"]), escaped(problem["message"])) for problem in problems])


def write(output, captures, others, problems, apart, with_harmless):
    """summary.md of aborts.ndjson."""
    tally = Tally()
    with open(output / "aborts.ndjson", encoding="utf-8") as lines:
        for line in lines:
            tally.add(json.loads(line), with_harmless)
    with open(output / "incidents.ndjson", encoding="utf-8") as lines:
        incidents = worst(lines)
    with open(output / "summary.md", "w", encoding="utf-8") as file:
        file.writelines(text(tally, incidents, captures, others, problems, apart))
