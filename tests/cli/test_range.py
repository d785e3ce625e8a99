#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Ranges of history, as CI asks for them: audit --since and --range."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import program  # noqa: E402
import repo  # noqa: E402


class Range(program.ProgramCase):
    def setUp(self):
        super().setUp()
        self.r = self.repo()
        self.secrets = []
        self.ids = []
        for number in range(5):
            self.secrets.append(self.tokens.aws())
            self.ids.append(self.r.add(
                f"f{number}", f"K = '{self.secrets[-1]}'\n", f"c{number}"))

    def check_found(self, numbers, *words, where="repo"):
        found = self.found("audit", where, *words)
        self.assertEqual(set(found), {self.secrets[n] for n in numbers})
        return found

    def test_since(self):
        found = self.check_found([3, 4], "--since", "HEAD~2")
        item = found[self.secrets[3]]
        self.assertEqual((item["path"], item["commit"], item["message"]),
                         ("f3", self.ids[3], "c3"))
        self.assertTrue(item["in_head"])
        self.check_found([], "--since=HEAD")
        self.check_found([1, 2, 3, 4], f"--since={self.ids[0][:10]}")

    def test_range(self):
        self.check_found([2, 3], "--range", "HEAD~3..HEAD~1")
        self.check_found([4], "--range", "HEAD~..")
        self.check_found([], "--range", "HEAD..HEAD~2")
        self.r.git("checkout", "-q", "-b", "side", "HEAD~2")
        self.secrets.append(self.tokens.aws())
        self.r.add("side", f"K = '{self.secrets[-1]}'\n")
        self.check_found([5], "--range", "main..side")
        self.check_found([3, 4], "--range", "side..main")

    def test_exit_status_and_formats(self):
        self.audit("repo", "--since=HEAD~", status=program.FOUND)
        run = self.audit("repo", "--since=HEAD", status=program.CLEAN)
        self.assertIn("No secrets found", run.out)
        run = self.audit("repo", "--since=HEAD~1", "--format=sarif",
                         status=program.FOUND)
        self.assertEqual(len(run.json()["runs"][0]["results"]), 1)

    def test_removed_within_the_range(self):
        self.r.git("rm", "-q", "f4")
        self.r.commit("remove")
        found = self.check_found([4], "--since=HEAD~2")
        self.assertFalse(found[self.secrets[4]]["in_head"])

    def test_mistakes(self):
        for words, part in ((["--since=none"], "no revision 'none'"),
                            (["--range=x"], "'x' is no range"),
                            (["--range=a...b"], "is no range"),
                            (["--range=HEAD..none"], "no revision 'none'"),
                            (["--range=a..b", "--since=c"], "together")):
            run = self.audit("repo", *words, status=program.FAILED)
            self.assertIn(part, run.err)

    def shallow(self, depth):
        self.r.git("clone", "-q", f"--depth={depth}",
                   f"file://{self.r.path}", str(self.folder / "shallow"))
        return repo.Repo(self.folder / "shallow", create=False)

    def test_shallow_clone_that_is_too_shallow(self):
        shallow = self.shallow(2)
        run = self.audit("shallow", f"--since={self.ids[0]}",
                         status=program.FAILED)
        self.assertIn("in this shallow clone; fetch deeper: 'git fetch "
                      "--unshallow', or in CI all history (fetch-depth: 0)",
                      run.err)
        # The revision is there, what lies between is not.
        shallow.git("fetch", "-q", "--depth=1", "origin", self.ids[0])
        run = self.audit("shallow", f"--since={self.ids[0]}",
                         "--format=json", status=program.FOUND)
        self.assertFalse(run.json()["complete"])
        self.assertIn("this shallow clone ends within the range", run.err)
        shallow.git("fetch", "-q", "--unshallow")
        run = self.audit("shallow", f"--since={self.ids[0]}",
                         "--format=json", status=program.FOUND)
        self.assertTrue(run.json()["complete"])

    def test_shallow_clone_that_is_deep_enough(self):
        self.shallow(3)
        self.check_found([4], "--since=HEAD~1", where="shallow")
        run = self.audit("shallow", "--since=HEAD", status=program.CLEAN)
        self.assertIn("No secrets", run.out)


if __name__ == "__main__":
    program.main()
