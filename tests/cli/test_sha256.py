#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Repositories of SHA-256: what is found there is what is found in SHA-1."""

import hashlib
import json
import os
import pathlib
import re
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import hooks  # noqa: E402
import program  # noqa: E402
import repo  # noqa: E402
import test_kinds  # noqa: E402
import test_range  # noqa: E402

FORMATS = ("sha1", "sha256")


class Twin:
    """The same history in one format, step by step a minute later."""

    def __init__(self, case, object_format):
        self.folder = case.folder / object_format
        self.folder.mkdir()
        self.made = repo.Repo(self.folder / "repo",
                              f"--object-format={object_format}")
        self.minute = 0

    def tick(self):
        self.minute += 1
        time = f"2026-01-31T12:{self.minute:02}:00+0000"
        self.made.environment.update(GIT_AUTHOR_DATE=time,
                                     GIT_COMMITTER_DATE=time)

    def git(self, *words, **options):
        self.tick()
        return self.made.git(*words, **options)

    def add(self, name, content, message):
        self.tick()
        return self.made.add(name, content, message)

    def clone(self, name, *options):
        self.made.git("clone", "-q", *options, f"file://{self.made.path}",
                      str(self.folder / name))
        return repo.Repo(self.folder / name, create=False)


def without_short(text):
    """The ids that git puts into the messages of stashes are cut."""
    return re.sub(r": [0-9a-f]{7,} ", ": SHORT ", text)


def contents_of(made):
    """Object id -> type and bytes."""
    said = made.git_bytes("cat-file", "--batch-all-objects", "--batch")
    contents = {}
    while said:
        head, _, said = said.partition(b"\n")
        oid, kind, size = head.decode().split()
        contents[oid] = (kind, said[:int(size)])
        said = said[int(size) + 1:]
    return contents


def text_of(tree, hash_bytes):
    """A tree with its ids as text."""
    lines = []
    while tree:
        entry, _, tree = tree.partition(b"\0")
        lines.append(f"{entry.decode()} {tree[:hash_bytes].hex()}\n")
        tree = tree[hash_bytes:]
    return "".join(lines)


def names_of(made):
    """Object id -> what the object is, whatever its repository's format."""
    contents = contents_of(made)
    names = {}

    def name(oid):
        if oid not in contents:
            return "missing"
        if oid not in names:
            kind, content = contents[oid]
            if kind == "tree":
                content = rename(text_of(content, len(oid) // 2)).encode()
            elif kind != "blob":
                content = rename(content.decode()).encode()
            names[oid] = hashlib.md5(content).hexdigest()
        return names[oid]

    def rename(text):
        return re.sub(r"\b[0-9a-f]{40,64}\b", lambda it: name(it.group()),
                      without_short(text))

    for oid in contents:
        name(oid)
    return names


class Same(program.ProgramCase):
    """Reports of both formats, object ids replaced by what they name."""

    def setUp(self):
        super().setUp()
        tokens = [self.tokens.github() for _ in range(12)]
        self.twins = [Twin(self, name) for name in FORMATS]
        for twin in self.twins:
            self.build(twin, list(tokens))

    def build(self, twin, tokens):
        def line():
            return f"token = {tokens.pop()}\n"

        body = "".join(f"line {i}\n" for i in range(200))
        twin.add("a", body, "one")
        twin.add("a", body + line(), "two: a secret")
        twin.git("checkout", "-q", "-b", "side")
        twin.add("dir/b", line() + body, "three: in a folder")
        twin.git("checkout", "-q", "main")
        twin.add("a", body + "gone\n", "four: taken out")
        twin.add("c", "x\n", f"five: in a message\n\n{line()}")
        twin.git("merge", "-q", "-m", "six", "side")
        twin.git("mv", "dir/b", "dir/moved")
        twin.git("commit", "-q", "-m", "seven: moved")
        twin.git("tag", "-a", "-m", f"a tag\n\n{line()}", "v1")
        twin.git("tag", "light")
        twin.git("notes", "add", "-m", line())
        twin.add("reset", line(), "eight: only in the reflog")
        twin.git("reset", "-q", "--hard", "HEAD^")
        twin.made.write("a", line())
        twin.git("stash", "-q")
        twin.made.blob(f"unreachable {line()}")
        twin.git("update-ref", "refs/remotes/origin/main", "side")
        twin.git("symbolic-ref", "refs/remotes/origin/HEAD",
                 "refs/remotes/origin/main")
        twin.git("checkout", "-q", "--detach", "side")
        twin.add("odd", line(), "nine: detached")
        twin.git("checkout", "-q", "main")

    def report(self, twin, path, *words):
        made = repo.Repo(twin.folder / path, create=False)
        run = self.audit(made.path, "--format=json", "--occurrences",
                         "--show-secrets", "--connectivity", *words)
        text = without_short(run.out.replace(str(twin.folder), "FOLDER"))
        for oid, name in names_of(made).items():
            text = text.replace(oid, name)
        report = json.loads(text)
        for finding in report["findings"]:
            finding["occurrences"].sort(key=json.dumps)
        report["findings"].sort(key=json.dumps)
        report["coverage"] = {
            name: report["coverage"][name]
            for name in ("refs", "commits", "trees", "blobs", "tags",
                         "declined", "skips")}
        report.pop("source")
        report["skipped"].sort(key=json.dumps)
        return run.status, report

    def compare(self, path="repo", *words, least=9):
        left, right = (self.report(twin, path, *words)
                       for twin in self.twins)
        self.maxDiff = None
        self.assertEqual(left, right)
        self.assertGreaterEqual(len(left[1]["findings"]), least)
        if "--engine=reference" not in words:
            same = [self.report(twin, path, "--engine=reference")
                    for twin in self.twins]
            self.assertEqual([one[1]["findings"] for one in same],
                             [left[1]["findings"]] * 2)
        return left[1]

    def each(self, do):
        for twin in self.twins:
            do(twin)

    def test_loose(self):
        report = self.compare()
        self.assertTrue(report["complete"])
        self.assertTrue(any(f["in_head"] for f in report["findings"]))
        self.assertTrue(any(not f["is_reachable"]
                            for f in report["findings"]))

    def test_packed_in_every_way(self):
        for options in (["--depth=50"], ["--depth=0"]):
            self.each(lambda twin, options=options: twin.made.pack(*options))
            self.each(lambda twin: twin.git("pack-refs", "--all"))
            self.compare()
        for setting in ("pack.indexVersion=1",
                        "repack.useDeltaBaseOffset=false"):
            self.each(lambda twin, setting=setting: twin.git(
                "-c", setting, "repack", "-q", "-a", "-d", "-f", "-k"))
            self.compare()

    def test_several_packs_and_loose_ones(self):
        def pack(twin):
            twin.git("repack", "-q", "-d")
            twin.add("late", "x\n", "ten")
            twin.git("repack", "-q", "-d")
            twin.git("multi-pack-index", "write")
            twin.git("commit-graph", "write", "--reachable")
            twin.add("later", "y\n", "eleven")

        self.each(pack)
        self.compare()

    def test_kinds_of_clones(self):
        def clone(twin):
            twin.clone("bare.git", "--mirror")
            twin.clone("shallow", "--depth=2")
            twin.made.git("worktree", "add", "-q", "-b", "linked",
                          str(twin.folder / "linked"))
            twin.made.git("clone", "-q", "--shared", ".",
                          str(twin.folder / "shared"))

        self.each(clone)
        self.compare("bare.git", least=5)
        self.compare("linked")
        self.compare("shared")
        report = self.compare("shallow", least=1)
        self.assertTrue(report["shallow"])

    def test_unborn_and_dangling(self):
        def damage(twin):
            heads = twin.made.path / ".git/refs/heads"
            size = 40 if twin is self.twins[0] else 64
            (heads / "gone").write_text("1" * size + "\n")
            (heads / "short").write_text("1" * (size - 1) + "\n")
            (heads / "long").write_text("1" * (size + 1) + "\n")
            (heads / "empty").write_text("")

        self.each(damage)
        status = set()
        for twin in self.twins:
            run = self.audit(twin.made.path, "--format=json")
            named = [skip["what"] for skip in run.json()["skipped"]]
            self.assertEqual(
                sorted(named),
                [f"refs/heads/{name}"
                 for name in ("empty", "gone", "long", "short")])
            status.add(run.status)
        self.assertEqual(status, {program.FOUND})


class Kinds(test_kinds.Kinds):
    object_format = "sha256"


class Range(test_range.Range):
    object_format = "sha256"


class Hooks(hooks.HookCase):
    object_format = "sha256"
    hooks = ("pre-push", "pre-commit")

    def test_push(self):
        self.start()
        self.work.add("b", "clean\n")
        self.accepted("origin", "main")
        self.tick_commit("--no-verify")
        self.refused("origin", "main")
        self.assertFalse(self.remote_has(self.work.git("rev-parse", "HEAD")))

    def tick_commit(self, *words):
        self.secret = self.tokens.aws()
        self.work.write("c", f"KEY = '{self.secret}'\n")
        self.work.git("add", "c")
        self.work.git("commit", "-q", "-m", "x", *words)

    def test_commit(self):
        self.start()
        self.work.write("c", f"KEY = '{self.tokens.aws()}'\n")
        self.work.git("add", "c")
        done = self.run_git("commit", "-q", "-m", "x", passes=False)
        self.assertIn("commit stopped: 1 secret", done.said)
        self.work.write("c", "clean\n")
        self.work.git("add", "c")
        self.run_git("commit", "-q", "-m", "x", passes=True)

    def test_receive(self):
        self.run_program("hook", "uninstall", "pre-push", cwd=self.work.path)
        self.run_program("hook", "install", "pre-receive",
                         cwd=self.remote.path, status=program.CLEAN)
        self.start()
        self.tick_commit("--no-verify")
        done = self.push("origin", "main", passes=False)
        self.assertIn("1 secret", done.said)
        self.work.git("reset", "-q", "--hard", "HEAD^")
        self.work.add("d", "clean\n")
        self.push("origin", "main", passes=True)


class Hostile(program.ProgramCase):
    object_format = "sha256"

    def setUp(self):
        super().setUp()
        self.made = self.repo()
        self.made.add("a", f"token = {self.tokens.github()}\n")
        for i in range(8):
            self.made.add(f"b{i}", f"file {i}\n" * 50)
        self.packs = self.made.path / ".git/objects/pack"

    def pack(self):
        self.made.pack()
        pack, = self.packs.glob("*.pack")
        index, = self.packs.glob("*.idx")
        for path in (pack, index):
            path.chmod(0o644)
        return pack, index

    def both(self, *words):
        for engine in ("fast", "reference"):
            yield self.audit("repo", f"--engine={engine}", *words)

    def test_nothing_of_the_configuration_is_run(self):
        mark = self.folder / "mark"
        run = self.folder / "run"
        run.write_text(f"#!/bin/sh\necho \"$0 $*\" >>'{mark}'\nexit 1\n")
        run.chmod(0o755)
        included = self.folder / "included"
        included.write_text(f"[core]\n\tfsmonitor = {run}\n")
        for name, value in (
                ("core.fsmonitor", run), ("core.sshCommand", run),
                ("core.pager", run), ("core.editor", run),
                ("core.askPass", run), ("core.gitProxy", run),
                ("core.alternateRefsCommand", run),
                ("core.hooksPath", self.folder), ("pager.cat-file", run),
                ("filter.x.clean", run), ("filter.x.smudge", run),
                ("filter.x.process", run), ("filter.x.required", "true"),
                ("diff.x.textconv", run), ("diff.external", run),
                ("alias.cat-file", f"!{run}"), ("alias.version", f"!{run}"),
                ("include.path", included), ("credential.helper", run),
                ("includeIf.gitdir:/.path", included),
                ("protocol.allow", "always"), ("uploadpack.packObjectsHook",
                                               run),
                ("remote.x.url", f"ext::{run} now"),
                ("remote.x.uploadpack", run), ("remote.x.promisor", "true"),
                ("gc.auto", "1"), ("trace2.normalTarget", mark)):
            self.made.git("config", name, str(value))
        self.made.write(".gitattributes", "* filter=x diff=x\n")
        for name in ("pre-commit", "post-index-change", "post-checkout",
                     "reference-transaction"):
            path = self.made.path / ".git/hooks" / name
            path.parent.mkdir(exist_ok=True)
            shutil.copy(run, path)
        blob = self.made.git("rev-parse", "HEAD:b1",
                             GIT_TRACE2="0")
        mark.unlink(missing_ok=True)
        (self.made.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
        for done in self.both("--connectivity", "--format=json"):
            self.assertEqual(done.status, program.FOUND, done.err)
            self.assertTrue(done.json()["partial"])
        self.run_program("commit", cwd=self.made.path)
        self.audit("repo", "--since=HEAD~2", status=program.CLEAN)
        self.assertFalse(mark.exists(),
                         mark.exists() and mark.read_text())

    def test_replaced_objects_are_read_as_they_are(self):
        blob = self.made.git("rev-parse", "HEAD:a")
        self.made.git("replace", blob, self.made.git("rev-parse", "HEAD:b1"))
        for done in self.both():
            self.assertEqual(done.status, program.FOUND)

    def test_without_git(self):
        empty = self.folder / "empty"
        empty.mkdir()
        self.audit("repo", PATH=str(empty), status=program.FOUND)
        for path in (str(empty), "", ".:bin"):
            run = self.audit("repo", "--engine=reference", PATH=path,
                             status=program.FAILED)
            self.assertIn("there is no git in the folders of PATH", run.err)

    def test_git_that_is_too_old_or_none(self):
        fake = self.folder / "fake"
        fake.mkdir()
        for said, expected in (
                ("echo git version 2.20.1", "2.29 or later is needed"),
                ("echo hello", "does not say which version"),
                ("exit 1", "does not say which version"),
                ("test $1 = version && echo git version 3.0.0; exit 1",
                 "git cannot list the objects")):
            (fake / "git").write_text(f"#!/bin/sh\n{said}\n")
            (fake / "git").chmod(0o755)
            run = self.audit("repo", "--engine=reference", PATH=str(fake),
                             TMPDIR=str(fake), status=program.FAILED)
            self.assertIn(expected, run.err)
            self.assertEqual(os.listdir(fake), ["git"])

    def test_truncated_pack(self):
        pack, _ = self.pack()
        size = pack.stat().st_size
        for keep in (size - 1, size - 33, size // 2, 40, 12, 3, 0):
            with self.subTest(keep=keep):
                os.truncate(pack, keep)
                run = self.audit("repo", "--format=json")
                self.assertNotEqual(run.status, program.CLEAN)
                self.assertFalse(run.json()["complete"] and
                                 keep < size - 33)

    def test_flipped_bits_in_an_index(self):
        _, index = self.pack()
        whole = index.read_bytes()
        draw = self.tokens.random
        for _ in range(25):
            broken = bytearray(whole)
            broken[draw.randrange(len(whole))] ^= 1 << draw.randrange(8)
            index.write_bytes(broken)
            self.audit("repo", "--format=json", "--connectivity")

    def test_objects_of_the_other_format(self):
        other = repo.Repo(self.folder / "other")
        other.add("x", f"token = {self.tokens.github()}\n")
        loose = other.git("rev-parse", "HEAD:x")
        folder = self.made.path / ".git/objects" / loose[:2]
        folder.mkdir(exist_ok=True)
        shutil.copy(other.path / ".git/objects" / loose[:2] / loose[2:],
                    folder)
        report = self.audit("repo", "--format=json").json()
        self.assertFalse(report["complete"])
        self.assertIn("SHA-1", json.dumps(report["skipped"]))
        (folder / loose[2:]).unlink()
        self.made.pack()
        whole = list(self.packs.iterdir())
        other.pack()
        for path in (other.path / ".git/objects/pack").iterdir():
            shutil.copy(path, self.packs)
        report = self.audit("repo", "--format=json").json()
        self.assertFalse(report["complete"])
        self.assertEqual(len(report["findings"]), 1)
        # And the other way round.
        for path in whole:
            shutil.copy(path, other.path / ".git/objects/pack")
        report = self.audit("other", "--format=json").json()
        self.assertFalse(report["complete"])
        self.assertEqual(len(report["findings"]), 1)

    def test_format_that_is_none(self):
        for name, value, said in (
                ("extensions.objectformat", "md5", "'md5'"),
                ("extensions.objectformat", "", "''"),
                ("extensions.compatObjectFormat", "sha1",
                 "compatobjectformat"),
                ("extensions.refStorage", "reftable", "refs"),
                ("core.repositoryformatversion", "0", "objectformat"),
                ("core.repositoryformatversion", "2", "version"),
                ("core.repositoryformatversion", "x", "version")):
            with self.subTest(name=name, value=value):
                config = self.made.path / ".git/config"
                before = config.read_bytes()
                section, key = name.split(".")
                config.write_bytes(
                    before + f"[{section}]\n\t{key} = {value}\n".encode())
                run = self.audit("repo", status=program.FAILED)
                self.assertIn(said, run.err)
                self.assertIn("repo", run.err)
                self.run_program("commit", cwd=self.made.path,
                                 status=program.FAILED)
                config.write_bytes(before)


if __name__ == "__main__":
    program.main()
