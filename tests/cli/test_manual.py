#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The manual page and the completions: all that the help has, well formed."""

import pathlib
import re
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import program  # noqa: E402

COMPLETE = """
source {path}
COMP_WORDS=({words})
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_keysieve
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


class Manual(program.ProgramCase):
    def options(self, *command):
        said = self.run_program(*command, "--help", status=program.CLEAN).out
        return set(re.findall(r"^  (?:-., |    )(--[a-z-]+)", said, re.M))

    def made(self, *words):
        """What is written, in a file too; its path and its text."""
        run = self.run_program(*words, status=program.CLEAN)
        path = self.folder / "made"
        path.write_text(run.out)
        return path, run.out

    @unittest.skipUnless(shutil.which("mandoc"), "no mandoc")
    def test_manual_is_well_formed(self):
        path, _ = self.made("manual")
        done = subprocess.run(["mandoc", "-T", "lint", path], check=False,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True)
        # Whether other pages are installed is no matter of this one.
        said = [line for line in done.stdout.splitlines()
                if "referenced manual not found" not in line]
        self.assertEqual(said, [])

    def test_manual_has_all_options(self):
        _, text = self.made("manual")
        for command in (["audit"], ["scan"], ["push"], ["hook", "install"],
                        ["baseline", "create"], ["report"]):
            self.assertIn(".It Cm " + " Cm ".join(command), text)
            for option in self.options(*command):
                self.assertIn(f"Fl {option[1:]}", text)

    def complete(self, *words):
        path, _ = self.made("completion", "bash")
        quoted = " ".join(f"'{word}'" for word in words)
        done = subprocess.run(
            ["bash", "-c", COMPLETE.format(path=path, words=quoted)],
            check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(done.stderr, b"")
        return done.stdout.decode().split()

    def test_bash_completes(self):
        self.assertIn("audit", self.complete("keysieve", ""))
        self.assertEqual(self.complete("keysieve", "ru"), ["rules"])
        self.assertEqual(self.complete("keysieve", "rules", "te"), ["test"])
        self.assertEqual(
            set(self.complete("keysieve", "audit", "--")),
            self.options("audit"))
        self.assertEqual(
            set(self.complete("keysieve", "hook", "install", "--")),
            self.options("hook", "install"))
        self.assertEqual(self.complete("keysieve", "audit", "-f", "js"),
                         ["jsonl", "json"])
        self.assertEqual(
            self.complete("keysieve", "audit", "--format", "=", "sa"),
            ["sarif"])
        self.assertEqual(self.complete("keysieve", "nothing", "-"), [])

    def test_all_shells_have_all_options(self):
        for shell, form in (("zsh", "{}"), ("fish", "-l {}")):
            path, text = self.made("completion", shell)
            for option in self.options("audit"):
                name = option if shell == "zsh" else option[2:]
                self.assertIn(form.format(name), text)
            if shutil.which(shell):
                subprocess.run([shell, "-n", path], check=True)

    def test_another_shell(self):
        run = self.run_program("completion", "csh", status=program.FAILED)
        self.assertIn("bash, zsh or fish", run.err)


if __name__ == "__main__":
    program.main()
