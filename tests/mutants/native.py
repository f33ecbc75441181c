# SPDX-License-Identifier: GPL-2.0-or-later
"""A copy of the core with its native tests, which is changed and tried again in a moment.

The core is a shared object: the tests are linked once, and a changed core takes the place of the
first.  Left out are the tests that take seconds (bounded, soup), the one that is made of a table it
would have to notice changes of (limits), and those of what is shown (chinese, sayings).
"""
import collections
import os
import pathlib
import re
import shutil
import subprocess

from listed import CORE, TOP, Fault

TESTS = TOP / "tests"
LEFT_OUT = {"bounded", "soup", "limits", "chinese", "sayings"}
LONGEST_S = 60
COMPILER = os.environ.get("CC", "cc")
FLAGS = ["-std=gnu11", "-O0", "-w", "-fPIC"]
LIBRARY = "libcore.so"


def run(*command, **settings):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          errors="replace", timeout=LONGEST_S, check=False, **settings)
    return done.returncode, done.stdout, done.stderr


def must(*command):
    status, _, complaint = run(*command)
    if status:
        raise Fault(complaint or f"{command[0]} failed")


def includes(*folders):
    return [f"-I{folder}" for folder in folders]


def rooms(core):
    return sorted(path for path in core.iterdir() if path.is_dir())


def sources(core):
    return sorted(core.glob("*/*.c"))


def compile_source(source, core, output, more=()):
    return run(COMPILER, *FLAGS, *more, *includes(*rooms(core)), "-c", source, "-o", output)


def link_core(objects, folder):
    must(COMPILER, "-shared", "-o", folder / LIBRARY, *objects)


def check_flags():
    status, flags, _ = run("pkg-config", "--cflags", "--libs", "check")
    if status:
        raise Fault("no package check for pkg-config")
    return flags.split()


class Native:
    """The unchanged core and its tests, built in a folder."""

    def __init__(self, folder, pool):
        self.folder = folder
        self.core, self.objects = folder / "core", folder / "objects"
        self.tests = folder / "tests"
        for path in (self.objects, self.tests):
            path.mkdir()
        shutil.copytree(CORE, self.core)
        built = list(pool.map(self.build_object, sources(self.core)))
        link_core(built, folder)
        self.build_tests(pool)
        self.captures = sorted((TOP / "captures").glob("*.pcap*"))
        self.rows = rows_of(*self.judge(folder))
        for name in ["scenarios", *self.units]:
            if self.run_unit(name, folder)[0]:
                raise Fault(f"unit.{name} fails on the unchanged core")

    def object_of(self, source):
        return self.objects / f"{source.stem}.o"

    def build_object(self, source):
        output = self.object_of(source)
        status, _, complaint = compile_source(source, self.core, output)
        if status:
            raise Fault(complaint)
        return output

    def build_tests(self, pool):
        common = sorted([*TESTS.glob("scenario/*.c"), *TESTS.glob("harness/*.c")])
        where = includes(TESTS / "scenario", TESTS / "harness", TOP / "plugin" / "shown")
        units = [path for path in sorted(TESTS.glob("unit/*.c")) if path.stem not in LEFT_OUT]
        programs = [*units, TESTS / "programs" / "judge_natively.c"]

        def build(source):
            output = self.tests / f"{source.parent.name}_{source.stem}.o"
            more = [*where, f'-DSCENARIOS="{TESTS}/scenarios"']
            status, _, complaint = compile_source(source, self.core, output, more)
            if status:
                raise Fault(complaint)
            return output

        shared = list(pool.map(build, common))
        libraries = check_flags()

        def link(made):
            source, output = made
            must(COMPILER, "-o", self.tests / source.stem, output, *shared,
                 f"-L{self.folder}", f"-l:{LIBRARY}", *libraries)

        list(pool.map(link, zip(programs, pool.map(build, programs))))
        self.units = [path.stem for path in units if path.stem != "scenarios"]

    def run_unit(self, name, library):
        """Status and output of a unit test with the core of that folder."""
        environment = {**os.environ, "LD_LIBRARY_PATH": str(library), "CK_FORK": "no"}
        status, output, complaint = run(self.tests / name, env=environment)
        return status, output + complaint

    def judge(self, library):
        environment = {**os.environ, "LD_LIBRARY_PATH": str(library)}
        status, output, _ = run(self.tests / "judge_natively", *self.captures, env=environment)
        return status, output


def rows_of(status, output):
    """What is said of each capture, by its name; of none if the program broke."""
    rows = collections.defaultdict(list)
    if status == 0:
        for line in output.splitlines()[1:]:
            path, _, row = line.partition("\t")
            rows[pathlib.Path(path).stem].append(row)
    return rows


class Copy:
    """A copy of the core for one mutant at a time."""

    def __init__(self, native, folder):
        self.native, self.folder, self.core = native, folder, folder / "core"
        self.objects = folder / "objects"
        shutil.copytree(native.core, self.core)
        self.objects.mkdir()

    def touched(self, mutant):
        """The sources that the change may reach: of a limit, those that name it."""
        path = self.core / mutant.path
        if path.suffix == ".c":
            return [path]
        if path.name == "limits.def":
            word = re.compile(rf"\bLIMIT_{mutant.place}\b")
            return [source for source in sources(self.core) if word.search(source.read_text())]
        return sources(self.core)

    def build(self, mutant):
        changed = {}
        for source in self.touched(mutant):
            changed[source.stem] = self.objects / f"{source.stem}.o"
            status, _, complaint = compile_source(source, self.core, changed[source.stem])
            if status:
                raise Fault(f"{mutant.listed_at}: {mutant.name}: it does not compile\n{complaint}")
        kept = [self.native.object_of(source) for source in sources(self.core)
                if source.stem not in changed]
        link_core([*changed.values(), *kept], self.folder)

    def try_mutant(self, mutant):
        """The tests that notice it, of the first kind that has any."""
        path = self.core / mutant.path
        text = path.read_text()
        path.write_text(mutant.apply(text))
        try:
            self.build(mutant)
            return self.ask(mutant.test)
        finally:
            path.write_text(text)

    def ask(self, named):
        kinds = [self.ask_scenarios, self.ask_captures, self.ask_units]
        first = {"c": self.ask_captures, "u": self.ask_units}
        kind = first.get("c" if named.startswith("captures/") else
                         "u" if named.startswith("unit.") else "")
        if kind:
            kinds.sort(key=lambda each: each != kind)
        for ask in kinds:
            try:
                noticed = ask()
            except subprocess.TimeoutExpired:
                noticed = [named]
            if noticed:
                return noticed
        return []

    def ask_scenarios(self):
        status, output = self.native.run_unit("scenarios", self.folder)
        found = re.findall(r"([\w.-]+)\.seg:", output)
        return list(dict.fromkeys(found)) or (["unit.scenarios"] if status else [])

    def ask_captures(self):
        rows, known = rows_of(*self.native.judge(self.folder)), self.native.rows
        return [f"captures/{name}" for name in sorted({*rows, *known})
                if rows.get(name) != known.get(name)]

    def ask_units(self):
        return [f"unit.{name}" for name in self.native.units
                if self.native.run_unit(name, self.folder)[0]]
