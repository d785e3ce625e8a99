#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The fast engine finds what the reference engine finds, in every object."""

import engines
import program


class Engines(engines.EngineCase):
    def test_history(self):
        self.grow(60)
        loose = self.check_same()
        # Packed in every way, what is found may not change.
        for options in (["--depth=50", "--window=50"], ["--depth=1"],
                        ["--depth=250", "--window=250"],
                        ["-F", "--depth=20"]):
            with self.subTest(options):
                self.r.pack(*options)
                packed = self.check_same()
                self.assertEqual(packed["findings"], loose["findings"])
        self.r.add("late", self.plant() + "\n")
        self.check_same()

    def test_ref_deltas(self):
        self.grow(20)
        self.r.git("config", "repack.useDeltaBaseOffset", "false")
        self.r.pack("--depth=50", "--window=50")
        self.check_same()

    def test_every_object_twice(self):
        self.grow(15)
        self.r.git("repack", "-q", "-a")
        folder = self.r.path / ".git/objects/pack"
        for pack in folder.glob("*.pack"):
            (pack.with_suffix(".keep")).touch()
        self.r.git("repack", "-q", "-a", "-f", "--pack-kept-objects",
                   "--depth=0")
        self.check_same()

    def test_secrets_at_the_ends_of_blobs(self):
        self.r = self.repo()
        body = "\n".join(self.text(400))
        for i in range(8):
            self.r.write(f"a{i}", self.plant() + "\n" + body)
            self.r.write(f"b{i}", body + "\n" + self.plant())
            self.r.write(f"c{i}", self.plant())
            self.r.write(f"d{i}", body[:1000 + i] + " " + self.plant() + " "
                         + body[1000 + i:])
        self.r.commit()
        self.r.pack("--depth=50", "--window=50")
        self.check_same()


class EnginesOfSha256(engines.EngineCase):
    """There, the reference engine has git read the objects."""

    object_format = "sha256"

    def test_history(self):
        self.grow(30)
        loose = self.check_same()
        self.r.pack("--depth=50", "--window=50")
        self.assertEqual(self.check_same()["findings"], loose["findings"])
        self.r.add("late", self.plant() + "\n")
        self.r.git("repack", "-q", "-d")
        self.check_same()


if __name__ == "__main__":
    program.main()
