#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Hostile packs: a counted skip that says why, and the rest is scanned."""

import pathlib
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import packs  # noqa: E402
import program  # noqa: E402

BASE = b"".join(b"line %d\n" % number for number in range(40))
UNREAL = [bytes([first]) + b"unreal object no one" [:19]
          for first in range(250)]


class Packs(program.ProgramCase):
    def setUp(self):
        super().setUp()
        self.made = self.repo()
        self.made.add("a", f"token = {self.tokens.github()}\n")
        self.made.pack()
        self.folder_of_packs = self.made.path / ".git/objects/pack"
        self.pack = packs.Pack()
        self.base = self.pack.full(BASE)

    def check_skips(self, skips, said, status=program.FOUND, **options):
        """${skips}: how many are unreadable; the secret is still found."""
        run = self.audit("repo", "--format=json", status=status, **options)
        report = run.json()
        self.assertEqual(report["coverage"]["skips"]["unreadable"], skips)
        self.assertFalse(report["complete"])
        details = [skip["detail"] + skip["what"] for skip in report["skipped"]
                   if skip["reason"] == "unreadable"]
        self.assertTrue(any(said in detail for detail in details), details)
        self.assertIn(f"{skips} unreadable", run.err)
        if status == program.FOUND:
            self.assertEqual(len(report["findings"]), 1)
        return report

    def check_hostile(self, skips, said):
        """As above, and the soundness of the rest of the pack's entries."""
        after = f"token = {self.tokens.github()}\n".encode()
        self.pack.full(after)
        self.pack.write(self.made)
        run = self.audit("repo", "--format=json", status=program.FOUND)
        report = run.json()
        self.assertEqual(len(report["findings"]), 2)
        self.assertEqual(report["coverage"]["skips"]["unreadable"], skips)
        details = {skip["detail"] for skip in report["skipped"]}
        self.assertTrue(any(said in detail for detail in details), details)
        self.assertIn(f"{skips} unreadable", run.err)

    def code(self, *operations, base=len(BASE), size=8):
        return packs.delta(base, size, *operations)

    def test_cycle_of_ref_deltas(self):
        code = self.code(packs.copy(0, 8), base=8)
        for i in range(3):
            self.pack.ref_delta(UNREAL[(i + 1) % 3], code, UNREAL[i])
        self.pack.ref_delta(UNREAL[3], code, UNREAL[3])  # of itself
        self.pack.ref_delta(UNREAL[0], code, UNREAL[4])  # hangs on the cycle
        self.check_hostile(5, "cycle")

    def test_size_of_two_to_the_60(self):
        self.pack.entry(3, b"abc", UNREAL[0], size=1 << 60)
        self.pack.entry(3, b"abc", UNREAL[1], size=(1 << 64) - 1)
        self.pack.ofs_delta(self.base, packs.delta(
            len(BASE), 1 << 60, packs.copy(0, 8)), UNREAL[2])
        self.pack.entry(packs.REF_DELTA, b"abc", UNREAL[3], size=1 << 60,
                        before=self.base)
        self.pack.full(f"token = {self.tokens.github()}\n".encode())
        self.pack.write(self.made)
        run = self.audit("repo", "--format=json", status=program.FOUND)
        report = run.json()
        self.assertEqual(report["coverage"]["skips"]["too_large"], 4)
        self.assertIn("1152921504606846976 bytes",
                      " ".join(skip["detail"] for skip in report["skipped"]))
        self.assertEqual(len(report["findings"]), 2)

    def test_size_that_the_stream_has_not(self):
        for i, size in enumerate((0, 2, 4, 5000, 1 << 20)):
            self.pack.entry(3, b"abc", UNREAL[i], size=size)
        self.check_hostile(5, "")

    def test_delta_of_another_base_size(self):
        for i, size in enumerate((0, 7, len(BASE) - 1, len(BASE) + 1)):
            self.pack.ofs_delta(self.base, self.code(
                packs.copy(0, 8), base=size), UNREAL[i])
        self.check_hostile(4, "base")

    def test_copy_past_the_end_of_the_base(self):
        for i, operations in enumerate((
                [packs.copy(len(BASE) - 7, 8)], [packs.copy(len(BASE), 8)],
                [packs.copy(0xffffffff, 8)],
                [packs.copy(0, 4), packs.copy(len(BASE) - 3, 4)])):
            self.pack.ofs_delta(self.base, self.code(*operations), UNREAL[i])
        self.check_hostile(4, "base")

    def test_delta_that_makes_more_or_less_than_it_says(self):
        for i, operations in enumerate((
                [packs.copy(0, 9)], [packs.copy(0, 7)], [],
                [packs.insert(b"123456789")], [b"\x08abc"], [b"\x00"],
                [b"\xff"], [packs.copy(0, 8), b"\x91"])):
            self.pack.ofs_delta(self.base, self.code(*operations), UNREAL[i])
        self.check_hostile(8, "delta")

    def test_base_that_is_not_there(self):
        code = self.code(packs.copy(0, 8))
        self.pack.ref_delta(UNREAL[9], code, UNREAL[0])
        self.pack.entry(packs.OFS_DELTA, code, UNREAL[1],
                        before=packs.distance_of(3))
        self.pack.entry(packs.OFS_DELTA, code, UNREAL[2],
                        before=packs.distance_of(1 << 40))
        self.pack.entry(packs.OFS_DELTA, code, UNREAL[3], before=b"\xff" * 12)
        self.pack.entry(packs.OFS_DELTA, code, UNREAL[4], before=b"\x00")
        self.check_hostile(5, "")

    def test_types_that_no_entry_has(self):
        for i, kind in enumerate((0, 5)):
            self.pack.entry(kind, b"abc", UNREAL[i])
        self.check_hostile(2, "head of its pack entry")

    def test_delta_upon_what_cannot_be_read(self):
        code = self.code(packs.copy(0, 8))
        bad = self.pack.entry(3, b"abc", UNREAL[0], size=9)
        for i in range(1, 100):
            self.pack.ofs_delta(bad if i % 2 else UNREAL[i - 1], code,
                                UNREAL[i])
        self.check_hostile(100, "")

    def test_100000_children(self):
        """And each brings a line of its own."""
        secret = f"token = {self.tokens.github()}\n".encode()
        for i in range(100000):
            new = b"%d\n" % i if i != 99999 else secret
            oid = packs.oid_of("blob", BASE + new)
            self.pack.ofs_delta(self.base, packs.delta(
                len(BASE), len(BASE) + len(new),
                packs.copy(0, len(BASE)) + packs.insert(new)), oid)
        self.pack.write(self.made)
        run = self.audit("repo", "--format=json", status=program.FOUND)
        report = run.json()
        self.assertTrue(report["complete"])
        self.assertEqual(report["coverage"]["blobs"], 100002)
        self.assertEqual(len(report["findings"]), 2)

    def test_chain_of_50000(self):
        """Each link changes one byte; the last brings the secret."""
        content = BASE
        before = self.base
        secret = f"token = {self.tokens.github()}\n".encode()
        for i in range(50000):
            new = b"%06d" % i if i != 49999 else secret
            size = len(BASE) - 6 + len(new)
            code = packs.delta(len(content), size, packs.insert(new),
                               packs.copy(6, len(BASE) - 6))
            content = new + content[6:len(BASE)]
            before = self.pack.ofs_delta(
                before, code, packs.oid_of("blob", content))
        self.pack.write(self.made)
        run = self.audit("repo", "--format=json", status=program.FOUND)
        report = run.json()
        self.assertTrue(report["complete"])
        self.assertEqual(report["coverage"]["blobs"], 50002)
        self.assertEqual(len(report["findings"]), 2)

    def check_another_copy(self, oid):
        """What one pack has damaged is read from where it is sound."""
        report = self.audit("repo", "--format=json", "--show-secrets",
                            status=program.FOUND).json()
        self.assertTrue(report["complete"], report["skipped"])
        self.assertGreater(report["coverage"]["declined"], 0)
        self.assertEqual({item["blob"] for item in report["findings"]}
                         & {oid.hex()}, {oid.hex()})

    def test_copies_of_what_is_damaged(self):
        content = f"see {self.tokens.github()}\n".encode()
        oid = packs.oid_of("blob", content)
        damages = {
            "size": lambda: self.pack.entry(3, content, oid, size=3),
            "huge": lambda: self.pack.entry(3, content, oid, size=1 << 60),
            "cycle": lambda: self.pack.ref_delta(
                oid, self.code(packs.copy(0, 8), base=8), oid),
        }
        sound = packs.Pack()
        sound.full(content)
        for name, damage in damages.items():
            with self.subTest(name):
                self.pack = packs.Pack()
                damage()
                # The damaged pack comes first, then last, then a file.
                self.pack.write(self.made, "a")
                path = sound.write(self.made, "b")
                self.check_another_copy(oid)
                path.unlink()
                path.with_suffix(".idx").unlink()
                self.made.blob(content)
                loose = (self.made.path / ".git/objects" / oid.hex()[:2]
                         / oid.hex()[2:])
                if not loose.exists():  # git took the damaged copy for it
                    loose.parent.mkdir(exist_ok=True)
                    loose.write_bytes(zlib.compress(
                        b"blob %d\0" % len(content) + content))
                self.check_another_copy(oid)
                loose.unlink()

    def test_wrong_checksums_in_the_index(self):
        content = f"see {self.tokens.github()}\n".encode()
        oid = self.pack.full(content)
        self.pack.ofs_delta(oid, packs.delta(
            len(content), 3, packs.copy(0, 3)),
            packs.oid_of("blob", content[:3]))
        self.pack.entries = [(name, offset, crc ^ 1)
                             for name, offset, crc in self.pack.entries]
        self.pack.write(self.made)
        self.check_another_copy(oid)

    def test_index_that_hides_an_object(self):
        hidden = self.pack.full(f"see {self.tokens.github()}\n".encode())
        del self.pack.entries[-1]
        self.assertTrue(hidden)
        self.pack.write(self.made, claimed=2)
        self.check_skips(
            1, "it says that it holds 2 objects, its index lists 1")

    def test_multi_pack_index_without_the_indexes(self):
        """git reads no pack by a multi-pack-index alone, nor do we."""
        self.made.add("b", "other\n")
        self.made.git("repack", "-q", "-d")
        self.made.git("multi-pack-index", "write")
        whole = self.audit("repo", "--format=json", status=program.FOUND)
        self.assertTrue(whole.json()["complete"])
        secret_pack, _ = sorted(self.folder_of_packs.glob("*.pack"),
                                key=lambda path: path.stat().st_mtime)
        for index in self.folder_of_packs.glob("*.idx"):
            index.unlink()
        run = self.audit("repo", "--format=json")
        self.assertIn(run.status, (program.INCOMPLETE, program.FOUND))
        self.assertFalse(run.json()["complete"])
        self.assertIn(f"{secret_pack}: it has no index", self.audit(
            "repo", "--quiet").err)

    def test_broken_multi_pack_index(self):
        """It is not read, so it cannot lead astray; nor can libgit2 fail."""
        self.made.add("b", "other\n")
        self.made.git("repack", "-q", "-d")
        self.made.git("multi-pack-index", "write")
        path = self.folder_of_packs / "multi-pack-index"
        whole = path.read_bytes()
        path.chmod(0o644)
        for broken in (b"", b"MIDX", whole[:-30], whole[:100],
                       whole[:60] + bytes(40) + whole[100:],
                       whole[:4] + b"\x02" + whole[5:]):
            path.write_bytes(broken)
            run = self.audit("repo", "--format=json", status=program.FOUND)
            self.assertTrue(run.json()["complete"], run.err)
        path.unlink()
        # A chain of incremental ones, as newer versions of git write it.
        chain = self.folder_of_packs / "multi-pack-index.d"
        chain.mkdir()
        (chain / "multi-pack-index-chain").write_text("ab" * 20 + "\n")
        (chain / f"multi-pack-index-{'ab' * 20}.midx").write_bytes(whole)
        run = self.audit("repo", "--format=json", status=program.FOUND)
        self.assertTrue(run.json()["complete"], run.err)

    def test_pack_without_index(self):
        path, = self.folder_of_packs.glob("*.idx")
        path.unlink()
        self.check_skips(1, "it has no index: 'git index-pack' makes one",
                         status=program.INCOMPLETE)

    def test_index_without_pack(self):
        (self.folder_of_packs / "pack-gone.idx").write_bytes(b"")
        self.check_skips(1, "the pack of this index is gone")

    def test_pack_of_any_name(self):
        for path in list(self.folder_of_packs.glob("pack-*")):
            path.rename(path.with_name(
                path.name.replace("pack-", ".tmp-1-odd-")))
        run = self.audit("repo", "--format=json", status=program.FOUND)
        self.assertTrue(run.json()["complete"], run.err)

    def test_files_that_git_did_not_finish(self):
        """They are said, but hold no object of the repository."""
        (self.folder_of_packs / "tmp_pack_a1B2c3").write_bytes(b"PACK")
        (self.folder_of_packs / "tmp_idx_a1B2c3").write_bytes(b"")
        (self.folder_of_packs / ".tmp-12-pack-ab.pack").write_bytes(b"")
        objects = self.folder_of_packs.parent
        (objects / "tmp_objdir-incoming-a1B2c3").mkdir()
        (objects / "17").mkdir(exist_ok=True)
        (objects / "17/tmp_obj_a1B2c3").write_bytes(b"")
        run = self.audit("repo", "--format=json", status=program.FOUND)
        report = run.json()
        self.assertTrue(report["complete"])
        skip, = report["skipped"]
        self.assertEqual(skip["reason"], "temporary")
        self.assertIn("5 temporary files", skip["detail"])
        self.assertIn("5 temporary files", self.audit("repo").out)


if __name__ == "__main__":
    program.main()
