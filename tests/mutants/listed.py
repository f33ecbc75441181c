# SPDX-License-Identifier: GPL-2.0-or-later
"""The mutants that are listed: small changes of the core's meaning, each with the test that must
notice it.

Each list stands where its file does in the core, and holds one in a block:

    @ FUNCTION: what is changed, in words
    - old text, which stands once in the function (of a table: in the row of that name)
    + new text
    = the test that must notice: a scenario, captures/NAME or unit.NAME

Text of several lines has a - or + before each; white space is that of the source.  In place of the
test stands `~ why` where nothing can notice, for the change is none of meaning, and `?` where
nothing notices yet.
"""
import pathlib
import re

NONE = "none"
HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[1]
CORE = TOP / "plugin" / "core"


class Fault(Exception):
    """What is wrong with the list, or with what it is run on."""


class Mutant:
    """One change of one file, relative to the core."""

    def __init__(self, path, listed_at):
        self.path, self.listed_at = path, listed_at
        self.place = self.title = ""
        self.old, self.new, self.test, self.equivalent = [], [], "", []
        self.is_open = False

    @property
    def name(self):
        return f"{self.path} {self.place}: {self.title}"

    def apply(self, text):
        """The file's text with the change made; a Fault if it cannot be made in one place."""
        start, end = find_place(text, self.place)
        old, found = "\n".join(self.old), text[start:end]
        if found.count(old) != 1:
            raise Fault(f"{self.listed_at}: {self.name}: the old text stands there "
                        f"{found.count(old)} times")
        return text[:start] + found.replace(old, "\n".join(self.new)) + text[end:]


def find_place(text, place):
    """Where a function or a row of a table begins and ends; the whole text if there is none."""
    function = re.search(rf"^\w[^\n;{{}}]*\b{place}\([^;{{}}]*\)\n{{.*?^}}", text, re.M | re.S)
    row = re.search(rf"^\w+\(([\d, ]*){place}\b.*?(?=^\w+\(|^#|\Z)", text, re.M | re.S)
    found = function or row
    return found.span() if found else (0, len(text))


def read_line(mutant, mark, rest):
    if mark == "@":
        mutant.place, _, mutant.title = rest.partition(": ")
    elif mark == "-":
        mutant.old.append(rest)
    elif mark == "+":
        mutant.new.append(rest)
    elif mark == "=":
        mutant.test = rest
    elif mark == "~":
        mutant.equivalent.append(rest)
    elif mark == "?":
        mutant.is_open = True
    else:
        raise Fault(f"{mutant.listed_at}: a line begins with @ - + = ~ or ?")


def read_list(path):
    name = path.relative_to(HERE).as_posix().removesuffix(".mutants")
    mutants = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line[:1] in ("", "#"):
            continue
        mark, _, rest = line.partition(" ")
        if mark == "@":
            mutants.append(Mutant(name, f"{path.relative_to(TOP)}:{number}"))
        elif not mutants:
            raise Fault(f"{path.relative_to(TOP)}:{number}: a mutant begins with @")
        read_line(mutants[-1], mark, rest)
    return mutants


def read_all():
    return [mutant for path in sorted(HERE.glob("*/*.mutants")) for mutant in read_list(path)]


def write_tests(noticed):
    """Write the tests that noticed, {mutant: test or NONE}, into the lists."""
    at = {mutant.listed_at: test for mutant, test in noticed.items()}
    for path in sorted(HERE.glob("*/*.mutants")):
        blocks, number = [], 1
        for block in path.read_text().rstrip("\n").split("\n\n"):
            test = at.get(f"{path.relative_to(TOP)}:{number}")
            number += block.count("\n") + 2
            if test:
                kept = [line for line in block.split("\n") if line[:1] not in ("=", "~", "?")]
                block = "\n".join([*kept, "?" if test == NONE else f"= {test}"])
            blocks.append(block)
        path.write_text("\n\n".join(blocks) + "\n")


def faults(mutants):
    """What of the lists is wrong without compiling anything."""
    found = []
    for mutant in mutants:
        try:
            mutant.apply((CORE / mutant.path).read_text())
        except (Fault, OSError) as fault:
            found.append(str(fault))
        if bool(mutant.test) + bool(mutant.equivalent) + mutant.is_open != 1:
            found.append(f"{mutant.listed_at}: {mutant.name}: it names a test, "
                         "or says why there can be none")
    spared = sum(bool(mutant.equivalent) for mutant in mutants)
    if 20 * spared > len(mutants):
        found.append(f"{spared} of {len(mutants)} mutants are said to be equivalent: "
                     "more than one in twenty")
    return found
