#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The hook pre-commit: what is staged, exactly as it is staged."""

import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import hooks  # noqa: E402
import program  # noqa: E402


class Commit(hooks.HookCase):
    hooks = ("pre-commit",)

    def setUp(self):
        super().setUp()
        self.work.write("README", "hello\n")
        self.work.write("dir/f.py", "one\ntwo\n")
        self.work.write("dir/sub/g.py", "text\n")
        self.work.git("add", "-A")
        self.stage = self.work.git
        self.passes()

    def commit(self, *words, passes, **options):
        return self.run_git("commit", "-q", "-m", "x", *words, passes=passes,
                            **options)

    def passes(self, *words, **options):
        self.assertEqual(self.commit(*words, passes=True, **options).said, "")

    def stopped(self, *words, count=1, **options):
        done = self.commit(*words, passes=False, **options)
        self.assertIn(f"commit stopped: {count} secret", done.said)
        return done

    def put(self, name, *lines):
        self.work.write(name, "".join(f"{line}\n" for line in lines))

    def secret(self):
        return f"K = '{self.tokens.aws()}'"

    def test_message(self):
        self.put("dir/f.py", "one", self.secret(), "two")
        self.stage("add", "-A")
        done = self.stopped()
        self.assertRegex(done.said, hooks.fill("""\
keysieve: commit stopped: 1 secret would go in

dir/f.py:2:6  AWS access key id
  line    K = '<aws>'
  why     rule aws-access-key, confidence <sure>, <bits> bits per character, \
account <digits>
  fix     take it out, then: git add dir/f.py
          or leave the file out: git reset -q dir/f.py
  allow   no secret? let line 2 be:
          K = '<aws>'  # keysieve:allow
  rotate  it too, if it was ever pushed or shared: https://docs.aws.amazon.com\
/IAM/latest/UserGuide/id-credentials-access-keys-update.html

Nothing was committed. To commit all the same: git commit --no-verify
"""))
        # The ways out that it names lead out.
        self.stage("reset", "-q", "dir/f.py")
        self.put("other", "text")
        self.stage("add", "other")
        self.passes()

    def test_the_index_and_not_the_work_tree(self):
        self.put("dir/f.py", "one", "three")
        self.stage("add", "-A")
        self.put("dir/f.py", "one", self.secret())
        self.passes()
        self.stage("add", "-A")
        self.put("dir/f.py", "one", "clean again")
        self.stopped()

    def test_partially_staged(self):
        self.put("dir/f.py", self.secret(), "one", "two", "three", "four")
        clean = self.work.blob("one\ntwo\nthree\nfour\n")
        self.stage("update-index", "--cacheinfo",
                   f"100644,{clean},dir/f.py")
        self.passes()
        bad = self.work.blob(f"{self.secret()}\n")
        self.stage("update-index", "--cacheinfo", f"100644,{bad},dir/f.py")
        self.put("dir/f.py", "one")
        self.stopped()

    def test_new_files_and_folders(self):
        for name in ("a", "dir/a", "dir/sub/a", "dir.x/a", "dir0", "z/z/z/z",
                     "dir/sub.py", "README2"):
            self.put(name, self.secret())
            self.stage("add", "-A")
            done = self.stopped()
            self.assertIn(f"\n{name}:1:6  ", done.said)
            self.stage("reset", "-q", "--hard")

    def test_first_commit_of_a_repository(self):
        fresh = self.repo("fresh")
        self.install(fresh)
        fresh.write("f", f"{self.secret()}\n")
        fresh.git("add", "f")
        done = self.stopped(where=fresh)
        self.assertIn("git reset -q f\n", done.said)
        fresh.git("reset", "-q", "f")
        fresh.write("g", "text\n")
        fresh.git("add", "g")
        self.passes(where=fresh)

    def test_renames_modes_and_removals(self):
        self.put("dir/f.py", self.secret())
        self.stage("add", "-A")
        self.commit("--no-verify", passes=True)
        self.stage("mv", "dir/f.py", "moved.py")
        self.passes()
        (self.work.path / "moved.py").chmod(0o755)
        self.stage("add", "-A")
        self.passes()
        self.stage("mv", "moved.py", "again.py")
        with open(self.work.path / "again.py", "a", encoding="ascii") as out:
            out.write("# changed\n")
        self.stage("add", "-A")
        self.passes()
        self.stage("rm", "-q", "again.py")
        self.passes()

    def test_known_secret_stays_new_one_does_not(self):
        first, second = self.secret(), self.secret()
        self.put("dir/f.py", first)
        self.stage("add", "-A")
        self.commit("--no-verify", passes=True)
        self.put("dir/f.py", "# more", first)
        self.stage("add", "-A")
        self.passes()
        self.put("dir/f.py", first, second)
        self.stage("add", "-A")
        self.stopped()

    def test_file_becomes_folder_and_back(self):
        self.stage("rm", "-q", "README")
        self.put("README/f", self.secret())
        self.stage("add", "-A")
        self.stopped()
        self.stage("reset", "-q", "--hard")
        self.stage("rm", "-rq", "dir")
        self.put("dir", self.secret())
        self.stage("add", "-A")
        self.stopped()

    def test_commit_of_named_files(self):
        """git commit FILE uses an index of its own."""
        self.put("dir/f.py", self.secret())
        self.put("README", "clean")
        self.stage("add", "-A")
        self.passes("README")
        self.put("README", "clean again")
        self.stopped("-a")

    def test_amend(self):
        self.put("dir/f.py", self.secret())
        self.stage("add", "-A")
        self.stopped("--amend")

    def test_merge(self):
        """What the merged side has already is not this commit's."""
        self.stage("checkout", "-q", "-b", "side")
        self.put("side.py", self.secret())
        self.stage("add", "-A")
        self.commit("--no-verify", passes=True)
        self.stage("checkout", "-q", "main")
        self.put("README", "more")
        self.stage("add", "-A")
        self.passes()
        self.stage("merge", "-q", "--no-commit", "side")
        self.passes()
        self.stage("checkout", "-q", "-b", "side2", "HEAD~")
        self.put("side2.py", "text")
        self.stage("add", "-A")
        self.passes()
        self.stage("checkout", "-q", "main")
        self.stage("merge", "-q", "--no-commit", "side2")
        self.put("side2.py", self.secret())
        self.stage("add", "-A")
        self.stopped()

    def test_index_versions(self):
        for version in ("2", "3", "4"):
            self.stage("update-index", "--index-version", version)
            self.put("new.py", self.secret())
            self.stage("add", "-N", "dir", ".")
            self.passes("--allow-empty")
            self.stage("add", "-A")
            self.stopped()
            self.stage("reset", "-q", "--hard")

    def test_split_index_is_named(self):
        self.stage("update-index", "--split-index")
        self.put("new.py", "text")
        self.stage("add", "-A")
        done = self.commit(passes=False)
        self.assertIn("--no-split-index", done.said)
        self.assertIn("git commit --no-verify", done.said)

    def test_corrupt_index(self):
        self.put("new.py", "text")
        self.stage("add", "-A")
        path = self.work.path / ".git/index"
        path.write_bytes(path.read_bytes()[:120])
        run = self.run_program("commit", cwd=self.work.path,
                               status=program.FAILED)
        self.assertIn("the index is corrupt", run.err)

    def test_missing_object(self):
        self.put("new.py", "text that is lost")
        self.stage("add", "-A")
        oid = self.stage("rev-parse", ":new.py")
        path = self.work.path / ".git/objects" / oid[:2] / oid[2:]
        path.chmod(0o644)
        path.unlink()
        run = self.run_program("commit", cwd=self.work.path,
                               status=program.INCOMPLETE)
        self.assertIn("unreadable: new.py: ", run.err)

    def test_submodule_and_symlink(self):
        module = self.repo("module")
        module.add("f", f"{self.secret()}\n")
        self.stage("-c", "protocol.file.allow=always", "submodule", "add",
                   "-q", str(module.path), "sub")
        self.passes()
        os.symlink(f"/{self.tokens.github()}", self.work.path / "link")
        self.stage("add", "-A")
        self.stopped()

    def test_names_and_odd_paths(self):
        self.put(f"x/{self.tokens.aws()}", "text")
        self.stage("add", "-A")
        self.stopped()
        self.stage("reset", "-q", "--hard")
        self.put("a\nb 'c'\x1b[0m/f.py", self.secret())
        self.stage("add", "-A")
        done = self.stopped()
        self.assertIn(r"a\nb 'c'\x1B[0m/", done.said)

    def test_linked_worktree(self):
        self.stage("worktree", "add", "-q", "../linked")
        linked = hooks.repo.Repo(self.folder / "linked", create=False)
        linked.environment = self.work.environment
        linked.write("f", f"{self.secret()}\n")
        linked.git("add", "f")
        self.stopped(where=linked)

    def test_many_files(self):
        for number in range(1500):
            self.put(f"many/d{number % 30}/f{number}", "text", str(number))
        self.stage("add", "-A")
        self.passes()
        self.put("many/d7/f7", self.secret())
        self.stage("add", "-A")
        self.stopped()

    def test_nothing_staged_and_no_index(self):
        self.passes("--allow-empty")
        bare = self.repo("bare", "--bare")
        run = self.run_program("commit", cwd=bare.path, status=program.CLEAN)
        self.assertEqual(run.err, "")

    def test_no_index_but_a_commit(self):
        """All is gone, but that is no news."""
        self.put("f.py", self.secret())
        self.stage("add", "-A")
        self.stage("commit", "-q", "--no-verify", "-m", "x")
        (self.work.path / ".git/index").unlink()
        run = self.run_program("commit", cwd=self.work.path,
                               status=program.CLEAN)
        self.assertEqual(run.err, "")

    def sparse(self):
        """Only the folder "in" is there; each other is one entry."""
        for folder in ("a", "in", "out", "out/deep/er", "z"):
            self.put(f"{folder}/f.py", "text")
        self.put("out/old.py", self.secret())
        self.stage("add", "-A")
        self.stage("commit", "-q", "--no-verify", "-m", "x")
        self.stage("sparse-checkout", "init", "--cone", "--sparse-index")
        self.stage("sparse-checkout", "set", "in")
        self.assertIn("out/", self.stage("ls-files", "--sparse").split("\n"))

    def test_sparse_index(self):
        self.sparse()
        self.put("in/g.py", "text")
        self.stage("add", "-A")
        self.passes()
        self.put("in/g.py", self.secret())
        self.stage("add", "-A")
        self.stopped()

    def test_folder_of_a_sparse_index_that_changed(self):
        """It is looked into; what head has of it is not news."""
        self.sparse()
        head = self.stage("rev-parse", "HEAD")
        token = self.tokens.aws()
        self.stage("sparse-checkout", "disable")
        self.put("out/deep/er/g.py", f"K = '{token}'")
        self.put("out/h.py", "text")
        self.put("zz/i.py", "text")
        self.stage("add", "-A")
        self.stage("commit", "-q", "--no-verify", "-m", "y")
        self.stage("sparse-checkout", "init", "--cone", "--sparse-index")
        self.stage("sparse-checkout", "set", "in")
        self.stage("reset", "-q", "--soft", head)
        self.assertIn("out/", self.stage("ls-files", "--sparse").split("\n"))
        done = self.stopped()
        self.assertIn("out/deep/er/g.py:1:6 ", done.said)

    def test_file_without_comments(self):
        """The message has the entry that allows it."""
        self.put("f.json", f'{{"k": "{self.tokens.aws()}"}}')
        self.stage("add", "-A")
        done = self.stopped()
        entry = re.search(r"allow: \[.*\]", done.said).group()
        self.put(".keysieve.yaml", entry.replace("WHY", "made up"))
        self.stage("add", "-A")
        self.passes()

    def test_configuration_of_the_repository(self):
        self.put(".keysieve.yaml", "allow:",
                 "  - path: tests/", "    reason: made up")
        self.put("tests/f.py", self.secret())
        self.stage("add", "-A")
        self.passes()

    def test_interrupted(self):
        """What is told to stop lets nothing pass."""
        done = subprocess.run(
            ["sh", "-c", f"kill -INT $$; exec '{hooks.KEYSIEVE}' commit"],
            cwd=self.work.path, check=False, env=self.environment,
            stderr=subprocess.PIPE)
        self.assertNotEqual(done.returncode, 0)


if __name__ == "__main__":
    program.main()
