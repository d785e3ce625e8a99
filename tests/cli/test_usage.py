#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The command line: help, versions, mistakes."""

import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import program  # noqa: E402

COMMANDS = (["audit"], ["scan"], ["push"], ["commit"], ["receive"],
            ["hook", "install"], ["hook", "uninstall"], ["hook", "status"],
            ["rules", "list"], ["rules", "show"], ["rules", "test"],
            ["version"], ["help"])


class Usage(program.ProgramCase):
    def check_refused(self, words, *parts):
        """One line on standard error that holds ${parts}, nothing else."""
        run = self.run_program(*words, status=program.FAILED)
        self.assertEqual(run.out, "")
        self.assertEqual(len(run.err.splitlines()), 1, run.err)
        for part in parts:
            self.assertIn(part, run.err)

    def test_a_path_that_is_not_there(self):
        run = self.run_program("audit", "nowhere", status=program.FAILED)
        self.assertEqual(run.err, "keysieve: cannot open 'nowhere': "
                                  "No such file or directory\n")
        (self.folder / "plain").mkdir()
        run = self.run_program("audit", "plain", status=program.FAILED)
        self.assertIn("'keysieve scan' reads files that are in none", run.err)

    def test_help_names_every_command(self):
        for words in (["--help"], ["-h"], ["help"]):
            run = self.run_program(*words, status=program.CLEAN)
            for command in COMMANDS:
                self.assertIn("\n  " + " ".join(command), run.out)
            self.assertEqual(run.err, "")

    def test_every_command_has_a_help(self):
        for command in COMMANDS:
            first = self.run_program(*command, "--help",
                                     status=program.CLEAN)
            second = self.run_program("help", *command,
                                      status=program.CLEAN)
            self.assertEqual(first.out, second.out)
            self.assertTrue(first.out.startswith(
                "Usage: keysieve " + " ".join(command)), first.out)

    def test_help_fits_into_80_columns(self):
        for command in ([], *COMMANDS):
            run = self.run_program("help", *command, status=program.CLEAN)
            for line in run.out.splitlines():
                self.assertLess(len(line), 80, line)

    def test_help_of_half_a_command(self):
        for words in (["rules", "--help"], ["help", "rules"]):
            run = self.run_program(*words, status=program.CLEAN)
            self.assertIn("rules show", run.out)

    def test_version(self):
        for words in (["version"], ["--version"], ["-V"]):
            run = self.run_program(*words, status=program.CLEAN)
            self.assertRegex(run.out, r"^keysieve \d+\.\d+\.\d+\n$")

    def test_no_command(self):
        run = self.run_program(status=program.FAILED)
        self.assertIn("Usage: keysieve COMMAND", run.err)

    def test_unknown_commands(self):
        self.check_refused(["audti"], "'audti'", "did you mean 'audit'?",
                           "'keysieve --help'")
        self.check_refused(["frobnicate"], "'frobnicate'")
        self.check_refused(["rules", "lst"], "'rules lst'",
                           "did you mean 'rules list'?")
        self.check_refused(["rules"], "'rules list'", "'rules show'")
        self.check_refused(["help", "audt"], "'audt'", "'audit'")
        self.check_refused(["help", "audit", "x"], "'x'")
        self.check_refused(["--quiet", "audit"], "'--quiet'")

    def test_unknown_options(self):
        self.check_refused(["audit", "--fromat", "json"], "'--fromat'",
                           "did you mean '--format'?",
                           "'keysieve audit --help'")
        self.check_refused(["audit", "--zzz=1"], "'--zzz'")
        self.check_refused(["audit", "-Z"], "'-Z'")
        self.check_refused(["scan", "--connectivity", "."],
                           "'--connectivity'")
        self.check_refused(["rules", "list", "--format", "json"],
                           "'--format'")

    def test_values(self):
        for words, part in (
                (["--format", "jsno"], "did you mean 'json'?"),
                (["--format", "x-y-z"], "text, jsonl, json, sarif"),
                (["--format"], "needs FORMAT"),
                (["--quiet=yes"], "takes no value"),
                (["--jobs", "0"], "'0'"),
                (["--jobs", "-1"], "'-1'"),
                (["--jobs", "2x"], "'2x'"),
                (["--jobs", ""], "''"),
                (["--max-blob-size", "3q"], "'3q'"),
                (["--max-blob-size", "0"], "'0'"),
                (["--max-blob-size", " 1"], "' 1'"),
                (["--max-blob-size", "99999999999G"], "too large"),
                (["--max-blob-size", "99999999999999999999"], "'9999"),
                (["--min-confidence", "1.1"], "'1.1'"),
                (["--min-confidence", "nan"], "'nan'"),
                (["--min-confidence", "-0.1"], "'-0.1'"),
                (["--output", ""], "needs FILE"),
                (["--only", ","], "needs RULE"),
                (["--color", "sometimes"], "'sometimes'")):
            self.check_refused(["audit", *words], part,
                               words[0].partition("=")[0])

    def test_values_that_are_right(self):
        self.repo().add("a", "x")
        for words in (["--jobs", "3"], ["-j1"], ["--jobs=1024"],
                      ["--max-blob-size", "16000"], ["--max-blob-size=2k"],
                      ["--max-blob-size", "3M"], ["--max-blob-size", "4g"],
                      ["--min-confidence", "0.5"],
                      ["--min-confidence", ".5"], ["--form", "json"],
                      ["-fjson"], ["-q"], ["--output", "-"],
                      ["--skip", "github-pat,aws-access-key", "--skip",
                       "npm-token"]):
            with self.subTest(words):
                self.audit("repo", *words, status=program.CLEAN)

    def test_operands(self):
        self.check_refused(["audit", "a", "b"], "'b'")
        self.check_refused(["scan"], "PATH")
        self.check_refused(["rules", "show"], "RULE")
        self.check_refused(["version", "x"], "'x'")
        self.check_refused(["audit", "--", "--help"], "--help")

    def test_control_characters_are_shown_not_obeyed(self):
        self.check_refused(["a\x1b[2Jb\n\x9b"], "a\\x1B[2Jb\\x0A")
        self.check_refused(["audit", "no\x1bwhere"], "no\\x1Bwhere")

    def test_rules_list_and_show(self):
        run = self.run_program("rules", "list", status=program.CLEAN)
        self.assertRegex(run.out, r"(?m)^github-pat +token +0\.\d\d  GitHub")
        run = self.run_program("rules", "show", "github-pat",
                               "aws-access-key", status=program.CLEAN)
        for part in ("id          github-pat", "pattern", "checksum",
                     "rotate      https://", "origin      built in",
                     "pairs with  aws-secret-key, within 10 lines"):
            self.assertIn(part, run.out)
        self.check_refused(["rules", "show", "github-pta"], "'github-pta'",
                           "did you mean 'github-pat'?")
        self.check_refused(["rules", "show", "nothing-like-it"], "rules list")

    def test_built_in_rules_pass_their_samples(self):
        run = self.run_program("rules", "test", status=program.CLEAN)
        self.assertRegex(run.out, r" 0 problems\n$")

    def test_unknown_rules(self):
        self.repo().add("a", "x")
        self.check_refused(["audit", "repo", "--only", "no-such"],
                           "'no-such'", "rules list")
        self.check_refused(["audit", "repo", "--skip", "no-such"],
                           "'no-such'")

    def test_standard_output_that_takes_nothing(self):
        self.repo().add("a", "x")
        for words in (["--help"], ["version"], ["rules", "list"],
                      ["rules", "test"], ["audit", "repo"],
                      ["audit", "repo", "--format=json"],
                      ["audit", "repo", "--output=/dev/full"]):
            for to in (">/dev/full", ">&-"):
                if words[-1] == "--output=/dev/full" and to == ">&-":
                    continue
                with self.subTest(words, to=to):
                    run = self.run_program(
                        *words, prefix=["sh", "-c", f'exec "$@" {to}', "sh"],
                        status=program.FAILED)
                    self.assertIn("cannot write", run.err)

    def test_closed_standard_input_and_error(self):
        self.repo().add("a", f"x {self.tokens.github()}")
        close = ["sh", "-c", 'exec "$@" <&- 2>&-', "sh"]
        self.audit("repo", prefix=close, status=program.FOUND)
        done = subprocess.run(
            ["sh", "-c", 'exec "$@" <&-', "sh", program.PROGRAM, "scan",
             "-"], cwd=None, check=False, env=self.environment,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, program.FAILED)
        self.assertIn(b"standard input", done.stderr)


if __name__ == "__main__":
    program.main()
