#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every place in a repository where a secret can hide."""

import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import program  # noqa: E402


class Hiding(program.ProgramCase):
    """One secret at a time, in a repository that has little else."""

    def setUp(self):
        super().setUp()
        self.r = self.repo()
        self.first = self.r.add("README", "nothing here\n", "the first one")
        self.secret = self.tokens.github()
        self.line = f"token = {self.secret}\n"

    def check_found(self, **expected):
        """It is found, loose and packed, by both engines, and only it."""
        self.check_once(expected, "--engine=fast")
        self.check_once(expected, "--engine=reference")
        self.r.pack()
        return self.check_once(expected, "--engine=fast")

    def check_once(self, expected, *words):
        found = self.found("audit", self.r.path, *words,
                           status=program.FOUND)
        self.assertEqual(list(found), [self.secret])
        finding = found[self.secret]
        for name, value in expected.items():
            self.assertEqual(finding[name], value, name)
        redacted = self.audit(self.r.path, "--occurrences",
                              "--format=json", *words,
                              status=program.FOUND)
        self.assertEqual(len(redacted.json()["findings"]), 1)
        return finding

    def test_added_then_deleted(self):
        commit = self.r.add("a.env", "x\n" + self.line)
        (self.r.path / "a.env").unlink()
        self.r.commit()
        self.check_found(path="a.env", commit=commit, in_head=False,
                         is_reachable=True, line=2, column=9, branches=[])

    def test_in_head(self):
        commit = self.r.add("a.env", self.line, "add it")
        self.check_found(
            path="a.env", commit=commit, in_head=True, branches=["refs/heads/main"],
            author="Jane Doe", email="jane@example.org", message="add it",
            date="2026-01-31T10:00:00Z", end_line=1, end_column=48)

    def merge(self):
        self.r.add("a", "one\n")
        self.r.git("checkout", "-q", "-b", "side", "HEAD~")
        self.r.add("b", "two\n")
        self.r.git("checkout", "-q", "main")
        self.r.git("merge", "-q", "--no-commit", "--no-ff", "side")

    def test_evil_merge(self):
        self.merge()
        commit = self.r.add("evil", self.line)
        self.check_found(path="evil", commit=commit)

    def test_conflict_resolution(self):
        self.r.add("a", "one\n")
        self.r.git("checkout", "-q", "-b", "side", "HEAD~")
        self.r.add("a", "two\n")
        self.r.git("checkout", "-q", "main")
        self.r.git("merge", "-q", "side", check=False)
        commit = self.r.add("a", "one and two\n" + self.line)
        self.check_found(path="a", commit=commit, line=2)

    def test_octopus_merge(self):
        self.r.git("branch", "one")
        self.r.git("branch", "two")
        for name in ("one", "two"):
            self.r.git("checkout", "-q", name)
            self.r.add(name, name)
        self.r.git("checkout", "-q", "main")
        self.r.git("merge", "-q", "--no-commit", "--no-ff", "one", "two")
        commit = self.r.add("c", self.line)
        self.check_found(path="c", commit=commit)

    def test_commit_message(self):
        commit = self.r.commit("subject\n\n" + self.line)
        self.check_found(path=f"commit:{commit}", commit=commit)

    def test_subject_is_redacted_where_it_is_the_message(self):
        commit = self.r.add("a", self.line, "use " + self.line)
        finding = self.check_found(commit=commit, occurrence_count=2)
        paths = [place["path"] for place in finding["occurrences"]]
        self.assertCountEqual(paths, ["a", f"commit:{commit}"])

    def test_tag_message(self):
        self.r.git("tag", "-a", "v1", "-m", self.line)
        tag = self.r.git("rev-parse", "v1")
        self.check_found(path=f"tag:{tag}", is_reachable=True)

    def test_note(self):
        self.r.git("notes", "add", "-m", self.line)
        self.check_found(path=f"note:{self.first}")

    def test_diff_attribute(self):
        self.r.write(".gitattributes", "*.dat -diff binary\n")
        commit = self.r.add("a.dat", self.line)
        self.check_found(path="a.dat", commit=commit)

    def test_programs_in_the_configuration_do_not_run(self):
        trap = self.folder / "trap.sh"
        sprung = self.folder / "sprung"
        trap.write_text(f"#!/bin/sh\ntouch '{sprung}'\n")
        trap.chmod(0o755)
        self.r.write(".gitattributes", "* diff=hide filter=hide\n")
        self.r.add("a", self.line)
        for name in ("diff.hide.textconv", "diff.external",
                     "filter.hide.clean", "filter.hide.smudge",
                     "core.fsmonitor", "core.sshCommand", "core.pager",
                     "core.editor", "core.gitProxy",
                     "core.alternateRefsCommand", "credential.helper",
                     "uploadpack.packObjectsHook"):
            self.r.git("config", name, str(trap))
        self.r.git("config", "color.ui", "always")
        self.r.git("config", "filter.hide.required", "true")
        hooks = self.r.path / ".git" / "hooks"
        hooks.mkdir(exist_ok=True)
        for name in ("post-checkout", "pre-auto-gc", "fsmonitor-watchman",
                     "reference-transaction"):
            (hooks / name).write_text(trap.read_text())
            (hooks / name).chmod(0o755)
        self.r.git("config", "core.hooksPath", str(hooks))
        # Packing by git itself may spring it: no check_found() here.
        for engine in ("fast", "reference"):
            self.check_once({"path": "a"}, f"--engine={engine}",
                            "--connectivity")
        self.assertFalse(sprung.exists())

    def test_utf16(self):
        for name, text in (("utf-16-le", b""), ("utf-16-be", b""),
                           ("utf-16-le", b"\xff\xfe"),
                           ("utf-16-be", b"\xfe\xff")):
            with self.subTest(name, mark=text):
                self.setUp()
                lines = "first\r\n" + self.line
                self.r.add("a.reg", text + lines.encode(name))
                self.check_found(path="a.reg", line=2)

    def test_binary(self):
        self.r.add("a.bin", b"\0\1\2" + self.line.encode() + b"\0\xff")
        self.check_found(path="a.bin")

    def test_file_name(self):
        self.r.add(f"keys/{self.secret}.txt", "x")
        finding = self.check_found()
        self.assertIn(self.secret, finding["path"])

    def test_folder_name(self):
        self.r.add(f"{self.secret}/x.txt", "x")
        self.check_found()

    def test_branch_name(self):
        self.r.git("branch", f"fix/{self.secret}")
        self.check_found(path=f"ref:refs/heads/fix/{self.secret}")

    def test_tag_name(self):
        self.r.git("tag", self.secret)
        self.check_found(path=f"ref:refs/tags/{self.secret}")

    def test_author_name(self):
        self.r.write("a", "x")
        commit = self.r.commit(GIT_AUTHOR_NAME=f"Jane {self.secret} Doe")
        self.check_found(path=f"commit:{commit}")

    def test_committer_email(self):
        self.r.write("a", "x")
        commit = self.r.commit(GIT_COMMITTER_EMAIL=f"{self.secret}@x.org")
        self.check_found(path=f"commit:{commit}")

    def test_rename_and_modify(self):
        text = "".join(f"line {i}\n" for i in range(50))
        self.r.add("old.txt", text)
        self.r.git("mv", "old.txt", "new.txt")
        commit = self.r.add("new.txt", text + self.line)
        self.check_found(path="new.txt", commit=commit, line=51)

    def test_symlink_becomes_file(self):
        os.symlink("README", self.r.path / "link")
        self.r.commit()
        commit = self.r.add("link", self.line)
        self.check_found(path="link", commit=commit)

    def test_symlink_target(self):
        os.symlink(f"/tmp/{self.secret}", self.r.path / "link")
        self.r.commit()
        self.check_found(path="link")

    def test_tag_on_blob(self):
        blob = self.r.blob(self.line)
        self.r.git("tag", "-a", "-m", "a blob", "v1", blob)
        finding = self.check_found(blob=blob, is_reachable=True)
        self.assertEqual(finding["path"], f"blob:{blob}")

    def test_ref_on_blob(self):
        blob = self.r.blob(self.line)
        self.r.git("update-ref", "refs/odd/blob", blob)
        self.check_found(blob=blob, path=f"blob:{blob}", is_reachable=True)

    def test_stash_top(self):
        self.r.write("README", self.line)
        self.r.git("stash", "push", "-q")
        self.check_found(path="README", is_reachable=True)

    def test_stash_older(self):
        self.r.write("README", self.line)
        self.r.git("stash", "push", "-q")
        self.r.write("README", "other\n")
        self.r.git("stash", "push", "-q")
        self.check_found(path="README", is_reachable=True)

    def test_stash_untracked(self):
        self.r.write("new", self.line)
        self.r.git("stash", "push", "-q", "-u")
        self.check_found(path="new", is_reachable=True)

    def test_stash_dropped(self):
        self.r.write("README", self.line)
        self.r.git("stash", "push", "-q")
        self.r.git("stash", "drop", "-q")
        self.check_found(path="README", is_reachable=False)

    def test_dangling_blob(self):
        blob = self.r.blob(self.line)
        self.check_found(path=f"blob:{blob}", blob=blob, commit="",
                         is_reachable=False)

    def test_dangling_commit(self):
        commit = self.r.add("a", self.line)
        self.r.git("reset", "-q", "--hard", "HEAD~")
        self.r.git("reflog", "expire", "--expire=all", "--all")
        self.r.git("update-ref", "-d", "ORIG_HEAD")
        self.check_found(path="a", commit=commit, is_reachable=False)

    def test_reflog_only(self):
        commit = self.r.add("a", self.line)
        self.r.git("reset", "-q", "--hard", "HEAD~")
        self.r.git("update-ref", "-d", "ORIG_HEAD")
        self.check_found(path="a", commit=commit, is_reachable=True,
                         in_head=False, branches=[])

    def test_amended_away(self):
        commit = self.r.add("a", self.line)
        self.r.write("a", "clean\n")
        self.r.git("commit", "-q", "-a", "--amend", "-m", "clean")
        self.check_found(path="a", commit=commit, in_head=False)

    def test_staged_then_unstaged(self):
        self.r.write("a", self.line)
        self.r.git("add", "a")
        self.r.git("rm", "-q", "--cached", "a")
        self.check_found(in_head=False)

    def test_staged(self):
        self.r.write("a", self.line)
        self.r.git("add", "a")
        self.check_found(in_head=False)

    def test_hidden_by_replace_ref(self):
        commit = self.r.add("a", self.line)
        self.r.git("replace", commit, self.first)
        self.check_found(path="a", commit=commit)

    def test_blob_hidden_by_replace_ref(self):
        self.r.add("a", self.line)
        clean = self.r.blob("clean\n")
        self.r.git("replace", self.r.git("rev-parse", "HEAD:a"), clean)
        self.check_found(path="a")

    def test_cut_by_graft(self):
        self.r.add("a", self.line)
        (self.r.path / "a").unlink()
        last = self.r.commit()
        grafts = self.r.path / ".git" / "info" / "grafts"
        grafts.parent.mkdir(exist_ok=True)
        grafts.write_text(last + "\n")
        self.check_found(path="a")

    def test_pull_request_ref(self):
        commit = self.r.add("a", self.line)
        self.r.git("update-ref", "refs/pull/7/head", commit)
        self.r.git("reset", "-q", "--hard", "HEAD~")
        self.check_found(path="a", commit=commit, is_reachable=True,
                         branches=[])

    def test_remote_tracking_branch(self):
        commit = self.r.add("a", self.line)
        self.r.git("update-ref", "refs/remotes/origin/main", commit)
        self.r.git("reset", "-q", "--hard", "HEAD~")
        self.check_found(path="a", branches=["refs/remotes/origin/main"])

    def test_crlf(self):
        self.r.add("a", "one\r\ntwo\r\n" + self.line.replace("\n", "\r\n"))
        self.check_found(path="a", line=3, column=9, end_column=48)

    def test_line_of_five_megabytes(self):
        pad = "lorem ipsum dolor sit amet " * 100000
        self.r.add("a", pad + " " + self.line[:-1] + " " + pad)
        finding = self.check_found(path="a", line=1, column=len(pad) + 10)
        self.assertLess(len(finding["snippet"]), 300)

    def test_path_is_not_utf8(self):
        name = b"caf\xe9.env"
        with open(os.path.join(os.fsencode(self.r.path), name), "wb") as file:
            file.write(self.line.encode())
        self.r.commit()
        finding = self.check_found(path="caf\ufffd.env")
        self.assertEqual(finding["path_base64"], "Y2Fm6S5lbnY=")

    def test_in_many_versions_of_a_file(self):
        text = "".join(f"line {i}\n" for i in range(500))
        first = self.r.add("a", text + self.line + text)
        for i in range(20):
            self.r.add("a", f"version {i}\n" * (i + 1) + text + self.line
                       + text)
        self.check_found(path="a", commit=first, line=501, in_head=True,
                         occurrence_count=21)

    def test_across_the_seam_of_a_delta(self):
        text = "".join(f"line {i}\n" for i in range(500))
        half = len(self.secret) // 2
        self.r.add("a", text + "see " + self.secret[:half] + "\n" + text)
        commit = self.r.add("a", text + "see " + self.secret + "\n" + text)
        self.check_found(path="a", commit=commit, line=501)


if __name__ == "__main__":
    program.main()
