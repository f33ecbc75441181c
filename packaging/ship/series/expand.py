# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes out what the preprocessor would make of a source: the rows of a table, and the branches
that a Wireshark of one series takes."""
import re

DEFINE = re.compile(r"#define (\w+)(?:\(([^)]*)\))?[ \t]+((?:[^\n]*\\\n)*[^\n]*)\n")
STRING = r'"(?:[^"\\]|\\.)*"'
COMMENT = re.compile(rf"({STRING})|/\*.*?\*/", re.S)


def arguments(text):
    """What stands between commas that no parenthesis and no string encloses."""
    parts, depth = [""], 0
    for piece in re.findall(rf"{STRING}|.", text, re.S):
        depth += piece in "([{" and len(piece) == 1
        depth -= piece in ")]}" and len(piece) == 1
        if piece == "," and not depth:
            parts.append("")
        else:
            parts[-1] += piece
    return [" ".join(part.split()) if '"' not in part else part.strip() for part in parts]


def call(text, start):
    """The arguments of the parenthesis that opens at START, and where it ends."""
    depth = 0
    for piece in re.finditer(rf"{STRING}|[()]", text[start:], re.S):
        depth += {"(": 1, ")": -1}.get(piece[0], 0)
        if not depth:
            end = start + piece.end()
            return arguments(text[start + 1:end - 1]), end
    raise ValueError("no end: " + text[start:start + 40])


def fill(body, names, values):
    """The body of a macro with values in place of its parameters."""
    if names and names[-1] == "...":
        values = values[:len(names) - 1] + [", ".join(values[len(names) - 1:])]
        names = names[:-1] + ["__VA_ARGS__"]
    if len(names) != len(values):
        raise ValueError(f"{names} of {values}")
    given = dict(zip(names, values))
    body = re.sub(rf"({STRING})|\b\w+\b", lambda m: m[1] or given.get(m[0], m[0]), body)
    return re.sub(r"\s*##\s*", "", body)


def rows(table, macro, names, body):
    """One row for each MACRO(...) of the table, macros of rows as they stand."""
    table = COMMENT.sub(lambda m: m[1] or " ", table)
    table = "".join(line for line in table.splitlines(True) if not line.startswith("#"))
    for found in re.finditer(rf"\b{macro}(?=\()", table):
        yield fill(body, names, call(table, found.end())[0])


def table(text, name, contents):
    """TEXT with the rows of a table in place of each #include of it and the #define before."""
    include = f'#include "{name}"\n'
    while include in text:
        before, after = text.split(include, 1)
        define = list(DEFINE.finditer(before))[-1]
        macro, names, body = define[1], [n.strip() for n in define[2].split(",")], define[3]
        if before[define.end():].strip():
            raise ValueError(f"{name}: something stands between {macro} and its table")
        indent = "" if body.rstrip().endswith(";") else " " * 8
        lines = [indent + row + "\n" for row in rows(contents, macro, names, body)]
        text = before[:define.start()] + "".join(lines) + after
    return text


def macros(text, names):
    """TEXT without these macros of its own: each use is written out."""
    for name in names:
        define = re.search(rf"#define {name}\b(?:\(([^)]*)\))?[ \t]+([^\n]*)\n", text)
        text = text[:define.start()] + text[define.end():]
        if define[1] is None:
            text = re.sub(rf"\b{name}\b", define[2].replace("\\", r"\\"), text)
            continue
        while found := re.search(rf"\b{name}\(", text):
            values, end = call(text, found.end() - 1)
            text = text[:found.start()] + fill(define[2], [define[1]], values) + text[end:]
    return text


def branches(text, series):
    """TEXT as a Wireshark of this series sees it: no `#if WIRESHARK_IS(...)` is left."""
    kept, stack = [], []
    for line in text.splitlines(True):
        word = re.match(r"#\s*(if|ifdef|ifndef|else|endif)\b(.*)", line)
        asked = word and re.match(r" (!?)WIRESHARK_IS\((\d+), (\d+)\)$", word[2].rstrip())
        if word and word[1].startswith("if"):
            holds = asked and (series >= (int(asked[2]), int(asked[3]))) != bool(asked[1])
            stack.append(holds if asked else None)
        elif word and word[1] == "else" and stack[-1] is not None:
            stack[-1] = not stack[-1]
            continue
        elif word and word[1] == "endif":
            if stack.pop() is not None:
                continue
        if False not in stack and not asked:
            kept.append(line)
    return "".join(kept)
