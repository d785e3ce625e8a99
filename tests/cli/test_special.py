#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A FIFO, a folder or a device where a repository has a file: no waiting."""

import contextlib
import os
import pathlib
import socket
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import program  # noqa: E402


def make_fifo(path):
    os.mkfifo(path)


def make_folder(path):
    path.mkdir()


def make_device(path):
    path.symlink_to("/dev/zero")


def make_socket(path):
    here = os.getcwd()
    os.chdir(path.parent)  # its whole path may be too long for a socket
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(path.name)
    finally:
        os.chdir(here)


def make_loop(path):
    path.symlink_to(path.name)


MAKERS = (make_fifo, make_folder, make_device, make_socket, make_loop)


class Special(program.ProgramCase):
    def setUp(self):
        super().setUp()
        self.made = self.repo()
        self.made.add("a", "one\n")
        self.made.git("branch", "side")
        self.made.git("tag", "v1")
        self.git = self.made.path / ".git"
        (self.git / "objects/info/alternates").write_text("")

    @contextlib.contextmanager
    def replaced(self, name, make):
        """Something else in the place of ${name}, which comes back."""
        path = self.git / name
        kept = path.with_name(path.name + "-kept")
        if path.exists():
            path.rename(kept)
        make(path)
        try:
            yield
        finally:
            self.clear(path)
            if kept.exists():
                kept.rename(path)

    def clear(self, path):
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        else:
            path.unlink()

    def each(self, *names, makers=MAKERS, do):
        """Each kind of thing in the place of each of ${names}."""
        for name in names:
            for make in makers:
                with self.subTest(name=name, make=make.__name__):
                    with self.replaced(name, make):
                        do(name, make)

    def run_quickly(self, *words, **options):
        return self.run_program(*words, cwd=self.made.path, timeout=30,
                                **options)

    def incomplete(self, said, engines=("fast",)):
        for engine in engines:
            run = self.run_quickly("audit", f"--engine={engine}",
                                   "--format=json",
                                   status=program.INCOMPLETE)
            skipped = run.json()["skipped"]
            self.assertTrue(any(said in skip["what"] + skip["detail"]
                                for skip in skipped), skipped)

    def failed(self, said, *words):
        run = self.run_quickly(*(words or ("audit",)), status=program.FAILED)
        self.assertIn(said, run.err)

    def test_refs(self):
        def check(name, make):
            # An empty folder may stand where a ref would.
            if make is not make_folder or not name.startswith("refs/"):
                self.incomplete(name)

        self.each("packed-refs", "refs/heads/side", "HEAD", do=check)

    def test_files_that_say_where_the_rest_is(self):
        def check(name, make):
            self.failed(name)
            self.failed(name, "commit")

        self.each("config", "shallow", "objects/info/alternates", do=check)

    def test_index(self):
        def check(name, make):
            self.run_quickly("audit", status=program.CLEAN)
            self.failed(name, "commit")

        self.each("index", do=check)

    def test_what_may_be_passed_over(self):
        def check(name, make):
            self.run_quickly("audit")
            self.run_quickly("commit")

        self.each("FETCH_HEAD", "logs/HEAD", "objects/info/packs",
                  "objects/info/commit-graph", makers=MAKERS[:2], do=check)

    def test_packs(self):
        def check(name, make):
            self.incomplete(pathlib.Path(name).stem)
            run = self.run_quickly("audit", "--engine=reference")
            self.assertNotEqual(run.status, program.CLEAN)

        self.made.pack()
        names = [f"objects/pack/{path.name}" for path in
                 (self.git / "objects/pack").iterdir()
                 if path.suffix in (".pack", ".idx")]
        self.assertEqual(len(names), 2)
        self.each(*names, do=check)

    def test_packs_of_nothing(self):
        names = ("pack-x.pack", "pack-x.idx", "multi-pack-index")
        for make in MAKERS:
            for name in names:
                make(self.git / "objects/pack" / name)
            with self.subTest(make=make.__name__):
                # What leads nowhere is no file that git would look for.
                if make is not make_loop:
                    self.incomplete("pack-x")
                self.run_quickly("audit", "--engine=reference")
            for name in names:
                self.clear(self.git / "objects/pack" / name)

    def test_loose_objects(self):
        def check(name, make):
            self.incomplete(oid)
            run = self.run_quickly("audit", "--engine=reference")
            self.assertNotEqual(run.status, program.CLEAN)

        def check_folder(name, make):
            self.incomplete("objects")

        oid = self.made.git("rev-parse", "HEAD:a")
        self.each(f"objects/{oid[:2]}/{oid[2:]}", do=check)
        self.each(f"objects/{oid[:2]}", makers=[make_fifo, make_socket],
                  do=check_folder)

    def test_folders_of_all(self):
        def check(name, make):
            self.failed("is not in a git repository")

        self.each("objects", "refs", makers=[make_fifo, make_device],
                  do=check)

    def test_git_file(self):
        for make in MAKERS:
            folder = self.folder / make.__name__
            folder.mkdir()
            make(folder / ".git")
            self.failed("is not in a git repository", "audit", str(folder))

    def test_worktree(self):
        linked = self.folder / "linked"
        self.made.git("worktree", "add", "-q", "--detach", str(linked))
        with self.replaced("worktrees/linked/HEAD", make_fifo):
            self.incomplete("worktrees/linked/HEAD")
        with self.replaced("worktrees/linked/commondir", make_fifo):
            self.failed("commondir", "audit", str(linked))
        with self.replaced("worktrees/linked/gitdir", make_fifo):
            self.run_quickly("audit", str(linked), status=program.CLEAN)

    def test_quoted_alternates(self):
        other = self.repo('oth"er\tone')
        other.add("x", f"token = {self.tokens.github()}\n")
        path = self.git / "objects/info/alternates"
        path.write_text("# a comment\n"
                        f'"{self.folder}/oth\\"er\\tone/.git/objects"\n'
                        f'"{self.folder}/unended\n')
        run = self.run_quickly("audit", "--format=json",
                               status=program.FOUND)
        skip, = run.json()["skipped"]
        self.assertIn("unended", skip["what"])
        self.run_quickly("audit", "--engine=reference",
                         status=program.FOUND)


if __name__ == "__main__":
    program.main()
