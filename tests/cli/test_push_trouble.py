#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The hook pre-push where something is wrong, large or of another form."""

import pathlib
import random
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import hooks  # noqa: E402
import program  # noqa: E402


class Trouble(hooks.HookCase):
    def setUp(self):
        super().setUp()
        self.start()

    def test_policy_on_errors(self):
        oid = self.work.add("b", "text\n")
        tree = self.work.git("rev-parse", f"{oid}^{{tree}}")
        self.remove_object(tree)
        run = self.stopped("missing: ")
        self.assertIn("git push --no-verify", run.err)
        run = self.give(oid, "--on-error=pass", status=program.CLEAN)
        self.assertIn("--on-error pass", run.err)

    def remove_object(self, oid):
        path = self.work.path / ".git/objects" / oid[:2] / oid[2:]
        path.chmod(0o644)
        path.unlink()

    def give(self, oid, *options, old=hooks.ZERO, **more):
        line = f"refs/heads/main {oid} refs/heads/main {old}\n"
        return self.run_program("push", "origin", "url", *options,
                                give=line.encode(), cwd=self.work.path,
                                **more)

    def stopped(self, *parts, **options):
        run = self.give(self.work.git("rev-parse", "HEAD"), **options)
        self.assertIn(run.status, (program.FAILED, program.INCOMPLETE),
                      run.err)
        for part in parts:
            self.assertIn(part, run.err)
        return run

    def test_missing_commit(self):
        oid = self.work.add("b", "text\n")
        self.work.add("c", "text\n")
        self.remove_object(oid)
        self.stopped(f"cannot read {oid}", "git push --no-verify")

    def test_broken_alternates(self):
        """What they lack is missed only if it is needed."""
        self.work.add("b", "text\n")
        path = self.work.path / ".git/objects/info/alternates"
        path.write_text(f"{self.folder}/none\n/dev/null\n\x00\xff\n")
        run = self.give(self.work.git("rev-parse", "HEAD"),
                        status=program.CLEAN)
        self.assertEqual(run.err, "")

    def test_objects_of_alternates(self):
        self.leak()
        other = self.folder / "borrowing"
        self.work.git("clone", "-q", "-s", str(self.work.path), str(other))
        borrowing = hooks.repo.Repo(other, create=False)
        run = self.give(self.work.git("rev-parse", "HEAD"),
                        GIT_DIR=str(borrowing.path / ".git"))
        self.assertEqual(run.status, program.CLEAN, run.err)
        borrowing.git("update-ref", "-d", "refs/remotes/origin/main")
        run = self.give(self.work.git("rev-parse", "HEAD"),
                        GIT_DIR=str(borrowing.path / ".git"))
        self.assertEqual(run.status, program.FOUND, run.err)

    def test_garbage_on_standard_input(self):
        for text in (b"hello\n", b"a b c d\n", b"\x00\xff" * 100,
                     b"refs/heads/main " + b"0" * 39 + b" x " + b"0" * 40,
                     b"refs/heads/main " + b"g" * 40 + b" x " + b"0" * 40):
            run = self.run_program("push", "origin", give=text,
                                   cwd=self.work.path, status=program.FAILED)
            self.assertIn("line 1 of standard input", run.err)
            self.assertIn("git push --no-verify", run.err)

    def test_no_standard_input(self):
        done = subprocess.run(
            ["sh", "-c", f"'{hooks.KEYSIEVE}' push origin <&-"],
            cwd=self.work.path, check=False, env=self.environment,
            stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, program.FAILED, done.stderr)
        self.assertIn(b"cannot read standard input", done.stderr)

    def test_nothing_to_do(self):
        run = self.run_program("push", "origin", "url", cwd=self.folder,
                               status=program.CLEAN)
        self.assertEqual(run.out + run.err, "")

    def test_local_ref_with_spaces(self):
        self.work.add("b", "text\n", "fix it")
        self.accepted("origin", ":/fix it:refs/heads/topic")

    def test_not_in_a_repository(self):
        oid = self.work.git("rev-parse", "HEAD")
        line = f"refs/heads/main {oid} refs/heads/x {hooks.ZERO}\n".encode()
        run = self.run_program("push", "origin", give=line, cwd=self.folder,
                               status=program.FAILED)
        self.assertIn("is not in a git repository", run.err)

    def test_worktree_and_git_dir(self):
        self.work.git("worktree", "add", "-q", "../linked", "-b", "linked")
        linked = hooks.repo.Repo(self.folder / "linked", create=False)
        linked.environment = self.work.environment
        linked.add("b", "text\n")
        self.accepted("origin", "linked", where=linked)
        linked.add("c", f"k = {self.tokens.aws()}\n")
        self.refused("origin", "linked", where=linked)
        elsewhere = hooks.repo.Repo(self.folder / "away", create=False)
        elsewhere.path.mkdir()
        elsewhere.environment = self.work.environment
        self.refused("origin", "linked", where=elsewhere,
                     GIT_DIR=str(self.work.path / ".git"))

    def test_home(self):
        oid = self.leak()
        home = self.folder / "home"
        home.mkdir()
        home.chmod(0o555)
        for value in (str(home), str(self.folder / "none"), ""):
            self.give(oid, HOME=value, status=program.FOUND)
        environment = dict(self.environment)
        del environment["HOME"]
        done = subprocess.run([hooks.KEYSIEVE, "push", "origin"],
                              cwd=self.work.path, env=environment,
                              input=f"x {oid} y {hooks.ZERO}\n".encode(),
                              check=False, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, program.FOUND, done.stderr)

    def test_words_cannot_be_written(self):
        """A full disk for standard error: it is stopped all the same."""
        oid = self.leak()
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                [hooks.KEYSIEVE, "push", "origin"], cwd=self.work.path,
                env=self.environment, check=False, stderr=full,
                input=f"x {oid} y {hooks.ZERO}\n".encode())
        self.assertEqual(done.returncode, program.FOUND)

    def test_confidence(self):
        oid = self.leak()
        self.give(oid, "--min-confidence=0.99", status=program.CLEAN)
        self.give(oid, "--min-confidence=0.5", status=program.FOUND)

    def test_ten_thousand_refs(self):
        """Of which one alone knows what was pushed."""
        first = self.work.git("rev-parse", "HEAD")
        known = self.leak()
        self.push("--no-verify", "origin", "main", passes=True)
        self.remote.git("update-ref", "-d", "refs/heads/main")
        self.work.git("pack-refs", "--all")
        names = {f"refs/remotes/origin/b{n}": first for n in range(10000)}
        names["refs/remotes/origin/b5000"] = known
        names["refs/heads/main"] = known
        (self.work.path / ".git/packed-refs").write_text(
            "# pack-refs with: peeled fully-peeled sorted \n" +
            "".join(f"{oid} {name}\n" for name, oid in sorted(names.items())))
        new = self.work.add("b", "text\n")
        self.accepted("origin", f"{new}:refs/heads/x")
        for number in range(40):
            self.work.add("c", f"{number}\n")
        self.accepted("origin", "main:refs/heads/y")
        self.leak("other.py")
        self.refused("origin", "main")

    def test_two_pushes_at_once(self):
        self.work.git("branch", "clean", self.work.add("b", "text\n"))
        self.leak()
        running = {branch: subprocess.Popen(
            ["git", "push", "-q", "origin", branch], cwd=self.work.path,
            env=self.work.environment, stderr=subprocess.PIPE)
            for branch in ("clean", "main")}
        said = {branch: process.communicate(timeout=50)[1]
                for branch, process in running.items()}
        self.assertEqual(said["clean"], b"")
        self.assertIn(b"1 secret would", said["main"])
        self.assertEqual(running["clean"].returncode, 0)
        self.assertNotEqual(running["main"].returncode, 0)

    def test_disk_that_takes_no_more(self):
        """A large object needs a file: without one it is not scanned."""
        self.work.add("large", b"text\n" * (5 << 20))
        self.stopped("unreadable: ", "set TMPDIR", "git push --no-verify",
                     TMPDIR="/proc")
        self.accepted("origin", "main")

    def test_damaged_packs(self):
        """Whatever is broken, no secret passes."""
        self.leak()
        self.work.pack()
        draw = random.Random(1)
        folder = self.work.path / ".git/objects/pack"
        whole = {path: path.read_bytes() for path in folder.iterdir()}
        for path in sorted(whole):
            path.chmod(0o644)
            for _ in range(8):
                broken = bytearray(whole[path])
                broken[draw.randrange(len(broken))] ^= draw.randrange(1, 256)
                path.write_bytes(broken if draw.random() < 0.8 else
                                 broken[:draw.randrange(len(broken))])
                run = self.give(self.work.git("rev-parse", "main"))
                self.assertNotEqual(run.status, program.CLEAN, run.err)
            path.write_bytes(whole[path])


class Sha256(hooks.HookCase):
    """The same where ids are longer."""

    object_format = "sha256"
    hooks = ("pre-push", "pre-commit")

    def test_push(self):
        self.start()
        self.leak_past_commit()
        self.work.git("tag", "-a", "v1", "-m", "x", "HEAD~1")
        self.accepted("origin", "v1", "HEAD~1:refs/heads/older")
        push = self.refused("origin", "main")
        oid = self.work.git("rev-parse", "HEAD")
        self.assertFalse(self.remote_has(oid))
        self.assertIn("config.py:1:8", push.said)
        self.push("--no-verify", "origin", "main", passes=True)
        self.work.git("mv", "config.py", "moved.py")
        self.work.add("b", "text\n")
        self.accepted("origin", "main", ":older")

    def leak_past_commit(self):
        with self.assertRaises(RuntimeError) as stopped:
            self.leak()
        self.assertIn("1 secret would go in", str(stopped.exception))
        self.work.git("commit", "-q", "--no-verify", "-m", "configure")


class Reftable(hooks.HookCase):
    """What cannot be read; what the remote tells is known all the same."""

    def install(self, target, *options):
        done = subprocess.run(
            ["git", "init", "-q", "-b", "main", "--ref-format=reftable",
             str(self.folder / "tables")], env=self.work.environment,
            check=False, stderr=subprocess.PIPE)
        if done.returncode:
            self.skipTest("needs a git that knows reftable")
        self.work = hooks.repo.Repo(self.folder / "tables", create=False)
        self.work.environment.update(self.sanitizers())
        self.work.git("remote", "add", "origin", f"file://{self.remote.path}")
        super().install(self.work, *options)

    def test_push(self):
        self.start()
        self.leak()
        self.refused("origin", "main")
        self.push("--no-verify", "origin", "main", passes=True)
        self.work.add("b", "text\n")
        self.accepted("origin", "main")
        run = self.run_program("commit", cwd=self.work.path,
                               status=program.FAILED)
        self.assertIn("reftable", run.err)


if __name__ == "__main__":
    program.main()
