#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Repositories that are broken: never a crash, never a clean status."""

import os
import pathlib
import random
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import program  # noqa: E402

NOT_CLEAN = (program.FOUND, program.FAILED, program.INCOMPLETE)


class Damage(program.ProgramCase):
    def packed(self):
        """A repository with one pack of deltas, nothing secret in it."""
        made = self.repo()
        for i in range(12):
            made.write("a", "".join(f"line {j * i}\n" for j in range(300)))
            made.write(f"b{i}", f"file {i}\n" * 20)
            made.commit(f"commit {i}")
        made.pack("--depth=5")
        folder = made.path / ".git" / "objects" / "pack"
        pack, = folder.glob("*.pack")
        index, = folder.glob("*.idx")
        for path in (pack, index):
            path.chmod(0o644)
        return made, pack, index

    def loose_path(self, made, oid):
        return made.path / ".git" / "objects" / oid[:2] / oid[2:]

    def check_incomplete(self, *words, said, reason=None):
        run = self.audit("repo", "--format=json", *words,
                         status=program.INCOMPLETE)
        report = run.json()
        self.assertFalse(report["complete"])
        self.assertIn("not all could be scanned", run.err)
        self.assertIn(said, run.err)
        if reason:
            self.assertGreater(report["coverage"]["skips"][reason], 0)
        # In text too, and without a summary.
        run = self.audit("repo", *words, status=program.INCOMPLETE)
        self.assertIn("Left out", run.out)
        run = self.audit("repo", "--quiet", *words,
                         status=program.INCOMPLETE)
        self.assertIn("not all could be scanned", run.err)
        return report

    def test_no_repository(self):
        for name in (".", "nowhere", "file", "/dev/null"):
            (self.folder / "file").write_text("x")
            run = self.audit(name, status=program.FAILED,
                             GIT_CEILING_DIRECTORIES=str(self.folder))
            self.assertIn(f"'{name}'", run.err)
            self.assertEqual(run.out, "")

    def test_folder_that_only_looks_like_one(self):
        for content in ("", "gitdir: nowhere\n", "gitdir: .git\n", "\0" * 99):
            (self.folder / ".git").write_text(content)
            self.audit(".", status=program.FAILED)
        (self.folder / ".git").unlink()
        (self.folder / ".git").mkdir()
        self.audit(".", status=program.FAILED)

    def test_truncated_pack(self):
        made, pack, _ = self.packed()
        size = pack.stat().st_size
        for keep in (size - 1, size - 21, size // 2, 40, 12, 3, 0):
            with self.subTest(keep=keep):
                os.truncate(pack, keep)
                run = self.audit("repo", "--format=json")
                self.assertIn(run.status, NOT_CLEAN, run.out + run.err)

    def test_missing_pack(self):
        _, pack, _ = self.packed()
        pack.unlink()
        run = self.audit("repo")
        self.assertIn(run.status, NOT_CLEAN)

    def test_missing_index(self):
        _, _, index = self.packed()
        index.unlink()
        run = self.audit("repo")
        self.assertIn(run.status, NOT_CLEAN)

    def test_flipped_bits_in_a_pack(self):
        _, pack, _ = self.packed()
        whole = pack.read_bytes()
        draw = random.Random(1)
        for _ in range(40):
            at = draw.randrange(12, len(whole) - 20)
            with self.subTest(at=at):
                broken = bytearray(whole)
                broken[at] ^= 1 << draw.randrange(8)
                pack.write_bytes(broken)
                run = self.audit("repo", "--format=json", "--connectivity")
                # Deflate cannot tell every flip, but its Adler-32 can.
                self.assertIn(run.status, NOT_CLEAN, run.out + run.err)

    def test_flipped_bits_in_an_index(self):
        _, _, index = self.packed()
        whole = index.read_bytes()
        draw = random.Random(2)
        for _ in range(40):
            at = draw.randrange(len(whole))
            with self.subTest(at=at):
                broken = bytearray(whole)
                broken[at] ^= 1 << draw.randrange(8)
                index.write_bytes(broken)
                self.audit("repo", "--format=json", "--connectivity")

    def test_garbage_for_an_index(self):
        _, _, index = self.packed()
        for content in (b"", b"\xfftOc", b"\0" * 2000, os.urandom(5000)):
            index.write_bytes(content)
            run = self.audit("repo")
            self.assertIn(run.status, NOT_CLEAN)

    def test_missing_blob(self):
        made = self.repo()
        made.add("deep/a", "x")
        blob = made.git("rev-parse", "HEAD:deep/a")
        self.loose_path(made, blob).unlink()
        report = self.check_incomplete("--connectivity", said=blob,
                                       reason="missing")
        self.assertEqual(report["skipped"][0]["what"], "deep/a")

    def test_missing_tree(self):
        made = self.repo()
        made.add("deep/a", "x")
        tree = made.git("rev-parse", "HEAD:deep")
        self.loose_path(made, tree).unlink()
        self.check_incomplete("--connectivity", said=tree, reason="missing")

    def test_missing_commit(self):
        made = self.repo()
        first = made.add("a", "x")
        made.add("a", "y")
        self.loose_path(made, first).unlink()
        self.check_incomplete(said=first, reason="missing")

    def test_missing_tagged_object(self):
        made = self.repo()
        made.add("a", "x")
        blob = made.blob("tagged")
        made.git("tag", "-a", "-m", "x", "v1", blob)
        self.loose_path(made, blob).unlink()
        self.check_incomplete(said=blob, reason="missing")

    def test_dangling_ref(self):
        made = self.repo()
        made.add("a", "x")
        path = made.path / ".git/refs/heads/gone"
        path.write_text("0123456789abcdef0123456789abcdef01234567\n")
        self.check_incomplete(said="refs/heads/gone", reason="dangling")

    def test_broken_ref(self):
        made = self.repo()
        made.add("a", "x")
        (made.path / ".git/refs/heads/odd").write_text("no id at all\n")
        self.check_incomplete(said="refs/heads/odd")

    def test_damaged_loose_object(self):
        made = self.repo()
        made.add("a", "some content\n" * 30)
        path = self.loose_path(made, made.git("rev-parse", "HEAD:a"))
        path.chmod(0o644)
        whole = path.read_bytes()
        for content in (b"", b"garbage", whole[:-1], whole[:20],
                        whole[:30] + b"\xff" + whole[31:]):
            path.write_bytes(content)
            self.check_incomplete(said="unreadable", reason="unreadable")

    def test_objects_of_hostile_form(self):
        made = self.repo()
        made.add("a", "x")
        zero = b"\0" * 20
        for kind, content in (
                ("commit", b""), ("commit", b"tree x\n"),
                ("commit", b"author " * 1000), ("tag", b"object x\n"),
                ("tree", b"100644 no end"), ("tree", b"100644 a\0short"),
                ("tree", b"9" * 300 + b" a\0" + zero),
                ("tree", b"40000 ../up\0" + zero),
                ("tree", b"100644 \0" + zero)):
            made.git("hash-object", "-w", "--literally", "-t", kind,
                     "--stdin", give=content)
        run = self.audit("repo", "--connectivity")
        self.assertIn(run.status, NOT_CLEAN)
        made.pack()
        run = self.audit("repo", "--connectivity")
        self.assertIn(run.status, NOT_CLEAN)

    def test_history_in_a_circle_of_references(self):
        made = self.repo()
        made.add("a", "x")
        heads = made.path / ".git/refs/heads"
        (heads / "one").write_text("ref: refs/heads/two\n")
        (heads / "two").write_text("ref: refs/heads/one\n")
        self.audit("repo")
        alternates = made.path / ".git/objects/info/alternates"
        alternates.write_text(f"{made.path}/.git/objects\n.\n..\n")
        self.audit("repo")

    def test_no_permission(self):
        made = self.repo()
        made.add("a", "x")
        blob = made.git("rev-parse", "HEAD:a")
        self.folder.chmod(0o755)
        prefix = []
        if os.geteuid() == 0:
            prefix = ["setpriv", "--reuid=65534", "--regid=65534",
                      "--clear-groups"]
        self.loose_path(made, blob).chmod(0)
        run = self.audit("repo", "--format=json", prefix=prefix,
                         status=program.INCOMPLETE)
        self.assertIn("unreadable", run.err)
        self.assertIn(blob, run.err)

    def test_folders_in_the_place_of_files(self):
        made = self.repo()
        made.add("a", "x")
        for name in ("packed-refs", "shallow", "objects/info/alternates",
                     "logs/HEAD"):
            path = made.path / ".git" / name
            path.unlink(missing_ok=True)
            path.mkdir(parents=True)
            self.audit("repo")

    def test_damaged_secret_is_still_found_in_the_rest(self):
        made = self.repo()
        made.add("a", f"token = {self.tokens.github()}\n")
        made.add("b", "other content\n")
        path = self.loose_path(made, made.git("rev-parse", "HEAD:b"))
        path.chmod(0o644)
        path.write_bytes(b"garbage")
        run = self.audit("repo", status=program.FOUND)
        self.assertIn("not all could be scanned", run.err)

    def test_repository_that_goes_away(self):
        made, _, _ = self.packed()
        shutil.rmtree(made.path / ".git" / "objects")
        run = self.audit("repo")
        self.assertIn(run.status, NOT_CLEAN)


if __name__ == "__main__":
    program.main()
