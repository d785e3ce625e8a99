#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A budget of memory: kept to for any pack, and the same is found."""

import base64
import os
import pathlib
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import packs  # noqa: E402
import program  # noqa: E402

MIB = 1 << 20
ENOUGH = "2G"


def is_sanitized():
    """A sanitizer needs more than any budget."""
    symbols = subprocess.run(
        ["nm", program.PROGRAM], check=False, stderr=subprocess.DEVNULL,
        stdout=subprocess.PIPE).stdout
    return b"__asan_init" in symbols or b"__tsan_init" in symbols


class Watch(threading.Thread):
    """The most anonymous memory that a process had, in bytes."""

    def __init__(self, process):
        super().__init__()
        self.process = process
        self.over = threading.Event()
        self.peak = 0
        self.start()

    def run(self):
        path = pathlib.Path(f"/proc/{self.process.pid}/status")
        while not self.over.wait(0.002):
            try:
                text = path.read_text(encoding="ascii")
            except (OSError, ValueError):
                return
            for line in text.splitlines():
                if line.startswith("RssAnon:"):
                    self.peak = max(self.peak, int(line.split()[1]) * 1024)

    def stop(self):
        self.over.set()
        self.join()
        return self.peak


class Memory(program.ProgramCase):
    def measure(self, *words, give=None):
        """A run of json findings, and its peak."""
        with subprocess.Popen(
                [os.path.abspath(program.PROGRAM), *map(str, words), "--format=json",
                 "--occurrences"],
                cwd=self.folder, env=self.environment,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE) as process:
            watch = Watch(process)
            out, err = process.communicate(give, timeout=100)
            peak = watch.stop()
        run = program.Run(process.returncode, out, err)
        self.check(run)
        return run, peak

    def compare(self, memory, *words, give=None):
        """The same is found within ${memory} MiB as with enough."""
        runs = []
        for limit in (f"{memory}M", ENOUGH):
            run, peak = self.measure(*words, f"--memory={limit}", give=give)
            self.assertEqual(run.status, program.FOUND, run.out + run.err)
            runs.append((run.json(), peak))
        (small, small_peak), (large, large_peak) = runs
        self.assertEqual(small["findings"], large["findings"])
        self.assertEqual(small["skipped"], large["skipped"])
        if not is_sanitized():
            self.assertLessEqual(small_peak, memory * MIB)
        return small, small_peak, large_peak

    def assert_less(self, peak, enough):
        """A budget that matters makes a difference."""
        if not is_sanitized():
            self.assertLess(peak, enough)

    def text(self, size):
        line = "".join(self.tokens.random.choices("abcdef ghij\n", k=997))
        return (line * (size // 997 + 1))[:size].encode()

    def tree(self, made, count, size):
        """A pack: blob i is a delta against blob (i - 1) / 2."""
        pack = packs.Pack()
        ids = [pack.full(self.text(size))]
        for i in range(1, count):
            new = b"%07d" % i
            if i % 16 == 0:
                new = f"\ntoken = {self.tokens.github()}\n".encode()
            at = i * 7919 % (size - 1000)
            code = packs.delta(
                size, size, *self.copies(0, at), packs.insert(new),
                *self.copies(at + len(new), size))
            ids.append(pack.ofs_delta(ids[(i - 1) // 2], code,
                                      packs.oid_of("blob", b"%d" % i)))
        pack.write(made)

    @staticmethod
    def copies(start, end):
        step = 0xffffff
        return [packs.copy(at, min(step, end - at))
                for at in range(start, end, step)]

    def test_tree_of_blobs_that_are_dropped(self):
        # Ten bases wait at a time, of which a worker holds five.
        self.tree(self.repo(), 700, 3 << 19)
        _, peak, enough = self.compare(24, "audit", "repo", "--jobs=1")
        self.assert_less(peak, enough)
        self.compare(40, "audit", "repo", "--jobs=2")

    def test_tree_of_blobs_that_are_not_held(self):
        self.tree(self.repo(), 100, 5 << 20)
        _, peak, enough = self.compare(16, "audit", "repo", "--jobs=1")
        self.assert_less(peak, enough)

    def large(self):
        """Tokens at both ends and between, in text of 20 MiB."""
        parts = []
        for _ in range(5):
            parts.append(f"\ntoken = {self.tokens.github()}\n".encode())
            parts.append(self.text(5 << 20))
        parts.append(f"\ntoken = {self.tokens.github()}\n".encode())
        return b"".join(parts)

    def test_large_blobs_loose_and_packed(self):
        made = self.repo()
        made.write("plain", self.large())
        made.write("wide", self.large().decode()[:10 << 20].encode("utf-16"))
        made.git("config", "core.compression", "1")
        made.commit()
        self.compare(24, "audit", "repo", "--jobs=1")
        made.pack()
        found, peak, enough = self.compare(24, "audit", "repo", "--jobs=1")
        self.assertGreater(len(found["findings"]), 6)
        self.assert_less(peak, enough)
        place = found["findings"][0]
        text = (made.path / place["path"]).read_bytes()
        self.assertNotEqual(place["snippet"], "")
        line = text.split(b"\n")[place["line"] - 1]
        if place["path"] == "plain":
            self.assertTrue(line.startswith(b"token = "))

    def test_one_line_of_digits_longer_than_windows(self):
        text = b"".join(
            f"\ntoken = {self.tokens.github()}\n".encode() + self.text(1 << 19)
            for _ in range(6))
        content = b" x = '" + base64.b64encode(text) + b"';\n"
        self.repo().add("a", content)
        found, _, _ = self.compare(16, "audit", "repo", "--jobs=1")
        self.assertEqual(len(found["findings"]), 6)
        found, _, _ = self.compare(16, "scan", "-", give=content)
        self.assertEqual(len(found["findings"]), 6)

    def test_large_files_and_standard_input(self):
        content = self.large()
        (self.folder / "file").write_bytes(content)
        found, peak, enough = self.compare(24, "scan", "file")
        self.assertEqual(len(found["findings"]), 6)
        self.assert_less(peak, enough)
        found, _, _ = self.compare(24, "scan", "-", give=content)
        self.assertEqual(len(found["findings"]), 6)
        self.assertEqual(found["coverage"]["bytes"], len(content))

    def test_input_over_the_limit_is_scanned_up_to_it(self):
        content = self.large()
        run, _ = self.measure("scan", "-", "--memory=16M",
                              "--max-blob-size=11M", give=content)
        self.assertEqual(run.status, program.FOUND)
        skip, = run.json()["skipped"]
        self.assertEqual(skip["reason"], "too_large")
        self.assertIn("rest", skip["detail"])

    def test_small_deltas_that_make_much(self):
        made = self.repo()
        pack = packs.Pack()
        base = pack.full(self.text(1 << 20))
        size, step = 1 << 20, 1 << 20
        for i in range(3):
            token = f"\ntoken = {self.tokens.github()}\n".encode()
            code = packs.delta(
                size, 5 * size + len(token),
                *self.copies(0, size) * 5, packs.insert(token))
            base = pack.ofs_delta(base, code,
                                  packs.oid_of("blob", b"bomb %d" % i))
            size = 5 * size + len(token)
        for bits in (29, 40, 62):
            code = packs.delta(step, 1 << bits, packs.copy(0, step - 1))
            pack.ofs_delta(pack.entries[0][0], code,
                           packs.oid_of("blob", b"huge %d" % bits))
        pack.write(made)
        found, _, _ = self.compare(24, "audit", "repo", "--jobs=1")
        self.assertEqual(found["coverage"]["skips"]["too_large"], 3)
        self.assertEqual(len(found["findings"]), 3)

    def test_damaged_packs_at_the_least(self):
        self.tree(self.repo(), 12, 5 << 19)
        pack, = (self.folder / "repo/.git/objects/pack").glob("*.pack")
        whole = pack.read_bytes()
        random = self.tokens.random
        for i in range(12):
            damaged = bytearray(whole)
            if i % 3 == 0:
                del damaged[random.randrange(40, len(whole)):]
            for _ in range(i % 3 * 4):
                at = random.randrange(12, len(whole))
                damaged[at] ^= 1 << random.randrange(8)
            pack.write_bytes(damaged)
            run = self.audit("repo", "--jobs=1", "--memory=16M",
                             "--format=json", status=program.INCOMPLETE)
            self.assertGreater(run.json()["coverage"]["skips"]["unreadable"], 0)

    def test_no_room_for_a_temporary_file_is_named(self):
        self.tree(self.repo(), 3, 5 << 20)
        run = self.audit("repo", "--jobs=1", "--memory=16M", "--format=json",
                         TMPDIR=self.folder / "none",
                         status=program.INCOMPLETE)
        self.assertEqual(run.json()["coverage"]["skips"]["unreadable"], 3)
        self.assertIn("set TMPDIR", run.out)

    def test_too_little_is_refused(self):
        self.repo().add("a", "x")
        run = self.audit("repo", "--memory=20M", "--jobs=4",
                         status=program.FAILED)
        self.assertIn("40M are the least", run.err)
        self.audit("repo", "--memory=40M", "--jobs=4", status=program.CLEAN)
        self.audit("repo", "--memory=16M", status=program.CLEAN)
        self.audit("repo", "--memory=1k", status=program.FAILED)


if __name__ == "__main__":
    program.main()
