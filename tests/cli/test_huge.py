#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A blob of two gibibytes: past what 31 bits count."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import program  # noqa: E402


class Huge(program.ProgramCase):
    def test_two_gibibytes(self):
        made = self.repo()
        with (made.path / "huge").open("wb") as file:
            file.truncate((2 << 30) + 1)
        made.git("-c", "core.bigFileThreshold=1m", "-c",
                 "core.compression=1", "add", "huge")
        made.git("commit", "-q", "-m", "huge")
        (made.path / "huge").unlink()
        for size in ("256M", "4G"):
            run = self.audit("repo", "--format=json", "--max-blob-size",
                             size, timeout=300)
            if run.status != program.CLEAN:
                self.assertEqual(run.status, program.INCOMPLETE, run.err)
                skips = run.json()["coverage"]["skips"]
                self.assertEqual(skips["too_large"], 1)

    def test_two_gibibytes_in_a_file(self):
        with (self.folder / "huge").open("wb") as file:
            file.truncate((2 << 30) + 1)
        run = self.scan("huge", status=program.INCOMPLETE)
        self.assertIn("too_large", run.err)


if __name__ == "__main__":
    program.main()
