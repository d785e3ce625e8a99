#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kinds of repositories."""

import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import program  # noqa: E402
import repo  # noqa: E402


class Kinds(program.ProgramCase):
    def setUp(self):
        super().setUp()
        self.secret = self.tokens.github()
        self.line = f"token = {self.secret}\n"

    def leaky(self, name="repo", *options):
        """A repository with a secret in its history, not in HEAD."""
        made = self.repo(name, *options)
        made.add("a.env", self.line, "add it")
        made.write("a.env", "clean\n")
        made.commit("take it out")
        return made

    def check_found(self, *words, status=program.FOUND, **options):
        run = self.audit("--format=json", *words, status=status, **options)
        report = run.json()
        self.assertEqual([f["path"] for f in report["findings"]], ["a.env"])
        return report

    def clone(self, source, *options, name="clone"):
        source.git("clone", "-q", *options, f"file://{source.path}",
                   str(self.folder / name))
        return repo.Repo(self.folder / name, create=False)

    def test_work_tree_and_below(self):
        made = self.leaky()
        (made.path / "deep" / "down").mkdir(parents=True)
        self.check_found("repo")
        self.check_found("repo/")
        self.check_found("repo/.git")
        self.check_found("repo/deep/down")
        self.check_found(cwd=made.path)
        self.check_found(".", cwd=made.path / "deep")

    def test_bare(self):
        made = self.leaky()
        made.git("clone", "-q", "--bare", ".", str(self.folder / "b.git"))
        self.check_found("b.git")

    def test_linked_worktree(self):
        made = self.leaky()
        made.git("worktree", "add", "-q", "-b", "other",
                 str(self.folder / "linked"))
        report = self.check_found("linked")
        self.assertEqual(report["coverage"]["commits"], 2)
        self.check_found(cwd=self.folder / "linked")

    def test_detached_head_of_another_worktree(self):
        made = self.repo()
        made.add("README", "x")
        made.git("worktree", "add", "-q", "--detach",
                 str(self.folder / "linked"))
        linked = repo.Repo(self.folder / "linked", create=False)
        linked.add("a.env", self.line)
        for name in ("repo", "linked"):
            report = self.check_found(name)
            self.assertTrue(report["findings"][0]["is_reachable"], name)

    def test_git_file(self):
        made = self.leaky()
        os.rename(made.path / ".git", self.folder / "elsewhere")
        (made.path / ".git").write_text("gitdir: ../elsewhere\n")
        self.check_found("repo")

    def test_alternates(self):
        made = self.leaky()
        made.git("clone", "-q", "--shared", ".", str(self.folder / "shared"))
        other = repo.Repo(self.folder / "shared", create=False)
        other.add("b", "clean\n")
        report = self.check_found("shared")
        self.assertEqual(report["coverage"]["commits"], 3)

    def test_alternate_that_is_gone(self):
        made = self.leaky()
        made.git("clone", "-q", "--shared", ".", str(self.folder / "shared"))
        os.rename(made.path, self.folder / "moved")
        run = self.audit("shared", "--format=json")
        self.assertIn(run.status, (program.FAILED, program.INCOMPLETE))

    def test_another_owner(self):
        if os.geteuid() != 0:
            self.skipTest("only root can give a repository away")
        made = self.leaky()
        subprocess.run(["chown", "-R", "1234:1234", made.path], check=True)
        self.check_found("repo")
        made.git("config", "safe.directory", "/nowhere",
                 GIT_CONFIG_GLOBAL=str(self.folder / "config"),
                 check=False)
        self.check_found("repo")

    def test_empty(self):
        self.repo("empty", "--bare")
        self.audit("empty", status=program.CLEAN)

    def test_unborn_head(self):
        made = self.repo()
        self.audit("repo", status=program.CLEAN)
        made.write("a.env", self.line)
        made.git("add", "a.env")
        self.audit("repo", status=program.FOUND)

    def test_shallow(self):
        made = self.leaky()
        self.clone(made, "--depth=1")
        run = self.audit("clone", "--format=json",
                         status=program.INCOMPLETE)
        report = run.json()
        self.assertTrue(report["shallow"])
        self.assertFalse(report["complete"])
        self.assertEqual(report["coverage"]["skips"]["shallow"], 1)
        self.assertIn("shallow", run.err)
        run = self.audit("clone", status=program.INCOMPLETE)
        self.assertIn("fetch --unshallow", run.out)

    def test_partial(self):
        made = self.leaky()
        made.git("config", "uploadpack.allowFilter", "true")
        self.clone(made, "--filter=blob:none")
        run = self.audit("clone", "--format=json",
                         status=program.INCOMPLETE)
        report = run.json()
        self.assertTrue(report["partial"])
        self.assertGreater(report["coverage"]["skips"]["partial"], 0)
        self.assertIn("partial", run.err)
        # The same without the remote: nothing may be fetched anyway.
        os.rename(made.path, self.folder / "moved")
        again = self.audit("clone", "--format=json",
                           status=program.INCOMPLETE)
        self.assertEqual(again.json()["coverage"]["skips"],
                         report["coverage"]["skips"])

    def test_submodule_is_named(self):
        self.leaky("sub")
        made = self.repo()
        made.git("-c", "protocol.file.allow=always", "submodule", "-q",
                 "add", str(self.folder / "sub"), "sub")
        made.commit()
        run = self.audit("repo", "--format=json", status=program.CLEAN)
        report = run.json()
        self.assertEqual(report["coverage"]["skips"]["gitlink"], 1)
        self.assertIn("sub", report["skipped"][0]["what"])

    def test_lfs_pointer_is_named(self):
        self.repo().add(
            "big.bin", "version https://git-lfs.github.com/spec/v1\n"
            "oid sha256:" + "0123456789abcdef" * 4 + "\nsize 12345\n")
        run = self.audit("repo", "--format=json", status=program.CLEAN)
        self.assertEqual(run.json()["coverage"]["skips"]["lfs"], 1)

    def test_many_packs_and_loose_objects(self):
        made = self.repo()
        for i in range(4):
            made.add(f"file{i}", f"content {i}\n" * 50)
            made.git("repack", "-q", "-d")
        made.add("a.env", self.line)
        report = self.check_found("repo")
        self.assertEqual(report["coverage"]["commits"], 5)
        made.git("multi-pack-index", "write")
        made.git("repack", "-q", "-a", "-d", "--write-bitmap-index")
        made.git("commit-graph", "write")
        made.git("pack-refs", "--all")
        self.check_found("repo")

    def test_nothing_is_changed(self):
        made = self.leaky()

        def state():
            return {path: (path.lstat().st_mtime_ns, path.lstat().st_size)
                    for path in made.path.rglob("*")}

        before = state()
        self.audit("repo", "--connectivity", status=program.FOUND)
        self.assertEqual(state(), before)

    def test_connectivity_of_a_whole_repository(self):
        self.repo().add("deep/down/a", "x")
        self.audit("repo", "--connectivity", status=program.CLEAN)


if __name__ == "__main__":
    program.main()
