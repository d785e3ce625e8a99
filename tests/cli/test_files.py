#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""keysieve scan: files, folders, standard input."""

import os
import pathlib
import socket
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import program  # noqa: E402
import tokens  # noqa: E402


class Files(program.ProgramCase):
    def setUp(self):
        super().setUp()
        self.secret = self.tokens.github()
        self.line = f"token = {self.secret}\n"

    def paths(self, *words, **options):
        """Where the secret was found."""
        run = self.scan("--format=json", "--occurrences", *words, **options)
        return [place["path"] for finding in run.json()["findings"]
                for place in finding["occurrences"]]

    def test_file(self):
        (self.folder / "a").write_text("one\r\n" + self.line)
        run = self.scan("a", "--format=jsonl", status=program.FOUND)
        finding, = run.lines()
        self.assertEqual((finding["path"], finding["line"]), ("a", 2))
        self.assertEqual(finding["commit"], "")
        self.assertEqual(finding["blob"], "")

    def test_halves_name_each_other(self):
        """What is public is told with the secret, not reported by itself."""
        draw = self.tokens.draw
        name = draw("abcdefghijklmnopqrstuvwxyz0123456789", 32)
        number = draw("123456789", 12)
        secret = self.tokens.keep(
            "GOC" + "SPX-" + draw(tokens.BASE62, 28))
        (self.folder / "a").write_text(
            f"id = {number}-{name}.apps.googleusercontent.com\n"
            f"secret = {secret}\n")
        run = self.scan("a", "--format=jsonl", status=program.FOUND)
        finding, = run.lines()
        self.assertEqual(finding["rule"], "google-oauth-client-secret")
        self.assertEqual(finding["pair"], "")
        self.assertTrue(finding["facts"]["with"].endswith(name))
        run = self.scan("a", "--format=jsonl", "--min-confidence=0",
                        status=program.FOUND)
        by_rule = {f["rule"]: f for f in run.lines()}
        self.assertEqual(by_rule["google-oauth-client-secret"]["pair"],
                         by_rule["google-oauth-client-id"]["fingerprint"])

    def test_folders(self):
        for name in ("a", ".hidden", "deep/down/here", ".config/x",
                     ".git/config", "deep/.git/y", "odd .git/z"):
            path = self.folder / "top" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.line)
        self.assertCountEqual(
            self.paths("top", status=program.FOUND),
            ["top/a", "top/.hidden", "top/deep/down/here", "top/.config/x",
             "top/odd .git/z"])
        self.assertCountEqual(self.paths("top/.git"), ["top/.git/config"])
        self.assertCountEqual(self.paths("top/a", "top/deep"),
                              ["top/a", "top/deep/down/here"])

    def test_standard_input(self):
        run = self.scan("-", "--format=jsonl", give=self.line.encode(),
                        status=program.FOUND)
        self.assertEqual(run.lines()[0]["path"], "-")
        self.scan("-", status=program.CLEAN)

    def test_symlinks(self):
        inside = self.folder / "inside"
        inside.mkdir()
        (self.folder / "outside").write_text(self.line)
        (inside / "link").symlink_to("../outside")
        (inside / "loop").symlink_to("loop")
        (inside / "up").symlink_to("..")
        (inside / "broken").symlink_to("nothing")
        self.scan("inside", status=program.CLEAN)
        # A path that is given is followed.
        self.assertEqual(self.paths("inside/link"), ["inside/link"])
        run = self.scan("inside/loop", status=program.FAILED)
        self.assertIn("'inside/loop'", run.err)

    def test_symlink_target(self):
        (self.folder / "inside").mkdir()
        (self.folder / "inside/x").symlink_to(f"/x/{self.secret}")
        self.assertEqual(self.paths("inside"), ["inside/x"])

    def test_missing(self):
        (self.folder / "a").write_text(self.line)
        run = self.scan("a", "nowhere", status=program.FAILED)
        self.assertIn("'nowhere'", run.err)
        self.assertEqual(run.out, "")

    def test_special_files_are_named_not_read(self):
        inside = self.folder / "inside"
        inside.mkdir()
        os.mkfifo(inside / "fifo")
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(inside / "socket"))
            run = self.scan("inside", "--format=json",
                            status=program.INCOMPLETE)
        skipped = {skip["what"]: skip["reason"]
                   for skip in run.json()["skipped"]}
        self.assertEqual(skipped, {"inside/fifo": "special",
                                   "inside/socket": "special"})
        self.assertIn("2 special", run.err)
        (inside / "a").write_text(self.line)
        self.scan("inside", status=program.FOUND)

    def test_unreadable(self):
        inside = self.folder / "inside"
        (inside / "shut").mkdir(parents=True)
        (inside / "file").write_text(self.line)
        (inside / "shut" / "x").write_text(self.line)
        (inside / "file").chmod(0)
        (inside / "shut").chmod(0)
        self.folder.chmod(0o755)
        prefix = []
        if os.geteuid() == 0:
            prefix = ["setpriv", "--reuid=65534", "--regid=65534",
                      "--clear-groups"]
        run = self.scan("inside", "--format=json", prefix=prefix,
                        status=program.INCOMPLETE)
        self.assertCountEqual(
            [skip["what"] for skip in run.json()["skipped"]],
            ["inside/file", "inside/shut"])
        self.assertIn("2 unreadable", run.err)

    def test_too_large(self):
        (self.folder / "a").write_text(self.line * 1000)
        run = self.scan("a", "--max-blob-size=1k", "--format=json",
                        status=program.INCOMPLETE)
        self.assertEqual(run.json()["skipped"][0]["reason"], "too_large")
        self.scan("-", "--max-blob-size=1k", give=b"x" * 1025,
                  status=program.INCOMPLETE)
        self.scan("-", "--max-blob-size=1k", give=b"x" * 1024,
                  status=program.CLEAN)

    def test_secret_in_a_name_is_redacted(self):
        path = self.folder / "dir" / f"{self.secret}.txt"
        path.parent.mkdir()
        path.write_text(self.line)
        for name in ("text", "json", "jsonl", "sarif"):
            self.scan("dir", "--format", name, status=program.FOUND)

    def test_secret_in_the_name_given_is_redacted(self):
        (self.folder / f"{self.secret}.txt").write_text(self.line)
        for name in ("text", "json", "jsonl", "sarif"):
            self.scan(f"{self.secret}.txt", "--format", name,
                      status=program.FOUND)

    def test_reference_engine(self):
        (self.folder / "a").write_text(self.line)
        self.assertEqual(self.paths("a", "--engine=reference"), ["a"])

    def test_empty(self):
        (self.folder / "a").write_text("")
        (self.folder / "b").mkdir()
        self.scan("a", "b", status=program.CLEAN)


if __name__ == "__main__":
    program.main()
