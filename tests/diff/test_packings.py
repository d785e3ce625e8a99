#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""However git, or another, packs a history: the same is found in it."""

import ctypes
import ctypes.util
import pathlib
import shutil
import tempfile
import unittest

import engines
import program
import repo

# git repack -a -d with these, and with these settings.
REPACKS = (
    (["-f", "-k", "--depth=4095", "--window=60"], {}),
    (["-f", "-k", "--window=250"], {"pack.compression": "0"}),
    (["-F", "-k"], {"pack.compression": "9"}),
    (["-f", "-k", "--depth=40"], {"core.bigFileThreshold": "400"}),
    (["-f", "-k", "-b"], {"pack.indexVersion": "1"}),
    (["-f", "-k"], {"repack.useDeltaBaseOffset": "false",
                    "pack.threads": "1", "pack.deltaCacheSize": "1"}),
    (["-f", "-k", "-i"], {"pack.island": "refs/heads"}),
    (["-f", "--cruft"], {"repack.writeBitmaps": "true"}),
)


def write_by_libgit2(path, oids, folder):
    """A pack of the objects ${oids}, as libgit2 makes it."""
    name = ctypes.util.find_library("git2")
    if not name:
        raise unittest.SkipTest("no libgit2 to load")
    library = ctypes.CDLL(name)
    repository, builder = ctypes.c_void_p(), ctypes.c_void_p()

    def call(function, *words):
        if getattr(library, function)(*words) < 0:
            raise RuntimeError(f"{function} failed")

    call("git_libgit2_init")
    call("git_repository_open", ctypes.byref(repository), str(path).encode())
    call("git_packbuilder_new", ctypes.byref(builder), repository)
    for oid in oids:
        call("git_packbuilder_insert", builder, bytes.fromhex(oid), None)
    call("git_packbuilder_write", builder, str(folder).encode(), 0o644, None,
         None)
    library.git_packbuilder_free(builder)
    library.git_repository_free(repository)
    call("git_libgit2_shutdown")


class Packings(engines.EngineCase):
    grown = None  # one history for all: git takes long for it

    def setUp(self):
        super().setUp()
        kind = type(self)
        if not kind.grown:
            self.grow(36)
            kind.grown = pathlib.Path(tempfile.mkdtemp())
            kind.addClassCleanup(shutil.rmtree, kind.grown)
            kind.planted_in_grown = self.planted
            shutil.copytree(self.r.path, kind.grown / "repo")
            kind.loose_of_grown = self.check_same()["findings"]
        else:
            shutil.copytree(kind.grown / "repo", self.folder / "repo")
            self.r = repo.Repo(self.folder / "repo", create=False)
        self.planted = set(kind.planted_in_grown)
        self.loose = kind.loose_of_grown

    def packs(self, suffix=".pack"):
        return sorted((self.r.path / ".git/objects/pack").glob(f"*{suffix}"))

    def check_as_loose(self):
        self.assertEqual(self.check_same()["findings"], self.loose)

    def test_repacked_in_odd_ways(self):
        for options, settings in REPACKS:
            with self.subTest(options=options, settings=settings):
                words = [word for name, value in settings.items()
                         for word in ("-c", f"{name}={value}")]
                self.r.git(*words, "repack", "-q", "-a", "-d", *options)
                self.r.git("prune-packed", "-q")
                self.check_as_loose()
        self.assertTrue(self.packs(".mtimes"), "no cruft pack was made")
        self.assertTrue(self.packs(".bitmap"))

    def test_many_packs_that_share_objects(self):
        oids = [oid for oid, _, _ in self.r.objects()]
        folder = self.r.path / ".git/objects/pack"
        for i in range(6):
            some = self.draw.sample(oids, len(oids) // 2)
            words = [["--depth=0"], ["--depth=200", "--window=100"], [],
                     ["--no-reuse-delta"], ["--index-version=1"],
                     ["--index-version=2,0x20"]][i]
            self.r.git("pack-objects", "-q", *words, str(folder / "pack"),
                       give="\n".join(some).encode())
            if i % 2:
                self.packs()[-1].with_suffix(".keep").touch()
        self.check_as_loose()
        self.r.git("multi-pack-index", "write")
        self.check_as_loose()
        self.r.git("prune-packed", "-q")
        self.check_as_loose()
        self.r.git("repack", "-q", "-d", "--geometric=2",
                   "--write-midx")
        self.check_as_loose()

    def test_multi_pack_index_with_bitmap(self):
        self.r.git("repack", "-q", "-d")
        self.r.add("one-more", "x\n")
        self.r.git("repack", "-q", "-d")
        self.r.git("multi-pack-index", "write", "--bitmap")
        self.assertTrue(self.packs(".bitmap"))
        self.loose = self.check_same()["findings"]
        self.r.git("repack", "-q", "-a", "-d", "-k")
        self.check_as_loose()

    def test_index_of_every_form(self):
        self.r.pack()
        pack, = self.packs()
        # 2,0 puts even the first offset, 12, into the table of large ones;
        # libgit2 takes this for a wrong size.
        for form in ("1", "2", "2,0x20", "2,0"):
            with self.subTest(form):
                pack.with_suffix(".idx").unlink()
                self.r.git("index-pack", f"--index-version={form}",
                           str(pack))
                if form != "2,0":
                    self.check_as_loose()
        fast = self.audit("repo", "--format=json", "--occurrences",
                          "--show-secrets").json()
        self.assertEqual(fast["findings"], self.loose)

    def test_thin_pack_made_whole(self):
        """Its bases stand behind their deltas."""
        first = self.r.git("rev-list", "--reverse", "HEAD").splitlines()[9]
        other = self.repo("other")
        tips = self.r.git("for-each-ref", "--format=%(objectname)")
        for revisions in (f"{first}\n", f"{tips}\n^{first}\n"):
            thin = self.r.git_bytes(
                "pack-objects", "-q", "--thin", "--stdout", "--revs",
                "--depth=30", give=revisions.encode())
            other.git("index-pack", "--stdin", "--fix-thin", give=thin)
        for line in self.r.git("for-each-ref", "--format=%(objectname) "
                               "%(refname)").splitlines():
            oid, name = line.split()
            other.git("update-ref", name, oid)
        self.r, mine = other, self.r
        wanted = {item["fingerprint"]: item for item in self.loose
                  if item["is_reachable"]}
        self.planted = {item["secret"] for item in wanted.values()}
        found = {item["fingerprint"]
                 for item in self.check_same("other")["findings"]}
        self.assertLessEqual(set(wanted), found)
        self.r = mine

    def test_pack_by_libgit2(self):
        oids = [oid for oid, _, _ in self.r.objects()]
        folder = self.folder / "made"
        folder.mkdir()
        write_by_libgit2(self.r.path, oids, folder)
        self.r.pack()
        pack, = self.packs()
        pack.with_suffix(".idx").unlink()
        pack.unlink()
        for path in folder.iterdir():
            path.rename(self.r.path / ".git/objects/pack" / path.name)
        self.assertEqual(len(self.packs()), 1)
        self.check_as_loose()

    def test_objects_of_another_repository(self):
        self.r.pack("--depth=50")
        other = repo.Repo(self.folder / "borrower")
        (other.path / ".git/objects/info/alternates").write_text(
            f"{self.r.path}/.git/objects\n")
        for line in self.r.git("for-each-ref", "--format=%(objectname) "
                               "%(refname)").splitlines():
            other.git("update-ref", *reversed(line.split()))
        mine, self.r = self.r, other
        self.r.git("reset", "-q", "--hard")
        self.r.add("own", self.plant() + "\n")
        self.r.git("repack", "-q", "-d", "-l")
        self.check_same("borrower")
        self.r = mine


if __name__ == "__main__":
    program.main()
