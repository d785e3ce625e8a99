#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Large and hostile contents: an end in time, and a word of what was cut."""

import pathlib
import subprocess
import sys
import time
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import program  # noqa: E402


class Limits(program.ProgramCase):
    def test_blob_over_the_limit_is_named(self):
        made = self.repo()
        made.add("small", f"token = {self.tokens.github()}\n")
        made.add("large", "x" * 100000)
        blob = made.git("rev-parse", "HEAD:large")
        for packed in (False, True):
            if packed:
                made.pack()
            run = self.audit("repo", "--max-blob-size=64k", "--format=json",
                             status=program.FOUND)
            skip, = run.json()["skipped"]
            self.assertEqual((skip["reason"], skip["what"]),
                             ("too_large", "large"))
            self.assertIn(blob, skip["detail"])
            self.assertIn("1 too_large", run.err)
        run = self.audit("repo", "--max-blob-size=100000")
        self.assertEqual(run.err, "")

    def test_blob_of_300_megabytes(self):
        made = self.repo()
        path = made.path / "big"
        with path.open("wb") as file:
            file.truncate(300 << 20)
        made.git("-c", "core.bigFileThreshold=1m", "-c",
                 "core.compression=1", "add", "big")
        made.commit()
        run = self.audit("repo", "--format=json", status=program.INCOMPLETE)
        self.assertEqual(run.json()["coverage"]["skips"]["too_large"], 1)
        path.unlink()

    def test_small_object_that_inflates_to_much(self):
        made = self.repo()
        made.add("a", "x")
        # The head says ten bytes, the stream holds a hundred megabytes.
        oid = "aa" + "b" * 38
        path = made.path / ".git/objects" / oid[:2] / oid[2:]
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(zlib.compress(b"blob 10\0" + b"\0" * (100 << 20)))
        started = time.monotonic()
        run = self.audit("repo", "--format=json", status=program.INCOMPLETE)
        self.assertEqual(run.json()["coverage"]["skips"]["unreadable"], 1)
        self.assertLess(time.monotonic() - started, 20)

    def test_object_that_claims_to_be_huge(self):
        made = self.repo()
        made.add("a", "x")
        for i, size in enumerate((2 ** 63, 2 ** 64 - 1, 2 ** 40, 10 ** 30)):
            oid = f"a{i}" + "b" * 38
            path = made.path / ".git/objects" / oid[:2] / oid[2:]
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(zlib.compress(b"blob %d\0abc" % size))
        self.audit("repo", "--format=json", status=program.INCOMPLETE)

    def test_nothing_but_anchors(self):
        made = self.repo()
        made.write("a", "gh" + "p_" * 500000)
        made.write("b", ("password = " * 20 + "\n") * 4000)
        made.write("c", "-----BEGIN PRIVATE" + " KEY-----\n" * 50000)
        made.write("d", "AK" + "IA" * 400000)
        made.write("e", "eyJ" * 300000)
        made.commit()
        started = time.monotonic()
        run = self.audit("repo", "--format=json")
        self.assertNotEqual(run.status, program.FAILED, run.err)
        self.assertLess(time.monotonic() - started, 40)

    def test_a_thousand_secrets(self):
        made = self.repo()
        lines = [f"token = {self.tokens.github()}\n" for _ in range(1000)]
        made.add("a", "".join(lines))
        found = self.found("audit", "repo", status=program.FOUND)
        self.assertCountEqual(found, self.tokens.made)

    def test_deep_tree(self):
        made = self.repo()
        blob = made.blob(f"token = {self.tokens.github()}\n")
        lines = f"100644 blob {blob}\ta\n"
        for _ in range(1000):
            tree = made.git("mktree", give=lines.encode())
            lines = f"040000 tree {tree}\td\n"
        commit = made.git("commit-tree", "-m", "deep", tree)
        made.git("update-ref", "refs/heads/main", commit)
        run = self.audit("repo", "--format=json", "--connectivity",
                         status=program.FOUND)
        path = run.json()["findings"][0]["path"]
        self.assertEqual(path, "d/" * 999 + "a")

    def test_long_delta_chain(self):
        made = self.repo()
        text = "".join(f"line {i}\n" for i in range(2000))
        oids = [made.blob(f"{text}{i}\n") for i in range(300)]
        lines = "".join(f"100644 blob {oid}\tf{i:03}\n"
                        for i, oid in enumerate(oids))
        tree = made.git("mktree", give=lines.encode())
        made.git("update-ref", "refs/heads/main",
                 made.git("commit-tree", "-m", "x", tree))
        made.pack("--depth=4000", "--window=300")
        run = self.audit("repo", "--format=json", status=program.CLEAN)
        self.assertEqual(run.json()["coverage"]["blobs"], 300)

    def test_memory_is_bounded(self):
        made = self.repo()
        for i in range(12):
            made.write(f"f{i}", bytes([i]) * (40 << 20))
        made.git("-c", "core.compression=1", "add", "-A")
        made.commit()
        status = subprocess.run(
            ["nm", program.PROGRAM], check=False, stderr=subprocess.DEVNULL,
            stdout=subprocess.PIPE).stdout
        if b"__asan_init" in status or b"__tsan_init" in status:
            self.skipTest("a sanitizer needs more than any limit")
        # 480 MB of content; two workers hold a blob each.
        prefix = ["sh", "-c", 'ulimit -v 1500000; exec "$@"', "sh"]
        self.audit("repo", "--jobs=2", prefix=prefix, status=program.CLEAN)


if __name__ == "__main__":
    program.main()
