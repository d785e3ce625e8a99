#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The house rules that a machine can check: docs/architecture.md."""

import os
import pathlib
import re
import shutil
import subprocess
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
# Data flows from left to right; a stage sees those to its left.
STAGES = ["base", "hook", "source", "blobs", "unpack", "rules", "match", "filter",
          "control", "import", "provenance", "report",
          "net", "forge", "mirror", "notify", "store", "scan", "org", "cli"]
FILE_LINES = 600
FUNCTION_LINES = 60
# A program of the build, not a part of the library.
PROGRAMS = {"src/rules/compile_main.c"}


def files(*folders, suffixes):
    for folder in folders:
        for path in sorted((TOP / folder).rglob("*")):
            if path.suffix in suffixes and "build" not in path.parts:
                yield path


def name(path):
    return str(path.relative_to(TOP))


def without_comments(text):
    """The same lines, comments and strings blanked."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group())

    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', blank, text,
                  flags=re.S)


def run(*words):
    done = subprocess.run(words, cwd=TOP, check=False, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout


class Architecture(unittest.TestCase):
    def check(self, problems):
        self.assertEqual(list(problems), [])

    def wrong_includes(self):
        for path in files("src", suffixes=(".c", ".h")):
            stage = path.relative_to(TOP / "src").parts[0]
            yield from self.wrong_includes_of(path, stage)

    def wrong_includes_of(self, path, stage):
        self.assertIn(stage, STAGES, name(path))
        for line in path.read_text().splitlines():
            match = re.match(r'\s*#\s*include\s*"([^"]+)"', line)
            if not match:
                continue
            other = match.group(1).split("/")[0]
            if "/" not in match.group(1) or other not in STAGES:
                yield f"{name(path)}: {line}: not by its full path"
            elif STAGES.index(other) > STAGES.index(stage):
                yield f"{name(path)}: {line}: against the flow"
            elif stage == "cli" and other not in ("cli", "base"):
                yield f"{name(path)}: {line}: cli sees <keysieve/...> only"

    def test_includes_follow_the_flow(self):
        self.check(self.wrong_includes())

    def test_public_headers_see_public_headers_only(self):
        self.check(f"{name(path)}: {line}"
                   for path in files("include", suffixes=(".h",))
                   for line in path.read_text().splitlines()
                   if re.match(r'\s*#\s*include\s*"', line))

    def test_public_headers_stand_alone(self):
        languages = [("c", "-std=c11", ["gcc", "clang", "cc"]),
                     ("c++", "-std=c++17", ["clang", "g++", "c++"])]
        for language, standard, compilers in languages:
            found = [word for word in compilers if shutil.which(word)]
            if not found:
                self.skipTest(f"no compiler for {language}")
            for path in files("include", suffixes=(".h",)):
                status, said = run(
                    found[0], "-x", language, standard, "-Wall", "-Wextra",
                    "-Wpedantic", "-Werror", "-fsyntax-only", "-Iinclude",
                    str(path))
                self.assertEqual(status, 0, said)

    def test_files_are_short(self):
        sources = files("include", "src", "tests",
                        suffixes=(".c", ".h", ".py", ".sh"))
        lengths = {name(path): len(path.read_text().splitlines())
                   for path in sources if path.name != "weights.c"}
        self.check(f"{path}: {count} lines"
                   for path, count in lengths.items() if count > FILE_LINES)

    def long_functions(self):
        for path in files("src", "tests", suffixes=(".c",)):
            text = without_comments(path.read_text())
            begin = None
            for number, line in enumerate(text.splitlines(), 1):
                if line.startswith("{"):
                    begin = number
                elif line.startswith("}") and begin is not None:
                    if number - begin - 1 > FUNCTION_LINES:
                        yield (f"{name(path)}:{begin}: "
                               f"{number - begin - 1} lines")
                    begin = None

    def test_functions_are_short(self):
        self.check(self.long_functions())

    def test_only_the_cli_prints_and_exits(self):
        forbidden = re.compile(
            r"(?<![\w>.])(printf|puts|putchar|vprintf|exit|_exit|abort)\s*\("
            r"|\b(stdout|stderr)\b")
        self.check(
            f"{name(path)}:{number}: {line.strip()}"
            for path in files("src", suffixes=(".c", ".h"))
            if path.relative_to(TOP / "src").parts[0] != "cli"
            and name(path) not in PROGRAMS
            for number, line in enumerate(
                without_comments(path.read_text()).splitlines(), 1)
            if forbidden.search(line))

    def test_licence_is_named(self):
        self.check(name(path)
                   for path in files("include", "src", "tests", "patterns",
                                     ".packaging", suffixes=(".c", ".h", ".py", ".sh",
                                               ".yaml"))
                   if "SPDX-License-Identifier: Apache-2.0"
                   not in path.read_text()[:200])

    def test_formatted(self):
        if not shutil.which("clang-format-14"):
            self.skipTest("no clang-format-14")
        sources = [str(path) for path in
                   files("include", "src", "tests", suffixes=(".c", ".h"))]
        status, said = run("clang-format-14", "--dry-run", "-Werror",
                           *sources)
        wrong = sorted(set(re.findall(r"^(\S+?):\d", said, re.M)))
        self.assertEqual(status, 0, f"./dev fmt mends: {wrong}")

    def test_scripts(self):
        if not shutil.which("shellcheck"):
            self.skipTest("no shellcheck")
        scripts = [TOP / "dev", TOP / ".ci" / "run",
                   *files("tests", ".packaging", ".ci", suffixes=(".sh",)),
                   TOP / ".packaging/debian/tests/audit",
                   TOP / ".packaging/debian/tests/library"]
        status, said = run("shellcheck", *map(str, scripts))
        self.assertEqual(status, 0, said)

    def test_nothing_of_the_machine_is_in_a_file(self):
        home = re.compile(r"/(home|root)/\w|/wo" + r"rk/")
        self.check(f"{name(path)}: {line.strip()[:80]}"
                   for path in files("include", "src", "tests", "docs",
                                     "patterns", "presets", ".packaging",
                                     suffixes=(".c", ".h", ".py", ".sh",
                                               ".md", ".ini", ".build"))
                   for line in path.read_text().splitlines()
                   if home.search(line))


if __name__ == "__main__":
    os.chdir(TOP)
    unittest.main(verbosity=1)
