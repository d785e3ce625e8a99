#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Which commit took a secret out of HEAD."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import program  # noqa: E402


class Removed(program.ProgramCase):
    def setUp(self):
        super().setUp()
        self.r = self.repo()
        self.r.add("README", "nothing\n")
        self.token = self.tokens.github()
        self.line = f"token = {self.token}\n"

    def remove_file(self, name, message="Take the token out"):
        (self.r.path / name).unlink()
        return self.r.commit(message, GIT_AUTHOR_NAME="Ann Other",
                             GIT_AUTHOR_EMAIL="ann@example.org",
                             GIT_AUTHOR_DATE="2026-03-05T23:30:00-0300")

    def check_removed(self, commit, *words):
        """The one finding was removed by ${commit}; the finding."""
        findings = self.audit("repo", "--format=jsonl", *words,
                              status=program.FOUND).lines()
        self.assertEqual(len(findings), 1)
        removed = findings[0]["removed"]
        self.assertEqual(removed and removed["commit"], commit)
        return findings[0]

    def test_tells_who_and_when(self):
        self.r.add("a.env", self.line)
        self.r.write("a.env", "# moved\n" + self.line)
        self.r.git("mv", "a.env", "b.env")
        self.r.add("b.env", "# changed\n" + self.line)
        commit = self.remove_file("b.env")
        self.r.add("README", "more\n")
        for pack in (lambda: None, self.r.pack):
            pack()
            self.assertEqual(self.check_removed(commit)["removed"], {
                "commit": commit, "author": "Ann Other",
                "email": "ann@example.org", "date": "2026-03-06T02:30:00Z",
                "message": "Take the token out"})
        self.assertRegex(
            self.audit("repo", status=program.FOUND).out,
            f"removed +{commit[:12]}  2026-03-05  Ann Other: Take the token")

    def test_a_line_of_a_file(self):
        self.r.add("a.env", "x = 1\n" + self.line)
        self.check_removed(None)
        commit = self.r.add("a.env", "x = 1\n")
        self.check_removed(commit)
        self.r.add("deep/er/c.env", self.line)
        self.assertTrue(self.check_removed(None)["in_head"])
        self.check_removed(self.remove_file("deep/er/c.env"))

    def test_a_merged_branch(self):
        self.r.add("a.env", self.line)
        self.r.git("checkout", "-q", "-b", "fix")
        commit = self.remove_file("a.env")
        self.r.git("checkout", "-q", "main")
        self.r.add("b", "1\n")
        self.r.git("branch", "old")
        self.r.git("merge", "-q", "--no-ff", "-m", "merge", "fix")
        found = self.check_removed(commit)
        self.assertEqual(found["branches"], ["refs/heads/old"])

    def test_not_of_head(self):
        self.r.git("checkout", "-q", "-b", "side")
        self.r.add("a.env", self.line)
        self.remove_file("a.env")
        self.r.git("checkout", "-q", "main")
        self.check_removed(None)
        self.r.git("branch", "-q", "-D", "side")
        self.check_removed(None)

    def test_not_known_of_a_range(self):
        start = self.r.git("rev-parse", "HEAD")
        self.r.add("a.env", self.line)
        self.remove_file("a.env")
        self.check_removed(None, f"--since={start}")

    def test_a_name_is_not_told(self):
        self.r.add(self.token, "1\n")
        self.remove_file(self.token)
        self.check_removed(None)

    def test_nothing_is_told_where_trees_lack(self):
        self.r.add("a/a.env", self.line)
        tree = self.r.git("rev-parse", "HEAD^{tree}")
        self.r.add("a/b", "1\n")
        self.remove_file("a/a.env")
        (self.r.path / ".git/objects" / tree[:2] / tree[2:]).unlink()
        self.check_removed(None)

    def test_saved(self):
        self.r.add("a.env", self.line)
        commit = self.remove_file("a.env")
        saved = self.audit("repo", "--format=jsonl").out
        again = self.run_program("report", "-", "--format=jsonl",
                                 give=saved.encode())
        self.assertEqual(again.lines()[0]["removed"]["commit"], commit)
        self.assertEqual(again.out, saved)


if __name__ == "__main__":
    program.main()
