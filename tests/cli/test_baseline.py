#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Baselines: what is known is not reported, what is new is."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import program  # noqa: E402


class Baseline(program.ProgramCase):
    """A repository with two secrets that are known."""

    def setUp(self):
        super().setUp()
        self.r = self.repo()
        for name in "ab":
            self.r.add(f"{name}.env", f"token = {self.tokens.github()}\n")
        self.file = self.folder / "baseline"

    def baseline(self, verb, *words, **options):
        return self.run_program("baseline", verb, *words, **options)

    def create(self, *words, **options):
        return self.baseline("create", self.r.path, "--output", self.file,
                             *words, **options)

    def lines(self):
        """Those of the file, split, without the heading."""
        return [line.split(maxsplit=4)
                for line in self.file.read_text().splitlines()
                if not line.startswith("#")]

    def known(self, *words, **options):
        return self.audit(self.r.path, "--baseline", self.file,
                          "--format=json", *words, **options).json()

    def test_what_is_known_is_not_reported(self):
        self.create(status=program.CLEAN)
        report = self.known(status=program.CLEAN)
        self.assertEqual(report["findings"], [])
        self.assertEqual(report["suppressed"]["baseline"], 2)
        run = self.audit(self.r.path, "--baseline", self.file,
                         status=program.CLEAN)
        self.assertIn("2 secrets: 2 in the baseline", run.out)

    def test_what_is_new_is(self):
        self.create()
        self.r.add("c.env", f"token = {self.tokens.github()}\n")
        report = self.known(status=program.FOUND)
        self.assertEqual([one["path"] for one in report["findings"]],
                         ["c.env"])

    def test_it_says_who_and_why_and_until_when(self):
        self.create("--who=jane", "--why=all of them made up",
                    "--until=9999-12-31", "--quiet")
        prints = sorted(one["fingerprint"] for one
                        in self.audit(self.r.path, "--format=jsonl").lines())
        self.assertEqual(self.lines(), [
            [one, "github-pat", "9999-12-31", "jane", "all of them made up"]
            for one in prints])

    def test_without_a_word_it_was_the_user(self):
        self.create(USER="joe")
        self.assertEqual({line[3] for line in self.lines()}, {"joe"})

    def test_it_is_stable(self):
        """Wherever the secret moves to: no line number, path or date."""
        self.create()
        before = self.file.read_text()
        self.r.git("mv", "a.env", "z.env")
        self.r.write("z.env", "# more\n\n" +
                     (self.r.path / "z.env").read_text())
        self.r.commit()
        self.create()
        self.assertEqual(self.file.read_text(), before)

    def test_from_a_report(self):
        self.create("--who=jane")
        before = self.file.read_text()
        for name in "json", "jsonl":
            report = self.folder / name
            self.audit(self.r.path, f"--format={name}", "--output", report,
                       status=program.FOUND)
            self.baseline("create", "--from", report, "--output", self.file,
                          "--who=jane", status=program.CLEAN)
            self.assertEqual(self.file.read_text(), before)

    def test_known_lines_stay(self):
        self.create("--who=jane", "--why=old")
        self.r.add("c.env", f"token = {self.tokens.github()}\n")
        run = self.create("--baseline", self.file, "--who=joe", "--why=new")
        self.assertIn("3 findings, 1 of them new", run.err)
        self.assertEqual(sorted(line[3] for line in self.lines()),
                         ["jane", "jane", "joe"])

    def test_an_entry_runs_out(self):
        self.create("--until=2020-01-31", "--who=jane", "--why=tests")
        report = self.known(status=program.FOUND)
        self.assertEqual(len(report["findings"]), 2)
        notices = report["suppressed"]["notices"]
        self.assertEqual([one["kind"] for one in notices],
                         ["baseline_expired"] * 2)
        self.assertEqual(notices[0]["detail"],
                         "github-pat until 2020-01-31, jane: tests")
        run = self.baseline("prune", self.file, self.r.path,
                            status=program.CLEAN)
        self.assertIn("0 not found any more, 2 run out, 0 kept", run.err)
        self.assertEqual(self.lines(), [])

    def forget(self, name):
        """Take it out of all history."""
        self.r.git("checkout", "-q", "--orphan", "clean")
        self.r.git("rm", "-q", "-f", name)
        self.r.git("commit", "-q", "-m", "anew")
        self.r.git("branch", "-q", "-D", "main")
        self.r.git("reflog", "expire", "--expire=now", "--all")
        self.r.git("gc", "-q", "--prune=now")

    def test_stale_entries_are_told_and_pruned(self):
        self.create()
        self.forget("a.env")
        report = self.known(status=program.CLEAN)
        self.assertEqual([one["kind"] for one
                          in report["suppressed"]["notices"]],
                         ["baseline_stale"])
        run = self.audit(self.r.path, "--baseline", self.file)
        self.assertIn("keysieve baseline prune", run.out)
        # Not where other rules might find it.
        report = self.known("--skip=generic-secret")
        self.assertEqual(report["suppressed"]["notices"], [])
        self.baseline("prune", self.file, self.r.path, status=program.CLEAN)
        self.assertEqual(len(self.lines()), 1)
        self.assertEqual(self.known()["suppressed"]["notices"], [])

    def test_what_is_allowed_otherwise_is_not_gone(self):
        self.create()
        self.r.write(".keysieve.yaml", "allow:\n- path: a.env\n")
        self.baseline("prune", self.file, self.r.path, status=program.CLEAN)
        self.assertEqual(len(self.lines()), 2)
        run = self.baseline("diff", self.file, self.r.path,
                            status=program.CLEAN)
        self.assertEqual(run.out, "")

    def test_nothing_is_pruned_of_what_was_not_scanned(self):
        self.create()
        before = self.file.read_text()
        run = self.baseline("prune", self.file, self.r.path,
                            "--max-blob-size=8", status=program.INCOMPLETE)
        self.assertIn("not all could be scanned", run.err)
        self.assertEqual(self.file.read_text(), before)

    def test_diff(self):
        self.create("--who=jane", "--why=it is old")
        self.assertEqual(self.baseline("diff", self.file, self.r.path,
                                       status=program.CLEAN).out, "")
        self.forget("a.env")
        self.r.add("c.env", f"token = {self.tokens.github()}\n")
        run = self.baseline("diff", self.file, self.r.path,
                            status=program.FOUND)
        self.assertRegex(
            run.out, r"^\+ [0-9a-f]{64} github-pat c[.]env:1\n"
                     r"- [0-9a-f]{64} github-pat - jane it is old\n$")

    def test_branches_merge(self):
        """git merges the files of two branches; if not, the command does."""
        self.create()
        one, two = self.file, self.folder / "two"
        lines = one.read_text().splitlines()
        one.write_text("\n".join(lines[:-1]) + "\n")
        two.write_text("\n".join(lines[:-2] + lines[-1:]) + "\n")
        for names in (one, two), (two, one):
            run = self.baseline("merge", *names, status=program.CLEAN)
            self.assertEqual(run.out.splitlines(), lines)
        self.baseline("merge", "--output", one, one, two,
                      status=program.CLEAN)
        self.assertEqual(len(self.known(status=program.CLEAN)["findings"]), 0)

    def test_mistakes_are_told(self):
        self.file.write_text("<<<<<<< main\n")
        run = self.audit(self.r.path, "--baseline", self.file,
                         status=program.FAILED)
        self.assertIn("baseline:1: an unresolved conflict", run.err)
        run = self.create("--until=tomorrow", status=program.FAILED)
        self.assertIn("it is a date", run.err)
        run = self.audit(self.r.path, "--baseline", "nowhere",
                         status=program.FAILED)
        self.assertIn("'nowhere'", run.err)


if __name__ == "__main__":
    program.main()
